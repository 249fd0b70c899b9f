"""A person entered once is offered in every later document, and in the same one; choosing fills what is empty."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from localapp.web.desk import Desk

BOREK = {"last_name": "Chalupa", "first_name": "Bořek", "birth_number": "780101/1230", "phone": "777 123 456"}
HTMX = {"HX-Request": "true"}


def offer(client: FlaskClient, section: str = "policyholder", **typed: str) -> str:
    """An offer with these answers; its address."""
    made = str(client.post("/documents", data={"kind": "offer"}).location)
    answers = {f"policyholder.{name}": text for name, text in typed.items()}
    assert client.post(f"{made}/sections/{section}", data=answers).status_code == 303
    return made


def offered(client: FlaskClient, document: str, person: str = "policyholder", **typed: str) -> list[dict[str, Any]]:
    answer = client.post(f"{document}/known", data={"person": person, **typed}, headers=HTMX)
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.get_json()["rows"]
    return rows


def chosen(client: FlaskClient, document: str, fill: str, section: str = "policyholder") -> str:
    """The words of the toast after a choice."""
    answer = client.post(f"{document}/sections/{section}/filling", data={"fill": fill}, headers=HTMX)
    assert answer.status_code == 200
    toast = answer.text.partition('id="toast"')[2] or answer.text.partition("#toast")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", toast.partition("</hx-partial>")[0]).split())


def answers_of(desk: Desk, document: str) -> dict[str, Any]:
    return desk.store.content(document.rpartition("/")[2]).answers


def test_a_client_of_an_earlier_document_is_offered_by_a_few_letters(client: FlaskClient) -> None:
    offer(client, **BOREK, city="Brno")
    later = offer(client)
    (found,) = offered(client, later, last_name="chal")
    assert found["name"] == "Chalupa Bořek"
    assert found["about"].replace("\u00a0", " ") == "1. 1. 1978, Brno, 1 dokument"
    assert offered(client, later, last_name="chal", first_name="jan") == []
    assert len(offered(client, later, birth_number="780101")) == 1
    assert offered(client, later, last_name="c") == []


def test_choosing_fills_the_person_and_says_which_fields(client: FlaskClient, desk: Desk) -> None:
    offer(client, **BOREK, city="Brno", title="Ing.")
    later = offer(client, last_name="cha")
    (found,) = offered(client, later, last_name="cha")
    said = chosen(client, later, f"policyholder|{found['key']}")
    assert "Z karty klienta je doplněno: Příjmení, Jméno, Titul, Rodné číslo, Telefon, Obec." in said
    holder = answers_of(desk, later)["policyholder"]
    assert (holder["last_name"], holder["birth_number"], holder["city"]) == ("Chalupa", "780101/1230", "Brno")


def test_what_was_typed_otherwise_stays_until_it_is_taken_over(client: FlaskClient, desk: Desk) -> None:
    offer(client, **BOREK, city="Brno")
    later = offer(client, city="Praha")
    (found,) = offered(client, later, last_name="chal")
    said = chosen(client, later, f"policyholder|{found['key']}")
    assert "Zůstalo, co jste vyplnili jinak: Obec. Převzít z karty" in said
    assert answers_of(desk, later)["policyholder"]["city"] == "Praha"
    assert "je doplněno: Obec." in chosen(client, later, f"policyholder|{found['key']}|over")
    assert answers_of(desk, later)["policyholder"]["city"] == "Brno"


def test_what_was_filled_is_taken_back_as_an_ordinary_change(client: FlaskClient, desk: Desk) -> None:
    offer(client, **BOREK)
    later = offer(client, last_name="cha")
    (found,) = offered(client, later, last_name="cha")
    answer = client.post(
        f"{later}/sections/policyholder/filling", data={"fill": f"policyholder|{found['key']}"}, headers=HTMX
    )
    before = dict(re.findall(r'<input type="hidden" name="(policyholder\.\w+)" value="([^"]*)"', answer.text))
    assert client.post(f"{later}/sections/policyholder", data=before).status_code == 303
    holder = answers_of(desk, later)["policyholder"]
    assert holder["last_name"] == "cha"
    assert not {"first_name", "birth_number", "phone"} & set(holder)
    assert any(line.path == "policyholder.phone" for line in desk.store.journal(later.rpartition("/")[2]))


def test_a_person_of_the_same_document_is_offered_for_the_others(client: FlaskClient, desk: Desk) -> None:
    document = offer(client, **BOREK, is_first_insured="false")
    (found,) = offered(client, document, "persons[p1]", last_name="Chal")
    assert found["about"].endswith("v\u00a0tomto dokumentu")
    chosen(client, document, f"persons[p1]|{found['key']}", "insured")
    person = answers_of(desk, document)["persons"][0]
    assert (person["first_name"], person["birth_number"]) == ("Bořek", "780101/1230")
    assert offered(client, document, "policyholder", last_name="Chal") == []


def test_no_health_answer_is_ever_filled(client: FlaskClient, desk: Desk) -> None:
    first = offer(client, **BOREK)
    typed = {"persons[p1].smoker": "true", "persons[p1].height_cm": "180", "persons[p1].sport": "2"}
    assert client.post(f"{first}/sections/insured", data=typed).status_code == 303
    later = offer(client, is_first_insured="false")
    (found,) = offered(client, later, "persons[p1]", last_name="chal")
    chosen(client, later, f"persons[p1]|{found['key']}", "insured")
    content = desk.store.content(later.rpartition("/")[2])
    assert content.answers["persons"][0]["sport"] == 2
    assert "180" not in repr(content.health)


def test_who_is_gone_or_made_up_is_refused(client: FlaskClient) -> None:
    document = offer(client)
    for fill in ("", "policyholder", "policyholder|client:none", "policyholder|here:nobody", "x|y|z"):
        answer = client.post(f"{document}/sections/policyholder/filling", data={"fill": fill}, headers=HTMX)
        assert answer.status_code == 400
    assert client.post("/documents/none/known", data={"last_name": "chal"}).status_code == 404


@pytest.mark.parametrize("kind", ["offer", "illustration"])
def test_a_new_document_for_a_client_begins_with_the_card(client: FlaskClient, desk: Desk, kind: str) -> None:
    first = offer(client, **BOREK, is_first_insured="true")
    assert client.post(f"{first}/sections/insured", data={"persons[p1].sport": "2"}).status_code == 303
    (address,) = re.findall(r'href="(/clients/[0-9a-f-]{36})"', client.get("/clients").text)
    made = str(client.post(f"{address}/documents", data={"kind": kind}).location)
    answers = answers_of(desk, made)
    assert answers["policyholder"]["phone"] == "+420777123456"
    assert answers["persons"][0]["sport"] == 2
    assert desk.store.clients.count() == 1
    assert client.post("/clients/none/documents", data={"kind": kind}).status_code == 404
    assert client.post(f"{address}/documents", data={"kind": "other"}).status_code == 400
