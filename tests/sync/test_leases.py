"""A desk that was copied or restored from an older database is known before anything of it is taken."""

import json
from pathlib import Path

import pytest

from endpoint.application import Endpoint
from localapp.store import leases
from localapp.store.leases import FILE
from localapp.store.machine import machine
from localapp.sync.session import synchronize
from tests.store.made_up import completed_offer
from tests.sync.answering import Computer, raw
from tests.sync.copying import copied, folder_of, restored

HELLO, SUCCESSIONS = "/v1/sync/hello", "/v1/successions"


def leases_of(computer: Computer) -> tuple[str, str | None]:
    with computer.store._database.read() as connection:
        row = connection.exec_driver_sql("SELECT lease, lease_next FROM enrolment").one()
        return row[0], row[1]


def test_the_lease_is_kept_before_it_is_sent(alena: Computer) -> None:
    document, seen = completed_offer(alena.store), []

    def look(reply: object) -> object:
        seen.append((leases_of(alena), json.loads((folder_of(alena) / FILE).read_text())))
        return reply

    alena.line.answers("/hello", look)  # type: ignore[arg-type]
    assert alena.synchronize().refusal is None
    ((before, asked), noted) = seen[0]
    assert asked not in {None, before}
    assert noted[alena.enrolment.installation]["lease"] == leases._digest(str(asked))
    assert leases_of(alena) == (asked, None)
    assert alena.store.document(document)


def test_a_lost_answer_is_harmless(alena: Computer) -> None:
    completed_offer(alena.store)
    for broken in (raw(b""), raw(b"{}")):
        alena.line.answers("/hello", broken)
        assert alena.synchronize().refusal is not None
    assert alena.synchronize().refusal is None
    assert alena.store.outbox() == []


def test_a_run_with_nothing_to_do_asks_once_and_writes_nothing(
    alena: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    alena.synchronize()
    before = leases_of(alena)
    alena.line.asked.clear()
    monkeypatch.setattr(alena.store._database, "write", None)
    assert synchronize(alena.store.sync, alena.line, cause="schedule").refusal is None
    monkeypatch.undo()
    assert alena.line.asked == [HELLO]
    assert leases_of(alena) == before


def test_the_second_of_two_copies_brings_nothing_under_the_same_name(
    endpoint: Endpoint, alena: Computer, clone: Computer
) -> None:
    for computer in (alena, clone):
        completed_offer(computer.store)
    assert alena.synchronize().refusal is None
    clone.line.answers("/successions", raw(b""))
    assert clone.synchronize().refusal is not None
    assert clone.line.asked == [HELLO, SUCCESSIONS]
    with endpoint.parts.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM operation").scalar() == 1


def test_a_folder_on_another_computer_is_known_before_a_byte_is_sent(
    alena: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    completed_offer(alena.store)
    alena.synchronize()
    monkeypatch.setattr(leases, "machine", lambda: "another computer")
    alena.line.asked.clear()
    assert alena.synchronize().refusal is None
    assert alena.line.asked[0] == SUCCESSIONS


def test_an_older_database_is_known_before_a_byte_is_sent(alena: Computer, tmp_path: Path) -> None:
    older = copied(alena, tmp_path / "older")
    completed_offer(alena.store)
    alena.synchronize()
    restored(alena, older)
    alena.line.asked.clear()
    assert alena.synchronize().refusal is None
    assert alena.line.asked[0] == SUCCESSIONS


@pytest.mark.parametrize("spoilt", [None, b"", b"[]", b'{"a": 7}', b"\xff"])
def test_without_its_file_a_database_is_not_trusted(alena: Computer, spoilt: bytes | None) -> None:
    completed_offer(alena.store)
    alena.synchronize()
    place = folder_of(alena) / FILE
    place.unlink() if spoilt is None else place.write_bytes(spoilt)
    alena.line.asked.clear()
    assert alena.synchronize().refusal is None
    assert alena.line.asked[0] == SUCCESSIONS


def test_a_desk_that_has_brought_nothing_yet_needs_no_file(alena: Computer) -> None:
    assert not (folder_of(alena) / FILE).exists()
    assert alena.synchronize().refusal is None
    assert leases_of(alena) == ("", None)


def test_the_file_is_the_owners_alone_and_names_neither_lease_nor_computer(alena: Computer) -> None:
    completed_offer(alena.store)
    alena.synchronize()
    place = folder_of(alena) / FILE
    assert place.stat().st_mode & 0o777 == 0o600
    assert leases_of(alena)[0] not in place.read_text()
    machine_id = Path("/etc/machine-id")
    assert not machine_id.exists() or machine_id.read_text().strip() not in place.read_text()
    assert machine() in place.read_text()


def test_a_desk_that_died_between_database_and_file_is_not_taken_for_a_restored_one(alena: Computer) -> None:
    completed_offer(alena.store)
    alena.synchronize()
    with alena.store._database.write() as connection:
        leases.begin(connection, alena.enrolment.id, renew=True)  # and then it died
    for _ in range(2):
        alena.line.asked.clear()
        assert alena.synchronize().refusal is None
        assert SUCCESSIONS not in alena.line.asked
