"""An operation with any of its fields replaced or left out is answered, and tells nothing of others."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from localapp.domain.sync.operations import Outcome
from tests.endpoint.made_up import Desk

JUNK = some.one_of(
    some.none(),
    some.booleans(),
    some.integers(),
    some.floats(),
    some.text(max_size=40),
    some.lists(some.none(), max_size=2),
    some.dictionaries(some.text(max_size=5), some.text(max_size=5), max_size=2),
    some.sampled_from(["", "\x00", "\ud800", "9" * 400, "../x", "' OR 1=1 --", "N26-000001", "exported", "1e999"]),
)
SETTINGS = settings(
    max_examples=150, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


def places(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - JSON
    """The way to every value of the content."""
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for name, each in inner:
        yield (*path, name)
        yield from places(each, (*path, name))


def replaced(content: Any, path: tuple[Any, ...], value: object, *, left_out: bool) -> str:  # noqa: ANN401 - JSON
    """The text with one value replaced or left out."""
    found = part = deepcopy(content)
    for step in path[:-1]:
        part = part[step]
    if left_out:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return json.dumps(found)


def sent(desk: Desk) -> str:
    """An operation that the endpoint has taken."""
    envelope = desk.completion()
    assert [each.outcome for each in desk.push(envelope)] == [Outcome.ACCEPTED]
    return envelope.text()


@pytest.fixture
def hers(alena: Desk) -> str:
    """Alena's operation."""
    return sent(alena)


@pytest.fixture
def his(cyril: Desk) -> str:
    """Cyril's."""
    return sent(cyril)


@SETTINGS
@given(data=some.data())
def test_any_field_may_be_anything(cyril: Desk, hers: str, his: str, data: some.DataObject) -> None:
    content = json.loads(data.draw(some.sampled_from([hers, his]), label="whose"))
    path = data.draw(some.sampled_from(sorted(places(content), key=str)), label="place")
    known = json.loads(hers)
    value = data.draw(JUNK | some.sampled_from([known["document"], known["number"]]), label="value")
    text = replaced(content, path, value, left_out=data.draw(some.booleans(), label="left out"))
    (result,) = cyril.push(text)
    assert result.outcome in set(Outcome)
    assert result.facts is None or result.facts.document != known["document"]
    told = json.dumps(result.as_json())
    assert not [each for each in secrets_of(hers) if each in told and each not in text]
    if result.refusal is not None:
        assert result.refusal.code != "endpoint_failed"


def secrets_of(text: str) -> set[str]:
    """What only its owner may read."""
    content = json.loads(text)
    return {content["document"], content["operation"], content["number"], content["installation"]}
