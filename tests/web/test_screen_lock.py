import logging
from collections.abc import Iterator

import pytest

from localapp.store.records import Keys
from localapp.store.store import Store
from localapp.web.screen_lock import DEFAULT_IDLE, LATE_TYPING, ScreenLock
from localapp.web.sessions import Session
from tests.web.moved import Moved
from tests.web.test_pin import PIN

IDLE = DEFAULT_IDLE * 60


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory, desk_keys: Keys) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("lock") / "documents.db", desk_keys)
    yield opened
    opened.close()


@pytest.fixture
def now() -> Moved:
    return Moved()


@pytest.fixture
def lock(store: Store, now: Moved) -> ScreenLock:
    """A lock whose PIN was chosen in this run."""
    made = ScreenLock(lambda: store, now)
    made.pin.choose(PIN)
    return made


def session() -> Session:
    return Session(b"")


def test_without_a_pin_nothing_is_ever_locked(store: Store, now: Moved) -> None:
    lock, window = ScreenLock(lambda: store, now), session()
    lock.lock("hand")
    now.pass_by(10 * IDLE)
    assert not lock.is_locked(window)


def test_choosing_a_pin_locks_nobody_out(store: Store, now: Moved) -> None:
    lock, window, tab = ScreenLock(lambda: store, now), session(), session()
    assert not lock.is_locked(window)
    lock.pin.choose(PIN)
    assert not lock.is_locked(window)
    assert not lock.is_locked(tab)


def test_17_a_lock_locks_every_session_and_each_unlocks_by_itself(lock: ScreenLock) -> None:
    window, tab = session(), session()
    assert not lock.is_locked(window)
    assert not lock.is_locked(tab)
    lock.lock("hand")
    assert lock.is_locked(window)
    assert lock.is_locked(tab)
    lock.unlock(window, "pin")
    assert not lock.is_locked(window)
    assert lock.is_locked(tab)


def test_a_session_that_comes_while_the_desk_is_locked_is_locked(lock: ScreenLock) -> None:
    lock.lock("hand")
    newcomer = session()
    assert lock.is_locked(newcomer)
    lock.unlock(session(), "pin")
    assert lock.is_locked(newcomer)


def test_with_a_pin_a_desk_that_opens_by_itself_begins_locked(lock: ScreenLock, store: Store, now: Moved) -> None:
    assert lock.pin.is_set
    restarted, window = ScreenLock(lambda: store, now), session()
    assert restarted.is_locked(window)
    assert restarted.in_force
    assert restarted.in_force.why == "start"


def test_whoever_has_just_typed_the_passphrase_is_not_asked_for_the_pin(
    lock: ScreenLock, store: Store, now: Moved
) -> None:
    assert lock.pin.is_set
    restarted, window = ScreenLock(lambda: store, now), session()
    restarted.unlock(window, "passphrase")
    assert not restarted.is_locked(window)


def test_45_idleness_locks_unless_somebody_was_there(lock: ScreenLock, now: Moved) -> None:
    window = session()
    now.pass_by(IDLE - 1)
    assert not lock.is_locked(window)
    lock.active()
    now.pass_by(IDLE - 1)
    assert not lock.is_locked(window)
    now.pass_by(1)
    assert lock.is_locked(window)
    assert lock.in_force
    assert lock.in_force.why == "idle"


def test_a_shorter_idle_time_holds_at_once_and_after_a_restart(lock: ScreenLock, store: Store, now: Moved) -> None:
    window = session()
    lock.choose_idle(2)
    now.pass_by(120)
    assert lock.is_locked(window)
    restarted = ScreenLock(lambda: store, now)
    assert restarted.pin.is_set
    assert restarted.idle_minutes == 2
    with pytest.raises(ValueError, match="3"):
        lock.choose_idle(3)


def test_what_was_typed_before_a_lock_may_arrive_shortly_after_it(lock: ScreenLock, now: Moved) -> None:
    window, newcomer = session(), session()
    assert not lock.is_locked(window)
    lock.lock("hand")
    assert lock.is_locked(newcomer)
    assert lock.takes_late_typing(window)
    assert not lock.takes_late_typing(newcomer)
    now.pass_by(LATE_TYPING)
    assert not lock.takes_late_typing(window)


def test_the_log_tells_of_locks_without_the_pin(lock: ScreenLock, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="smartclient.lock"):
        lock.lock("hand")
        with pytest.raises(Exception, match="pin_wrong"):
            lock.pin.check("520871")
        lock.pin.check(PIN)
        lock.unlock(session(), "pin")
    assert caplog.messages == ["locked: hand", "wrong PIN, 1 so far", "unlocked: pin"]


def test_the_suggestion_of_a_pin_ends_with_a_pin_or_a_no(store: Store, now: Moved) -> None:
    lock = ScreenLock(lambda: store, now)
    assert lock.suggests_pin
    lock.pin.choose(PIN)
    assert not lock.suggests_pin
    lock.pin.remove()
    lock.suggest_no_more()
    assert not ScreenLock(lambda: store, now).suggests_pin
