"""The insurer's contacts stand in one component, and every sentence that names one takes it from there."""

import json

import pytest

from localapp import paths
from localapp.contacts import contacts
from localapp.domain.sync.messages import Refusal
from localapp.store.failures import HealthUnreadable
from localapp.web import wording
from tests.running import ROOT

COMPONENT = ROOT / "components" / "texts" / "contacts" / "1" / "contacts.json"
READ_BY_PEOPLE = [
    *ROOT.glob("localapp/**/*.py"),
    *ROOT.glob("endpoint/**/*.py"),
    *ROOT.glob("templates/**/*"),
    *ROOT.glob("static/*.js"),
]


def _details() -> list[str]:
    found = json.loads(COMPONENT.read_text(encoding="utf-8"))
    return [
        detail
        for entry in found.values()
        if isinstance(entry, dict)
        for detail in entry.values()
        if isinstance(detail, str)
    ]


@pytest.mark.parametrize("detail", _details())
def test_a_number_or_address_stands_nowhere_in_the_program(detail: str) -> None:
    files = [path for path in READ_BY_PEOPLE if path.is_file()]
    assert [path.name for path in files if detail in path.read_text(encoding="utf-8")] == []


def test_both_languages_name_the_same_contacts() -> None:
    assert set(contacts("cs")) == set(contacts("en"))
    assert contacts("cs")["help_desk"] == "Help Desk PČS (605 602 164)"
    assert contacts("en")["help_desk"] == "Help Desk (605 602 164)"


def test_a_sentence_of_the_store_and_one_of_the_endpoint_name_the_help_desk() -> None:
    assert "Help Desk PČS (605 602 164)" in HealthUnreadable(document="x").text("cs")
    assert "the Help Desk (605 602 164)" in HealthUnreadable(document="x").text("en")


def test_nobody_can_put_another_number_into_a_sentence() -> None:
    told = wording.told(Refusal("installation_blocked", {"help_desk": "900 123 456"}))
    assert "605\u00a0602\u00a0164" in told
    assert "900" not in told


def test_the_component_lies_where_the_program_looks() -> None:
    assert paths.components() / "texts" / "contacts" / "1" / "contacts.json" == COMPONENT
