"""Identification, consents and handed-over documents: the time comes from the moment, and what forbids it is said."""

import re

import pytest
from flask.testing import FlaskClient

from localapp import clock
from localapp.web import wording
from localapp.web.desk import Desk
from localapp.web.editing import open_document
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


def test_an_emptied_investment_takes_its_questions_along_and_leaves_nothing_behind(
    client: FlaskClient, desk: Desk, offer: str
) -> None:
    typed(client, offer, "investment", **{"investment.regular": "1 000", "investment.suitability": "unsuitable"})
    typed(client, offer, "investment", **{"investment.regular": ""})
    page = shown(client, f"{offer}/sections/investment")
    assert not {"investment.suitability", "investment.knowledge"} & set(page.fields)
    assert "Zvažte jinou strategii" not in text_of(client, offer, "investment")
    opened = open_document(desk, offer.rpartition("/")[2])
    assert opened is not None
    assert not [each for each in opened.assessment.evaluation.missing() if each.path.startswith("investment.")]


def test_an_extra_premium_alone_is_an_investment_whether_the_regular_one_is_nothing_or_empty(
    client: FlaskClient, offer: str
) -> None:
    pressed(client, f"{offer}/sections/investment/rows", add="extra_premiums|")
    for regular in ("0", ""):
        typed(client, offer, "investment", **{"investment.regular": regular})
        page = shown(client, f"{offer}/sections/investment")
        assert "investment.suitability" in page.fields
        assert "Opravte" not in text_of(client, offer, "investment")
        assert "Zapište" not in text_of(client, offer, "investment")


def test_who_gives_no_information_for_the_suitability_is_told_what_that_means(client: FlaskClient, offer: str) -> None:
    typed(client, offer, "investment", **{"investment.regular": "1 000", "investment.suitability": "not_provided"})
    assert "nelze posoudit, zda se investice pro klienta hodí" in text_of(client, offer, "investment")


def test_only_who_invests_must_get_the_key_information_and_say_the_tax_residence(
    client: FlaskClient, offer: str
) -> None:
    typed(client, offer, "agreements", **{"handed_documents[h3].handed": "false"})
    assert "musí klient dostat" not in text_of(client, offer, "agreements")
    assert "identification.tax_residence" not in shown(client, f"{offer}/sections/identification").fields
    typed(client, offer, "investment", **{"investment.regular": "1 000"})
    assert "musí klient dostat" in text_of(client, offer, "agreements")
    fields = shown(client, f"{offer}/sections/identification").fields
    assert (fields["identification.tax_residence"], "identification.tax_number" in fields) == ("Česko", False)
    typed(client, offer, "identification", **{"identification.tax_residence": "Slovensko"})
    assert "identification.tax_number" in shown(client, f"{offer}/sections/identification").fields


def test_a_replaced_policy_is_named_warned_about_and_found_and_a_copy_replaces_nothing(
    client: FlaskClient, desk: Desk, offer: str
) -> None:
    assert "policy.replaced_policy" not in shown(client, f"{offer}/sections/policy").fields
    typed(client, offer, "policy", **{"policy.replaces": "ours"})
    typed(client, offer, "policy", **{"policy.replaced_policy": "6001234567"})
    assert "začínají" in shown(client, f"{offer}/sections/policy").problem_of("policy.replaced_policy")
    typed(client, offer, "policy", **{"policy.replaced_policy": "700 123 4567"})
    assert "přijít o část odkupného" in text_of(client, offer, "policy")
    document = offer.rpartition("/")[2]
    assert document in client.post("/documents/search", data={"q": "7001234567"}).text
    copy = client.post(f"{offer}/copies").location.partition("selected=")[2].partition("&")[0]
    assert {name: found for name, found in desk.store.content(copy).answers["policy"].items() if "replace" in name} == {
        "replaces": "nothing"
    }
    typed(client, offer, "policy", **{"policy.replaces": "another_insurers"})
    assert {"policy.replaced_insurer", "policy.replaced_policy_there"} <= set(
        shown(client, f"{offer}/sections/policy").fields
    )


def asked_of(client: FlaskClient, offer: str) -> set[str]:
    """Whose consent to health data the page asks for."""
    return set(re.findall(r'name="persons\[(p\d)\]\.health_consent"', text_of(client, offer, "agreements")))


def test_each_insured_person_but_the_policyholder_gives_a_consent_to_the_health_data(
    client: FlaskClient, desk: Desk, priced: str
) -> None:
    consent = "persons[p2].health_consent"
    pressed(client, f"{priced}/sections/insured/rows", add="persons|role=adult")
    assert asked_of(client, priced) == set()
    pressed(client, f"{priced}/sections/cover/rows?person=p2", add="persons[p2].coverages|code=S")
    assert asked_of(client, priced) == {"p2"}
    typed(client, priced, "agreements", **{consent: "false"})
    assert "Bez souhlasu pojištěné osoby" in text_of(client, priced, "agreements")
    assert "Bez souhlasu pojištěné osoby" in text_of(client, priced, "summary")
    typed(client, priced, "agreements", **{consent: "true"})
    person = desk.store.content(priced.rpartition("/")[2]).answers["persons"][1]
    assert (person["health_consent"], person["health_consent_version"]) == (True, "2026-1")
    assert str(clock.today().year) in person["health_consent_at"]
    typed(client, priced, "policyholder", **{"policyholder.is_first_insured": "false"})
    assert asked_of(client, priced) == {"p1", "p2"}


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
