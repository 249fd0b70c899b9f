"""Past the cut-off an edit is asked about before it begins: the lock comes, or the advisor chooses."""

import pytest

from localapp.domain.lifecycle import State
from tests.journeys.conftest import Advisor, Clock, Insurer
from tests.journeys.test_first_days import completed, state_of, surname


@pytest.fixture
def backed_up(insurer: Insurer, alena: Advisor) -> str:
    """A document that the export of this night will take."""
    document = completed(alena)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    return document


def opened(advisor: Advisor, document: str) -> str:
    """Where the editor leads to."""
    answer = advisor.asking.get(f"/documents/{document}/sections/policyholder")
    return answer.location or "editor"


def text_of(advisor: Advisor, address: str) -> str:
    return advisor.asking.get(address).text.replace("\u00a0", " ")


def test_before_the_cut_off_the_editor_opens_and_warns_in_the_last_ten_minutes(
    time: Clock, alena: Advisor, backed_up: str
) -> None:
    section = f"/documents/{backed_up}/sections/policyholder"
    time.set(23, 20, 40)
    assert "Do uzávěrky" not in text_of(alena, section)
    time.set(23, 20, 51)
    assert "Do uzávěrky zbývá 9 min." in text_of(alena, section)
    assert "Do uzávěrky zbývá 9 min." in text_of(alena, f"/documents/{backed_up}/late/soon")
    time.set(23, 21, 2)
    assert "Uzávěrka proběhla dnes ve 21:00." in text_of(alena, f"/documents/{backed_up}/late/soon")


def test_on_line_the_question_is_answered_by_the_lock(
    time: Clock, insurer: Insurer, alena: Advisor, backed_up: str
) -> None:
    time.set(23, 21, 11)
    insurer.endpoint.run_due_exports()
    assert opened(alena, backed_up) == f"/documents/{backed_up}/late"
    assert "dokument mohl být exportován" in text_of(alena, f"/documents/{backed_up}/late")
    assert state_of(alena, backed_up) is State.BACKED_UP
    alena.asking.post(f"/documents/{backed_up}/late", {})
    alena.desk.synchronizer.wait(30)
    assert state_of(alena, backed_up) is State.EXPORTED
    assert opened(alena, backed_up) == "editor"
    assert "data-locked" in text_of(alena, f"/documents/{backed_up}/sections/policyholder")
    assert alena.desk.store.conflicts.open() == []


def test_off_line_the_advisor_makes_a_correcting_document_that_takes_the_edit_along(
    time: Clock, insurer: Insurer, alena: Advisor, backed_up: str
) -> None:
    surname(alena, backed_up, "Nováková")
    time.set(23, 21, 11)
    insurer.endpoint.run_due_exports()
    alena.line.cut = True
    page = f"/documents/{backed_up}/late"
    assert opened(alena, backed_up) == page
    alena.asking.post(page, {})
    alena.desk.synchronizer.wait(30)
    assert "Stav dokumentu teď nezjistíme." in text_of(alena, f"{page}/progress")
    place = alena.asking.post(f"{page}/correction", {}, fragments=False).location
    made = place.partition("selected=")[2].partition("&")[0]
    assert alena.desk.store.content(made).answers["policyholder"]["last_name"] == "Nováková"
    assert alena.asking.post(f"/documents/{made}/completion", {}, fragments=False).status == 303

    alena.line.cut = False
    time.set(24, 8)
    alena.synchronize()
    alena.synchronize()
    assert alena.desk.store.conflicts.open() == []
    assert (state_of(alena, backed_up), state_of(alena, made)) == (State.EXPORTED, State.BACKED_UP)


def test_off_line_the_advisor_may_edit_anyway_and_is_asked_once(
    time: Clock, insurer: Insurer, alena: Advisor, backed_up: str
) -> None:
    time.set(23, 21, 11)
    insurer.endpoint.run_due_exports()
    alena.line.cut = True
    assert alena.asking.post(f"/documents/{backed_up}/late/editing", {}, fragments=False).status == 303
    assert opened(alena, backed_up) == "editor"
    surname(alena, backed_up, "Nováková")
    assert opened(alena, backed_up) == "editor"
    alena.line.cut = False
    alena.synchronize()
    assert state_of(alena, backed_up) is State.CONFLICT


def test_a_correction_of_what_was_left_behind_comes_back_with_both_ways_on(
    time: Clock, alena: Advisor, backed_up: str
) -> None:
    """The export is late: the endpoint does not take the correction, and says what to do."""
    time.set(23, 21, 1)
    place = alena.asking.post(f"/documents/{backed_up}/late/correction", {}, fragments=False).location
    made = place.partition("selected=")[2].partition("&")[0]
    assert alena.asking.post(f"/documents/{made}/completion", {}, fragments=False).status == 303
    alena.synchronize()
    assert state_of(alena, made) is State.RETURNED
    record = alena.desk.store.document(made)
    assert record is not None
    assert record.returned is not None
    assert record.returned.code == "correction_unfounded"


def test_opening_without_changing_is_never_a_conflict(
    time: Clock, insurer: Insurer, alena: Advisor, backed_up: str
) -> None:
    for section in ("policyholder", "insured", "cover", "investment", "payment", "summary"):
        assert alena.asking.get(f"/documents/{backed_up}/sections/{section}").status == 200
        assert alena.asking.post(f"/documents/{backed_up}/sections/{section}", {}).acknowledged
    time.set(23, 21, 11)
    insurer.endpoint.run_due_exports()
    alena.synchronize()
    assert state_of(alena, backed_up) is State.EXPORTED
    assert alena.desk.store.conflicts.open() == []


def test_a_document_that_is_not_there_is_not_asked_about(alena: Advisor) -> None:
    for address in ("", "/progress", "/soon"):
        assert alena.asking.get(f"/documents/unknown/late{address}").status == 404


def test_nothing_is_asked_about_where_nothing_can_be_late(alena: Advisor, backed_up: str) -> None:
    assert alena.asking.get(f"/documents/{backed_up}/late").location == f"/documents/{backed_up}"
    assert alena.asking.post(f"/documents/{backed_up}/late/correction", {}, fragments=False).status == 409
