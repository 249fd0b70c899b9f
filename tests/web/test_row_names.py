"""What is asked several times over – consents, handed-over documents, beneficiaries – is never told without which."""

import re

import pytest
from flask.testing import FlaskClient

from localapp import clock
from tests import family
from tests.asking import InProcess

CONSENT = "Elektronická komunikace"
DOCUMENT = "Pojistné podmínky"
LIFE = "Kateřina Příhodová-Šťastná, Smrt z jakýchkoliv příčin"


@pytest.fixture
def offer(client: FlaskClient) -> str:
    """The address of the family's offer, filled in and not completed."""
    return family.write(InProcess(client), clock.today())


def words_of(client: FlaskClient, address: str) -> str:
    """The page without its markup, with single plain blanks."""
    text = client.get(address, follow_redirects=True).text
    return " ".join(re.sub("<[^>]*>", " ", text).split()).replace(" ,", ",").replace(" :", ":")


def test_what_hinders_a_completion_names_the_consent_and_the_document(client: FlaskClient) -> None:
    empty = client.post("/documents", data={"kind": "offer"}).location
    words = words_of(client, f"{empty}/completion")
    assert f"{CONSENT}: Souhlas udělen: vyplňte údaj." in words
    assert f"{DOCUMENT}: Předáno: vyplňte údaj." in words


def test_what_is_asked_as_a_question_is_told_as_a_question(client: FlaskClient, offer: str) -> None:
    copy = _copied(client, offer)
    words = words_of(client, f"{copy}/completion")
    assert "užíval(a) nikotin? Odpovězte." in words
    assert "?:" not in words


def test_the_history_names_the_consent_the_document_and_the_beneficiary(client: FlaskClient, offer: str) -> None:
    words = words_of(client, f"{offer}/history")
    assert f"{CONSENT}, Souhlas udělen: nevyplněno → Ano" in words
    assert f"{DOCUMENT}, Předáno: nevyplněno → Ano" in words
    assert f"{LIFE}, Obmyšlený 1, Podíl: 100 % → 66,67 %" in words
    assert f"{LIFE}, Obmyšlený 2, Jméno: nevyplněno → Matyáš" in words


def test_the_history_tells_what_was_answered_and_nothing_that_was_calculated(client: FlaskClient, offer: str) -> None:
    words = words_of(client, f"{offer}/history")
    assert "Rozsah zdravotních dotazů" not in words
    assert "Finanční dotazník" not in words


def test_the_history_names_the_coverage_and_the_person_that_were_removed(client: FlaskClient, offer: str) -> None:
    client.post(f"{offer}/sections/cover/removals?person=p1", data={"row": "persons[p1].coverages[c5]"})
    assert "Kateřina Příhodová-Šťastná, Pracovní neschopnost, Pojištění: odebráno" in words_of(
        client, f"{offer}/history"
    )
    client.post(f"{offer}/sections/insured/removals", data={"row": "persons[p4]"})
    words = words_of(client, f"{offer}/history")
    assert "Žofie Příhodová-Šťastná, Osoba: odebráno" in words
    assert "Žofie Příhodová-Šťastná, Dítě – trvalé následky úrazu, progrese 4×, Pojištění: přidáno" in words


def test_the_difference_of_two_states_names_the_consent(client: FlaskClient, offer: str) -> None:
    lines = re.findall(r"/history/(\d+)\"", client.get(f"{offer}/history").text)
    assert f"Souhlas udělen {CONSENT}" in words_of(client, f"{offer}/history/{lines[1]}")


def test_what_was_not_copied_is_a_short_list(client: FlaskClient, offer: str) -> None:
    words = words_of(client, _copied(client, offer))
    assert "Kateřina Příhodová-Šťastná: Z01 Výška, Z01 Hmotnost, Z02–Z07 " in words
    assert "Matyáš Příhodová-Šťastná: C01–C05 " in words
    listed = words[words.index("Souhlasy a dokumenty:") :].partition("Rozumím")[0]
    assert listed.split(": ")[1].strip().split(", ") == [
        "Zpracování zdravotních údajů a zproštění lékařů mlčenlivosti", CONSENT, "Marketingové nabídky",
        "Předsmluvní informace", DOCUMENT, "Sdělení klíčových informací (KID)",
    ]  # fmt: skip


def _copied(client: FlaskClient, offer: str) -> str:
    told = client.post(f"{offer}/copies").location
    return f"/documents/{re.findall(r'selected=([^&]+)', told)[0]}"
