"""Something in every health field of an offer, from typing to the export: sealed on its way, and found nowhere else.

The document's own pages show it: its sections, its print, and what a chosen earlier state of it said.
"""

import json
import logging
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from endpoint.keys import CORE_PRIVATE
from endpoint.serving import log_to
from localapp import clock
from localapp.domain.forms.definition import FormDefinition
from localapp.domain.forms.evaluator import Evaluation
from localapp.domain.lifecycle import State, state
from localapp.domain.sync.operations import health_context
from localapp.output.sealing import open_sealed
from localapp.store import schema
from localapp.web.editing import open_document
from tests.health_canaries import WORD, answered, health_fields, prepared, traces_in, typed
from tests.journeys.conftest import Advisor, Clock, Insurer


def evaluated(advisor: Advisor, document: str) -> tuple[FormDefinition, Evaluation]:
    found = open_document(advisor.desk, document)
    assert found is not None
    return found.assessor.form.definition, found.assessment.evaluation


def told(advisor: Advisor) -> str:
    """A completed offer with something in every health field of its form; its id."""
    document = advisor.asking.post("/documents", {"kind": "offer"}, fragments=False).location
    for step in prepared(clock.today()):
        assert advisor.asking.post(document + step.where, step.form).acknowledged, step
    name = document.rpartition("/")[2]
    for _ in range(2):  # the first answers open the entries
        page = advisor.asking.post(f"{document}/sections/health", typed(evaluated(advisor, name)[1]))
        assert page.acknowledged, page.text
    definition, evaluation = evaluated(advisor, name)
    assert answered(definition, evaluation) == health_fields(definition)
    assert advisor.asking.post(f"{document}/completion", {}, fragments=False).status == 303
    return name


@pytest.fixture
def exported(
    time: Clock, insurer: Insurer, alena: Advisor, caplog: pytest.LogCaptureFixture
) -> Iterator[tuple[str, FormDefinition]]:
    """Such an offer after the export, copied, its copy edited; both programs wrote all they log. Its id and form."""
    caplog.set_level(logging.DEBUG)
    handler = log_to(insurer.endpoint.parts.layout.log)
    document = told(alena)
    alena.synchronize()
    assert insurer.endpoint.evaluate_waiting() == 1
    time.set(23, 21, 1)
    (run,) = insurer.endpoint.run_due_exports()
    assert run.count == 1
    alena.synchronize()
    yield document, evaluated(alena, document)[0]
    logging.getLogger().removeHandler(handler)
    handler.close()


def lines_of(insurer: Insurer) -> list[dict[str, str]]:
    (data,) = insurer.endpoint.parts.layout.exports.glob("*.jsonl")
    return [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]


def files_of(folder: Path) -> dict[str, bytes]:
    """All files but the published components, whose forms name their fields."""
    found = [path for path in folder.rglob("*") if path.is_file() and not {"versions", "components"} & {*path.parts}]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_the_insurer_holds_health_sealed_only(
    exported: tuple[str, FormDefinition], insurer: Insurer, caplog: pytest.LogCaptureFixture
) -> None:
    document, form = exported
    files = files_of(insurer.folder / "endpoint")
    assert {"endpoint.db", "endpoint.log"} <= files.keys()
    assert any(name.startswith("exports/") for name in files)
    for name, content in files.items():
        assert not traces_in(content, form), name
    with sqlite3.connect(insurer.endpoint.parts.layout.database) as rows:
        assert not traces_in("\n".join(rows.iterdump()).encode(), form)
    assert not traces_in(caplog.text.encode(), form)
    (line,) = lines_of(insurer)
    key = (insurer.endpoint.parts.layout.keys / CORE_PRIVATE).read_bytes()
    health = open_sealed(key, line["health"], health_context(document, 1))
    names = {name.rpartition(".")[2] for name in health_fields(form)}
    assert not {name for name in names if f'"{name}":'.encode() not in traces_in(health.encode(), form)}
    assert len(set(re.findall(rf"{WORD} \d+x", health))) > len(names)


def test_the_desk_holds_it_encrypted_and_sealed_again_inside(
    exported: tuple[str, FormDefinition], insurer: Insurer, alena: Advisor
) -> None:
    _, form = exported
    files = files_of(insurer.folder / "alena")
    assert any(name.endswith("documents.db") for name in files)
    assert any(name.startswith("changes/") for name in files)
    for name, content in files.items():
        assert not traces_in(content, form), name
        assert not content.startswith(b"SQLite format 3"), name
    with alena.desk.store._database.read() as connection:
        for table in schema.metadata.tables.values():
            for row in connection.execute(select(table)):
                shown = "\n".join(str(each, "latin-1") if isinstance(each, bytes) else str(each) for each in row)
                assert not traces_in(shown.encode(), form), table.name


def test_no_list_search_history_receipt_or_copy_shows_it(exported: tuple[str, FormDefinition], alena: Advisor) -> None:
    document, form = exported
    copied = alena.asking.post(f"/documents/{document}/copies", {}, fragments=False).location
    copy = copied.partition("selected=")[2].partition("&")[0]
    assert state(alena.desk.store.document(document).facts) is State.EXPORTED  # type: ignore[union-attr]
    pages = ["/documents", f"/documents?selected={document}", f"/documents/{document}/toolbar", "/documents/deleted"]
    pages += ["/clients", "/tonight", "/nights", "/synchronization", "/conflicts", "/documents/leaving"]
    pages += [copied, *(f"/documents/{each}/{page}" for each in (document, copy) for page in ("history", "receipt"))]
    for address in pages:
        page = alena.asking.get(address)
        assert page.status == 200, address
        assert WORD not in page.text, address
        assert "].z" not in page.text, address
    for searched, place in (("documents", document), ("clients", "Příhodová")):
        assert place not in alena.asking.post(f"/{searched}/search", {"q": WORD}).text
    definition, evaluation = evaluated(alena, copy)
    health = alena.desk.store.content(copy).health
    assert WORD not in str(health)
    rating = {name for name in health_fields(form) if _sensitive(definition, name) == "rating"}
    assert answered(definition, evaluation) == rating


def _sensitive(definition: FormDefinition, name: str) -> str:
    group = definition.group(name.rpartition(".")[0])
    assert group is not None
    return next(str(each.sensitive) for each in group.fields if each.id == name.rpartition(".")[2])


def test_the_print_shows_it_to_the_client_and_attaches_none(
    exported: tuple[str, FormDefinition], alena: Advisor, tmp_path: Path
) -> None:
    document, form = exported
    file, attached = tmp_path / "offer.pdf", tmp_path / "attached"
    file.write_bytes(alena.asking._client.get(f"/documents/{document}/pdf").data)  # a page is text, this is a file
    words = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True).stdout.decode()
    assert len(set(re.findall(rf"{WORD}\s\d+x", words))) > 100
    attached.mkdir()
    subprocess.run(["pdfdetach", "-saveall", "-o", str(attached), str(file)], check=True)
    assert len([*attached.iterdir()]) == 2
    for each in attached.iterdir():
        assert not traces_in(each.read_bytes(), form), each.name
    for more in ([], ["-meta"]):
        described = subprocess.run(["pdfinfo", *more, str(file)], capture_output=True, check=True).stdout
        assert not traces_in(described, form)
