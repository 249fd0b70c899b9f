"""Historie: who changed what when; taking back, doing again and restoring, in words, and never a word of health."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from localapp import clock
from localapp.store.steps import Cause
from localapp.web.desk import Desk
from localapp.web.pages.history import PAGE_SIZE
from localapp.web.wording import catalogue
from tests.store.made_up import plant_fact
from tests.web.test_offer import FRAGMENTS, offer, typed
from tests.web.test_offer_completion import family

__all__ = ["family", "offer"]

PHONE = "policyholder.phone"
WEIGHT = "persons[p1].weight_kg"


@pytest.fixture
def minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute passes between looks at the clock, so that no two changes are one stroke."""
    start, passed = clock.now(), iter(range(1_000_000))
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=next(passed)))


def plain(text: str) -> str:
    """Without the no-break spaces of typography."""
    return text.replace("\u00a0", " ")


def page_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return plain(answer.text)


def rows_of(client: FlaskClient, document: str) -> list[str]:
    body = page_of(client, f"{document}/history").split("<tbody>")[1]
    return [re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", row)).strip() for row in body.split("</tr>")[:-1]]


def pressed(client: FlaskClient, document: str, way: str, section: str = "payment") -> tuple[str, str]:
    """The address that a button leads to, and the page there."""
    answer = client.post(f"{document}/sections/{section}/{way}", data={})
    assert answer.status_code == 303, answer.text
    return str(answer.location), page_of(client, str(answer.location).partition("#")[0])


@pytest.mark.usefixtures("minutes")
def test_the_history_says_who_changed_what_from_what_to_what(client: FlaskClient, offer: str) -> None:
    typed(client, offer, "policyholder", **{PHONE: "777123456"})
    typed(client, offer, "policyholder", **{PHONE: "777123457"})
    typed(client, offer, "payment", **{"payment.payments_per_year": "4"})
    newest, second, first, made = rows_of(client, offer)
    assert "Frekvence placení: Měsíčně → Čtvrtletně" in newest
    assert "Telefon: +420 777 123 456 → +420 777 123 457" in second
    assert "Telefon: nevyplněno → +420 777 123 456" in first
    assert "Dokument založen" in made
    assert "Alena" in newest
    assert "tento počítač" in newest


def test_a_stroke_of_typing_is_one_line(client: FlaskClient, offer: str) -> None:
    for text in ("Nov", "Nová", "Nováková"):
        typed(client, offer, "policyholder", **{"policyholder.last_name": text})
    newest, made = rows_of(client, offer)
    assert "Příjmení: nevyplněno → Nováková" in newest
    assert "založen" in made


@pytest.mark.usefixtures("minutes")
def test_undo_works_across_the_parts_and_says_in_words_what_it_took_back(client: FlaskClient, offer: str) -> None:
    typed(client, offer, "policyholder", **{PHONE: "777123456"})
    typed(client, offer, "policy", **{"policy.policy_term": "25"})
    where, page = pressed(client, offer, "undo")
    assert "/sections/policy?" in where
    assert where.endswith("#policy_policy_term")
    assert "Vráceno: Pojistná doba: 30 let" in page
    where, page = pressed(client, offer, "undo")
    assert "/sections/policyholder?" in where
    assert "Vráceno: Telefon: nevyplněno" in page
    assert 'data-step="undo"' in page
    where, page = pressed(client, offer, "redo")
    assert "Provedeno znovu: Telefon: +420 777 123 456" in page


@pytest.mark.usefixtures("minutes")
def test_what_is_typed_on_the_page_is_the_last_change_of_an_undo(client: FlaskClient, offer: str) -> None:
    typed(client, offer, "policyholder", **{PHONE: "777123456"})
    answer = client.post(f"{offer}/sections/policyholder/undo", data={PHONE: "999"})
    assert answer.status_code == 303
    assert "777 123 456" in page_of(client, f"{offer}/sections/policyholder")
    assert any("999" in row for row in rows_of(client, offer))


def test_the_buttons_are_offered_once_there_is_something_to_take_back(client: FlaskClient, offer: str) -> None:
    page = page_of(client, f"{offer}/sections/policyholder")
    assert len(re.findall(r'data-step="\w+"[^>]* disabled', page)) == 2
    fragments = client.post(f"{offer}/sections/policyholder", data={PHONE: "777123456"}, headers=FRAGMENTS).text
    assert 'hx-target="#steps"' in fragments
    assert len(re.findall(r'data-step="\w+"[^>]* disabled', fragments)) == 1


@pytest.mark.usefixtures("minutes")
def test_a_person_taken_away_and_added_is_told_and_taken_back(client: FlaskClient, offer: str) -> None:
    client.post(f"{offer}/sections/insured/rows", data={"add": "persons|role=child"})
    assert "Osoba: přidáno" in rows_of(client, offer)[0]
    client.post(f"{offer}/sections/insured/removals", data={"row": "persons[p2]"})
    assert "odebráno" in rows_of(client, offer)[0]
    _, page = pressed(client, offer, "undo")
    assert "přidáno" in page
    _, page = pressed(client, offer, "undo")
    assert "odebráno" in page
    assert "persons[p2]" not in client.get(f"{offer}/sections/insured").text


@pytest.mark.usefixtures("minutes")
def test_health_is_told_in_the_history_without_a_word_of_it_and_shown_beside_now(
    client: FlaskClient, offer: str
) -> None:
    typed(client, offer, "insured", **{WEIGHT: "123"})
    row = rows_of(client, offer)[0]
    assert "Zdravotní údaje: změněny" in row
    assert "123" not in row
    assert "Hmotnost" not in row
    line = re.findall(r"/history/(\d+)\"", client.get(f"{offer}/history").text)[0]
    typed(client, offer, "insured", **{WEIGHT: "99"})
    page = page_of(client, f"{offer}/history/{line}")
    assert "123 kg" in page
    where, page = pressed(client, offer, "undo", "insured")
    assert "Vráceno: Zdravotní údaje" in page
    assert "123" not in where.removeprefix(offer)  # whose id is chance
    assert "weight" not in where
    assert 'value="123"' in client.get(f"{offer}/sections/insured").text


@pytest.mark.usefixtures("minutes")
def test_an_earlier_state_is_restored_and_the_restoration_taken_back(client: FlaskClient, offer: str) -> None:
    typed(client, offer, "policyholder", **{PHONE: "777123456"})
    line = re.findall(r"/history/(\d+)\"", client.get(f"{offer}/history").text)[0]
    typed(client, offer, "policyholder", **{PHONE: "608000000", "policyholder.city": "Brno"})
    state = page_of(client, f"{offer}/history/{line}")
    assert "777 123 456" in state
    assert "608 000 000" in state
    assert "Obnovit tento stav" in state
    answer = client.post(f"{offer}/history/{line}/restoration")
    assert answer.status_code == 303
    page = page_of(client, str(answer.location))
    assert "Obnovu můžete vrátit" in page
    assert "777 123 456" in page
    assert "Brno" not in page
    assert "Obnoven stav" in rows_of(client, offer)[0]
    pressed(client, offer, "undo")
    assert "Brno" in client.get(f"{offer}/sections/policyholder").text


def test_a_locked_document_shows_its_history_and_restores_nothing(client: FlaskClient, desk: Desk, family: str) -> None:
    assert client.post(f"{family}/completion").status_code == 303
    document = family.rpartition("/")[2]
    assert "Dokončena verze 1" in rows_of(client, family)[0]
    lines = re.findall(r"/history/(\d+)\"", client.get(f"{family}/history").text)
    plant_fact(desk.store, document, "exported")
    page = page_of(client, f"{family}/history/{lines[-1]}")
    assert "Dokument už nelze upravit" in page
    assert client.post(f"{family}/history/{lines[-1]}/restoration").status_code == 409
    assert 'data-step="undo"' not in client.get(f"{family}/sections/policyholder").text


def test_after_a_completion_nothing_is_taken_back_but_its_draft_is_restored_in_a_working_copy(
    client: FlaskClient, desk: Desk, family: str
) -> None:
    document = family.rpartition("/")[2]
    before = re.findall(r"/history/(\d+)\"", client.get(f"{family}/history").text)
    client.post(f"{family}/completion")
    assert client.post(f"{family}/sections/policyholder/undo").status_code == 303
    record = desk.store.document(document)
    assert record is not None
    assert record.facts.working_copy_at is None
    assert client.post(f"{family}/history/{before[-1]}/restoration").status_code == 303
    record = desk.store.document(document)
    assert record is not None
    assert record.facts.working_copy_at is not None
    assert record.facts.completed_at is not None


@pytest.mark.usefixtures("minutes")
def test_a_long_history_is_paged_and_no_change_is_told_twice_or_left_out(client: FlaskClient, offer: str) -> None:
    for number in range(PAGE_SIZE + 10):
        typed(client, offer, "policyholder", **{"policyholder.city": f"Obec {number:03}"})
    address, seen = f"{offer}/history", list[str]()
    while address:
        page = client.get(address).text
        seen += re.findall(r"<ins>Obec (\d+)</ins>", page)
        older = re.search(r'href="([^"]*before=\d+)"', page)
        address = older[1] if older else ""
    assert seen == [f"{number:03}" for number in reversed(range(PAGE_SIZE + 10))]


def test_the_history_of_no_document_and_of_no_line_is_not_found(client: FlaskClient, offer: str) -> None:
    assert client.get("/documents/none/history").status_code == 404
    assert client.get(f"{offer}/history/999999").status_code == 404
    assert client.post(f"{offer}/history/999999/restoration").status_code == 404
    assert client.get(f"{offer}/history?before=x").status_code == 400
    assert client.post(f"{offer}/sections/none/undo").status_code == 404
    assert client.post(f"{offer}/sections/policyholder/undo", data={"policyholder.shoe": "1"}).status_code == 400


def test_every_cause_of_a_step_has_its_words() -> None:
    told = {each for each in Cause if each is not Cause.BEGUN}
    assert {f"cause_{each}" for each in told} <= set(catalogue("history"))
