"""What is signed names everything that a captured request could be turned into another one with."""

import itertools

from hypothesis import given
from hypothesis import strategies as some

from localapp.domain.sync.signing import signed_text

WORD = some.text(some.characters(exclude_characters="\n", codec="utf-8"))


def signed(
    method: str = "POST",
    target: str = "/v1/sync/push",
    body: bytes = b"{}",
    installation: str = "i",
    session: str = "s",
) -> bytes:
    return signed_text(method, target, body, installation=installation, session=session)


def test_a_signature_of_one_request_fits_no_other() -> None:
    named = [signed(method="GET"), signed(target="/v1/sync/hello"), signed(target="/v1/sync/push?a")]
    texts = [signed(), *named, signed(body=b"{} "), signed(installation="j"), signed(session="t"), signed(session="")]
    assert all(one != other for one, other in itertools.combinations(texts, 2))


def test_the_method_is_signed_in_capitals_as_it_is_sent() -> None:
    assert signed(method="post") == signed()


@given(WORD, WORD, some.binary())
def test_the_signed_text_has_six_lines_whatever_is_sent(target: str, session: str, body: bytes) -> None:
    lines = signed(target=target, session=session, body=body).decode().split("\n")
    assert (len(lines), lines[0], lines[2], lines[4]) == (6, "smartclient/1", target, session)
