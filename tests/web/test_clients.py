"""Klienti: the alphabetical list, the search by the body of a request alone, and one client with all documents."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from localapp.web.desk import Desk
from tests.asking import InProcess
from tests.family import CLIENT, write

TODAY = date.today()  # noqa: DTZ011 - only ages hang on it
BOREK = {"last_name": "Chalupa", "first_name": "Bořek", "birth_number": "780101/1230", "phone": "777 123 456"}


def offer(client: FlaskClient, **typed: str) -> str:
    """An offer with this policyholder; its address."""
    made = str(client.post("/documents", data={"kind": "offer"}).location)
    answers = {f"policyholder.{name}": text for name, text in typed.items()}
    assert client.post(f"{made}/sections/policyholder", data=answers).status_code == 303
    return made


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text.partition("<main")[2].partition("</main>")[0]).split())


def names(text: str) -> list[str]:
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in re.findall(r'<a class="plain".*?</a>', text)]


def found(client: FlaskClient, typed: str) -> list[str]:
    answer = client.post("/clients/search", data={"q": typed}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    return names(answer.text)


def page_of(client: FlaskClient, typed: str) -> str:
    """The address of the only client who is found."""
    answer = client.post("/clients/search", data={"q": typed})
    (address,) = re.findall(r'href="(/clients/[0-9a-f-]{36})"', answer.text)
    return str(address)


def test_without_clients_the_page_says_when_one_appears(client: FlaskClient) -> None:
    answer = client.get("/clients")
    assert "Zatím tu nejsou žádní klienti" in answer.text
    assert "rodné číslo" in words(answer.text)


def test_the_documents_lead_to_the_clients_in_czech_order(client: FlaskClient) -> None:
    offer(client, **BOREK)
    offer(client, last_name="Ivan", first_name="Adam", birth_date="1. 2. 1980")
    offer(client, last_name="Hora", first_name="Cyril", title="Ing.", birth_date="1. 2. 1980")
    assert 'href="/clients"' in client.get("/documents").text
    answer = client.get("/clients")
    assert names(answer.text) == ["Hora Cyril, Ing.", "Chalupa Bořek", "Ivan Adam"]
    assert "3 klienti" in answer.text
    assert "1. 1. 1978" in answer.text.replace("\u00a0", " ")


@pytest.mark.parametrize("typed", ["chal", "borek CHALUPA", "780101/1230", "7801011230", "777 123 456", "N26-000001"])
def test_a_client_is_found_by_name_birth_number_telephone_and_document(client: FlaskClient, typed: str) -> None:
    offer(client, **BOREK)
    offer(client, last_name="Ivan", first_name="Adam", birth_date="1. 2. 1980")
    assert found(client, typed) == ["Chalupa Bořek"]


def test_who_is_not_found_is_said_with_the_way_back(client: FlaskClient) -> None:
    offer(client, **BOREK)
    assert "Nikdo neodpovídá hledání „&lt;b&gt;xyz“" in client.post("/clients/search", data={"q": "<b>xyz"}).text
    assert found(client, "") == ["Chalupa Bořek"]


def test_a_search_cannot_be_put_into_an_address(client: FlaskClient) -> None:
    assert client.get("/clients/search?q=chalupa").status_code == 404
    assert "Chalupa" not in client.get("/clients?q=chalupa").text


def test_a_client_has_a_card_with_contacts_age_and_birthday(client: FlaskClient) -> None:
    offer(client, **BOREK, city="Brno", street="Dlouhá 1", postal_code="602 00")
    said = words(client.get(page_of(client, "chalupa")).text).replace("\u00a0", " ")
    assert "Bořek Chalupa Narozeniny 1. 1." in said
    assert "Rodné číslo 780101/1230" in said
    assert f"1. 1. 1978 ({TODAY.year - 1978} let)" in said
    assert "Telefon +420 777 123 456" in said
    assert "Dlouhá 1, 602 00 Brno" in said
    assert "Rozdíly" not in said
    offer(client, **BOREK)
    assert "Všechny dokumenty uvádějí totéž." in words(client.get(page_of(client, "chalupa")).text)


def test_a_client_lists_documents_in_every_role(client: FlaskClient) -> None:
    family = write(InProcess(client), TODAY)
    said = words(client.get(page_of(client, "katerina prihodova")).text)
    assert "pojistník, pojištěná osoba" in said
    assert "N26-000001" in said
    wife = words(client.get(page_of(client, "zofie")).text)
    assert "Nabídka FLEXI pojištěná osoba" in wife
    assert "rozpracován" in wife
    assert f"selected={family.rpartition('/')[2]}" in client.get(page_of(client, "zofie")).text


def test_what_other_documents_say_otherwise_stands_beside_the_card(client: FlaskClient) -> None:
    offer(client, **{**BOREK, "last_name": "Chalupka"})
    offer(client, **{**BOREK, "phone": "601 601 601"})
    said = words(client.get(page_of(client, "chalupa")).text).replace("\u00a0", " ")
    assert "Telefon +420 601 601 601" in said
    assert re.search(r"Příjmení Chalupka – N26-000001", said)
    assert re.search(r"Telefon \+420 777 123 456 – N26-000001", said)
    assert "2 dokumenty" in said


def test_health_stands_on_no_page_of_a_client(client: FlaskClient) -> None:
    write(InProcess(client), TODAY, CLIENT)
    text = client.get(page_of(client, "katerina")).text
    assert "168" not in words(text)
    assert "Kuřák" not in text


def test_a_client_who_is_gone_and_a_wrong_place_in_the_list_are_said_plainly(client: FlaskClient) -> None:
    offer(client, **BOREK)
    address = page_of(client, "chalupa")
    assert client.get("/clients/0190-none").status_code == 404
    assert client.get(f"{address}?before=abc").status_code == 400
    assert "Chalupa" in client.get("/clients?after=unknown").text


def test_a_long_list_goes_on_on_further_pages(client: FlaskClient, desk: Desk) -> None:
    for number in range(52):
        offer(client, last_name=f"Novák{chr(97 + number % 26)}{number:02}", first_name="Jan", birth_date="1. 2. 1980")
    first = client.get("/clients")
    (onward,) = re.findall(r'href="(/clients\?after=[0-9a-f-]{36})"', first.text)
    second = client.get(onward)
    assert len(names(first.text)) == 50
    assert len(names(second.text)) == 2
    assert desk.store.clients.count() == 52
