import pytest

from localapp.web.guard import Asked, Guard

GUARD = Guard("127.0.0.1:7000", "sc_test")
SECRET = GUARD.sessions.issue()
OWN = "http://127.0.0.1:7000"


def asked(method: str = "GET", **given: str | None) -> Asked:
    """A request of our own page, with the given differences."""
    facts: dict[str, str | None] = {
        "target": "/documents",
        "host": "127.0.0.1:7000",
        "cookies": f"sc_test={SECRET}",
        **given,
    }
    return Asked(method, **facts)  # type: ignore[arg-type]  # the tests give None only where it may stand


def test_a_page_of_the_desk_passes() -> None:
    assert GUARD.decide(asked(fetch_site="same-origin", fetch_mode="navigate")).passed
    assert GUARD.decide(asked("POST", origin=OWN, fetch_site="same-origin")).passed


@pytest.mark.parametrize(
    "host",
    [None, "", "evil.example", "127.0.0.1", "127.0.0.1:7001", "127.0.0.1.:7000", "2130706433:7000", "a@127.0.0.1:7000",
     "localhost:7000", "127.0.0.1.nip.io:7000", "127.0.0.1:7000, evil.example", "127.0.0.1:07000"],
)  # fmt: skip
def test_any_other_host_is_misdirected(host: str | None) -> None:
    assert GUARD.decide(asked(host=host)).status == 421


@pytest.mark.parametrize("target", ["http://127.0.0.1:7000/documents", "*", "", "//etc/passwd", "documents"])
def test_only_a_path_of_ours_is_a_target(target: str) -> None:
    assert GUARD.decide(asked(target=target)).status == 400


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "CONNECT", "PROPFIND", ""])
def test_methods_that_the_desk_does_not_speak_are_refused(method: str) -> None:
    assert GUARD.decide(asked(method, origin=OWN)).status == 405


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:7001", "https://127.0.0.1:7000", ""]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_origin_is_refused_whatever_the_method(method: str, origin: str) -> None:
    assert GUARD.decide(asked(method, origin=origin)).code == "guard.origin"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "something-new"])
def test_other_sites_are_refused_even_when_they_share_the_host(site: str) -> None:
    assert GUARD.decide(asked(fetch_site=site, fetch_mode="navigate")).code == "guard.site"


def test_a_typed_address_may_be_read_but_nothing_else() -> None:
    assert GUARD.decide(asked(fetch_site="none", fetch_mode="navigate")).passed
    assert GUARD.decide(asked(fetch_site="none", fetch_mode="cors")).status == 403
    assert GUARD.decide(asked("POST", fetch_site="none", fetch_mode="navigate", origin=OWN)).status == 403


def test_a_change_has_to_prove_where_it_comes_from() -> None:
    assert GUARD.decide(asked("POST")).code == "guard.unproven"
    assert GUARD.decide(asked("POST", fetch_site="same-origin")).passed
    assert GUARD.decide(asked("POST", origin=OWN)).passed


@pytest.mark.parametrize(
    "cookies",
    [
        "",
        "sc_test=",
        "sc_test={part}",
        "sc_test={whole}t",
        "sc_other={whole}",
        "sc_test={whole}, x",
        "sc_test={swapped}",
    ],
)
def test_without_the_session_of_this_run_nothing_is_shown(cookies: str) -> None:
    given = cookies.format(whole=SECRET, part=SECRET[:-1], swapped=SECRET.swapcase())
    assert GUARD.decide(asked(cookies=given)).code == "guard.session"


def test_the_session_is_found_among_other_cookies() -> None:
    assert GUARD.decide(asked(cookies=f"theme=dark; sc_test={SECRET}; sc_test=planted; sc_old=x")).passed


def test_an_opening_address_may_be_followed_from_elsewhere_but_only_read_at_our_address() -> None:
    from_a_file = {"origin": "null", "fetch_site": "cross-site", "cookies": ""}
    assert GUARD.decide_opening(asked(**from_a_file)).passed
    assert GUARD.decide_opening(asked("POST", **from_a_file)).status == 405
    assert GUARD.decide_opening(asked("HEAD", **from_a_file)).status == 405
    assert GUARD.decide_opening(asked(host="evil.example", **from_a_file)).status == 421


def test_each_run_has_a_session_and_a_cookie_name_of_its_own() -> None:
    first, second = Guard("127.0.0.1:1"), Guard("127.0.0.1:1")
    value = first.sessions.issue()
    assert first.session_of(f"{first.cookie_name}={value}")
    assert not second.session_of(f"{second.cookie_name}={value}")
    assert first.cookie_name != second.cookie_name
    assert first.cookie(value).endswith("; Path=/; HttpOnly; SameSite=Strict")


def test_the_session_is_not_in_what_a_log_would_show_of_the_guard() -> None:
    assert SECRET not in repr(GUARD)
    assert SECRET not in repr(GUARD.session_of(f"sc_test={SECRET}"))
