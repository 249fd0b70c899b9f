import pytest

from localapp.web.patience import LONGEST_WAIT, MustWait, Patience


def test_the_delay_doubles_up_to_a_minute_and_ends_with_success() -> None:
    now = 0.0
    patience = Patience(lambda: now)
    waits = []
    for _ in range(10):
        patience.failed()
        waits.append(patience.remaining())
        now += patience.remaining()
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, LONGEST_WAIT, LONGEST_WAIT]
    patience.failed()
    patience.succeeded()
    assert patience.remaining() == 0


def test_wrong_tries_of_an_earlier_run_cost_their_whole_delay_anew() -> None:
    now = 1000.0
    patience = Patience(lambda: now, wrong=6)
    with pytest.raises(MustWait) as waiting:
        patience.ask()
    assert waiting.value.seconds == 8
    now += 8
    patience.ask()
