"""Rows and remedies of an offer, with scripts and as plain posts: added, removed, brought back, mended."""

from datetime import date
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from localapp.web.desk import Desk
from tests.asking import InProcess
from tests.family import write
from tests.web.reading import Reading, read
from tests.web.test_offer import COVER, FRAGMENTS, offer, pressed, priced, shown, typed

__all__ = ["offer", "priced"]  # fixtures


def press(client: FlaskClient, section: Reading, words: str) -> Reading:
    """Press a button of a page as the page's script does; the fragments that come back."""
    button = section.button(words)
    answer = client.post(button["hx-post"], data={button["name"]: button["value"]}, headers=FRAGMENTS)
    assert answer.status_code == 200
    return read(answer)


def crowns(text: str) -> Decimal:
    return Decimal(text.replace("\u00a0", "").replace("\u2212", "-").removesuffix("Kč").replace(",", "."))


def amounts(client: FlaskClient, offer: str) -> dict[str, Decimal]:
    """The summary of the premium as it is shown: the words of each line with its amount, in order."""
    text = client.get(f"{offer}/sections/payment").text
    summary = text[text.index('id="summary"') : text.index("</aside>", text.index('id="summary"'))]
    lines = [line.split("</dt><dd>") for line in summary.split("<dt>")[1:]]
    return {f"{number} {words}": crowns(rest.partition("</dd>")[0]) for number, (words, rest) in enumerate(lines)}


@pytest.mark.parametrize("role", ["adult", "child"])
def test_a_person_is_added_removed_and_brought_back_with_all_answers(
    client: FlaskClient, offer: str, role: str
) -> None:
    page = pressed(client, f"{offer}/sections/insured/rows", add=f"persons|role={role}")
    assert page.fields["persons[p2].last_name"] == ""
    typed(client, offer, "insured", **{"persons[p2].last_name": "Vondráček"})
    page = pressed(client, f"{offer}/sections/insured/removals", row="persons[p2]")
    assert "persons[p2].last_name" not in page.fields
    undo = page.button("Vrátit zpět")
    page = pressed(client, f"{offer}/sections/insured/restorations", **{undo["name"]: undo["value"]})
    assert page.fields["persons[p2].last_name"] == "Vondráček"


def test_with_scripts_an_added_person_appears_and_takes_the_focus(client: FlaskClient, offer: str) -> None:
    fragments = press(client, shown(client, f"{offer}/sections/insured"), "Přidat dítě")
    assert "#body" in fragments.targets
    assert fragments.fields["persons[p2].first_name"] == ""
    answer = client.post(f"{offer}/sections/insured/rows", data={"add": "persons|role=child"}, headers=FRAGMENTS)
    assert 'data-row="persons-p3"' in answer.text


def test_the_last_person_stays(client: FlaskClient, offer: str) -> None:
    assert "Odebrat" not in shown(client, f"{offer}/sections/insured").words
    assert client.post(f"{offer}/sections/insured/removals", data={"row": "persons[p1]"}).status_code == 400
    assert "persons[p1].sport" in shown(client, f"{offer}/sections/insured").fields


def test_a_coverage_is_added_removed_and_brought_back_with_its_sum(client: FlaskClient, priced: str) -> None:
    page = pressed(client, f"{priced}/sections/cover/rows?person=p1", add=f"{COVER}|", add_code="T4")
    assert page.fields[f"{COVER}[c2].term"] == "30"
    typed(client, priced, "cover", **{f"{COVER}[c2].sum_insured": "400t"})
    page = pressed(client, f"{priced}/sections/cover/removals?person=p1", row=f"{COVER}[c2]")
    assert f"{COVER}[c2].sum_insured" not in page.fields
    undo = page.button("Vrátit zpět")
    page = pressed(client, f"{priced}/sections/cover/restorations?person=p1", **{undo["name"]: undo["value"]})
    assert page.fields[f"{COVER}[c2].sum_insured"] == "400\u00a0000"


def test_an_extra_premium_is_added_and_removed(client: FlaskClient, priced: str) -> None:
    page = pressed(client, f"{priced}/sections/investment/rows", add="extra_premiums|")
    assert page.fields["extra_premiums[e1].month"] == ""
    page = pressed(client, f"{priced}/sections/investment/removals", row="extra_premiums[e1]")
    assert "extra_premiums[e1].month" not in page.fields


@pytest.mark.parametrize(
    "add", ["", "persons[p9].coverages|code=S", f"{COVER}|code=XX", "policy|x=y", "persons|role", "persons|role=dog"]
)
def test_what_cannot_be_added_is_refused_and_changes_nothing(client: FlaskClient, priced: str, add: str) -> None:
    before = shown(client, f"{priced}/sections/cover").fields
    assert client.post(f"{priced}/sections/cover/rows", data={"add": add}).status_code == 400
    assert shown(client, f"{priced}/sections/cover").fields == before


