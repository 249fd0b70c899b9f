"""Numbers in blocks."""

from datetime import UTC, datetime

from flask.testing import FlaskClient

from endpoint.numbers import MOST_UNUSED
from localapp import clock
from localapp.domain.sync.messages import NumberBlock, read_welcome
from localapp.domain.sync.operations import Outcome
from tests.endpoint.made_up import Desk


def blocks(desk: Desk, **left: int) -> tuple[NumberBlock, ...]:
    return read_welcome(desk.greet(left).get_json()).numbers


def test_the_first_hello_brings_fifty_offer_numbers(http: FlaskClient) -> None:
    desk = Desk(http)
    desk.enrol()
    assert blocks(desk) == (NumberBlock("N26-", 1, 50),)


def test_a_block_comes_when_fewer_than_twenty_are_left(alena: Desk) -> None:
    assert blocks(alena, N26=20) == ()
    assert blocks(alena, N26=19) == (NumberBlock("N26-", 51, 100),)


def test_each_kind_and_installation_has_blocks_of_its_own(alena: Desk, cyril: Desk) -> None:
    assert blocks(alena, N26=30, M26=0, Z26=3) == (NumberBlock("M26-", 1, 50), NumberBlock("Z26-", 1, 50))
    assert not set(alena.numbers) & set(cyril.numbers)


def test_only_numbers_of_the_present_year_are_given(alena: Desk) -> None:
    assert blocks(alena, N26=30, N25=0, X26=0, N27=0) == ()
    with clock.moved_to(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):
        assert blocks(alena, N26=30) == (NumberBlock("N27-", 1, 50),)


def test_a_desk_whose_clock_is_wrong_by_years_gets_numbers_of_the_insurers_year(alena: Desk) -> None:
    assert blocks(alena, N36=0, M16=0, N26=30) == (NumberBlock("M26-", 1, 50),)


def test_nobody_can_use_up_everybodys_numbers(alena: Desk, cyril: Desk) -> None:
    given = sum(block.last - block.first + 1 for _ in range(40) for block in blocks(alena, N26=0))
    assert given + 50 == MOST_UNUSED
    assert len(blocks(cyril, N26=0)) == 1


def test_a_number_of_nobodys_block_is_refused_as_a_taken_one_is(alena: Desk, borek: Desk, cyril: Desk) -> None:
    alena.push(alena.completion(number=alena.numbers[3]))
    for number in (alena.numbers[3], alena.numbers[4], "N26-999999"):
        for other in (borek, cyril):
            (result,) = other.push(other.completion(number=number))
            assert result.outcome is Outcome.CONFLICT
            assert result.refusal is not None
            assert (result.refusal.code, result.facts) == ("number_taken", None)
