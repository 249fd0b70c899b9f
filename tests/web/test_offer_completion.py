"""From a finished offer on: completion and what hinders it, the working copy, the way back, the locked document."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from localapp.web.desk import Desk
from tests.asking import InProcess
from tests.family import write
from tests.store.made_up import plant_fact
from tests.web.reading import Reading, read
from tests.web.test_offer import COVER, FRAGMENTS, offer, shown, typed

__all__ = ["offer"]  # a fixture


@pytest.fixture
def family(client: FlaskClient) -> str:
    """An offer that can be completed."""
    return write(InProcess(client), date.today())  # noqa: DTZ011 - only ages hang on it


@pytest.fixture
def completed(client: FlaskClient, family: str) -> str:
    assert client.post(f"{family}/completion").status_code == 303
    return family


def identity(offer: str) -> str:
    return offer.rpartition("/")[2]


def state_of(client: FlaskClient, offer: str) -> str:
    """The words about the document in the list."""
    text = client.get("/documents").text
    row = text[text.index(f'id="d-{identity(offer)}"') :]
    return " ".join(row[: row.index("</tr>")].split())


def test_an_empty_offer_is_not_completed_and_the_page_names_all_that_hinders_it(
    client: FlaskClient, offer: str, desk: Desk
) -> None:
    answer = client.post(f"{offer}/completion")
    assert answer.status_code == 422
    assert "<title>Chyba: " in answer.text
    page = read(answer)
    for words in ("Příjmení: vyplňte údaj.", "Datum narození: vyplňte údaj."):
        assert page.links[words].startswith(f"{offer}/sections/policyholder")
    assert page.links["Smrt z jakýchkoliv příčin: Pojistná částka: vyplňte údaj."].startswith(f"{offer}/sections/cover")
    assert "Dokončit zatím nelze" in page.texts["errors"]
    assert desk.store.outbox() == []


def test_what_is_wrong_hinders_the_completion_as_well_as_what_is_missing(client: FlaskClient, family: str) -> None:
    typed(client, family, "policyholder", **{"policyholder.email": "zofie@"})
    answer = client.post(f"{family}/completion")
    assert answer.status_code == 422
    assert list(read(answer).links).count("E-mail: „zofie@“ není e-mail. Zapište ho jako jmeno@domena.cz.") == 1


def test_a_reload_after_a_refusal_still_names_what_hinders_without_trying_again(
    client: FlaskClient, offer: str
) -> None:
    answer = client.get(f"{offer}/completion", follow_redirects=True)
    assert answer.status_code == 200
    assert "Příjmení: vyplňte údaj." in read(answer).links


def test_a_complete_offer_is_frozen_and_waits_for_synchronization(client: FlaskClient, family: str, desk: Desk) -> None:
    answer = client.post(f"{family}/completion", follow_redirects=True)
    assert "dokončen, čeká na synchronizaci." in answer.text
    assert "dokončen, čeká na synchronizaci" in state_of(client, family)
    assert [each.kind for each in desk.store.outbox()] == ["completion"]
    assert "dokončená verze 1" in client.get("/synchronization").text


def test_looking_at_a_completed_offer_is_no_edit(client: FlaskClient, completed: str) -> None:
    for section in ("policyholder", "insured", "cover", "summary"):
        shown(client, f"{completed}/sections/{section}")
    typed(client, completed, "policyholder")
    assert "rozpracovaná změna" not in state_of(client, completed)


def test_an_edit_of_a_completed_offer_makes_a_working_copy_and_the_list_says_which_version_leaves(
    client: FlaskClient, completed: str
) -> None:
    typed(client, completed, "policyholder", **{"policyholder.city": "Brno"})
    assert "rozpracovaná změna – do PČS odejde verze z" in state_of(client, completed)
    page = shown(client, f"{completed}/sections/policyholder")
    assert "Zahodit změny" in page.words


@pytest.mark.parametrize("place", ["offer", "list"])
def test_discarding_the_changes_goes_back_to_what_was_completed(
    client: FlaskClient, completed: str, place: str
) -> None:
    before = shown(client, f"{completed}/sections/cover").fields
    typed(client, completed, "cover", **{f"{COVER}[c1].sum_insured": "2m"})
    if place == "offer":
        button = shown(client, f"{completed}/sections/cover").button("Zahodit změny")
        assert button["formaction"] == f"{completed}/discards"
    answer = client.post(f"{completed}/discards", follow_redirects=True)
    assert "zahozeny, platí dokončená verze." in answer.text
    assert "rozpracovaná změna" not in state_of(client, completed)
    assert shown(client, f"{completed}/sections/cover").fields == before


def test_completing_again_makes_the_next_version_which_replaces_the_waiting_one(
    client: FlaskClient, completed: str, desk: Desk
) -> None:
    typed(client, completed, "policyholder", **{"policyholder.city": "Brno"})
    assert client.post(f"{completed}/completion").status_code == 303
    assert [each.revision for each in desk.store.outbox()] == [2]
    record = desk.store.document(identity(completed))
    assert record is not None
    assert record.revision == 2


@pytest.mark.parametrize("fact", ["exported", "signed", "cancelled"])
def test_a_locked_offer_is_shown_read_only_and_no_command_changes_it(
    client: FlaskClient, completed: str, desk: Desk, fact: str
) -> None:
    plant_fact(desk.store, identity(completed), fact)
    before = desk.store.content(identity(completed))
    for section in ("policyholder", "insured", "cover", "investment", "payment"):
        assert_read_only(shown(client, f"{completed}/sections/{section}"))
    for address, form in commands(completed):
        assert client.post(address, data=form, headers=FRAGMENTS).status_code == 409, address
    assert desk.store.content(identity(completed)) == before


def assert_read_only(page: Reading) -> None:
    answers = {name for name in page.fields if "." in name}
    assert answers
    assert answers <= page.locked
    assert not {"Přidat pojištění", "Přidat dospělého", "Odebrat", "Zahodit změny", "Dokončit"} & set(page.words)


def commands(offer: str) -> list[tuple[str, dict[str, str]]]:
    return [
        (f"{offer}/sections/policyholder", {"policyholder.city": "Brno"}),
        (f"{offer}/sections/insured/rows", {"add": "persons|role=child"}),
        (f"{offer}/sections/insured/removals", {"row": "persons[p4]"}),
        (f"{offer}/completion", {}),
        (f"{offer}/discards", {}),
        (f"{offer}/deletion", {}),
    ]
