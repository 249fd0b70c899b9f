"""Attack 6: every rule of the desk asks for the session of this run."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from localapp.web.guard import Guard
from tests.conftest import AUTHORITY, GuardedClient
from tests.running import RunningDesk


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Each method and address of every rule, with something in the place of its variables."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, _filled(rule)


def _filled(rule: Rule) -> str:
    return "".join("1" if dynamic else text for dynamic, text in rule._trace).replace("|", "", 1)


@pytest.mark.parametrize("cookie", [None, ("{name}", ""), ("{name}", "of-yesterday"), ("sc_other", "{session}")])
def test_6_without_the_session_no_rule_answers(app: Flask, guard: Guard, cookie: tuple[str, str] | None) -> None:
    app.test_client_class = GuardedClient
    stranger = app.test_client()
    if cookie:
        name, value = (part.format(name=guard.cookie_name, session=guard.sessions.issue()) for part in cookie)
        stranger.set_cookie(name, value, domain="127.0.0.1")
    asked = list(addresses(app))
    assert ("GET", "/static/1") in asked
    assert {stranger.open(path, method=method).status_code for method, path in asked} == {401}


def test_6_a_stranger_learns_nothing_from_what_does_not_exist(app: Flask) -> None:
    app.test_client_class = GuardedClient
    stranger = app.test_client()
    answers = [stranger.get(path) for path in ("/documents", "/no/such/page", "/healthz", "/static/../launcher.py")]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1
    assert AUTHORITY not in answers[0].text


def test_6_a_session_of_an_earlier_run_is_worth_nothing(target: RunningDesk) -> None:
    name, _, value = target.cookie.partition("=")
    for cookie in (f"{name}={value[:-1]}", f"{name}={value}x", f"{name}=", f"x{name}={value}", ""):
        given = [("Cookie", cookie)] if cookie else []
        answer = target.ask("GET", "/static/tokens.css", given, session=False)
        assert answer.status == 401
        assert "z\u00a0jeho ikony" in answer.text
        assert "set-cookie" not in answer.headers
