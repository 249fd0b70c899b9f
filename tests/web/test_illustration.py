"""An illustration: priced and completed without anybody's name, and turned into an offer."""

import pytest
from flask.testing import FlaskClient

from tests.web.test_offer import COVER, pressed, shown, typed


@pytest.fixture
def illustration(client: FlaskClient) -> str:
    """The address of an illustration with a premium, of somebody without a name."""
    found = str(client.post("/documents", data={"kind": "illustration"}).location)
    typed(client, found, "policyholder", **{"policyholder.birth_date": "12. 5. 1988"})
    typed(client, found, "cover", **{f"{COVER}[c1].sum_insured": "1,5m"})
    return found


def test_it_has_a_number_of_its_own_and_stands_in_the_list_as_an_illustration(
    client: FlaskClient, illustration: str
) -> None:
    assert "Modelace FLEXI M26-000001" in client.get(f"{illustration}/sections/policyholder").text
    listed = client.get("/documents?kind=illustration").text
    assert "M26-000001" in listed
    assert "M26-000001" not in client.get("/documents?kind=offer").text
    assert "M26-000001" in client.post("/documents/search", data={"q": "M26"}).text


def test_its_result_shows_the_values_of_every_year(client: FlaskClient, illustration: str) -> None:
    typed(client, illustration, "policy", **{"policy.policy_term": "30"})
    text = client.get(f"{illustration}/sections/summary").text
    years = text[text.index('class="tbl years"') : text.index("</table>")]
    assert years.count("<tr>") == 2 + 30
    assert "4\u00a0%" in years


def test_without_a_premium_the_result_says_what_it_waits_for(client: FlaskClient) -> None:
    empty = client.post("/documents", data={"kind": "illustration"}).location
    assert "jakmile bude spočítáno pojistné" in client.get(f"{empty}/sections/summary").text.replace("\u00a0", " ")


def test_it_is_completed_without_identification(client: FlaskClient, illustration: str) -> None:
    assert client.post(f"{illustration}/completion").status_code == 303
    assert "dokončen, čeká na synchronizaci" in client.get("/documents").text.replace("\u00a0", " ")


def test_a_start_that_no_offer_could_have_is_a_hint_and_hinders_nothing(client: FlaskClient, illustration: str) -> None:
    typed(client, illustration, "policy", **{"policy.start_date": "1. 1. 2026"})
    assert "nejdříve zítra" in client.get(f"{illustration}/sections/policy").text.replace("\u00a0", " ")
    assert client.post(f"{illustration}/completion").status_code == 303


def test_it_becomes_an_offer_that_opens_at_what_is_missing_and_both_name_each_other(
    client: FlaskClient, illustration: str
) -> None:
    page = shown(client, f"{illustration}/sections/summary")
    assert page.button("Předvyplnit do nabídky PS/PS")
    answer = client.post(f"{illustration}/offers", follow_redirects=True)
    offer = answer.request.path.partition("/sections")[0]
    text = answer.text.replace("\u00a0", " ")
    assert "Nabídka je předvyplněná z modelace. K dokončení zbývá 24 údajů" in text
    assert "Příjmení: vyplňte údaj." in text
    assert "Dokončit zatím nelze" not in text
    assert shown(client, f"{offer}/sections/cover").fields[f"{COVER}[c1].sum_insured"] == "1\u00a0500\u00a0000"
    assert shown(client, f"{offer}/sections/policyholder").links["M26-000001"] == illustration
    assert shown(client, f"{illustration}/sections/policyholder").links["N26-000001"] == offer
    history = client.get(f"{offer}/history").text.replace("\u00a0", " ")
    assert "Předvyplněno z modelace" in history
    assert "kopie" not in history
    copy = client.post(f"{offer}/copies").location.partition("selected=")[2].partition("&")[0]
    assert "M26-000001" not in shown(client, f"/documents/{copy}/sections/policyholder").links


def test_what_is_typed_when_the_offer_is_asked_for_goes_into_the_illustration_and_the_offer(
    client: FlaskClient, illustration: str
) -> None:
    offer = client.post(f"{illustration}/offers", data={"policyholder.last_name": "Dvořáková"}).location
    assert shown(client, f"{illustration}/sections/policyholder").fields["policyholder.last_name"] == "Dvořáková"
    policyholder = str(offer).partition("/sections")[0] + "/sections/policyholder"
    assert shown(client, policyholder).fields["policyholder.last_name"] == "Dvořáková"


def test_a_cancelled_illustration_fills_in_nothing(client: FlaskClient, illustration: str) -> None:
    client.post(f"{illustration}/completion")
    client.post(f"{illustration}/cancellation")
    assert client.post(f"{illustration}/offers").status_code == 409
    assert "Předvyplnit" not in client.get(f"/documents?selected={illustration.rpartition('/')[2]}").text


def test_an_offer_fills_in_nothing(client: FlaskClient) -> None:
    offer = client.post("/documents", data={"kind": "offer"}).location
    assert client.post(f"{offer}/offers").status_code == 409


def test_a_copy_of_an_illustration_is_an_illustration(client: FlaskClient, illustration: str) -> None:
    pressed(client, f"{illustration}/copies")
    assert "M26-000002" in client.get("/documents?kind=illustration").text
