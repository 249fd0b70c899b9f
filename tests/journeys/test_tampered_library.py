"""A desk that calculates with a changed rate: its document comes back with the reason and is never exported."""

import shutil
from pathlib import Path

import pytest

from localapp import clock, paths
from localapp.calculation.components import PlainFolders
from localapp.calculation.seal import seal
from localapp.domain.lifecycle import State
from localapp.web.wording import number
from tests.journeys.conftest import Advisor, Clock, Insurer
from tests.journeys.test_first_days import completed, state_of


@pytest.fixture
def borek(insurer: Insurer, tmp_path: Path) -> Advisor:
    """Bořek's computer, activated, with a mortality table that somebody has made cheaper."""
    cheaper = Path(shutil.copytree(paths.components(), tmp_path / "cheaper"))
    library = cheaper / "calculations" / "flexi-demo" / "2026.1"
    table = library / "tables" / "q.csv"
    head, *rows = table.read_text().splitlines()
    halved = (row.split(",") for row in rows)
    table.write_text("\n".join([head, *(f"{age},{float(value) / 2:.6f}" for age, value in halved)]) + "\n")
    seal(library)
    computer = insurer.new_computer("borek")
    computer.activate(advisor_code="borek")
    computer.desk.calculations.close()
    computer.desk._calculations = None
    computer.desk.connection._components = PlainFolders(cheaper)  # type: ignore[attr-defined]
    return computer


def test_a_tampered_library_leads_to_a_returned_document_that_is_never_exported(
    time: Clock, insurer: Insurer, borek: Advisor
) -> None:
    borek.desk.connection.update_components = lambda *_: None  # type: ignore[method-assign]
    document = completed(borek)
    borek.synchronize()
    assert state_of(borek, document) is State.BACKED_UP
    assert insurer.endpoint.evaluate_waiting() == 1
    borek.synchronize()
    record = borek.desk.store.document(document)
    assert record is not None
    assert record.returned is not None
    assert (state_of(borek, document), record.returned.code) == (State.RETURNED, "evaluation_differs")
    assert int(record.returned.facts["theirs"]) > int(record.returned.facts["ours"])
    theirs = number(record.returned.facts["theirs"], "cs").replace("\u00a0", " ")
    for place in ("/documents", f"/documents/{document}/sections/policyholder"):
        told = borek.asking.get(place).text.replace("\u00a0", " ")
        assert f"Vráceno k opravě: Výpočet pojišťovny dává {theirs} Kč" in told
    for day in (23, 24, 25):
        time.set(day, 21, 1)
        insurer.endpoint.run_due_exports()
        borek.synchronize()
    exported = "".join(path.read_text("utf-8") for path in (insurer.folder / "endpoint" / "exports").glob("*.jsonl"))
    assert document not in exported
    assert (state_of(borek, document), clock.now()) == (State.RETURNED, time.now)
