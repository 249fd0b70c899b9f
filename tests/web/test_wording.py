"""How sentences are written: no-break spaces, plurals, amounts and days, the facts of refusals and failures."""

import errno
import os
from datetime import date, datetime, timedelta

import pytest
from flask import Flask, g
from hypothesis import given
from hypothesis import strategies as some

from localapp import clock
from localapp.domain.lifecycle import Action, State
from localapp.domain.sync.messages import Refusal
from localapp.domain.typography import NBSP, typeset
from localapp.domain.written import phone, with_unit
from localapp.store.failures import NotPermitted, NotWritable, StoreFull
from localapp.web import wording
from tests.spoken import CZECH_LETTERS


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Řekněte to v bance", "Řekněte to v~bance"),
        ("a v domě i u vás", "a~v~domě i~u~vás"),
        ("V části, o kterou jde", "V~části, o~kterou jde"),
        ("1 234 567 Kč", "1~234~567~Kč"),
        ("605 602 164", "605~602~164"),
        ("5 % z 12 měsíců", "5~% z~12~měsíců"),
        ("23. 11. 2026", "23.~11.~2026"),
        ("kolem 21. hodiny", "kolem 21.~hodiny"),
        ("za 30 s", "za 30~s"),
        ("změna – do PČS", "změna~– do PČS"),
        ("č. 5 pro Mgr. Svobodovou", "č.~5 pro Mgr.~Svobodovou"),
        ("ve verzi 2. Další věta", "ve verzi 2. Další věta"),
        ("na stole", "na stole"),
    ],
)
def test_what_belongs_together_stays_on_one_line(typed: str, written: str) -> None:
    assert typeset(typed) == written.replace("~", NBSP)


@given(some.text())
def test_setting_changes_nothing_but_spaces_and_is_done_once(text: str) -> None:
    assert typeset(text).replace(NBSP, " ") == text.replace(NBSP, " ")
    assert typeset(typeset(text)) == typeset(text)


@pytest.mark.parametrize(
    ("hour", "said"),
    [(1, "v 1:05"), (2, "ve 2:05"), (4, "ve 4:05"), (5, "v 5:05"), (9, "v 9:05"), (11, "v 11:05"), (12, "ve 12:05"),
     (14, "ve 14:05"), (15, "v 15:05"), (19, "v 19:05"), (20, "ve 20:05"), (23, "ve 23:05")],
)  # fmt: skip
def test_an_hour_is_told_as_it_is_said(app: Flask, hour: int, said: str) -> None:
    at = datetime(2026, 11, 25, hour, 5, tzinfo=clock.PRAGUE)
    with app.test_request_context(), clock.moved_to(at):
        told = wording.t("synchronization.last_ok", time=wording.moment_said(at))
        assert told.replace(NBSP, " ") == f"Poslední proběhla dnes {said} a byla v pořádku."
        g.language = "en"
        assert wording.moment_said(at).replace(NBSP, " ") == f"today at {hour}:05"


def test_a_moment_is_shorter_the_nearer_it_is(app: Flask) -> None:
    now = datetime(2026, 11, 25, 9, 12, tzinfo=clock.PRAGUE)
    past = [now - timedelta(hours=1), now - timedelta(days=1), now - timedelta(days=2), now - timedelta(days=400)]
    with app.test_request_context(), clock.moved_to(now):
        told = [wording.moment(each).replace(NBSP, " ") for each in past]
        assert told == ["dnes 8:12", "včera 9:12", "23. 11. 9:12", "21. 10. 2025"]
        assert wording.moment_alone(past[0]) == "8:12"
        assert wording.moment_said(past[3]) == wording.moment(past[3])
        g.language = "en"
        told = [wording.moment(each).replace(NBSP, " ") for each in past]
        assert told == ["today 8:12", "yesterday 9:12", "23 Nov 9:12", "21 October 2025"]


def test_amounts_and_telephones_are_written_with_their_signs() -> None:
    assert with_unit("300", "CZK/day") == f"CZK{NBSP}300/day"
    assert with_unit("300", "Kč/den") == f"300{NBSP}Kč/den"
    assert phone("+420777123456") == f"+420{NBSP}777{NBSP}123{NBSP}456"
    assert phone("+4915112345678") == "+4915112345678"


def test_english_keeps_its_spaces() -> None:
    assert typeset("A 5 min walk", "en") == "A 5 min walk"


