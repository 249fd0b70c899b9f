"""Writing an offer, in one process: what is typed is kept and judged at once, with scripts and without."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.reading import Reading, read

FRAGMENTS = {"HX-Request": "true"}
COVER = "persons[p1].coverages"


@pytest.fixture
def offer(client: FlaskClient) -> str:
    """The address of a new offer."""
    return str(client.post("/documents", data={"kind": "offer"}).location)


@pytest.fixture
def priced(client: FlaskClient, offer: str) -> str:
    """An offer with a premium: the policyholder's name and birth, one sum."""
    names = {"last_name": "Šťastná-Vondráčková", "first_name": "Kateřina", "birth_date": "12. 5. 1988"}
    typed(client, offer, "policyholder", **{f"policyholder.{name}": text for name, text in names.items()})
    typed(client, offer, "cover", **{f"{COVER}[c1].sum_insured": "1,5m"})
    return offer


def typed(client: FlaskClient, offer: str, section: str, **answers: str) -> Reading:
    """Type answers as the page's script does; the fragments that come back."""
    answer = client.post(f"{offer}/sections/{section}", data=answers, headers=FRAGMENTS)
    assert answer.status_code == 200
    return read(answer)


def pressed(client: FlaskClient, address: str, **form: str) -> Reading:
    """Press a button without scripts: a plain post, and the page it leads to."""
    answer = client.post(address, data=form)
    assert answer.status_code == 303, answer.text
    return shown(client, str(answer.location))


def shown(client: FlaskClient, address: str) -> Reading:
    answer = client.get(address)
    assert answer.status_code == 200
    return read(answer)


def test_a_new_offer_opens_at_the_policyholder_with_a_number_and_one_adult_with_death_cover(
    client: FlaskClient,
) -> None:
    answer = client.post("/documents", data={"kind": "offer"}, follow_redirects=True)
    assert "Nabídka FLEXI N26-000001" in answer.text
    page = read(answer)
    assert page.texts["sh"] == "1. Pojistník"
    assert page.fields["policyholder.last_name"] == ""
    offer = answer.request.path.partition("/sections")[0]
    assert shown(client, f"{offer}/sections/cover").fields[f"{COVER}[c1].term"] == "30"


def test_no_other_kind_of_document_can_be_made_yet(client: FlaskClient) -> None:
    assert client.post("/documents", data={"kind": "change_request"}).status_code == 400
    assert "Zatím tu nejsou žádné dokumenty" in client.get("/documents").text


@pytest.mark.parametrize(
    ("section", "name", "text", "kept"),
    [
        ("policyholder", "policyholder.last_name", "  Nguyễn  ", "Nguyễn"),
        ("policyholder", "policyholder.birth_number", "900501/1224", "900501/1224"),
        ("policyholder", "policyholder.birth_date", "010590", "1. 5. 1990"),
        ("policyholder", "policyholder.is_first_insured", "false", "false"),
        ("policyholder", "policyholder.email", "zofie@example.cz", "zofie@example.cz"),
        ("policyholder", "policyholder.phone", "777123456", "+420 777 123 456"),
        ("policyholder", "policyholder.postal_code", "59101", "591 01"),
        ("policy", "policy.policy_term", "25", "25"),
        ("insured", "persons[p1].occupation_class", "3", "3"),
        ("insured", "persons[p1].net_monthly_income", "52t", "52 000"),
        ("insured", "persons[p1].smoker", "true", "true"),
        ("cover", f"{COVER}[c1].sum_insured", "1,5m", "1 500 000"),
        ("cover", f"{COVER}[c1].sum_pattern", "linear", "linear"),
        ("payment", "payment.payments_per_year", "4", "4"),
    ],
)
def test_every_kind_of_field_keeps_what_is_typed_and_writes_it_in_one_way(
    client: FlaskClient, offer: str, section: str, name: str, text: str, kept: str
) -> None:
    typed(client, offer, section, **{name: text})
    page = shown(client, f"{offer}/sections/{section}")
    assert page.fields[name].replace("\u00a0", " ") == kept
    assert 'aria-invalid="true"' not in client.get(f"{offer}/sections/{section}").text


