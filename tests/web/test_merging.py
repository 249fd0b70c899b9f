"""Two linked computers changed one document: brought together on one page, field by field, and nothing silently."""

import re

import pytest

from localapp.domain.lifecycle import State
from localapp.store.conflicts import Way
from tests.journeys.conftest import Advisor, Insurer
from tests.journeys.test_first_days import completed, state_of
from tests.journeys.test_two_computers import cancel, complete, home, laptop, reasons

__all__ = ["home", "laptop"]


def typed(advisor: Advisor, document: str, section: str, **answers: str) -> None:
    form = {f"{section.partition('?')[0]}.{name}": text for name, text in answers.items()}
    assert advisor.asking.post(f"/documents/{document}/sections/{section}", form).acknowledged


def answer(advisor: Advisor, document: str, name: str) -> object:
    return advisor.desk.store.content(document).answers["policyholder"].get(name)


def text_of(advisor: Advisor, address: str) -> str:
    return advisor.asking.get(address).text.replace("\u00a0", " ")


@pytest.fixture
def offer(laptop: Advisor, home: Advisor) -> str:
    """A completed offer that both computers have."""
    document = completed(laptop)
    laptop.synchronize()
    home.synchronize()
    return document


@pytest.fixture
def elsewhere(home: Advisor, offer: str) -> str:
    """The computer at home has changed city, weight and a surname, and sent it."""
    typed(home, offer, "policyholder", city="Kolín", last_name="Domácí")
    weight = {"persons[p1].weight_kg": "66"}
    assert home.asking.post(f"/documents/{offer}/sections/insured", weight).acknowledged
    declared = {"persons[p1].z01_weight_kg": "66"}
    assert home.asking.post(f"/documents/{offer}/sections/health", declared).acknowledged
    complete(home, offer)
    home.synchronize()
    return offer


def test_other_fields_are_merged_with_one_click_and_go_like_any_change(
    insurer: Insurer, laptop: Advisor, home: Advisor, elsewhere: str
) -> None:
    typed(laptop, elsewhere, "policyholder", street="U Cukrovaru 1054/7")
    added = {"add": "persons[p1].coverages|code=HO"}
    assert laptop.asking.post(f"/documents/{elsewhere}/sections/cover/rows?person=p1", added).acknowledged
    laptop.synchronize()
    assert reasons(laptop) == ["stale_edit"]
    page = text_of(laptop, f"/conflicts/{elsewhere}")
    assert "jen já" in page
    assert "jen jiný počítač" in page
    assert "obojí jinak" not in page
    assert "66" in page
    assert "v konfliktu" in text_of(laptop, "/documents")
    assert "Vyřešit konflikt" in text_of(laptop, f"/documents/{elsewhere}/sections/policyholder")

    merged = laptop.asking.post(f"/conflicts/{elsewhere}/merge", {}, fragments=False)
    assert "sloučeny v rozpracovanou změnu" in text_of(laptop, merged.location)
    names = ("street", "city", "last_name")
    assert [answer(laptop, elsewhere, name) for name in names] == ["U Cukrovaru 1054/7", "Kolín", "Domácí"]
    content = laptop.desk.store.content(elsewhere)
    assert content.health["persons"][0]["weight_kg"] == 66
    assert [row["code"] for row in content.answers["persons"][0]["coverages"]][-1] == "HO"
    assert reasons(laptop) == []
    row = "persons[p1].coverages[{}].sum_insured".format(content.answers["persons"][0]["coverages"][-1]["_id"])
    sums = {row: "300"}
    assert laptop.asking.post(f"/documents/{elsewhere}/sections/cover?person=p1", sums).acknowledged
    complete(laptop, elsewhere)
    laptop.synchronize()
    home.synchronize()
    assert insurer.endpoint.evaluate_waiting() == 1
    assert (answer(home, elsewhere, "street"), answer(home, elsewhere, "last_name")) == ("U Cukrovaru 1054/7", "Domácí")
    assert (reasons(home), state_of(home, elsewhere)) == ([], State.BACKED_UP)


