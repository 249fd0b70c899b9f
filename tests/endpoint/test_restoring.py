"""A database put back from a backup is made ready before it serves: whole, or not at all."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from endpoint.application import Endpoint, create_endpoint
from endpoint.cli import main
from endpoint.export.files import places
from endpoint.export.importing import ExportSpoilt
from endpoint.restoring import GAP, restore
from endpoint.store import schema
from localapp import clock
from localapp.domain.sync.operations import Outcome
from tests.endpoint.made_up import Desk


def backup_of(endpoint: Endpoint, place: Path) -> Path:
    endpoint.parts.database.close()  # the write-ahead log is in the file now
    shutil.copy(endpoint.parts.layout.database, place)
    return place


def put_back(endpoint: Endpoint, backup: Path) -> Path:
    """The backup in the place of the database; the folder."""
    endpoint.close()
    folder = endpoint.parts.layout.folder
    for place in folder.glob("endpoint.db*"):
        place.unlink()
    shutil.copy(backup, folder / "endpoint.db")
    return folder


def served(folder: Path, *desks: Desk) -> Endpoint:
    again = create_endpoint(folder)
    client = again.app.test_client()
    for desk in desks:
        desk.http = client
        desk.hello()
    return again


def listed(desk: Desk, *entries: list[object]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = desk.ask("/v1/sync/manifest", {"documents": entries}).get_json()
    return found


def test_what_was_exported_is_known_again_with_its_line(
    endpoint: Endpoint, alena: Desk, borek: Desk, tmp_path: Path
) -> None:
    known, later = alena.completion(), alena.completion()
    alena.push(known)
    backup = backup_of(endpoint, tmp_path / "backup.db")
    second = alena.next_revision(known)
    alena.push(later)
    alena.push(second)
    run = endpoint.run_export()
    folder = put_back(endpoint, backup)
    assert restore(folder).documents == run.count == 2
    again = served(folder, alena, borek)
    told = {facts.document: facts for facts in alena.pull().documents}
    assert {(each.export, each.exported_revision) for each in told.values()} == {(run.key, 2), (run.key, 1)}
    assert borek.pull().documents == ()
    with clock.moved_to(clock.now() + timedelta(minutes=1)):
        assert again.run_export().count == 0
    late = alena.next_revision(second)
    (conflict,) = alena.push(late)
    assert conflict.refusal is not None
    assert conflict.refusal.code == "exported"
    again.close()


def test_the_content_of_what_was_exported_comes_back_once(endpoint: Endpoint, alena: Desk, tmp_path: Path) -> None:
    backup = backup_of(endpoint, tmp_path / "backup.db")
    first = alena.completion()
    alena.push(first)
    second = alena.next_revision(first)
    alena.push(second)
    endpoint.run_export()
    folder = put_back(endpoint, backup)
    restore(folder)
    again = served(folder, alena)
    assert second.completion is not None
    entry: list[object] = [second.document, 2, second.completion.digest, False, False]
    assert listed(alena, entry) == {"unknown": [], "differs": [[second.document, 2]]}
    alena.pull()
    for each in (first, second, first, second):
        (result,) = alena.push(each)
        assert result.outcome is Outcome.ACCEPTED
    assert listed(alena, entry) == {"unknown": [], "differs": []}
    told = alena.pull().documents  # another computer that has asked for it in vain asks again
    assert [(each.document, each.revision) for each in told] == [(second.document, 2)]
    with again.parts.database.read() as connection:
        kept = connection.execute(select(schema.revision.c.envelope).order_by(schema.revision.c.number)).scalars().all()
    assert kept == [first.text(), second.text()]
    again.close()


def test_an_unlinked_desk_finds_its_own_again(endpoint: Endpoint, alena: Desk, impostor: Desk, tmp_path: Path) -> None:
    backup = backup_of(endpoint, tmp_path / "backup.db")
    his = impostor.completion()
    impostor.push(his)
    endpoint.run_export()
    folder = put_back(endpoint, backup)
    restore(folder)
    again = served(folder, alena, impostor)
    assert [facts.document for facts in impostor.pull().documents] == [his.document]
    assert impostor.push(his)[0].outcome is Outcome.ACCEPTED
    again.close()


@pytest.mark.parametrize("harm", ["cut", "gone", "changed", "garbage"])
def test_a_spoilt_export_is_told_and_nothing_is_changed(
    endpoint: Endpoint, alena: Desk, tmp_path: Path, harm: str
) -> None:
    backup = backup_of(endpoint, tmp_path / "backup.db")
    alena.push(alena.completion(), alena.completion())
    files = places(endpoint.parts.layout.exports, endpoint.run_export().key)
    folder = put_back(endpoint, backup)
    content = files.data.read_bytes()
    if harm == "gone":
        files.data.unlink()
    elif harm == "garbage":
        files.manifest.write_bytes(b"{}")
    else:
        files.data.write_bytes(content[:-9] if harm == "cut" else content.replace(b"N26", b"M26"))
    with pytest.raises(ExportSpoilt, match="manifest"):
        restore(folder)
    assert main(["restored", "--data-dir", str(folder)]) == 1
    again = create_endpoint(folder)
    with again.parts.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM export_run").scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM audit WHERE event = 'restored'").scalar() == 0
    again.close()


def test_every_desk_begins_again_whatever_its_lease(endpoint: Endpoint, alena: Desk, tmp_path: Path) -> None:
    backup = backup_of(endpoint, tmp_path / "backup.db")
    before = alena.hello()
    folder = put_back(endpoint, backup)
    restore(folder)
    again = served(folder)
    alena.http = again.app.test_client()
    assert alena.ask("/v1/sync/changes", {"cursor": 0, "stream": ""}).get_json()["problem"] == "session_ended"
    after = alena.hello()
    assert after.stream != before.stream
    clone = replace(alena, lease="of another time")
    assert clone.greet({}).get_json()["problem"] == "installation_forked"
    again.close()


def test_numbers_go_on_beyond_all_that_may_have_been_given(
    endpoint: Endpoint, alena: Desk, borek: Desk, tmp_path: Path
) -> None:
    backup = backup_of(endpoint, tmp_path / "backup.db")
    alena.numbers.clear()
    alena.hello()
    given = list(alena.numbers)
    borek.numbers.clear()
    folder = put_back(endpoint, backup)
    restore(folder)
    again = served(folder, alena, borek)
    assert not set(borek.numbers) & set(given)
    assert min(int(number[4:]) for number in borek.numbers) > GAP
    assert [result.outcome for result in alena.push(alena.completion(number=given[0]))] == [Outcome.ACCEPTED]
    (taken,) = borek.push(borek.completion(number=given[0]))
    assert taken.refusal is not None
    assert taken.refusal.code == "number_taken"
    again.close()


def test_an_advisor_of_since_is_known_by_the_export_and_enrols_again(
    endpoint: Endpoint, cyril: Desk, tmp_path: Path
) -> None:
    backup = backup_of(endpoint, tmp_path / "backup.db")
    dana = Desk(cyril.http, advisor_code="dana")
    dana.enrol()
    dana.hello()
    offer = dana.completion()
    dana.push(offer)
    endpoint.run_export()
    folder = put_back(endpoint, backup)
    restore(folder)
    again = served(folder, cyril)
    dana.http = cyril.http
    stranger = replace(dana, advisor_code="cyril")
    assert stranger.ask("/v1/enrolments", stranger.enrolment(), session="").get_json()["problem"] == "signature_wrong"
    assert dana.enrol()["linked"] is True
    dana.hello()
    assert [facts.document for facts in dana.pull().documents] == [offer.document]
    assert dana.push(offer)[0].outcome is Outcome.ACCEPTED
    again.close()


def test_the_command_says_what_it_read_back(
    endpoint: Endpoint, alena: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup = backup_of(endpoint, tmp_path / "backup.db")
    alena.push(alena.completion())
    endpoint.run_export()
    folder = put_back(endpoint, backup)
    assert main(["restored", "--data-dir", str(folder)]) == 0
    assert "1 runs with 1 documents" in capsys.readouterr().out
    assert main(["restored", "--data-dir", str(folder)]) == 0
    assert "0 runs with 0 documents" in capsys.readouterr().out
    assert main(["restored", "--data-dir", str(tmp_path / "nothing")]) == 1


def test_a_manifest_tells_of_nobody_elses_documents(alena: Desk, borek: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    assert offer.completion is not None
    entry: list[object] = [offer.document, 1, offer.completion.digest, False, False]
    assert listed(alena, entry) == {"unknown": [], "differs": []}
    for lacking in ([True, False], [False, True]):  # a cancellation, a signature
        assert listed(alena, [*entry[:3], *lacking]) == {"unknown": [], "differs": [[offer.document, 1]]}
    assert listed(borek, entry) == {"unknown": [offer.document], "differs": []}


@pytest.mark.parametrize("wrong", [[7], [["x", 1, "a" * 64, False, False]], "x", [[]] * 1_001, None, [["x"]]])
def test_a_manifest_of_another_shape_is_refused(alena: Desk, wrong: object) -> None:
    answer = alena.ask("/v1/sync/manifest", {"documents": wrong})
    assert (answer.status_code, answer.get_json()["problem"]) == (422, "malformed")
    assert json.loads(answer.text)["facts"]["reason"]
