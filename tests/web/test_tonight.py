"""Co odejde při příštím exportu tells the same as the export then does, by the server's clock."""

import re
from datetime import timedelta

import pytest

from localapp import clock
from localapp.domain.tonight import Fate
from localapp.web.pages.tonight import evening_of
from tests.journeys.conftest import Advisor, Clock, Insurer
from tests.journeys.test_first_days import completed, surname
from tests.web.test_synchronization import in_english


def shown(advisor: Advisor) -> str:
    return advisor.asking.get("/tonight").text.replace("\u00a0", " ")


def fates(advisor: Advisor) -> dict[str, str]:
    """The fate of each document on the page."""
    rows = re.findall(r'data-fate="([a-z_]+)">.*?/documents\?selected=([^"]+)"', shown(advisor))
    return {document: fate for fate, document in rows}


def completes(advisor: Advisor, document: str) -> None:
    assert advisor.asking.post(f"/documents/{document}/completion", {}, fragments=False).status == 303


def test_what_the_page_says_is_what_the_export_takes(time: Clock, insurer: Insurer, alena: Advisor) -> None:
    goes, changed, corrected, cancelled = (completed(alena) for _ in range(4))
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    surname(alena, changed, "Rozepsaná")
    surname(alena, corrected, "Opravená")
    completes(alena, corrected)
    assert alena.asking.post(f"/documents/{cancelled}/cancellation", {}, fragments=False).status == 303
    waits, draft = completed(alena), alena.asking.post("/documents", {"kind": "offer"}, fragments=False).location
    expected = {goes: "goes", changed: "goes_earlier", corrected: "goes_earlier", cancelled: "goes_unless_cancelled",
                waits: "waits", draft.rpartition("/")[2]: "not_completed"}  # fmt: skip
    assert fates(alena) == expected
    text = shown(alena)
    assert "Odejdou 4 dokumenty" in text
    assert "Neodejdou 2 dokumenty" in text
    assert "odejde verze dokončená dnes 9:00, pozdější změna zatím ne" in text
    time.set(23, 21, 1)
    (run,) = insurer.endpoint.run_due_exports()
    assert run.count == 4
    alena.synchronize()
    records = {each: alena.desk.store.document(each) for each in expected}
    exported = {each for each, record in records.items() if record is not None and record.facts.exported_at}
    assert exported == {goes, changed, corrected, cancelled}


def test_the_countdown_is_by_the_servers_clock_and_says_when_it_is_not(time: Clock, alena: Advisor) -> None:
    time.set(23, 20, 36)
    alena.synchronize()
    text = shown(alena)
    assert "Odešle se dnes ve 21:00 (za 24 min)." in text
    assert "Export ve 21:00, zbývá <strong>24 min</strong>" in text
    assert "podle hodin tohoto počítače" not in text
    alena.sync.server_clock._heard = None  # the application starts again
    assert "Čas je podle hodin tohoto počítače" in shown(alena)
    time.set(23, 21, 30)
    alena.synchronize()
    assert "Odešle se zítra ve 21:00 (za 23 h 30 min)." in shown(alena)
    in_english(alena)
    assert "Sent tomorrow at 21:00 (in 23 h 30 min)." in shown(alena)


def test_a_wrong_clock_of_the_laptop_does_not_move_the_countdown(time: Clock, alena: Advisor) -> None:
    time.set(23, 20, 36)
    alena.synchronize()
    with pytest.MonkeyPatch.context() as patched:
        passed = clock.elapsed()
        patched.setattr(clock, "elapsed", lambda: passed + 60)
        time.pass_by(days=500)  # somebody sets the clock
        assert "Odešle se dnes ve 21:00 (za 23 min)." in shown(alena)


def test_between_the_export_and_the_next_synchronization_nobody_promises_anything(
    time: Clock, insurer: Insurer, alena: Advisor
) -> None:
    document = completed(alena)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    time.set(23, 21, 5)
    insurer.endpoint.run_due_exports()
    assert fates(alena) == {document: "unconfirmed"}
    assert "měl odejít při minulém exportu, potvrdí to synchronizace" in shown(alena)
    alena.synchronize()
    assert fates(alena) == {}


def test_a_document_that_the_export_left_goes_with_the_next_one(time: Clock, insurer: Insurer, alena: Advisor) -> None:
    document = completed(alena)
    alena.synchronize()
    time.set(23, 21, 15)
    insurer.endpoint.run_due_exports()
    alena.synchronize()
    assert fates(alena) == {document: "goes"}


def test_counts_are_exact_however_many_are_listed(alena: Advisor) -> None:
    for _ in range(3):
        alena.asking.post("/documents", {"kind": "offer"}, fragments=False)
    found = evening_of(alena.desk)
    assert (found.going, found.staying, dict(found.counts)) == (0, 3, {Fate.NOT_COMPLETED: 3})


def test_a_page_that_shows_it_already_is_answered_with_nothing_until_a_minute_has_passed(
    time: Clock, alena: Advisor
) -> None:
    seen = re.search(r"/tonight/body\?seen=([^\"]+)", shown(alena))
    assert seen is not None
    assert alena.asking.get(f"/tonight/body?seen={seen[1]}").status == 204
    time.pass_by(seconds=timedelta(minutes=1).total_seconds())
    assert alena.asking.get(f"/tonight/body?seen={seen[1]}").status == 200
