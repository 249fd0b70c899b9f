"""Identification, consents and handed-over documents: the time comes from the moment, and what forbids it is said."""

import pytest
from flask.testing import FlaskClient

from localapp import clock
from localapp.web import wording
from localapp.web.desk import Desk
from tests.web.test_offer import offer, pressed, priced, shown, typed

__all__ = ["offer", "priced"]  # fixtures

HEALTH_CONSENT = "consents[c1].given"


def text_of(client: FlaskClient, offer: str, section: str) -> str:
    return client.get(f"{offer}/sections/{section}").text.replace("\u00a0", " ")


def test_a_consent_notes_when_it_was_given_and_forgets_it_when_it_is_taken_back(
    client: FlaskClient, desk: Desk, offer: str
) -> None:
    typed(client, offer, "agreements", **{HEALTH_CONSENT: "true"})
    (consent, *others) = desk.store.content(offer.rpartition("/")[2]).answers["consents"]
    assert str(clock.today().year) in consent["given_at"]
    assert all("given_at" not in other for other in others)
    assert wording.day(clock.today(), "cs").replace("\u00a0", " ") in text_of(client, offer, "agreements")
    typed(client, offer, "agreements", **{HEALTH_CONSENT: ""})
    assert "given_at" not in desk.store.content(offer.rpartition("/")[2]).answers["consents"][0]


def test_the_time_of_a_consent_cannot_be_typed(client: FlaskClient, desk: Desk, offer: str) -> None:
    typed(client, offer, "agreements", **{"consents[c1].given_at": "2020-01-01T00:00:00+00:00"})
    assert "given_at" not in desk.store.content(offer.rpartition("/")[2]).answers["consents"][0]


@pytest.mark.parametrize(
    ("section", "name", "answer", "said"),
    [
        ("agreements", HEALTH_CONSENT, "false", "Bez souhlasu se zpracováním zdravotních údajů"),
        ("agreements", "handed_documents[h1].handed", "false", "musí klient dostat před sjednáním"),
        ("policyholder", "policyholder.document_expires_on", "1. 1. 2020", "Doklad platil jen do 1. 1. 2020"),
        ("identification", "identification.sanctions", "found", "nelze nabídku dokončit"),
    ],
)
def test_what_hinders_an_offer_is_said_at_its_answer(
    client: FlaskClient, offer: str, section: str, name: str, answer: str, said: str
) -> None:
    typed(client, offer, section, **{name: answer})
    assert said in text_of(client, offer, section)


def test_a_politically_exposed_person_is_asked_for_function_and_property(client: FlaskClient, offer: str) -> None:
    assert "identification.pep_function" not in shown(client, f"{offer}/sections/identification").fields
    typed(client, offer, "identification", **{"identification.pep": "true"})
    fields = shown(client, f"{offer}/sections/identification").fields
    assert {"identification.pep_function", "identification.pep_property"} <= set(fields)


def test_only_an_investment_asks_for_its_suitability(client: FlaskClient, offer: str) -> None:
    assert "investment.suitability" not in shown(client, f"{offer}/sections/investment").fields
    typed(client, offer, "investment", **{"investment.regular": "1 000"})
    typed(client, offer, "investment", **{"investment.suitability": "unsuitable"})
    assert "Zvažte jinou strategii" in text_of(client, offer, "investment")


def test_neither_consents_nor_identification_are_copied(client: FlaskClient, desk: Desk, offer: str) -> None:
    typed(client, offer, "agreements", **{HEALTH_CONSENT: "true", "handed_documents[h1].handed": "true"})
    typed(client, offer, "identification", **{"identification.pep": "false", "identification.sanctions": "clear"})
    pressed(client, f"{offer}/copies")
    copy = client.post(f"{offer}/copies").location.partition("selected=")[2].partition("&")[0]
    answers = desk.store.content(copy).answers
    assert all("given" not in each and "given_at" not in each for each in answers["consents"])
    assert all("handed" not in each for each in answers["handed_documents"])
    assert not {"pep", "sanctions", "sanctions_checked_at"} & set(answers["identification"])


def test_what_is_unanswered_is_marked_for_the_filter_and_no_longer_once_it_is_answered(
    client: FlaskClient, offer: str
) -> None:
    field = 'id="F-policyholder_birthplace" data-open'
    assert field in text_of(client, offer, "policyholder")
    typed(client, offer, "policyholder", **{"policyholder.birthplace": "Brno"})
    assert field not in text_of(client, offer, "policyholder")