@pytest.mark.parametrize(
    ("count", "czech", "english"),
    [(0, "0 dokumentů", "0 documents"), (1, "1 dokument", "1 document"), (2, "2 dokumenty", "2 documents"),
     (4, "4 dokumenty", "4 documents"), (5, "5 dokumentů", "5 documents"), (22, "22 dokumentů", "22 documents")],
)  # fmt: skip
def test_a_number_of_things_has_its_plural(count: int, czech: str, english: str) -> None:
    text = wording.catalogue("documents")["count"]
    assert wording.fill(text, {"count": count}, "cs") == czech
    assert wording.fill(text, {"count": count}, "en") == english


def test_numbers_amounts_days_and_percentages_are_written_as_the_language_has_it() -> None:
    czech = [wording.czk("-1234.5", "cs"), wording.percent("4.5", "cs"), wording.day(date(2026, 11, 23), "cs")]
    assert czech == [f"−1{NBSP}234,5{NBSP}Kč", f"4,5{NBSP}%", f"23.{NBSP}11.{NBSP}2026"]
    english = [wording.czk("-1234.5", "en"), wording.percent("4.5", "en"), wording.day(date(2026, 11, 23), "en")]
    assert english == [f"CZK{NBSP}−1,234.5", "4.5%", f"23{NBSP}November 2026"]


@pytest.mark.parametrize(
    ("refusal", "czech", "english"),
    [
        (Refusal("evaluation_differs", {"theirs": "3148.5", "ours": "–"}), "dává 3 148,5 Kč", "CZK 3,148.5"),
        (Refusal("too_large", {"size": "2097153", "limit": "2097152"}), "2 097 153 bajtů", "2,097,153 bytes"),
        (Refusal("exported", {"day": "2026-11-23"}), "23. 11. 2026 exportován", "on 23 November 2026"),
        (Refusal("exported", {"day": "soon"}), "soon exportován", "on soon"),
        (Refusal("user_data_invalid", {"field": "advisor_code"}), "„Identifikace poradce“", "“Advisor code”"),
        (Refusal("user_data_invalid", {"field": "of_the_future"}), "„of_the_future“", "“of_the_future”"),
        (Refusal("exported", {}), "byl – exportován", "on –"),
    ],
)  # fmt: skip
def test_the_facts_of_a_refusal_are_written_for_people(app: Flask, refusal: Refusal, czech: str, english: str) -> None:
    with app.test_request_context():
        assert czech in wording.told(refusal).replace(NBSP, " ")
        g.language = "en"
        assert english in wording.told(refusal).replace(NBSP, " ")


def test_an_action_that_is_not_permitted_is_told_by_the_words_of_the_pages(app: Flask) -> None:
    failure = NotPermitted(Action.EDIT, State.EXPORTED)
    with app.test_request_context():
        told = wording.spoken(failure).replace(NBSP, " ")
        assert "Akci „Editovat“ nelze provést: dokument je ve stavu „exportován, již nelze editovat“." in told
        g.language = "en"
        assert (
            "“Edit” is not possible: the document is in the state “exported, can no longer be edited”."
            in wording.spoken(failure)
        )


def test_every_action_and_state_has_its_word(app: Flask) -> None:
    with app.test_request_context():
        for action in Action:
            for state in State:
                told = wording.spoken(NotPermitted(action, state))
                assert f"„{action.value}“" not in told
                assert f"„{state.value}“" not in told


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.EROFS, errno.ENOENT, errno.EIO])
def test_why_the_system_says_no_is_told_in_both_languages(app: Flask, number: int) -> None:
    told = Refusal("components_not_stored", {"reason": os.strerror(number)})
    with app.test_request_context():
        said = [wording.spoken(NotWritable(path="/data", reason=os.strerror(number))), wording.told(told)]
        assert not any(os.strerror(number) in each for each in said)
        g.language = "en"
        assert not CZECH_LETTERS & set(wording.spoken(NotWritable(path="/data", reason=os.strerror(number))))
        strange = wording.spoken(NotWritable(path="/data", reason="Krk"))
        assert "(Krk)" in strange


def test_a_failure_is_set_as_every_other_sentence(app: Flask) -> None:
    with app.test_request_context():
        assert "nebyla uložena. Uvolněte" in wording.spoken(StoreFull(path="/data/documents.db"))
