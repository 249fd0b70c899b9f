"""Signed requests: whose they are, and what a captured one is worth."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient

from endpoint.application import Endpoint
from endpoint.partners import Partner, put
from localapp import clock
from localapp.domain.sync.operations import Outcome
from localapp.domain.sync.signing import INSTALLATION_HEADER, SESSION_HEADER, SIGNATURE_HEADER
from tests.endpoint.made_up import Desk, new_id

CHANGES, ASKED = "/v1/sync/changes", {"cursor": 0, "stream": ""}


def problem(desk: Desk, **more: str) -> tuple[int, str]:
    answer = desk.ask(CHANGES, ASKED, **more)
    return answer.status_code, answer.get_json()["problem"]


def test_an_unknown_installation_is_told_so(http: FlaskClient) -> None:
    assert problem(Desk(http, session="x")) == (401, "installation_unknown")


@pytest.mark.parametrize("signature", ["", "AAAA", "…", base64.b64encode(bytes(64)).decode()])
def test_a_wrong_signature_is_refused(alena: Desk, signature: str) -> None:
    assert problem(alena, **{SIGNATURE_HEADER: signature}) == (401, "signature_wrong")


def test_another_key_does_not_speak_for_alena(alena: Desk) -> None:
    alena.key = Ed25519PrivateKey.generate()
    assert problem(alena) == (401, "signature_wrong")


def test_a_request_of_an_earlier_session_is_refused(alena: Desk) -> None:
    before = alena.session
    alena.hello()
    assert problem(alena, session=before) == (401, "session_ended")
    assert problem(alena, session="") == (401, "session_ended")


def test_before_the_first_hello_there_is_no_session(http: FlaskClient) -> None:
    desk = Desk(http)
    desk.enrol()
    assert problem(desk) == (401, "session_ended")


def test_a_signature_holds_for_its_own_address_only(alena: Desk) -> None:
    signed = alena.ask(CHANGES, ASKED)
    headers = {name: signed.request.headers[name] for name in (INSTALLATION_HEADER, SESSION_HEADER, SIGNATURE_HEADER)}
    elsewhere = alena.http.post("/v1/sync/push", json=ASKED, headers=headers)
    assert elsewhere.get_json()["problem"] == "signature_wrong"


def test_a_blocked_partner_stops_its_advisors_at_once(endpoint: Endpoint, alena: Desk, cyril: Desk) -> None:
    with endpoint.parts.database.write() as connection:
        put(connection, Partner("900001", "Středočeské", blocked_at=clock.stamp()))
    assert problem(alena) == (403, "partner_blocked")
    assert cyril.pull().documents == ()


def test_an_ended_partner_may_read_but_brings_nothing_new(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    with endpoint.parts.database.write() as connection:
        put(connection, Partner("900001", "Středočeské", ended_at=clock.stamp()))
    welcome = alena.hello()
    assert (welcome.partner_ended, welcome.numbers) == (True, ())
    late = alena.completion()
    (result,) = alena.push(late)
    assert result.outcome is Outcome.REJECTED
    assert result.refusal is not None
    assert result.refusal.code == "partner_ended"
    assert alena.push(late) == [result]
    assert [facts.document for facts in alena.pull().documents] == [offer.document]


def test_an_installation_that_was_never_enrolled_learns_nothing_of_others(http: FlaskClient, alena: Desk) -> None:
    stranger = Desk(http, installation=new_id(), session=alena.session)
    assert problem(stranger) == (401, "installation_unknown")
