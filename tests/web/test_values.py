"""Vývoj v čase: charts with the same numbers in tables beside them, from the first complete answers on."""

import re

import pytest
from flask.testing import FlaskClient

from localapp import clock
from tests import family
from tests.asking import InProcess


@pytest.fixture
def offer(client: FlaskClient) -> str:
    return family.write(InProcess(client), clock.today())


def shown(client: FlaskClient, offer: str) -> str:
    return client.get(f"{offer}/values").text.replace("\u00a0", " ")


def test_an_unfinished_offer_shows_its_values_in_charts_and_tables(client: FlaskClient, offer: str) -> None:
    text = shown(client, offer)
    assert len(re.findall(r"<svg [^>]*class=\"chart\"", text)) == 2
    (told,) = re.findall(r'aria-label="(Investiční účet[^"]*)"', text)
    account = re.search(r"Účet při 4 % ([\d ]+) Kč", told)
    assert account
    assert f'<td class="num">{account[1]}</td>' in text
    assert "<style" not in text
    assert " style=" not in text


def test_the_check_of_the_answers_leads_to_it(client: FlaskClient, offer: str) -> None:
    assert f'href="{offer}/values"' in client.get(f"{offer}/sections/summary").text


def test_without_a_premium_it_says_what_is_lacking(client: FlaskClient) -> None:
    empty = client.post("/documents", data={"kind": "offer"}).location
    assert empty is not None
    assert "Vývoj zatím nelze vypočítat" in shown(client, empty)
    assert client.get("/documents/never-was/values").status_code == 404
