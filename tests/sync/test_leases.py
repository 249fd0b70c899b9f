"""A desk that was copied or restored from an older database is known before anything of it is taken."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from endpoint.application import Endpoint
from localapp.domain.sync.messages import Refusal
from localapp.store import leases
from localapp.store.leases import FILE
from localapp.store.machine import machine
from localapp.store.store import Store
from tests.store.made_up import KEYS, completed_offer
from tests.sync.answering import Computer, Line, raw

FORKED = Refusal("installation_forked", {})
HELLO = "/v1/sync/hello"


def folder_of(computer: Computer) -> Path:
    return computer.store._database.path.parent


def copied(computer: Computer, place: Path) -> Path:
    """The whole folder, copied while the desk was closed."""
    computer.store.close()
    shutil.copytree(folder_of(computer), place)
    computer.store = Store.open(folder_of(computer) / "documents.db", KEYS)
    return place


def opened(folder: Path, endpoint: Endpoint) -> Computer:
    return Computer(Store.open(folder / "documents.db", KEYS), Line(endpoint))


def restored(computer: Computer, older: Path) -> None:
    """Somebody has put an older database with its log into the folder; what lies beside it stays."""
    computer.store.close()
    folder = folder_of(computer)
    for name in ("documents.db", "changes"):
        place = folder / name
        shutil.rmtree(place) if place.is_dir() else place.unlink()
        source = older / name
        shutil.copytree(source, place) if source.is_dir() else shutil.copy(source, place)
    computer.store = Store.open(folder / "documents.db", KEYS)


@pytest.fixture
def clone(alena: Computer, endpoint: Endpoint, tmp_path: Path) -> Iterator[Computer]:
    """A copy of Alena's folder on the same computer."""
    found = opened(copied(alena, tmp_path / "clone"), endpoint)
    yield found
    found.store.close()


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


def test_a_run_with_nothing_to_do_asks_once_and_writes_once(alena: Computer) -> None:
    alena.synchronize()
    before, commits = leases_of(alena), alena.store._database.commits
    alena.line.asked.clear()
    assert alena.synchronize().refusal is None
    assert alena.line.asked == [HELLO]
    assert (leases_of(alena), alena.store._database.commits) == (before, commits + 1)


def test_the_second_of_two_copies_brings_nothing_under_the_same_name(
    endpoint: Endpoint, alena: Computer, clone: Computer
) -> None:
    for computer in (alena, clone):
        completed_offer(computer.store)
    assert alena.synchronize().refusal is None
    assert clone.synchronize().refusal == FORKED
    assert clone.line.asked == [HELLO]
    with endpoint.parts.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM operation").scalar() == 1


def test_a_folder_on_another_computer_is_known_before_a_byte_is_sent(
    alena: Computer, clone: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    completed_offer(alena.store)
    alena.synchronize()
    monkeypatch.setattr(leases, "machine", lambda: "another computer")
    alena.line.asked.clear()
    assert alena.synchronize().refusal == FORKED
    assert alena.line.asked == []
    assert clone is not None


def test_an_older_database_is_known_before_a_byte_is_sent(alena: Computer, tmp_path: Path) -> None:
    older = copied(alena, tmp_path / "older")
    completed_offer(alena.store)
    alena.synchronize()
    restored(alena, older)
    alena.line.asked.clear()
    assert alena.synchronize().refusal == FORKED
    assert alena.line.asked == []


@pytest.mark.parametrize("spoilt", [None, b"", b"[]", b'{"a": 7}', b"\xff"])
def test_without_its_file_a_database_is_not_trusted(alena: Computer, spoilt: bytes | None) -> None:
    completed_offer(alena.store)
    alena.synchronize()
    place = folder_of(alena) / FILE
    place.unlink() if spoilt is None else place.write_bytes(spoilt)
    assert alena.synchronize().refusal == FORKED


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
