import logging
import re

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import update

from localapp.domain.lifecycle import Action, State
from localapp.store import schema
from localapp.store.failures import NotPermitted, StoreFull, UnknownDocument
from localapp.web import failures
from localapp.web.desk import Desk

CANARY = "Kanárková 901231/0017"


@pytest.fixture
def failing(app: Flask, client: FlaskClient) -> FlaskClient:
    """The desk with pages that fail."""

    def broken() -> str:
        raise RuntimeError(CANARY)

    def handled_badly() -> str:
        raise LookupError(CANARY)

    def full() -> str:
        raise StoreFull(path="documents.db")

    def refused() -> str:
        raise NotPermitted(Action.EDIT, State.EXPORTED)

    def unknown() -> str:
        raise UnknownDocument("N26-000001")

    def gives_up(_: Exception) -> str:
        abort(409)

    app.register_error_handler(LookupError, gives_up)
    for view in (broken, handled_badly, full, refused, unknown):
        app.add_url_rule(f"/{view.__name__}", view_func=view)
    return client


def test_a_failure_says_that_data_are_safe_and_gives_a_code_for_support(failing: FlaskClient) -> None:
    answer = failing.get("/broken")
    assert answer.status_code == 500
    assert "Uložená data jsou v\u00a0pořádku" in answer.text
    assert re.search(r"SC-[2-9A-Z]{4}", answer.text)
    assert 'href="/documents"' in answer.text


def test_neither_page_nor_log_holds_what_the_failure_was_about(
    failing: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = failing.get("/broken")
    code = re.search(r"SC-[2-9A-Z]{4}", answer.text)
    assert code
    assert f"{code[0]} RuntimeError at " in caplog.text
    assert "broken" in caplog.text
    for text in (answer.text, caplog.text):
        assert "Kanárková" not in text
        assert "Traceback" not in text


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/full", 503, "není místo"),
        ("/refused", 409, "tlačítkem Kopírovat"),
        ("/unknown", 404, "N26-000001"),
        ("/handled_badly", 409, "už není možná"),
        ("/no/such/page", 404, "neexistuje"),
    ],
)
def test_a_failure_that_has_words_of_its_own_is_told_in_them(
    failing: FlaskClient, address: str, status: int, said: str
) -> None:
    answer = failing.get(address)
    assert answer.status_code == status
    assert said in answer.text


def test_codes_can_be_read_out_on_the_telephone() -> None:
    for code in {failures.new_code() for _ in range(200)}:
        assert re.fullmatch(r"SC-[2-9A-HJKMNP-Z]{4}", code)


def test_a_frame_that_cannot_be_drawn_does_not_hide_the_failure(
    failing: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_frame(*_: object, **__: object) -> str:
        raise OSError(CANARY)

    monkeypatch.setattr(failures, "render_template", no_frame)
    answer = failing.get("/broken")
    assert answer.status_code == 500
    assert re.search(r"SC-[2-9A-Z]{4}", answer.text)


def test_a_document_of_a_version_that_is_not_here_says_to_synchronize(desk: Desk, client: FlaskClient) -> None:
    address = str(client.post("/documents", data={"kind": "offer"}).location)
    with desk.store._database.write() as connection:
        connection.execute(update(schema.document).values(form_version="99"))
    page = client.get(address, follow_redirects=True)
    assert page.status_code == 409
    assert "flexi-offer\N{NO-BREAK SPACE}99" in page.text or "flexi-offer 99" in page.text
    assert "Spusťte synchronizaci" in page.text
    assert client.get("/documents").status_code == 200
