"""After six months and an announcement a document leaves: file, index, backups. What is needed stays."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from localapp import clock
from localapp.domain.retention import NOTICE, Kept
from localapp.domain.sync.messages import Changes, DocumentFacts, PushResult
from localapp.domain.sync.operations import Outcome
from localapp.store.enrolments import Enrolment
from localapp.store.store import Store
from tests.store.made_up import client, completed_offer, new_offer
from tests.store.test_deletion import CANARY, _everything
from tests.store.test_receiving import exported, sent, told

HALF_A_YEAR = timedelta(days=182)


@pytest.fixture
def alena(store: Store) -> Enrolment:
    found = store.sync.enrolment()
    assert found is not None
    return found


@pytest.fixture
def later(store: Store) -> datetime:
    """Half a year after whatever was done before."""
    assert store
    return clock.now() + HALF_A_YEAR


def announced(store: Store, now: datetime) -> list[tuple[str, Kept | None]]:
    return [(each.record.id, each.retention.kept) for each in store.retaining.announced(now)]


def delivered(store: Store, alena: Enrolment) -> str:
    document = completed_offer(store)
    sent(store, alena)
    exported(store, alena, document)
    return document


def test_an_exported_document_is_announced_and_leaves_thirty_days_later(
    store: Store, alena: Enrolment, later: datetime
) -> None:
    document, fresh = delivered(store, alena), store.create_document(new_offer())
    assert store.retaining.attend(later) == 0
    assert announced(store, later) == [(document, None), (fresh, Kept.UNCONFIRMED)]
    assert store.retaining.attend(later + NOTICE - timedelta(hours=1)) == 0
    assert store.document(document) is not None
    assert store.retaining.attend(later + NOTICE + timedelta(days=7)) == 1
    assert store.document(document) is None
    assert store.document(fresh) is not None
    assert store.integrity() == []


def test_nothing_of_it_is_left_in_the_file_the_index_or_the_backups(
    store: Store, alena: Enrolment, later: datetime, tmp_path: Path
) -> None:
    document = store.create_document(new_offer(answers={"last_name": CANARY}, row=client(CANARY)))
    first = store.backups.make()
    store.retaining.announce(later)
    store.retaining.confirm(document, later)
    assert store.retaining.attend(later + NOTICE) == 1
    assert CANARY not in _everything(store)
    assert not first.path.exists()
    (backup,) = store.backups.all()
    assert backup.sequence > first.sequence
    assert alena.id == 1
    assert tmp_path.exists()


def test_a_draft_stays_until_its_removal_is_confirmed(store: Store, later: datetime) -> None:
    document = store.create_document(new_offer())
    store.retaining.announce(later)
    assert store.retaining.attend(later + 10 * NOTICE) == 0
    store.retaining.confirm(document, later + 10 * NOTICE)
    assert store.retaining.attend(later + 11 * NOTICE) == 1


def test_what_is_kept_for_another_half_year_is_announced_again(store: Store, alena: Enrolment, later: datetime) -> None:
    document = delivered(store, alena)
    store.retaining.announce(later)
    store.retaining.keep(document, later)
    assert announced(store, later) == []
    assert store.retaining.attend(later + 2 * NOTICE) == 0
    assert store.retaining.announce(later + HALF_A_YEAR) == 1
    assert announced(store, later + HALF_A_YEAR) == [(document, None)]


def test_what_waits_or_was_not_taken_stays_however_old(store: Store, alena: Enrolment, later: datetime) -> None:
    document = completed_offer(store)
    store.retaining.announce(later)
    assert announced(store, later) == [(document, Kept.WAITING)]
    assert store.retaining.attend(later + 10 * NOTICE) == 0
    ((operation, _),) = store.sync.freeze_batch(alena, 500, 10**6)
    store.sync.settle(alena, [PushResult(operation, Outcome.REJECTED)])
    assert store.retaining.attend(later + 20 * NOTICE) == 0


def test_what_left_does_not_come_back_from_the_insurers_list(store: Store, alena: Enrolment, later: datetime) -> None:
    document = delivered(store, alena)
    facts: DocumentFacts = told(store, document)
    store.retaining.announce(later)
    assert store.retaining.attend(later + NOTICE) == 1
    enrolment = store.sync.enrolment()
    assert enrolment is not None
    store.sync.apply_changes(enrolment, enrolment.cursor, Changes("stream", (facts,), 99, more=False))
    assert store.sync.bodies.lacking() == []


def test_backups_that_could_not_be_made_anew_are_tried_again(
    store: Store, alena: Enrolment, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered(store, alena)
    store.backups.make()
    store.retaining.announce(later)
    calls: list[str] = []

    def full() -> None:
        calls.append("full")
        raise OSError

    monkeypatch.setattr(store.backups, "start_over", full)
    with pytest.raises(OSError):  # noqa: PT011 - any
        store.retaining.attend(later + NOTICE)
    monkeypatch.undo()
    assert calls == ["full"]
    assert store.retaining.attend(later + NOTICE + timedelta(hours=1)) == 0
    assert len(store.backups.all()) == 1
