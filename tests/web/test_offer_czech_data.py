"""Czech data in an offer: what follows from a birth number or an account, and how a mistake is told on the page."""

import pytest
from flask.testing import FlaskClient

from tests.web.test_offer import offer, shown, typed

__all__ = ["offer"]


def test_the_birth_number_says_the_sex_too(client: FlaskClient, offer: str) -> None:
    fragments = typed(client, offer, "policyholder", **{"policyholder.birth_number": "9055011240"})
    assert "Žena" in fragments.texts["F-policyholder_sex"]
    assert "policyholder.sex" not in shown(client, f"{offer}/sections/policyholder").fields


def test_a_date_of_birth_that_differs_is_told_with_both_values_and_in_the_summary_of_errors(
    client: FlaskClient, offer: str
) -> None:
    answers = {"policyholder.birth_date": "1.5.91", "policyholder.birth_number": "905501/1240"}
    fragments = typed(client, offer, "policyholder", **answers)
    told = fragments.problem_of("policyholder.birth_date").replace("\u00a0", " ")
    assert "1. 5. 1991 nesouhlasí s rodným číslem 905501/1240, podle kterého je 1. 5. 1990" in told
    page = shown(client, f"{offer}/sections/policyholder")
    assert page.fields["policyholder.birth_date"].replace("\u00a0", " ") == "1. 5. 1991"
    link = next(words for words in page.links if "nesouhlasí s" in words)
    assert page.links[link].endswith("#policyholder_birth_date")
    fragments = typed(client, offer, "policyholder", **{"policyholder.birth_date": ""})
    assert "1. 5. 1990" in fragments.texts["F-policyholder_birth_date"].replace("\u00a0", " ")


def test_an_account_is_asked_for_where_it_is_needed_and_shows_its_bank_and_iban(
    client: FlaskClient, offer: str
) -> None:
    typed(client, offer, "payment", **{"payment.payment_method": "direct_debit"})
    fragments = typed(client, offer, "payment", **{"payment.bank_account": "cz65 0800 0000 1920 0014 5399"})
    told = fragments.texts["F-payment_bank_account"].replace("\u00a0", " ")
    assert "Česká spořitelna, a.s. · IBAN CZ65 0800 0000 1920 0014 5399" in told
    page = shown(client, f"{offer}/sections/payment")
    assert page.fields["payment.bank_account"] == "19-2000145399/0800"


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ("19-2000145398/0800", "nesouhlasí s kontrolní číslicí"),
        ("19-2000145399/9999", "Kód banky 9999 není v číselníku"),
        ("19-2000145399", "nemá kód banky"),
        ("18-2000145399/0800", "Předčíslí 18"),
        ("můj účet", "není číslo účtu"),
    ],
)
def test_a_wrong_account_stays_and_says_what_to_correct(
    client: FlaskClient, offer: str, account: str, told: str
) -> None:
    answers = {"payment.payment_method": "direct_debit", "payment.bank_account": account}
    fragments = typed(client, offer, "payment", **answers)
    assert told in fragments.problem_of("payment.bank_account").replace("\u00a0", " ")
    assert shown(client, f"{offer}/sections/payment").fields["payment.bank_account"] == account


@pytest.mark.parametrize(("country", "kept"), [("sk", "Slovensko"), ("ČR", "Česko"), ("Ukraine", "Ukrajina")])
def test_a_nationality_is_typed_freely_and_shown_by_its_name(
    client: FlaskClient, offer: str, country: str, kept: str
) -> None:
    typed(client, offer, "policyholder", **{"policyholder.nationality": country})
    answer = client.get(f"{offer}/sections/policyholder")
    assert shown(client, f"{offer}/sections/policyholder").fields["policyholder.nationality"] == kept
    assert answer.text.count('<datalist id="countries">') == 1
    assert '<option value="Spojené království">' in answer.text


def test_a_likely_slip_in_an_address_is_a_hint_that_hinders_nothing(client: FlaskClient, offer: str) -> None:
    fragments = typed(client, offer, "policyholder", **{"policyholder.email": "alena@seznan.cz"})
    assert "„seznam.cz“ místo „seznan.cz“" in fragments.problem_of("policyholder.email").replace("\u00a0", " ")
    assert "seznan" not in fragments.texts.get("errors", "")


def test_in_english_a_country_has_its_english_name(client: FlaskClient, offer: str) -> None:
    client.post("/settings/look", data={"language": "en"})
    assert shown(client, f"{offer}/sections/policyholder").fields["policyholder.nationality"] == "Czechia"


def test_a_further_person_s_date_of_birth_follows_from_the_birth_number_which_nobody_else_has(
    client: FlaskClient, offer: str
) -> None:
    typed(client, offer, "policyholder", **{"policyholder.birth_number": "905501/1240"})
    client.post(f"{offer}/sections/insured/rows", data={"add": "persons|role=adult"})
    fragments = typed(client, offer, "insured", **{"persons[p2].birth_number": "8501011080"})
    assert "1. 1. 1985" in fragments.texts["F-persons-p2_birth_date"].replace("\u00a0", " ")
    fragments = typed(client, offer, "insured", **{"persons[p2].birth_number": "9055011240"})
    assert "už v této smlouvě má jiná osoba" in fragments.problem_of("persons[p2].birth_number").replace("\u00a0", " ")
    page = shown(client, f"{offer}/sections/insured")
    assert "persons[p1].birth_number" not in page.fields


def test_the_pasted_lines_of_a_passport_fill_in_what_is_missing_and_an_expired_one_is_told(
    client: FlaskClient, offer: str
) -> None:
    lines = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    typed(client, offer, "policyholder", **{"policyholder.first_name": "Anna"})
    fragments = typed(client, offer, "policyholder", **{"policyholder.document_number": lines})
    told = fragments.problem_of("policyholder.document_expires_on").replace("\u00a0", " ")
    assert "platil jen do 15. 4. 2012" in told
    fields = shown(client, f"{offer}/sections/policyholder").fields
    kept = {name: fields[f"policyholder.{name}"].replace("\u00a0", " ") for name in ("last_name", "first_name", "sex")}
    assert kept == {"last_name": "Eriksson", "first_name": "Anna", "sex": "female"}
    assert fields["policyholder.document_number"] == "L898902C3"
    assert fields["policyholder.document_kind"] == "passport"


def test_a_number_that_is_of_another_kind_of_document_is_told(client: FlaskClient, offer: str) -> None:
    answers = {"policyholder.document_kind": "identity_card", "policyholder.document_number": "L898902C3"}
    fragments = typed(client, offer, "policyholder", **answers)
    assert "není číslo občanského průkazu" in fragments.problem_of("policyholder.document_number").replace(
        "\u00a0", " "
    )