def test_the_same_field_is_chosen_by_the_advisor_and_not_before(laptop: Advisor, elsewhere: str) -> None:
    typed(laptop, elsewhere, "policyholder", last_name="Cestovní", phone="601 000 111")
    laptop.synchronize()
    page = text_of(laptop, f"/conflicts/{elsewhere}")
    assert len(re.findall("obojí jinak</span>", page)) == 1
    assert "Cestovní" in page
    assert "Domácí" in page
    lacking = laptop.asking.post(f"/conflicts/{elsewhere}/merge", {}, fragments=False)
    assert "která hodnota platí" in text_of(laptop, lacking.location)
    assert reasons(laptop) == ["stale_edit"]
    chosen = {"choice:policyholder.last_name": "mine", "choice:policyholder.city": "mine"}
    laptop.asking.post(f"/conflicts/{elsewhere}/merge", chosen, fragments=False)
    names = ("last_name", "phone", "city")
    merged = [answer(laptop, elsewhere, name) for name in names]
    assert merged == ["Cestovní", "+420601000111", "Žďár nad Sázavou"]
    assert [each.way for each in laptop.desk.store.conflicts.resolved()] == [Way.MERGED]


def test_an_edit_in_conflict_is_not_completed_past_the_other_version(laptop: Advisor, elsewhere: str) -> None:
    typed(laptop, elsewhere, "policyholder", phone="601 000 111")
    laptop.synchronize()
    refused = laptop.asking.post(f"/documents/{elsewhere}/completion", {}, fragments=False)
    assert refused.location == f"/conflicts/{elsewhere}"
    assert laptop.desk.store.outbox() == []
    thrown = laptop.asking.post(f"/documents/{elsewhere}/discards", {}, fragments=False)
    assert thrown.location == f"/conflicts/{elsewhere}/discard"
    assert answer(laptop, elsewhere, "phone") == "+420601000111"


def test_a_completed_change_over_an_older_version_is_merged_as_well(laptop: Advisor, elsewhere: str) -> None:
    typed(laptop, elsewhere, "policyholder", phone="601 000 111")
    complete(laptop, elsewhere)
    laptop.synchronize()
    assert reasons(laptop) == ["stale_edit"]
    laptop.asking.post(f"/conflicts/{elsewhere}/merge", {}, fragments=False)
    complete(laptop, elsewhere)
    laptop.synchronize()
    assert (reasons(laptop), state_of(laptop, elsewhere)) == ([], State.BACKED_UP)
    assert [answer(laptop, elsewhere, name) for name in ("phone", "city")] == ["+420601000111", "Kolín"]


def test_the_newer_version_is_kept_and_the_edit_comes_back_and_becomes_a_copy(laptop: Advisor, elsewhere: str) -> None:
    typed(laptop, elsewhere, "policyholder", phone="601 000 111")
    laptop.synchronize()
    laptop.asking.post(f"/conflicts/{elsewhere}/discard", {}, fragments=False)
    assert [answer(laptop, elsewhere, name) for name in ("phone", "city")] == ["+420777123456", "Kolín"]
    row = {"row": str(laptop.desk.store.conflicts.resolved()[0].id)}
    laptop.asking.post("/conflicts/reopened", row, fragments=False)
    assert answer(laptop, elsewhere, "phone") == "+420601000111"
    assert "Sloučit" in text_of(laptop, f"/conflicts/{elsewhere}")
    laptop.asking.post(f"/conflicts/{elsewhere}/copy", {}, fragments=False)
    copied = laptop.desk.store.conflicts.resolved()[0].result
    assert copied is not None
    assert answer(laptop, copied, "phone") == "+420601000111"


