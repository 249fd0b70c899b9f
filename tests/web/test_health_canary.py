"""A canary in every health field of every form: it is shown in its document and found nowhere else."""

import logging
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from localapp.calculation.forms import Form
from localapp.domain.canonical import Pinned
from localapp.domain.forms.answers import walk
from localapp.store import schema
from localapp.web import editing
from localapp.web.desk import Desk
from tests.domain.forms.test_copying import filled
from tests.web.test_offer import FRAGMENTS

CANARY = "kanarek"
FORMS = ("flexi-offer", "flexi-illustration")


def told(desk: Desk, name: str) -> tuple[str, list[str]]:
    """A document with a canary in each health field, every row there is; its id and the canaries."""
    form = next(each for each in desk.calculations.forms.all() if each.definition.name == name)
    tree = filled(form.definition, date(2099, 1, 1))
    canaries = []
    for number, place in enumerate(walk(form.definition, tree)):
        place.owner.pop(place.field.id, None)
        if place.field.is_health:
            canaries.append(f"{CANARY}{number}x")
            place.owner[place.field.id] = {"raw": canaries[-1]}
    for row in tree["persons"]:
        row["role"] = "adult"
        for cover in row["coverages"]:
            cover["code"] = "S"
    return desk.store.create_document(editing._new(desk, form.pinned, _library(desk, form), tree, None)), canaries


def _library(desk: Desk, form: Form) -> Pinned:
    library = desk.calculations.calculator_for(form).library
    return Pinned(library.name, library.version)


def pages(client: FlaskClient, document: str, copied: str) -> list[str]:
    """What shows something of the document outside it, and its copy."""
    found = ["/documents", f"/documents?selected={document}", f"/documents/{document}/toolbar", "/clients"]
    found += [f"/documents/{document}/history", "/documents/deleted", "/synchronization", "/conflicts", "/tonight"]
    first = client.get(f"/documents/{copied}").location
    links = re.findall(rf'href="(/documents/{copied}/sections/\w+)', client.get(str(first)).text)
    assert len(set(links)) > 4
    return [*found, *dict.fromkeys(links), f"{first}?not-copied", f"/documents/{copied}/history"]


@pytest.mark.parametrize("name", FORMS)
def test_a_canary_in_each_health_field_stays_in_its_document(
    desk: Desk, client: FlaskClient, name: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    document, canaries = told(desk, name)
    assert canaries
    assert str(desk.store.content(document).health).count(CANARY) == len(canaries)
    weight = "persons[p1].weight_kg"
    client.post(f"/documents/{document}/sections/insured", data={weight: f"{CANARY}-typed"}, headers=FRAGMENTS)
    moved = client.post(f"/documents/{document}/sections/insured/undo", data={})
    assert CANARY not in str(moved.location)
    copied = str(client.post(f"/documents/{document}/copies").location).rpartition("=")[2]
    for address in pages(client, document, copied):
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        rating = CANARY in answer.text and f"/{copied}/" in address  # rating facts are copied, and shown where asked
        assert rating or CANARY not in answer.text, address
        assert CANARY not in "".join(re.findall("<title>.*?</title>", answer.text))
    for word in (CANARY, canaries[0]):
        assert document not in client.post("/documents/search", data={"q": word}, headers=FRAGMENTS).text
    _assert_attached_to_no_print(client.get(f"/documents/{document}/pdf").data, tmp_path)
    _assert_copy_has_rating_facts_only(desk, copied)
    _assert_stored_nowhere_in_the_open(desk, caplog.text)


def _assert_attached_to_no_print(pdf: bytes, folder: Path) -> None:
    """Not in the data inside the file: unpacked, because it lies there compressed."""
    (folder / "attached").mkdir()
    (folder / "draft.pdf").write_bytes(pdf)
    subprocess.run(["pdfdetach", "-saveall", "-o", "attached", "draft.pdf"], cwd=folder, check=True)
    files = [*(folder / "attached").iterdir()]
    assert files
    for path in files:
        assert CANARY not in path.read_text(encoding="utf-8"), path.name
    (folder / "draft.pdf").unlink()


def _assert_copy_has_rating_facts_only(desk: Desk, copied: str) -> None:
    content = desk.store.content(copied)
    assert CANARY not in str(content.answers)
    record = desk.store.document(copied)
    assert record is not None
    definition = desk.calculations.assessor(record.form, record.calculation).form.definition
    sections = {field.id: field for section in definition.sections for field in section.fields}
    fields = sections | {field.id: field for _, group in definition.all_groups() for field in group.fields}
    kept = re.findall(rf"'(\w+)': {{'raw': '{CANARY}", str(content.health))
    assert {str(fields[name].sensitive) for name in kept} <= {"rating"}


def _assert_stored_nowhere_in_the_open(desk: Desk, log: str) -> None:
    """Not in the open columns, not among the steps, not in the log, and in no byte of the folder."""
    assert CANARY not in log
    sealed = {"sealed"}
    with desk.store._database.read() as connection:
        for table in schema.metadata.tables.values():
            columns = [column for column in table.c if column.name not in sealed]
            for row in connection.execute(select(*columns)):
                assert CANARY not in str(tuple(row)), table.name
    files = [path for path in desk.data_dir.rglob("*") if path.is_file()]
    assert len(files) > 2
    for path in files:
        assert CANARY.encode() not in path.read_bytes(), path.name


def test_the_check_finds_a_canary_that_lies_in_the_open(desk: Desk) -> None:
    document, _ = told(desk, "flexi-offer")
    with desk.store._database.write() as connection:
        connection.execute(schema.audit.insert().values(at="x", event="planted", subject=f"{CANARY} {document}"))
    with pytest.raises(AssertionError, match="audit"):
        _assert_stored_nowhere_in_the_open(desk, "")
