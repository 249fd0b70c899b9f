"""Who gets the benefit on death: the order of the law, or persons whose shares make exactly the whole."""

import re

import pytest
from flask.testing import FlaskClient

from tests.web.reading import Reading
from tests.web.test_offer import COVER, offer, pressed, priced, shown, typed

__all__ = ["offer", "priced"]  # fixtures

LIFE = f"{COVER}[c1]"
NAMED = f"{LIFE}.beneficiaries"
WHO = "who_persons-p1_coverages-c1"


def name(client: FlaskClient, offer: str, who: str = "") -> Reading:
    """Add a beneficiary of the policyholder's death."""
    return pressed(client, f"{offer}/sections/death_benefit/rows", add=f"{NAMED}|", **{WHO: who})


@pytest.fixture
def three(client: FlaskClient, priced: str) -> str:
    """An offer with three beneficiaries, Bořek, Cyril and Dana."""
    for first_name in ("Bořek", "Cyril", "Dana"):
        page = name(client, priced)
        row = max(re.findall(r"beneficiaries\[b(\d)\]", " ".join(page.fields)))
        person = {"first_name": first_name, "last_name": "Šťastný", "birth_date": "1. 2. 1990"}
        typed(client, priced, "death_benefit", **{f"{NAMED}[b{row}].{key}": text for key, text in person.items()})
    return priced


def problem(client: FlaskClient, offer: str, row: str, field: str = "share") -> str:
    page = shown(client, f"{offer}/sections/death_benefit")
    return page.problem_of(f"{NAMED}[{row}].{field}").replace("\u00a0", " ")


def test_without_anybody_named_the_order_of_the_law_stands_and_nothing_is_missing(
    client: FlaskClient, priced: str
) -> None:
    order = "<strong>Zákonné pořadí: manžel nebo manželka, děti, rodiče, dědici</strong>"
    assert order in client.get(f"{priced}/sections/death_benefit").text
    assert "Zákonné pořadí: manžel" in client.get(f"{priced}/sections/summary").text
    name(client, priced)
    assert order not in client.get(f"{priced}/sections/death_benefit").text
    assert "Zákonné pořadí: manžel" not in client.get(f"{priced}/sections/summary").text


def test_only_cover_on_death_asks_for_beneficiaries(client: FlaskClient, priced: str) -> None:
    for code in ("I3", "SU"):
        pressed(client, f"{priced}/sections/cover/rows?person=p1", add=f"{COVER}|code={code}")
    page = shown(client, f"{priced}/sections/death_benefit")
    assert {each["value"] for each in page.buttons if each.get("name") == "add"} == {
        f"{NAMED}|",
        f"{COVER}[c3].beneficiaries|",
    }


def test_the_first_one_gets_everything_and_an_insured_person_is_taken_over_with_the_date_of_birth(
    client: FlaskClient, priced: str
) -> None:
    pressed(client, f"{priced}/sections/insured/rows", add="persons|role=adult")
    spouse = {"last_name": "Vondráček", "first_name": "Bořek", "birth_date": "3. 4. 1987"}
    typed(client, priced, "insured", **{f"persons[p2].{key}": text for key, text in spouse.items()})
    page = name(client, priced, "persons[p2]")
    assert {key: page.fields[f"{NAMED}[b1].{key}"].replace("\u00a0", " ") for key in spouse} == spouse
    assert page.fields[f"{NAMED}[b1].share"] == "100"


def test_the_insured_person_cannot_be_taken_over_for_her_own_death(client: FlaskClient, priced: str) -> None:
    page = name(client, priced, "persons[p1]")
    assert page.fields[f"{NAMED}[b1].last_name"] == ""


@pytest.mark.parametrize("last_name", ["Nováková-Šťastná", "novakova stastna", "NOVÁKOVÁ  - ŠŤASTNÁ"])
def test_nor_can_she_be_typed_there_under_whatever_row_or_spelling(
    client: FlaskClient, priced: str, last_name: str
) -> None:
    own = {"last_name": "Nováková-Šťastná", "first_name": "Alena", "birth_date": "15. 5. 1991"}
    typed(client, priced, "policyholder", **{f"policyholder.{key}": text for key, text in own.items()})
    name(client, priced)
    typed(
        client, priced, "death_benefit",
        **{f"{NAMED}[b1].{key}": text for key, text in {**own, "last_name": last_name}.items()},
    )  # fmt: skip
    assert "je osoba, pro jejíž smrt je toto pojištění sjednáno" in problem(client, priced, "b1", "last_name")
    typed(client, priced, "death_benefit", **{f"{NAMED}[b1].birth_date": "16. 5. 1991"})
    assert problem(client, priced, "b1", "last_name") == ""


def test_shares_are_split_equally_with_the_rest_for_the_first(client: FlaskClient, three: str) -> None:
    page = pressed(client, f"{three}/sections/death_benefit/shares", row=LIFE)
    assert [page.fields[f"{NAMED}[b{row}].share"] for row in (1, 2, 3)] == ["33,34", "33,33", "33,33"]
    assert problem(client, three, "b1") == ""


def test_shares_that_miss_the_whole_by_a_hundredth_say_their_sum(client: FlaskClient, three: str) -> None:
    typed(client, three, "death_benefit", **{f"{NAMED}[b{row}].share": "33,33" for row in (1, 2, 3)})
    assert "dohromady 99,99 %, musí dát přesně 100 %" in problem(client, three, "b1")
    pressed(client, f"{three}/sections/death_benefit/removals", row=f"{NAMED}[b3]")
    assert "dohromady 66,66 %" in problem(client, three, "b1")


def test_a_share_that_is_none_keeps_its_text(client: FlaskClient, three: str) -> None:
    typed(client, three, "death_benefit", **{f"{NAMED}[b2].share": "třetina"})
    assert "„třetina“ není podíl" in problem(client, three, "b2")


def test_a_person_named_twice_is_a_warning_that_hinders_nothing(client: FlaskClient, three: str) -> None:
    typed(client, three, "death_benefit", **{f"{NAMED}[b2].first_name": "Bořek"})
    assert "Bořek Šťastný je tu vícekrát" in problem(client, three, "b2", "last_name")
    pressed(client, f"{three}/sections/death_benefit/shares", row=LIFE)
    assert "Opravte" not in client.get(f"{three}/sections/death_benefit").text


def test_beneficiaries_go_and_come_back_with_their_coverage(client: FlaskClient, three: str) -> None:
    pressed(client, f"{three}/sections/cover/rows?person=p1", add=f"{COVER}|code=SU")
    pressed(client, f"{three}/sections/cover/removals?person=p1", row=LIFE)
    assert f"{NAMED}[b1].share" not in shown(client, f"{three}/sections/death_benefit").fields
    pressed(client, f"{three}/sections/cover/restorations?person=p1", row=LIFE)
    assert shown(client, f"{three}/sections/death_benefit").fields[f"{NAMED}[b1].first_name"] == "Bořek"


def test_shares_of_what_pays_nothing_on_death_cannot_be_split(client: FlaskClient, priced: str) -> None:
    assert client.post(f"{priced}/sections/death_benefit/shares", data={"row": "persons[p1]"}).status_code == 400
