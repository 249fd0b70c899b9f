from collections.abc import Iterator
from datetime import timedelta

import pytest

from localapp import clock
from localapp.store.records import Keys
from localapp.store.store import Store
from localapp.web.patience import MustWait
from localapp.web.pin import MOST_WRONG, Pin, PinBlocked, UnfitPin, WrongPin, check_fit
from tests.web.moved import Moved

PIN = "739164"
WRONG = "520871"


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory, desk_keys: Keys) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("pin") / "documents.db", desk_keys)
    yield opened
    opened.close()


@pytest.fixture
def now() -> Moved:
    return Moved()


@pytest.fixture
def pin(store: Store, now: Moved) -> Pin:
    chosen = Pin(lambda: store, now)
    chosen.choose(PIN)
    return chosen


def fail(pin: Pin, now: Moved, times: int) -> None:
    """So many wrong tries, each after its delay."""
    for _ in range(times):
        now.pass_by(60)
        with pytest.raises((WrongPin, PinBlocked)):
            pin.check(WRONG)


@pytest.mark.parametrize("unfit", ["", "12345", "1" * 13, "12345a", "٣٤٥٦٧٨", "12 345", "-73916"])
def test_a_pin_is_six_to_twelve_digits(unfit: str) -> None:
    with pytest.raises(UnfitPin) as refused:
        check_fit(unfit)
    assert refused.value.code == "pin_length"


@pytest.mark.parametrize(
    "unfit", ["111111", "123456", "654321", "890123", "098765", "121212", "123123", "1231231", "112211", "77777777"]
)
def test_a_pin_with_a_pattern_is_refused(unfit: str) -> None:
    with pytest.raises(UnfitPin) as refused:
        check_fit(unfit)
    assert refused.value.code == "pin_plain"


@pytest.mark.parametrize("unfit", ["240385", "850324", "24031985", "19850324"])
def test_a_pin_that_reads_as_a_date_is_refused(unfit: str) -> None:
    with pytest.raises(UnfitPin) as refused:
        check_fit(unfit)
    assert refused.value.code == "pin_date"


@pytest.mark.parametrize("fit", [PIN, WRONG, "4097318", "905173826401"])
def test_any_other_pin_is_taken(fit: str) -> None:
    check_fit(fit)


def test_only_the_chosen_pin_is_right_and_only_its_hash_is_kept(pin: Pin, store: Store) -> None:
    pin.check(PIN)
    with pytest.raises(WrongPin) as refused:
        pin.check(WRONG)
    assert refused.value.left == MOST_WRONG - 1
    kept = store.settings("lock.")
    assert kept["lock.pin"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PIN not in "".join(kept.values())


def test_a_wrong_try_is_noted_before_it_is_judged(pin: Pin, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("localapp.web.pin._fits", killed)
    with pytest.raises(KeyboardInterrupt):
        pin.check(WRONG)
    assert Pin(lambda: store).wrong == 1


def test_from_the_third_wrong_try_on_even_the_right_pin_has_to_wait(pin: Pin, now: Moved) -> None:
    fail(pin, now, 3)
    with pytest.raises(MustWait) as waiting:
        pin.check(PIN)
    assert waiting.value.seconds == 1
    assert pin.wrong == 3
    now.pass_by(1)
    pin.check(PIN)
    assert pin.wrong == 0


def test_45_a_restart_does_not_shorten_the_delay_and_forgets_no_try(pin: Pin, store: Store, now: Moved) -> None:
    fail(pin, now, 7)
    now.pass_by(15)
    restarted = Pin(lambda: store, now)
    with pytest.raises(MustWait) as waiting:
        restarted.check(PIN)
    assert waiting.value.seconds == 16
    assert restarted.wrong == 7


def test_45_setting_the_clock_neither_shortens_the_delay_nor_brings_the_pin_back(store: Store) -> None:
    Pin(lambda: store).choose(PIN)
    store.set_setting("lock.wrong", "9")
    for days in (-400, -1, 1, 400):
        with clock.moved_by(timedelta(days=days)), pytest.raises(MustWait) as waiting:
            Pin(lambda: store).check(PIN)
        assert waiting.value.seconds == 60


def test_45_after_ten_wrong_tries_not_even_the_right_pin_unlocks_nor_after_a_restart(
    pin: Pin, store: Store, now: Moved
) -> None:
    fail(pin, now, MOST_WRONG)
    for each in (pin, Pin(lambda: store, now)):
        now.pass_by(24 * 3600)
        assert each.is_blocked
        with pytest.raises(PinBlocked):
            each.check(PIN)


def test_the_passphrase_lets_the_pin_be_used_again(pin: Pin, store: Store, now: Moved) -> None:
    fail(pin, now, MOST_WRONG)
    pin.proved_otherwise()
    Pin(lambda: store, now).check(PIN)
    pin.check(PIN)


def test_a_removed_pin_is_asked_no_more(pin: Pin, store: Store) -> None:
    pin.remove()
    assert not pin.is_set
    assert not Pin(lambda: store).is_set
