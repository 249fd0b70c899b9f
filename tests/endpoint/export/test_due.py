"""When a run is due by the server's clock: in the nights when the clocks change, and after the endpoint was down."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from endpoint import demo
from endpoint.application import Endpoint, create_endpoint
from endpoint.export.nightly import at_cutoff
from localapp import clock
from localapp.domain.cutoff import LONGEST_WAIT, PRAGUE, cutoff_of
from localapp.domain.sync.messages import DocumentFacts
from tests.endpoint.conftest import greeted
from tests.endpoint.made_up import Desk

CHANGES = {
    date(2026, 10, 25): datetime(2026, 10, 25, 20, tzinfo=UTC),  # back to winter: the hour from 2 to 3 comes twice
    date(2027, 3, 28): datetime(2027, 3, 28, 19, tzinfo=UTC),  # on to summer: there is no such hour
}


def opened(folder: Path, moment: datetime) -> Endpoint:
    with clock.moved_to(moment):
        demo.seed(folder, publish=False)
        return create_endpoint(folder)


def keys(endpoint: Endpoint, moment: datetime) -> list[str]:
    with clock.moved_to(moment):
        return [run.key for run in endpoint.run_due_exports()]


@pytest.mark.parametrize(("night", "cutoff"), CHANGES.items())
def test_the_night_when_the_clocks_change_has_one_cutoff(tmp_path: Path, night: date, cutoff: datetime) -> None:
    endpoint = opened(tmp_path / "endpoint", cutoff - timedelta(hours=30))
    step = timedelta(microseconds=1)
    assert keys(endpoint, cutoff - timedelta(days=1, hours=2)) == []
    before = keys(endpoint, cutoff - step)
    assert before == [(night - timedelta(days=1)).isoformat()]
    assert keys(endpoint, cutoff) == [night.isoformat()]
    assert [keys(endpoint, cutoff + timedelta(minutes=n)) for n in (1, 59, 61, 300)] == [[]] * 4
    endpoint.close()


@pytest.mark.parametrize(("night", "cutoff"), CHANGES.items())
def test_the_scheduler_rings_once_in_that_night(night: date, cutoff: datetime) -> None:
    trigger = at_cutoff()
    first = trigger.get_next_fire_time(None, cutoff - timedelta(hours=22))
    after = trigger.get_next_fire_time(first, first + timedelta(seconds=1))
    assert first == cutoff == cutoff_of(night)
    assert after == cutoff_of(night + timedelta(days=1))
    assert first.astimezone(PRAGUE).hour == 21


def test_missed_days_are_caught_up_in_their_order(endpoint: Endpoint, alena: Desk) -> None:
    alena.push(alena.completion())
    endpoint.evaluate_waiting()
    with clock.moved_to(datetime(2026, 11, 28, 9, tzinfo=UTC)):
        runs = endpoint.run_due_exports()
    assert [(run.key, run.count) for run in runs] == [("2026-11-25", 1), ("2026-11-26", 0), ("2026-11-27", 0)]


def test_an_endpoint_opened_after_the_cutoff_begins_with_the_next_day(tmp_path: Path) -> None:
    endpoint = opened(tmp_path / "endpoint", datetime(2026, 11, 25, 20, 1, tzinfo=UTC))
    assert keys(endpoint, datetime(2026, 11, 25, 22, tzinfo=UTC)) == []
    assert keys(endpoint, datetime(2026, 11, 26, 20, tzinfo=UTC)) == ["2026-11-26"]
    endpoint.close()


def test_the_freeze_waits_ten_minutes_for_the_evaluation(endpoint: Endpoint, alena: Desk) -> None:
    offer, late = alena.completion(), alena.completion()
    alena.push(offer)
    cutoff = cutoff_of(date(2026, 11, 25))
    assert keys(endpoint, cutoff) == []
    with clock.moved_to(cutoff + timedelta(minutes=5)):
        alena.push(late)
    assert keys(endpoint, cutoff + LONGEST_WAIT - timedelta(seconds=1)) == []
    with clock.moved_to(cutoff + LONGEST_WAIT):
        (run,) = endpoint.run_due_exports()
        assert (run.count, run.left_behind) == (0, 1)
        assert alena.hello().notices == (f"left_behind:2026-11-25:{offer.number}:evaluation_pending",)


def test_it_begins_at_once_when_all_is_evaluated(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    cutoff = cutoff_of(date(2026, 11, 25))
    with clock.moved_to(cutoff + timedelta(minutes=3)):
        late = alena.completion()
        alena.push(late)
        assert endpoint.run_due_exports() == []
        endpoint.evaluate_waiting()
        (run,) = endpoint.run_due_exports()
    assert run.count == 1
    assert exported(alena) == {offer.document}


def test_what_stayed_behind_goes_with_the_next_day(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    cutoff = cutoff_of(date(2026, 11, 25))
    assert keys(endpoint, cutoff + LONGEST_WAIT) == ["2026-11-25"]
    endpoint.evaluate_waiting()
    assert alena.hello().notices == (f"left_behind:2026-11-25:{offer.number}:evaluation_pending",)
    assert keys(endpoint, cutoff_of(date(2026, 11, 26))) == ["2026-11-26"]
    assert exported(alena) == {offer.document}
    assert alena.hello().notices == ()


def test_a_process_that_starts_after_a_missed_cutoff_waits_for_its_own_evaluation(tmp_path: Path) -> None:
    folder = tmp_path / "endpoint"
    noon = datetime(2026, 11, 25, 11, tzinfo=UTC)
    first = opened(folder, noon)
    with clock.moved_to(noon):
        alena = greeted(Desk(first.app.test_client()))
        alena.push(alena.completion())
    first.close()
    morning = datetime(2026, 11, 26, 7, tzinfo=UTC)
    with clock.moved_to(morning):
        second = create_endpoint(folder)
        assert second.run_due_exports() == []
        second.evaluate_waiting()
        (run,) = second.run_due_exports()
    assert (run.key, run.count) == ("2026-11-25", 1)
    second.close()


def exported(desk: Desk) -> set[str]:
    desk.cursor = 0
    documents: tuple[DocumentFacts, ...] = desk.pull().documents
    return {facts.document for facts in documents if facts.exported_at}
