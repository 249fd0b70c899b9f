"""An edit may come too late when a cut-off that may have taken the document has passed without a word since."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from localapp.domain.cutoff import LONGEST_WAIT
from localapp.domain.late_edit import LastWord, may_have_taken
from localapp.domain.lifecycle import Facts, Kind

CUTOFF = datetime(2026, 11, 25, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BACKED_UP = Facts(Kind.OFFER, completed_at=CUTOFF - 60 * MINUTE, backed_up_at=CUTOFF - 50 * MINUTE)
IN_THE_AFTERNOON = LastWord(next_cutoff=CUTOFF, at=CUTOFF - 40 * MINUTE)


@pytest.mark.parametrize("after", [timedelta(), MINUTE, timedelta(hours=11), timedelta(days=5)])
def test_a_document_backed_up_before_the_cut_off_may_be_gone_after_it(after: timedelta) -> None:
    assert may_have_taken(BACKED_UP, CUTOFF + after, IN_THE_AFTERNOON) == CUTOFF


def test_before_the_cut_off_nothing_is_late() -> None:
    assert may_have_taken(BACKED_UP, CUTOFF - MINUTE, IN_THE_AFTERNOON) is None


def test_a_run_that_starts_anew_off_line_knows_the_cut_off_of_its_last_welcome() -> None:
    assert may_have_taken(BACKED_UP, CUTOFF + MINUTE, LastWord(next_cutoff=CUTOFF)) == CUTOFF


def test_a_word_after_the_freeze_settles_it_one_from_before_does_not() -> None:
    tomorrow = CUTOFF + timedelta(days=1)
    for after, expected in ((MINUTE, CUTOFF), (LONGEST_WAIT, None), (60 * MINUTE, None)):
        last = LastWord(next_cutoff=tomorrow, at=CUTOFF + after)
        assert may_have_taken(BACKED_UP, CUTOFF + after + MINUTE, last) == expected


def test_what_was_backed_up_after_the_cut_off_belongs_to_the_next_day() -> None:
    late = replace(BACKED_UP, backed_up_at=CUTOFF + MINUTE)
    last = LastWord(next_cutoff=CUTOFF + timedelta(days=1), at=CUTOFF + MINUTE)
    assert may_have_taken(late, CUTOFF + 5 * MINUTE, last) is None


@pytest.mark.parametrize(
    "facts",
    [
        Facts(Kind.OFFER, completed_at=CUTOFF - MINUTE),
        replace(BACKED_UP, exported_at=CUTOFF),
        replace(BACKED_UP, cancelled_at=CUTOFF),
        replace(BACKED_UP, returned_at=CUTOFF - MINUTE),
        replace(BACKED_UP, kind=Kind.OTHER),
        Facts(Kind.OFFER),
    ],
)
def test_what_no_export_can_have_taken_is_edited_without_a_question(facts: Facts) -> None:
    assert may_have_taken(facts, CUTOFF + MINUTE, IN_THE_AFTERNOON) is None


def test_a_desk_that_has_never_heard_the_server_asks_nothing() -> None:
    assert may_have_taken(BACKED_UP, CUTOFF + MINUTE, LastWord()) is None
