"""Attacks 3, 4, 5: requests that a stranger's page makes the browser send."""

import pytest

from tests.running import RunningDesk

CHANGE = "/unlock"  # takes POST in every state of the desk


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1:8888",
        "https://{own}",
        "http://{own}.evil.example",
        "http://{own}/",
    ],
)
def test_3_a_change_from_a_foreign_origin_is_refused(target: RunningDesk, origin: str) -> None:
    given = [("Origin", origin.format(own=target.authority))]
    assert target.ask("POST", CHANGE, given, b"a=b").status == 403
    assert target.ask("POST", CHANGE, [*given, ("Sec-Fetch-Site", "same-origin")], b"a=b").status == 403


def test_4_a_change_that_does_not_say_where_it_comes_from_is_refused(target: RunningDesk) -> None:
    assert target.ask("POST", CHANGE, body=b"a=b").status == 403


def test_a_change_from_our_own_page_passes(target: RunningDesk) -> None:
    assert target.ask("POST", CHANGE, [("Origin", target.origin)], b"a=b").status == 303
    assert target.ask("POST", CHANGE, [("Sec-Fetch-Site", "same-origin")], b"a=b").status == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["/", "/documents", "/unlock", "/static/tokens.css", "/no/such/page"])
def test_5_a_stranger_may_not_even_look(target: RunningDesk, path: str, site: str) -> None:
    for mode in ("navigate", "no-cors", "cors"):
        assert target.ask("GET", path, [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode)]).status == 403


def test_11_a_preflight_is_refused_without_a_single_permission(target: RunningDesk) -> None:
    asked = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")]
    answer = target.ask("OPTIONS", CHANGE, asked)
    assert answer.status == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]