def test_an_edit_of_what_was_cancelled_elsewhere_becomes_a_copy_or_leaves_it_cancelled(
    laptop: Advisor, home: Advisor, offer: str
) -> None:
    cancel(home, offer)
    home.synchronize()
    typed(laptop, offer, "policyholder", phone="601 000 111")
    laptop.synchronize()
    assert reasons(laptop) == ["cancelled_edit"]
    page = text_of(laptop, f"/conflicts/{offer}")
    assert "Nechat stornováno" in page
    assert "Sloučit obě" not in page
    laptop.asking.post(f"/conflicts/{offer}/discard", {}, fragments=False)
    assert (state_of(laptop, offer), reasons(laptop)) == (State.CANCELLED, [])
    row = {"row": str(laptop.desk.store.conflicts.resolved()[0].id)}
    laptop.asking.post("/conflicts/reopened", row, fragments=False)
    assert "vznikla kopie" in text_of(
        laptop, laptop.asking.post(f"/conflicts/{offer}/copy", {}, fragments=False).location
    )
    assert state_of(laptop, offer) is State.CANCELLED


def test_a_cancellation_of_an_older_version_is_repeated_or_dropped(laptop: Advisor, elsewhere: str) -> None:
    cancel(laptop, elsewhere)
    laptop.synchronize()
    assert reasons(laptop) == ["stale_cancellation"]
    page = text_of(laptop, f"/conflicts/{elsewhere}")
    assert "Stornovat i novější verzi" in page
    assert "Ponechat a uzavřít" in page
    answered = laptop.asking.post(f"/conflicts/{elsewhere}/cancellation", {}, fragments=False)
    assert answered.location == f"/documents/{elsewhere}/cancellation"
    cancel(laptop, elsewhere)
    laptop.synchronize()
    assert (state_of(laptop, elsewhere), reasons(laptop)) == (State.CANCELLED, [])


def test_a_correction_is_known_to_both_computers_and_made_once(
    insurer: Insurer, laptop: Advisor, home: Advisor, offer: str
) -> None:
    insurer.endpoint.evaluate_waiting()
    insurer.endpoint.run_export()
    for advisor in (laptop, home):
        advisor.synchronize()
    places = [
        each.asking.post(f"/documents/{offer}/corrections", {}, fragments=False).location for each in (laptop, home)
    ]
    first, second = (place.partition("selected=")[2].partition("&")[0] for place in places)
    complete(laptop, first)
    laptop.synchronize()
    home.synchronize()
    page = text_of(home, f"/documents/{first}/sections/policyholder")
    assert f'opravuje <a href="/documents/{offer}">' in page
    complete(home, second)
    home.synchronize()
    record = home.desk.store.document(second)
    assert record is not None
    assert record.returned is not None
    assert (record.returned.code, state_of(home, second)) == ("correction_taken", State.RETURNED)
    assert home.asking.post(f"/documents/{second}/copies", {}, fragments=False).status == 303
    cancel(home, second)
    assert f'<a href="/documents/{first}">' in text_of(home, f"/documents/{offer}/sections/policyholder")


def test_an_edit_over_what_another_computer_had_exported_is_corrected_without_undoing_that(
    insurer: Insurer, laptop: Advisor, elsewhere: str
) -> None:
    insurer.endpoint.evaluate_waiting()
    typed(laptop, elsewhere, "policyholder", phone="601 000 111")
    insurer.endpoint.run_export()
    laptop.synchronize()
    assert reasons(laptop) == ["exported_edit"]
    laptop.asking.post(f"/conflicts/{elsewhere}/correction", {}, fragments=False)
    (made,) = [each.result for each in laptop.desk.store.conflicts.resolved()]
    assert made is not None
    assert [answer(laptop, made, name) for name in ("phone", "city")] == ["+420601000111", "Kolín"]
    record = laptop.desk.store.document(made)
    assert record is not None
    assert record.corrects is not None
    assert (record.corrects.document, record.corrects.revision) == (elsewhere, 2)
