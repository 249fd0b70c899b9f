"""What goes tonight and why the rest does not, condition by condition."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from localapp.domain.lifecycle import Facts, Kind
from localapp.domain.tonight import GOING, STAYING, Fate, Known, LastExport, fate

CUTOFF = datetime(2026, 11, 24, 20, tzinfo=UTC)
NOW = CUTOFF + timedelta(hours=14)
HEARD = LastExport(CUTOFF, NOW)
DRAFT = Known(Facts(Kind.OFFER, working_copy_at=NOW), None, None, None, None, cancelling=False)
WAITING = replace(DRAFT, facts=Facts(Kind.OFFER, completed_at=NOW), newest=1)
ON_SERVER = replace(WAITING, facts=replace(WAITING.facts, backed_up_at=NOW), on_server=1, since=NOW)
RETURNED = replace(ON_SERVER, facts=replace(ON_SERVER.facts, returned_at=NOW), returned=1)
CANCELLED = replace(ON_SERVER, facts=replace(ON_SERVER.facts, cancelled_at=NOW))


def but(known: Known, **facts: datetime | None) -> Known:
    return replace(known, facts=replace(known.facts, **facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (DRAFT, Fate.NOT_COMPLETED),
        (WAITING, Fate.WAITS),
        (but(WAITING, signature_requested_at=NOW), Fate.TO_SIGN),
        (but(WAITING, signature_requested_at=NOW, signed_at=NOW), Fate.WAITS),
        (ON_SERVER, Fate.GOES),
        (but(ON_SERVER, working_copy_at=NOW), Fate.GOES_EARLIER),
        (replace(but(ON_SERVER, backed_up_at=None), newest=2), Fate.GOES_EARLIER),
        (replace(but(ON_SERVER, backed_up_at=None, signature_requested_at=NOW), newest=2), Fate.GOES_EARLIER),
        (RETURNED, Fate.RETURNED),
        (but(RETURNED, working_copy_at=NOW), Fate.RETURNED),
        (replace(but(RETURNED, returned_at=None, backed_up_at=None), newest=2), Fate.WAITS),
        (replace(but(RETURNED, backed_up_at=None), newest=2, returned=2), Fate.GOES_EARLIER),
        (CANCELLED, None),
        (replace(CANCELLED, cancelling=True), Fate.GOES_UNLESS_CANCELLED),
        (replace(RETURNED, facts=replace(RETURNED.facts, cancelled_at=NOW), cancelling=True), None),
        (but(WAITING, cancelled_at=NOW), None),
        (but(ON_SERVER, exported_at=NOW), None),
        (but(DRAFT, deleted_at=NOW), None),
        (replace(ON_SERVER, facts=replace(ON_SERVER.facts, kind=Kind.OTHER)), Fate.NEVER),
        (replace(DRAFT, facts=replace(DRAFT.facts, kind=Kind.OTHER)), Fate.NOT_COMPLETED),
    ],
)
def test_each_condition_has_its_fate(known: Known, expected: Fate | None) -> None:
    assert fate(known, HEARD) is expected


def test_what_should_have_gone_already_is_said_to_be_unconfirmed_until_the_server_has_told() -> None:
    before = replace(ON_SERVER, since=CUTOFF - timedelta(seconds=1))
    for heard_at in (None, CUTOFF - timedelta(hours=1), CUTOFF + timedelta(minutes=9)):
        assert fate(before, LastExport(CUTOFF, heard_at)) is Fate.UNCONFIRMED
        assert fate(replace(before, since=CUTOFF), LastExport(CUTOFF, heard_at)) is Fate.GOES
    assert fate(before, LastExport(CUTOFF, CUTOFF + timedelta(minutes=10))) is Fate.GOES


def test_each_fate_goes_or_stays() -> None:
    assert set(GOING) | set(STAYING) == set(Fate)
    assert not set(GOING) & set(STAYING)
