"""Each conflict, whatever its reason, has two ways out at least, and each of them ends it."""

import re
from collections.abc import Sequence

import pytest

from localapp import clock
from localapp.store import conflicting, documents
from localapp.store.conflicting import Reason
from tests.journeys.conftest import Advisor
from tests.journeys.test_first_days import completed, surname
from tests.journeys.test_two_computers import complete, home, laptop, reasons
from tests.web.test_conflicts import text_of

__all__ = ["home", "laptop"]

_WAY = re.compile(r'(?:formaction|action|href)="/conflicts/[^"/]+/([a-z]+)[?"]')


def sent(alena: Advisor) -> str:
    document = completed(alena)
    alena.synchronize()
    return document


@pytest.fixture
def offer(alena: Advisor) -> str:
    return sent(alena)


def in_conflict(alena: Advisor, document: str, reason: Reason) -> None:
    """What a synchronization would have noted."""
    if reason.is_edit:
        surname(alena, document, "Nováková")
    end = reason.value.partition("_")[0]
    with alena.desk.store._database.write() as connection:
        stored = documents.find(connection, document)
        ends = {f"{end}_at": clock.stamp()} if end in {"exported", "cancelled", "signed"} else {}
        revision = {f"{end}_revision": 1} if end in {"exported", "signed"} else {}
        documents.learn(
            connection, stored, {**ends, **revision, **conflicting.note(connection, stored.row, reason, 1, 1)}
        )


def ways_on(page: str) -> Sequence[str]:
    offered = page[page.index('<div class="ways">') :]
    return list(dict.fromkeys(_WAY.findall(offered)))


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_two_ways_out_that_end_it(alena: Advisor, offer: str, reason: Reason) -> None:
    in_conflict(alena, offer, reason)
    offered = ways_on(text_of(alena, f"/conflicts/{offer}"))
    assert len(offered) >= 2
    for way in offered:
        answer = alena.asking.post(f"/conflicts/{offer}/{way}", {"reason": "Klient si to rozmyslel"}, fragments=False)
        assert answer.status == 303, way
        assert alena.asking.get(answer.location).status in {200, 303}, way
        assert alena.desk.store.conflicts.open() == [], way
        offer = sent(alena)
        in_conflict(alena, offer, reason)


def test_a_signature_of_an_older_version_leads_to_the_newer_one_and_says_what_stands(
    alena: Advisor, offer: str
) -> None:
    in_conflict(alena, offer, Reason.STALE_SIGNATURE)
    page = text_of(alena, f"/conflicts/{offer}")
    assert "Dát podepsat novější verzi" in page
    assert "podepsaný dokument platí" not in page
    answer = alena.asking.post(f"/conflicts/{offer}/signing", {}, fragments=False)
    assert answer.location == f"/documents/{offer}"
    assert "platí, co má pojišťovna" in text_of(alena, "/conflicts")
    assert "zůstává exportován" not in text_of(alena, "/conflicts")


def test_the_course_of_a_conflict_is_told_moment_by_moment(alena: Advisor, offer: str) -> None:
    in_conflict(alena, offer, Reason.EXPORTED_EDIT)
    page = text_of(alena, f"/conflicts/{offer}")
    told = re.findall(r"</time> <span>([^<]+)</span>", page)
    assert told[:2] == ["dokončeno", "zálohováno"]
    assert set(told[2:]) == {"export, uzamčeno", "synchronizace, zjištěn konflikt", "vaše úprava"}


@pytest.mark.parametrize("is_completed", [False, True])
def test_the_same_change_on_two_computers_is_no_conflict_nor_was_one(
    laptop: Advisor, home: Advisor, is_completed: bool
) -> None:
    offer = completed(laptop)
    laptop.synchronize()
    home.synchronize()
    for advisor in (laptop, home):
        surname(advisor, offer, "Nováková")
        if is_completed or advisor is laptop:
            complete(advisor, offer)
        advisor.synchronize()
    assert reasons(home) == []
    page = text_of(home, "/conflicts")
    assert "<table" not in page
    assert home.desk.store.content(offer).answers["policyholder"]["last_name"] == "Nováková"
