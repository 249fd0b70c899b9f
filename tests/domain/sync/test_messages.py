"""What one side says the other reads, also one that is older or newer; anything else is refused, never a crash."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localapp.domain.lifecycle import Kind
from localapp.domain.sync import messages
from localapp.domain.sync.messages import (
    Changes,
    DocumentFacts,
    Hello,
    NumberBlock,
    PushResult,
    Refusal,
    Welcome,
    read_changes,
    read_facts,
    read_hello,
    read_refusal,
    read_result,
    read_welcome,
)
from localapp.domain.sync.operations import Outcome
from localapp.domain.sync.parts import MessageRefused

READERS = (read_facts, read_refusal, read_result, read_hello, read_welcome, read_changes)
WORD = some.text(min_size=1, max_size=40)
COUNT = some.integers(0, 1 << 40)
MOMENT = some.datetimes(timezones=some.just(UTC)).map(datetime.isoformat)
REFUSAL = some.builds(Refusal, WORD, some.dictionaries(WORD, some.text(max_size=20), max_size=3))
FACTS = some.builds(
    DocumentFacts,
    document=WORD, number=WORD, kind=some.sampled_from(Kind), sequence=COUNT, revision=COUNT, digest=WORD,
    backed_up_at=MOMENT, evaluated_at=some.none() | MOMENT, returned_at=some.none() | MOMENT,
    returned=some.none() | REFUSAL, cancelled_at=some.none() | MOMENT, exported_at=some.none() | MOMENT,
    exported_revision=some.none() | COUNT, export=some.none() | WORD, position=some.none() | COUNT,
    verified=some.booleans(),
)  # fmt: skip
HELLO = some.builds(
    Hello, cursor=COUNT, stream=some.text(max_size=20), waiting=COUNT, numbers=some.dictionaries(WORD, COUNT),
    version=WORD, protocol=COUNT,
)  # fmt: skip
WELCOME = some.builds(
    Welcome, session=WORD, stream=WORD, sequence=COUNT, server_time=MOMENT, cutoff_at=MOMENT, linked=some.booleans(),
    changed=some.booleans(), partner_name=WORD, partner_ended=some.booleans(),
    numbers=some.lists(some.builds(NumberBlock, WORD, COUNT, COUNT), max_size=3).map(tuple),
    notices=some.lists(some.text(max_size=30), max_size=3).map(tuple),
)  # fmt: skip
CHANGES = some.builds(
    Changes, stream=WORD, documents=some.lists(FACTS, max_size=3).map(tuple), next=COUNT, more=some.booleans(),
    resync=some.booleans(),
)  # fmt: skip
RESULT = some.builds(
    PushResult, operation=WORD, outcome=some.sampled_from(Outcome), refusal=some.none() | REFUSAL,
    facts=some.none() | FACTS, planned_export_at=some.none() | MOMENT,
)  # fmt: skip
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=10),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=10), inner, max_size=3),
)


def sent(message: Any) -> Any:  # noqa: ANN401 - JSON
    """As it arrives on the other side."""
    return json.loads(json.dumps(message.as_json()))


@given(FACTS, HELLO, WELCOME, CHANGES, RESULT, REFUSAL)
def test_what_is_said_is_what_is_read(
    facts: DocumentFacts, hello: Hello, welcome: Welcome, changes: Changes, result: PushResult, refusal: Refusal
) -> None:
    assert read_facts(sent(facts)) == facts
    assert read_hello(sent(hello)) == hello
    assert read_welcome(sent(welcome)) == welcome
    assert read_changes(sent(changes)) == changes
    assert read_result(sent(result)) == result
    assert read_refusal(sent(refusal)) == refusal


@given(WELCOME, JSON)
def test_a_newer_side_may_say_more(welcome: Welcome, more: object) -> None:
    assert read_welcome(sent(welcome) | {"of_the_future": more}) == welcome


@pytest.mark.parametrize("read", READERS)
@given(found=JSON)
def test_garbage_is_refused(read: Any, found: object) -> None:  # noqa: ANN401 - one of the readers
    with pytest.raises(MessageRefused):
        read(found)


@pytest.mark.parametrize(
    ("read", "whole"), [(read_facts, FACTS), (read_hello, HELLO), (read_welcome, WELCOME), (read_result, RESULT)]
)
@given(data=some.data(), value=JSON)
def test_a_field_of_another_kind_is_refused_or_passed_over(
    read: Any,  # noqa: ANN401 - one of the readers
    whole: some.SearchStrategy[Any],
    data: some.DataObject,
    value: object,
) -> None:
    message = sent(data.draw(whole))
    name = data.draw(some.sampled_from(sorted(message)))
    with suppress(MessageRefused):
        assert type(read(message | {name: value})) is type(read(message))


@pytest.mark.parametrize("moment", ["2026-11-25", "2026-11-25T20:00:00", "yesterday", "", 7, None])
def test_a_time_without_its_zone_is_no_time(moment: object) -> None:
    welcome = {
        "session": "s", "stream": "s", "sequence": 0, "server_time": moment, "cutoff_at": "2026-11-25T20:00:00+00:00",
        "linked": True, "changed": False, "partner_name": "Demo", "partner_ended": False, "numbers": [], "notices": [],
    }  # fmt: skip
    with pytest.raises(MessageRefused, match="server_time"):
        read_welcome(welcome)


def test_a_true_is_no_number_and_a_one_is_no_yes() -> None:
    changes: dict[str, object] = {"stream": "s", "documents": [], "next": 1, "more": False, "resync": False}
    for wrong in ({"next": True}, {"more": 1}, {"next": -1}, {"next": 1 << 70}, {"stream": "x" * 401}, {"stream": ""}):
        with pytest.raises(MessageRefused, match=next(iter(wrong))):
            read_changes(changes | wrong)


def test_the_limits_of_the_protocol_are_those_of_its_description() -> None:
    limits = (messages.MOST_OPERATIONS, messages.MOST_BYTES, messages.BLOCK_SIZE, messages.BLOCK_LOW)
    assert limits == (500, 1024 * 1024, 50, 20)