@pytest.mark.parametrize(
    ("section", "name", "text", "said"),
    [
        ("policyholder", "policyholder.birth_number", "900501/1233", "nesouhlasí s kontrolní číslicí"),
        ("policyholder", "policyholder.birth_date", "31.2.1985", "v kalendáři není"),
        ("policyholder", "policyholder.birth_date", "zítra", "není datum"),
        ("policyholder", "policyholder.email", "zofie@", "není e-mail"),
        ("policyholder", "policyholder.phone", "12", "není telefon"),
        ("policyholder", "policyholder.postal_code", "12", "není PSČ"),
        ("policyholder", "policyholder.last_name", "x" * 61, "nejvýše lze 60"),
        ("policy", "policy.start_date", "1. 1. 2020", "Začátek 1. 1. 2020 je příliš brzy, pojištění začíná nejdříve"),
        ("policy", "policy.policy_term", "třicet", "není číslo"),
        ("insured", "persons[p1].height_cm", "90", "nejmenší možná hodnota 100"),
        ("cover", f"{COVER}[c1].sum_insured", "milion", "není částka"),
        ("payment", "payment.payments_per_year", "7", "není mezi možnostmi"),
    ],
)
def test_a_wrong_value_keeps_its_text_and_says_what_is_wrong_and_how_to_mend_it(
    client: FlaskClient, offer: str, section: str, name: str, text: str, said: str
) -> None:
    fragments = typed(client, offer, section, **{name: text})
    for page in (fragments, shown(client, f"{offer}/sections/{section}")):
        assert said in page.problem_of(name).replace("\u00a0", " ")
        if not name.startswith("payment"):  # a choice shows its options only
            assert page.fields[name].replace("\u00a0", " ") == text
        assert any(said[:12] in words.replace("\u00a0", " ") for words in page.links)


def test_an_answer_to_no_field_of_the_form_is_refused_and_nothing_is_stored(client: FlaskClient, offer: str) -> None:
    answers = {"policyholder.last_name": "Novák", "policyholder.shoe_size": "43"}
    answer = client.post(f"{offer}/sections/policyholder", data=answers, headers=FRAGMENTS)
    assert answer.status_code == 400
    assert shown(client, f"{offer}/sections/policyholder").fields["policyholder.last_name"] == ""


def test_the_policyholder_becomes_the_first_insured_person_until_the_advisor_says_otherwise(
    client: FlaskClient, priced: str
) -> None:
    assert "persons[p1].last_name" not in shown(client, f"{priced}/sections/insured").fields
    typed(client, priced, "policyholder", **{"policyholder.is_first_insured": "false"})
    assert shown(client, f"{priced}/sections/insured").fields["persons[p1].last_name"] == ""


def test_an_answer_swaps_the_changed_field_and_the_sums_and_nothing_else(client: FlaskClient, priced: str) -> None:
    fragments = typed(client, priced, "policyholder", **{"policyholder.city": "Žďár nad Sázavou"})
    assert fragments.targets == [
        "#F-policyholder_city", "#errors", "#sections", "#summary", "#saved", "#toast", "#focus-next",
    ]  # fmt: skip
    assert set(fragments.fields) == {"policyholder.city"}


def test_a_change_of_one_coverage_swaps_its_row_and_no_other(client: FlaskClient, priced: str) -> None:
    pressed(client, f"{priced}/sections/cover/rows?person=p1", add=f"{COVER}|code=T4")
    typed(client, priced, "cover", **{f"{COVER}[c2].sum_insured": "400t"})
    fragments = typed(client, priced, "cover", **{f"{COVER}[c2].sum_insured": "500t"})
    rows = [target for target in fragments.targets if target.startswith("#R-")]
    assert rows == ["#R-persons-p1_coverages-c2"]
    assert "#body" not in fragments.targets


def test_the_birth_number_fills_in_the_date_of_birth_and_the_page_shows_it_at_once(
    client: FlaskClient, offer: str
) -> None:
    fragments = typed(client, offer, "policyholder", **{"policyholder.birth_number": "900501/1224"})
    assert "#F-policyholder_birth_date" in fragments.targets
    assert "1. 5. 1990" in fragments.texts["F-policyholder_birth_date"]


def test_each_command_first_takes_along_what_was_typed(client: FlaskClient, priced: str) -> None:
    sums = {f"{COVER}[c1].sum_insured": "2m"}
    page = pressed(client, f"{priced}/sections/cover/rows?person=p1", add=f"{COVER}|code=I3", **sums)
    assert page.fields[f"{COVER}[c1].sum_insured"].replace("\u00a0", " ") == "2 000 000"
    assert f"{COVER}[c2].sum_insured" in page.fields


def test_enter_without_scripts_saves_and_presses_no_other_button(client: FlaskClient, priced: str) -> None:
    first = shown(client, f"{priced}/sections/policyholder").buttons[2]  # after the menu of new documents
    assert first["text"] == "Uložit"
    assert {"name", "formaction", "value"}.isdisjoint(first)


def test_the_next_button_saves_and_goes_on_without_scripts(client: FlaskClient, offer: str) -> None:
    answers = {"policyholder.last_name": "Příhodová", "go": "policy"}
    answer: TestResponse = client.post(f"{offer}/sections/policyholder", data=answers)
    assert answer.location == f"{offer}/sections/policy"
    assert shown(client, f"{offer}/sections/policyholder").fields["policyholder.last_name"] == "Příhodová"


def test_in_english_the_same_page_speaks_english(client: FlaskClient, priced: str) -> None:
    client.post("/settings/look", data={"language": "en"})
    fragments = typed(client, priced, "policyholder", **{"policyholder.birth_date": "31.2.1985"})
    assert "is not in the calendar" in fragments.problem_of("policyholder.birth_date")
    assert "Premium monthly" in fragments.texts["summary"]