@pytest.mark.parametrize(
    ("answers", "remedy", "mended"),
    [
        ({f"{COVER}[c1].sum_insured": "1500500"}, "Nastavit 1 500 000 Kč", {f"{COVER}[c1].sum_insured": "1 500 000"}),
        ({f"{COVER}[c1].term": "45"}, "Nastavit dobu na 30 let", {f"{COVER}[c1].term": "30"}),
    ],
)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_broken_rule_says_its_limit_and_the_offered_remedy_mends_it(
    client: FlaskClient, priced: str, answers: dict[str, str], remedy: str, mended: dict[str, str], scripts: bool
) -> None:
    typed(client, priced, "cover", **answers)
    page = shown(client, f"{priced}/sections/cover")
    assert page.problem_of(next(iter(answers)))
    button = page.button(remedy)
    if scripts:
        press(client, page, remedy)
    else:
        pressed(client, button["formaction"], **{button["name"]: button["value"]})
    after = shown(client, f"{priced}/sections/cover")
    assert {name: after.fields[name].replace("\u00a0", " ") for name in mended} == mended
    assert remedy not in after.words


def test_a_remedy_of_the_persons_own_cover_adds_the_coverage_that_is_lacking(client: FlaskClient, priced: str) -> None:
    pressed(client, f"{priced}/sections/cover/rows?person=p1", add=f"{COVER}|code=I3")
    typed(client, priced, "cover", **{f"{COVER}[c2].sum_insured": "500t", f"{COVER}[c2].term": "20"})
    pressed(client, f"{priced}/sections/cover/removals?person=p1", row=f"{COVER}[c1]")
    page = shown(client, f"{priced}/sections/cover")
    [remedy] = [words for words in page.words if words.startswith("Přidat smrt")]
    press(client, page, remedy)
    assert f"{COVER}[c3].sum_insured" in shown(client, f"{priced}/sections/cover").fields


def test_a_remedy_that_is_offered_no_longer_changes_nothing(client: FlaskClient, priced: str) -> None:
    typed(client, priced, "cover", **{f"{COVER}[c1].term": "45"})
    remedy = shown(client, f"{priced}/sections/cover").button("Nastavit dobu na 30 let")
    typed(client, priced, "cover", **{f"{COVER}[c1].term": "25"})
    page = pressed(client, remedy["formaction"], **{remedy["name"]: remedy["value"]})
    assert page.fields[f"{COVER}[c1].term"] == "25"


def test_the_amounts_of_an_instalment_add_up_to_the_total_and_those_of_the_year_to_the_discounted_sum(
    client: FlaskClient, desk: Desk
) -> None:
    offer = write(InProcess(client), date.today())  # noqa: DTZ011 - only ages hang on it
    for method, frequency in (("transfer", "12"), ("postal_order", "4"), ("postal_order", "1")):
        answers = {"payment.payment_method": method, "payment.payments_per_year": frequency}
        typed(client, offer, "payment", **answers)
        lines = amounts(client, offer)
        values = list(lines.values())
        names = [name.partition(" ")[2] for name in lines]
        covers, total = (
            names.index("Pojištění po slevách"),
            next(n for n, w in enumerate(names) if w.startswith("Celkem")),
        )
        assert ("Složenka" in names) == (method == "postal_order")
        assert sum(values[:covers]) == values[covers]
        assert sum(values[covers:total]) == values[total]
        assert sum(values[total + 1 : -1]) == values[-1]
        document = desk.store.document(offer.rpartition("/")[2])
        assert document is not None
        assert Decimal(str(document.row.premium)) == values[total]


def test_while_something_is_wrong_the_last_valid_premium_stands_with_its_own_frequency(
    client: FlaskClient, priced: str
) -> None:
    before = amounts(client, priced)
    typed(client, priced, "payment", **{"payment.payments_per_year": "4"})
    quarterly = amounts(client, priced)
    typed(client, priced, "cover", **{f"{COVER}[c1].sum_insured": "milion"})
    typed(client, priced, "payment", **{"payment.payments_per_year": "12", "payment.payment_method": "postal_order"})
    assert amounts(client, priced) == quarterly != before
    page = shown(client, f"{priced}/sections/payment")
    assert "Pojistné čtvrtletně" in page.texts["summary"]
    assert "Naposledy platné v" in page.texts["summary"]
    assert "čtvrtletně" in client.get("/documents").text
