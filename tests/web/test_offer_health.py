"""Health questions: as many as the sums ask for, sealed, and true to the facts of the rate."""

import re

import pytest
from flask.testing import FlaskClient

from localapp.web.desk import Desk
from tests.web.test_offer import COVER, offer, pressed, priced, shown, typed

__all__ = ["offer", "priced"]  # fixtures

CANARY = "Kanárkova nemoc"
PERSON = "persons[p1]"


@pytest.fixture
def full(client: FlaskClient, priced: str) -> str:
    """An offer whose sum asks for the full questionnaire."""
    typed(client, priced, "cover", **{f"{COVER}[c1].sum_insured": "2m"})
    return priced


def questions(client: FlaskClient, offer: str) -> set[str]:
    return set(re.findall(r'name="persons\[p1\]\.(z\d\d)', client.get(f"{offer}/sections/health").text))


def problem(client: FlaskClient, offer: str, name: str, section: str = "health") -> str:
    return shown(client, f"{offer}/sections/{section}").problem_of(f"{PERSON}.{name}").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("amount", "asked"),
    [
        ("100 000", {"z00"}),
        ("101 000", {f"z{number:02}" for number in range(1, 8)}),
        ("1 501 000", {f"z{number:02}" for number in range(1, 21)}),
        ("9m", {f"z{number:02}" for number in range(1, 21)}),
    ],
)
def test_the_sum_decides_how_much_is_asked(client: FlaskClient, priced: str, amount: str, asked: set[str]) -> None:
    typed(client, priced, "investment", **{"investment.regular": "1 000", "investment.strategy": "balanced"})
    typed(client, priced, "cover", **{f"{COVER}[c1].sum_insured": amount})
    assert questions(client, priced) == asked


def test_a_man_is_not_asked_about_pregnancy_and_who_may_be_a_woman_is(client: FlaskClient, full: str) -> None:
    assert "z17" in questions(client, full)
    for sex, asked in (("male", False), ("female", True)):
        typed(client, full, "policyholder", **{"policyholder.sex": sex})
        assert ("z17" in questions(client, full)) is asked
    typed(client, full, "policyholder", **{"policyholder.is_first_insured": "false"})
    typed(client, full, "insured", **{f"{PERSON}.birth_date": "15. 5. 1991"})
    assert "z17" in questions(client, full)
    typed(client, full, "insured", **{f"{PERSON}.birth_date": "", f"{PERSON}.birth_number": "900501/1235"})
    assert "z17" not in questions(client, full)


def test_a_child_with_cover_is_asked_about_as_a_child(client: FlaskClient, priced: str) -> None:
    pressed(client, f"{priced}/sections/insured/rows", add="persons|role=child")
    typed(client, priced, "insured", **{"persons[p2].birth_date": "3. 4. 2018"})
    pressed(client, f"{priced}/sections/cover/rows?person=p2", add="persons[p2].coverages|code=DT")
    text = client.get(f"{priced}/sections/health").text
    assert [f'name="persons[p2].c0{number}"' in text for number in range(1, 7)] == [True] * 5 + [False]


def test_the_questions_stay_while_the_premium_cannot_be_computed(client: FlaskClient, full: str) -> None:
    typed(client, full, "health", **{f"{PERSON}.z05": "false"})
    typed(client, full, "cover", **{f"{COVER}[c1].sum_insured": "milion"})
    assert len(questions(client, full)) == 20
    assert shown(client, f"{full}/sections/health").fields[f"{PERSON}.z05"] == "false"


def test_a_yes_opens_an_entry_a_no_closes_it_and_the_next_yes_brings_it_back(client: FlaskClient, full: str) -> None:
    entry = f"{PERSON}.findings[f1].diagnosis"
    fragments = typed(client, full, "health", **{f"{PERSON}.z05": "true"})
    assert "#body" in fragments.targets
    assert fragments.fields[entry] == ""
    typed(client, full, "health", **{entry: CANARY})
    assert entry not in typed(client, full, "health", **{f"{PERSON}.z05": "false"}).fields
    assert typed(client, full, "health", **{f"{PERSON}.z05": "true"}).fields[entry] == CANARY


def test_one_yes_can_have_several_entries_of_which_one_stays(client: FlaskClient, full: str) -> None:
    typed(client, full, "health", **{f"{PERSON}.z18": "true"})
    page = pressed(client, f"{full}/sections/health/rows", add=f"{PERSON}.findings|question=z18")
    assert f"{PERSON}.findings[f2].diagnosis" in page.fields
    for row in ("f1", "f2"):
        pressed(client, f"{full}/sections/health/removals", row=f"{PERSON}.findings[{row}]")
    assert "alespoň jeden záznam" in client.get(f"{full}/sections/health").text.replace("\u00a0", " ")


def test_height_and_nicotine_are_asked_anew_and_a_mismatch_names_both_values(client: FlaskClient, full: str) -> None:
    typed(client, full, "insured", **{f"{PERSON}.height_cm": "168", f"{PERSON}.weight_kg": "64"})
    answers = {f"{PERSON}.z01_height_cm": "186", f"{PERSON}.z01_weight_kg": "64", f"{PERSON}.z02": "true"}
    typed(client, full, "health", **answers)
    assert "výška 186 cm, pro sazbu 168 cm" in problem(client, full, "z01_height_cm")
    assert problem(client, full, "z01_weight_kg") == ""
    text = client.get(f"{full}/sections/health").text.replace("\u00a0", " ")
    assert "nikotin „ano“, pro sazbu je osoba nekuřák" in text


def test_a_height_that_the_rate_does_not_know_is_asked_for_there(client: FlaskClient, full: str) -> None:
    typed(client, full, "health", **{f"{PERSON}.z01_height_cm": "168"})
    assert "výška 168 cm, pro sazbu chybí" in problem(client, full, "height_cm", "insured")


def test_health_is_in_no_answer_no_list_no_search_and_no_copy(client: FlaskClient, desk: Desk, full: str) -> None:
    typed(client, full, "health", **{f"{PERSON}.z05": "true"})
    typed(client, full, "health", **{f"{PERSON}.findings[f1].diagnosis": CANARY})
    document = full.rpartition("/")[2]
    content = desk.store.content(document)
    assert "findings" not in str(content.answers)
    assert "z05" not in str(content.answers)
    assert content.health["persons"][0]["findings"][0]["diagnosis"] == CANARY
    assert CANARY not in client.get("/documents").text
    assert "N26-" not in client.post("/documents/search", data={"q": CANARY}).text
    copy = client.post(f"{full}/copies").location.partition("selected=")[2].partition("&")[0]
    copied = desk.store.content(copy)
    assert CANARY not in str(copied)
    assert "z05" not in str(copied.health)


def test_the_tier_cannot_be_typed(client: FlaskClient, full: str) -> None:
    typed(client, full, "health", **{f"{PERSON}.health_tier": "0"})
    assert len(questions(client, full)) == 20


def test_questions_that_wait_for_the_premium_are_not_called_answered(client: FlaskClient) -> None:
    empty = client.post("/documents", data={"kind": "offer"}).location
    page = client.get(f"{empty}/sections/policyholder").text.replace("\u00a0", " ")
    assert "čeká na výpočet pojistného" in re.findall(r"Zdravotní dotazy</span>(.*?)</li>", page, re.DOTALL)[0]
    typed(client, empty, "policyholder", **{"policyholder.birth_date": "12. 5. 1988"})
    typed(client, empty, "cover", **{f"{COVER}[c1].sum_insured": "1m"})
    page = client.get(f"{empty}/sections/policyholder").text
    assert "čeká na" not in page
