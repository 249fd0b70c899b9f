"""A sealed health part is opened by its key, for its document and revision, unchanged, and by nothing else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localapp.output.sealing import SealBroken, lock_with, new_sealing_key, open_sealed, seal_to, unlock_with

PRIVATE, PUBLIC = new_sealing_key()
KEY, CONTEXT = bytes(range(32)), b"smartclient/health/d/1"
SEALED, LOCKED = seal_to(PUBLIC, "váha 80", CONTEXT), lock_with(KEY, "váha 80", CONTEXT)


@given(some.text(some.characters(codec="utf-8")), some.binary(max_size=60))
def test_what_was_sealed_is_opened(text: str, context: bytes) -> None:
    assert open_sealed(PRIVATE, seal_to(PUBLIC, text, context), context) == text
    assert unlock_with(KEY, lock_with(KEY, text, context), context) == text


def test_two_seals_of_the_same_answers_look_different() -> None:
    assert seal_to(PUBLIC, "váha 80", CONTEXT) != SEALED
    assert lock_with(KEY, "váha 80", CONTEXT) != LOCKED


def test_another_key_and_another_document_open_nothing() -> None:
    stranger, _ = new_sealing_key()
    for private, context in ((stranger, CONTEXT), (PRIVATE, b"smartclient/health/d/2")):
        with pytest.raises(SealBroken):
            open_sealed(private, SEALED, context)
    for key, context in ((bytes(32), CONTEXT), (KEY, b"smartclient/health/d/2")):
        with pytest.raises(SealBroken):
            unlock_with(key, LOCKED, context)


@given(some.data())
def test_a_seal_changed_in_one_bit_opens_nothing(data: some.DataObject) -> None:
    for sealed, opened in ((SEALED, open_sealed), (LOCKED, unlock_with)):
        raw = bytearray(base64.b64decode(sealed))
        raw[data.draw(some.integers(0, len(raw) - 1))] ^= 1 << data.draw(some.integers(0, 7))
        key = PRIVATE if opened is open_sealed else KEY
        with pytest.raises(SealBroken):
            opened(key, base64.b64encode(raw).decode("ascii"), CONTEXT)


@given(some.text())
def test_a_text_that_was_never_sealed_is_told_as_broken(text: str) -> None:
    with pytest.raises(SealBroken):
        open_sealed(PRIVATE, text, CONTEXT)
    with pytest.raises(SealBroken):
        unlock_with(KEY, text, CONTEXT)


@given(some.binary(max_size=80))
def test_bytes_that_were_never_sealed_are_told_as_broken(raw: bytes) -> None:
    text = base64.b64encode(raw).decode("ascii")
    with pytest.raises(SealBroken):
        open_sealed(PRIVATE, text, CONTEXT)
    with pytest.raises(SealBroken):
        unlock_with(KEY, text, CONTEXT)


def test_a_key_of_another_length_is_told_before_anything_is_sealed() -> None:
    with pytest.raises(ValueError, match="32"):
        seal_to(b"short", "x", CONTEXT)
