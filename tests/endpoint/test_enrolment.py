"""Enrolment: whose key it is, and what a repeat, a stranger and a correction get."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient
from sqlalchemy import select, update

from endpoint.application import Endpoint
from endpoint.store import schema
from localapp import clock
from tests.endpoint.made_up import OTHER_PARTNER, Desk


def test_the_first_installation_of_an_advisor_is_linked_by_its_enrolment(http: FlaskClient) -> None:
    enrolled = Desk(http).enrol()
    assert (enrolled["linked"], enrolled["known"]) == (True, False)
    assert len(base64.b64decode(enrolled["intake_key"])) == 32


def test_a_further_one_is_not_whatever_the_spelling_of_the_code(alena: Desk, http: FlaskClient) -> None:
    enrolled = Desk(http, advisor_code=" Ale na").enrol()
    assert (enrolled["linked"], enrolled["known"]) == (False, True)
    assert alena.hello().notices == ("installation_unlinked",)


def test_the_same_code_at_another_partner_is_another_advisor(alena: Desk, http: FlaskClient) -> None:
    enrolled = Desk(http, partner_number=OTHER_PARTNER, advisor_code=alena.advisor_code).enrol()
    assert (enrolled["linked"], enrolled["known"]) == (True, False)


def test_the_same_request_again_gives_the_same_answer(http: FlaskClient) -> None:
    desk = Desk(http)
    assert desk.enrol() == desk.enrol()


def test_another_key_for_a_known_installation_is_refused(alena: Desk, http: FlaskClient) -> None:
    thief = Desk(http, installation=alena.installation)
    answer = thief.ask("/v1/enrolments", thief.enrolment(), session="")
    assert (answer.status_code, answer.get_json()["problem"]) == (401, "signature_wrong")


def test_a_signature_of_another_key_is_refused(http: FlaskClient) -> None:
    desk = Desk(http)
    message = desk.enrolment()
    desk.key = Ed25519PrivateKey.generate()
    assert desk.ask("/v1/enrolments", message, session="").get_json()["problem"] == "signature_wrong"


def test_a_typing_error_can_be_corrected_until_the_first_session(alena: Desk, http: FlaskClient) -> None:
    desk = Desk(http, advisor_code="alena")
    assert desk.enrol()["linked"] is False
    desk.advisor_code = "alenka"
    assert desk.enrol()["linked"] is True
    desk.hello()
    desk.advisor_code = "alena"
    answer = desk.ask("/v1/enrolments", desk.enrolment(), session="")
    assert (answer.get_json()["problem"], answer.get_json()["facts"]) == (
        "user_data_invalid",
        {"field": "advisor_code"},
    )
    assert alena.pull().documents == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"partner_number": "900003"}, "partner_blocked"),
        ({"partner_number": "900999"}, "partner_unknown"),
        ({"public_key": "AAAA"}, "malformed"),
        ({"public_key": "…"}, "malformed"),
        ({"installation": "1"}, "signature_wrong"),
        ({"version": "\ud800"}, "malformed"),
        ({"advisor": []}, "malformed"),
        ({"advisor": {"first_name": "A"}}, "user_data_invalid"),
        ({"advisor": {"first_name": "A", "unknown": "x"}}, "user_data_invalid"),
    ],
)
def test_what_is_no_enrolment_is_refused(http: FlaskClient, change: dict[str, Any], code: str) -> None:
    desk = Desk(http)
    answer = desk.ask("/v1/enrolments", {**desk.enrolment(), **change}, session="")
    assert answer.get_json()["problem"] in {code, "malformed"}
    assert 400 <= answer.status_code < 500


def test_a_blocked_installation_is_heard_no_more(endpoint: Endpoint, alena: Desk) -> None:
    table = schema.installation
    with endpoint.parts.database.write() as connection:
        connection.execute(update(table).where(table.c.uuid == alena.installation).values(blocked_at=clock.stamp()))
    answer = alena.ask("/v1/sync/changes", {"cursor": 0, "stream": ""})
    assert (answer.status_code, answer.get_json()["problem"]) == (403, "installation_blocked")
    again = alena.ask("/v1/enrolments", alena.enrolment(), session="")
    assert again.get_json()["problem"] == "installation_blocked"


def test_every_enrolment_is_in_the_audit(endpoint: Endpoint, alena: Desk, impostor: Desk) -> None:
    with endpoint.parts.database.read() as connection:
        lines = connection.execute(select(schema.audit.c.event, schema.audit.c.subject)).all()
    assert [tuple(line) for line in lines] == [
        ("enrolled", alena.installation),
        ("enrolled_unlinked", impostor.installation),
    ]
