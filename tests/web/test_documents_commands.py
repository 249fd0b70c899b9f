"""Kopírovat, Smazat, Vrátit zpět, Stornovat: each a plain form, each told afterwards, none a dead end."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from localapp import clock
from localapp.web.desk import Desk
from tests.asking import InProcess
from tests.family import SUITABILITY, complete, write
from tests.store.made_up import plant_fact
from tests.web.reading import read
from tests.web.test_documents import TODAY, Named, completed, named, rows

__all__ = ["completed", "named"]  # fixtures


def fields(client: FlaskClient, document: str, section: str) -> dict[str, str]:
    """The answers of one section by the names of their fields."""
    page = read(client.get(f"/documents/{document}/sections/{section}"))
    return {name: text for name, text in page.fields.items() if "." in name}


def copied(client: FlaskClient, document: str) -> str:
    """Copy; the identity of the copy."""
    location = str(client.post(f"/documents/{document}/copies").location)
    assert "Kopie N" in client.get(location).text
    return location.rpartition("about=")[2]


@pytest.mark.parametrize("section", ["policyholder", "insured", "cover", "payment"])
def test_a_copy_has_a_new_number_and_all_answers_rating_facts_of_health_too(
    client: FlaskClient, completed: str, section: str
) -> None:
    copy = copied(client, completed)
    assert fields(client, copy, section) == fields(client, completed, section)
    assert {row.split()[0] for row in rows(client.get("/documents").text)} == {"N26-000001", "N26-000002"}


def test_a_copy_invests_the_same_and_asks_anew_what_suits_the_client(client: FlaskClient, completed: str) -> None:
    before = fields(client, completed, "investment")
    after = fields(client, copied(client, completed), "investment")
    invested = {"investment.regular", "investment.strategy"}
    assert {name: after[name] for name in invested} == {name: before[name] for name in invested}
    assert {text for name, text in after.items() if name in SUITABILITY} == {""}


def test_a_copy_made_months_later_starts_anew(client: FlaskClient, completed: str) -> None:
    before = fields(client, completed, "policy")
    later = clock.now() + timedelta(days=70)
    with clock.moved_to(later):
        after = fields(client, copied(client, completed), "policy")
    assert after["policy.policy_term"] == before["policy.policy_term"]
    year, month = divmod(later.astimezone(clock.PRAGUE).year * 12 + later.astimezone(clock.PRAGUE).month, 12)
    renewed = date(year, month + 1, 1)
    assert after["policy.start_date"].replace("\u00a0", " ") == f"{renewed.day}. {renewed.month}. {renewed.year}"


def test_a_copy_is_a_draft_of_its_own(client: FlaskClient, completed: str) -> None:
    copy = copied(client, completed)
    client.post(f"/documents/{copy}/sections/policyholder", data={"policyholder.city": "Brno"})
    assert fields(client, completed, "policyholder")["policyholder.city"] == "Žďár nad Sázavou"


@pytest.mark.parametrize("fact", ["exported", "signed", "cancelled"])
def test_a_document_that_is_locked_can_still_be_copied(
    client: FlaskClient, desk: Desk, completed: str, fact: str
) -> None:
    plant_fact(desk.store, completed, fact)
    assert fields(client, copied(client, completed), "cover") == fields(client, completed, "cover")


def test_what_is_removed_does_not_come_along_in_a_copy(client: FlaskClient, named: Named) -> None:
    document = named("Kučera")
    section = f"/documents/{document}/sections/insured"
    client.post(f"{section}/rows", data={"add": "persons|role=child"})
    client.post(f"{section}/removals", data={"row": "persons[p2]"})
    copy = copied(client, document)
    assert (
        client.post(f"/documents/{copy}/sections/insured/restorations", data={"row": "persons[p2]"}).status_code == 400
    )


def test_a_deleted_draft_leaves_the_list_and_comes_back_by_one_press(client: FlaskClient, named: Named) -> None:
    document = named("Kučera")
    answer = client.post(f"/documents/{document}/deletion", follow_redirects=True)
    assert rows(answer.text) == []
    assert "N26-000001 smazán." in answer.text
    undo = f'action="/documents/{document}/restoration"'
    assert undo in answer.text
    answer = client.post(f"/documents/{document}/restoration", follow_redirects=True)
    assert "N26-000001 obnoven." in answer.text
    assert [row.split()[1] for row in rows(answer.text)] == ["Kučera"]


def test_a_deleted_draft_is_found_under_smazane_and_nowhere_else(client: FlaskClient, named: Named) -> None:
    document = named("Kučera")
    client.post(f"/documents/{document}/deletion")
    assert "Kučera" in rows(client.get("/documents/deleted").text)[0]
    named("Novák")
    assert rows(client.post("/documents/search", data={"q": "kucera"}).text) == []
    for address in ("", "/sections/policyholder", "/toolbar", "/cancellation"):
        assert client.get(f"/documents/{document}{address}").status_code == 404
    assert client.post(f"/documents/{document}/copies").status_code == 404


def test_smazane_without_anything_says_so(client: FlaskClient) -> None:
    assert "Nic smazaného tu není" in client.get("/documents/deleted").text


def test_a_completed_document_cannot_be_deleted(client: FlaskClient, completed: str) -> None:
    answer = client.post(f"/documents/{completed}/deletion")
    assert answer.status_code == 409
    assert "Zpět na dokumenty" in answer.text
    assert len(rows(client.get("/documents").text)) == 1


def test_cancelling_asks_first_and_changes_nothing_until_it_is_confirmed(
    client: FlaskClient, desk: Desk, completed: str
) -> None:
    question = client.get(f"/documents/{completed}/cancellation")
    assert "Stornovat N26-000001?" in question.text
    page = read(question)
    assert page.links["Ponechat dokument"] == f"/documents?selected={completed}"
    assert "Stornovat dokument" in page.words
    assert [each.revision for each in desk.store.outbox()] == [1]


def test_a_cancelled_document_stays_struck_in_the_list_and_does_not_leave(
    client: FlaskClient, desk: Desk, completed: str
) -> None:
    answer = client.post(f"/documents/{completed}/cancellation", follow_redirects=True)
    assert "N26-000001 stornován." in answer.text
    assert 'class="gone"' in answer.text
    assert "stornován" in rows(answer.text)[0]
    assert desk.store.outbox() == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("fact", ["exported", "signed", "cancelled"])
def test_a_document_that_cannot_be_cancelled_any_more_says_so(
    client: FlaskClient, desk: Desk, completed: str, fact: str, method: str
) -> None:
    plant_fact(desk.store, completed, fact)
    answer = client.open(f"/documents/{completed}/cancellation", method=method)
    assert answer.status_code == 409
    assert "Zpět na dokumenty" in answer.text


def test_a_draft_is_not_cancelled_but_deleted(client: FlaskClient, named: Named) -> None:
    assert client.post(f"/documents/{named('Kučera')}/cancellation").status_code == 409


def test_two_copies_of_one_family_are_told_apart_by_their_numbers(client: FlaskClient) -> None:
    offer = write(InProcess(client), TODAY)
    complete(InProcess(client), offer)
    document = offer.rpartition("/")[2]
    assert copied(client, document) != copied(client, document)
    numbers = [row.split()[0] for row in rows(client.get("/documents").text)]
    assert sorted(numbers) == ["N26-000001", "N26-000002", "N26-000003"]
