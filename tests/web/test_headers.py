import pytest
from flask.testing import FlaskClient

from localapp.web.headers import new_nonce, security_headers

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize("page", ["/", "/unlock", "/no/such/page", "/static/none.css", "/documents"])
def test_every_answer_carries_the_headers(client: FlaskClient, page: str) -> None:
    answer = client.get(page)
    assert EXPECTED.items() <= dict(answer.headers).items()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert not [name for name in answer.headers.keys() if name.lower().startswith("access-control-")]  # noqa: SIM118 - pairs


def test_no_inline_script_and_nothing_external_is_allowed() -> None:
    policy = security_headers("n")["Content-Security-Policy"]
    for forbidden in ("unsafe", "http:", "https:", "*", "blob:"):
        assert forbidden not in policy
    assert "require-trusted-types-for 'script'" in policy


def test_every_answer_has_a_nonce_of_its_own() -> None:
    assert new_nonce() != new_nonce()


def test_the_nonce_of_a_page_is_the_one_its_header_names(locked_client: FlaskClient) -> None:
    first, second = (locked_client.get("/unlock/choose").headers["Content-Security-Policy"] for _ in range(2))
    assert first != second


def test_a_static_file_may_be_kept_but_is_asked_about_each_time(client: FlaskClient) -> None:
    first = client.get("/static/tokens.css")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get("/static/tokens.css", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["X-Content-Type-Options"] == "nosniff"


def test_only_pages_of_the_desk_let_the_browser_name_our_own_origin(locked_client: FlaskClient) -> None:
    # Under no-referrer Chromium sends "Origin: null" with a plain form, and the guard would refuse it.
    assert locked_client.get("/unlock/choose").headers["Referrer-Policy"] == "same-origin"
    assert locked_client.get("/static/tokens.css").headers["Referrer-Policy"] == "no-referrer"
