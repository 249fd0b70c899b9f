"""An operation travels as it was frozen; a text that is not one is refused and never breaks the program."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localapp.domain.canonical import canonical_text
from localapp.domain.lifecycle import NUMBER_LETTERS, Kind
from localapp.domain.sync.envelope_reading import EnvelopeRefused
from localapp.domain.sync.operations import LARGEST, Envelope, read_envelope
from tests.domain.sync.envelopes import CORRECTS, DOCUMENT, PREMIUM, cancellation, completion, envelope

TEXT = envelope().text()
ANSWERS = some.dictionaries(some.text(max_size=20), some.text(max_size=30) | some.integers(-9, 9) | some.booleans())


def refused(text: str) -> EnvelopeRefused:
    with pytest.raises(EnvelopeRefused) as found:
        read_envelope(text)
    return found.value


@given(ANSWERS, some.sampled_from(Kind), some.integers(1, 999_999), some.none() | some.integers(1, 999_999))
def test_what_is_read_is_what_was_frozen(answers: object, kind: Kind, revision: int, base: int | None) -> None:
    number = f"{NUMBER_LETTERS[kind]}26-000009"
    made = envelope(
        document_kind=kind, number=number, revision=revision, base_revision=base, completion=completion(answers)
    )
    assert read_envelope(made.text()) == made


@pytest.mark.parametrize(
    "made",
    [
        cancellation(),
        envelope(completion=completion(premium=None)),
        envelope(completion=completion(corrects=CORRECTS)),
    ],
)
def test_a_cancellation_a_correction_and_a_revision_without_a_premium_travel_too(made: Envelope) -> None:
    assert read_envelope(made.text()) == made


@given(some.integers(0, len(TEXT) - 1), some.characters(), some.sampled_from(["put", "insert", "cut"]))
def test_a_text_changed_anywhere_is_refused_or_another_sound_operation(at: int, letter: str, how: str) -> None:
    rest = TEXT[at:] if how == "insert" else TEXT[at + 1 :]
    changed = TEXT[:at] + ("" if how == "cut" else letter) + rest
    with suppress(EnvelopeRefused):
        assert read_envelope(changed).text() == changed


@given(some.text() | some.recursive(some.none() | some.integers() | some.text(), some.lists).map(json.dumps))
def test_any_other_text_is_refused(text: str) -> None:
    assert refused(text).code == "malformed"


@given(
    some.sampled_from(sorted(json.loads(TEXT))), some.none() | some.integers() | some.text() | some.lists(some.none())
)
def test_a_field_of_any_other_value_is_refused_or_reads_back(name: str, value: object) -> None:
    changed = canonical_text(json.loads(TEXT) | {name: value})
    with suppress(EnvelopeRefused):
        assert read_envelope(changed).text() == changed


@pytest.mark.parametrize("name", sorted(json.loads(TEXT)))
def test_nothing_may_be_missing(name: str) -> None:
    content = json.loads(TEXT)
    del content[name]
    assert refused(canonical_text(content)).code == "malformed"


@pytest.mark.parametrize("name", ["answers", "health_digest", "answers_digest", "digest"])
def test_content_that_does_not_fit_its_digest_is_refused(name: str) -> None:
    content = json.loads(TEXT)
    content["completion"][name] = "e" * 64
    assert refused(canonical_text(content)).code == "digest_wrong"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (cancellation(document_kind=Kind.ILLUSTRATION), "number of another kind"),
        (replace(cancellation(), completion=completion()), "a completion has its content"),
        (envelope(completion=completion(corrects=replace(CORRECTS, document=DOCUMENT))), "corrects"),
        (envelope(completion=completion(corrects=replace(CORRECTS, number="M26-000012"))), "corrects"),
        (envelope(completion=completion(corrects=replace(CORRECTS, number="12"))), "number"),
        (envelope(completion=None), "a completion has its content"),
        (envelope(number="N26-1"), "number"),
        (envelope(number="N２６-000001"), "number"),
        (envelope(operation="x"), "operation"),
        (envelope(revision=0), "revision"),
        (envelope(base_revision=0), "base_revision"),
        (envelope(revision=1_000_000), "revision"),
        (envelope(advisor_code=""), "advisor_code"),
        (envelope(advisor_code="x" * 201), "advisor_code"),
        (envelope(completion=completion(premium=replace(PREMIUM, payments_per_year=0))), "payments_per_year"),
    ],
)
def test_a_refusal_names_the_place(made: Envelope, reason: str) -> None:
    refusal = refused(made.text())
    assert (refusal.code, reason in refusal.reason) == ("malformed", True)


def test_what_is_corrected_cannot_be_changed_or_left_out_on_the_way() -> None:
    text = envelope(completion=completion(corrects=CORRECTS)).text()
    assert refused(text.replace(CORRECTS.number, "N26-000013")).code == "digest_wrong"
    content = json.loads(text)
    content["completion"]["corrects"] = None
    assert refused(canonical_text(content)).code == "digest_wrong"


def test_spaces_another_order_and_a_field_of_its_own_are_refused() -> None:
    content = json.loads(TEXT)
    assert refused(json.dumps(content)).reason == "not canonical"
    assert refused(TEXT.replace("{", "{ ", 1)).reason == "not canonical"
    assert refused(canonical_text(content | {"extra": 1})).reason == "unknown: extra"
    assert refused(TEXT[:-1] + ',"revision":1}').reason == "not canonical"


def test_a_true_is_not_a_one() -> None:
    assert refused(TEXT.replace('"revision":1', '"revision":true')).reason == "revision"


def test_an_operation_has_a_largest_size_and_a_depth() -> None:
    assert refused(" " * (LARGEST + 1)).code == "too_large"
    assert refused("[" * 100_000).code == "malformed"
    assert refused(canonical_text({"operation": "x"})[:-1] + ',"note":"\ud800"}').code == "malformed"
