"""Canonical text is the same bytes everywhere; a digest covers every answer and hides it."""

import enum
import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localapp.domain.canonical import Pinned, canonical_text, digest_of, freeze, revision_digest

FORM, LIBRARY = Pinned("flexi-offer", "1"), Pinned("flexi-demo", "2026.1")
SALTS = ("a" * 64, "b" * 64)
_text = st.text(st.characters(exclude_categories=["Cs"]))
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | _text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
)
quick = settings(deadline=None, database=None, max_examples=100)


class Word(enum.StrEnum):
    """A word as the domain's kinds are."""

    OFFER = "offer"


def test_canonical_text_is_sorted_without_blanks_and_in_its_own_letters() -> None:
    assert canonical_text({"ž": "Bořek", "a": [1, None, True], "b": {}}) == '{"a":[1,null,true],"b":{},"ž":"Bořek"}'
    assert canonical_text({"kind": Word.OFFER}) == '{"kind":"offer"}'


@quick
@given(_json)
def test_reading_canonical_text_and_writing_it_again_changes_no_byte(value: object) -> None:
    text = canonical_text(value)
    assert json.loads(text) == value
    assert canonical_text(json.loads(text)) == text


@quick
@given(st.dictionaries(_text, st.integers(), max_size=6))
def test_the_order_in_which_answers_were_given_does_not_show(answers: dict[str, int]) -> None:
    assert canonical_text(dict(reversed(answers.items()))) == canonical_text(answers)


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), [1.0], {"a": {"b": [0.1]}}, (1.5,), {"a": (1, [2.5])}, {1: "a"}, {None: 1}, {"a": {True: 1}},
     Decimal("1.5"), b"a", {1, 2}, object(), "\ud800", {"\udfff": 1}, ["a\ud800"]],
)  # fmt: skip
def test_what_has_no_canonical_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_text(value)


def test_a_digest_is_sha_256_of_utf_8() -> None:
    assert digest_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest_of("ř") == hashlib.sha256(b"\xc5\x99").hexdigest()


def test_a_frozen_revision_holds_both_parts_with_their_salts() -> None:
    frozen = freeze({"a": 1}, {"smoker": False}, FORM, LIBRARY, SALTS)
    assert json.loads(frozen.answers) == {"salt": "a" * 64, "values": {"a": 1}}
    assert json.loads(frozen.health) == {"salt": "b" * 64, "values": {"smoker": False}}
    assert frozen.answers_digest == digest_of(frozen.answers)
    assert frozen.health_digest == digest_of(frozen.health)
    assert frozen.digest == revision_digest(frozen.answers_digest, frozen.health_digest, FORM, LIBRARY)


@pytest.mark.parametrize(
    "change",
    [
        {"answers": {"a": 2}},
        {"health": {"smoker": True}},
        {"form": Pinned("flexi-offer", "2")},
        {"form": Pinned("flexi-other", "1")},
        {"calculation": Pinned("flexi-demo", "2026.2")},
        {"salts": ("c" * 64, "b" * 64)},
        {"salts": ("a" * 64, "c" * 64)},
    ],
)
def test_the_digest_of_a_revision_covers_everything_it_is_made_of(change: dict[str, Any]) -> None:
    whole: dict[str, Any] = {
        "answers": {"a": 1},
        "health": {"smoker": False},
        "form": FORM,
        "calculation": LIBRARY,
        "salts": SALTS,
    }
    assert freeze(**whole).digest == freeze(**whole).digest
    assert freeze(**whole | change).digest != freeze(**whole).digest


def test_equal_health_answers_of_two_clients_have_different_digests() -> None:
    first, second = (freeze({}, {"smoker": True}, FORM, LIBRARY, ("a" * 64, salt)) for salt in ("b" * 64, "c" * 64))
    assert first.health_digest != second.health_digest
    assert first.answers_digest == second.answers_digest
