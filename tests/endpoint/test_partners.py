"""Verifying a partner number before activation."""

import pytest
from flask.testing import FlaskClient

from endpoint.application import Endpoint
from endpoint.partners import Partner, put
from localapp import clock
from localapp.contacts import contacts
from localapp.domain.sync.refusals import REFUSALS


def verify(http: FlaskClient, typed: object) -> tuple[int, dict[str, object]]:
    answer = http.post("/v1/partner-verifications", json={"partner_number": typed})
    return answer.status_code, answer.get_json()


def test_a_known_partner_is_told_by_name(http: FlaskClient) -> None:
    told = {"partner_number": "900001", "partner_name": "Středočeské finanční poradenství, s. r. o."}
    assert verify(http, " 900 001 ") == (200, told)


@pytest.mark.parametrize(
    ("typed", "code", "status"),
    [
        ("800001", "partner_number_invalid", 422),
        ("9000", "partner_number_invalid", 422),
        ("9abcde", "partner_number_invalid", 422),
        ("٩٠٠٠٠١", "partner_number_invalid", 422),
        ("900999", "partner_unknown", 404),
        ("900003", "partner_blocked", 403),
        ("", "malformed", 422),
        (900001, "malformed", 422),
        (None, "malformed", 422),
    ],
)
def test_each_refusal_has_its_sentence(http: FlaskClient, typed: object, code: str, status: int) -> None:
    found_status, found = verify(http, typed)
    assert (found_status, found["problem"]) == (status, code)
    facts = found["facts"]
    assert isinstance(facts, dict)
    assert found["cs"] == REFUSALS[code]["cs"].format(**facts, **contacts("cs"))


def test_a_partner_whose_cooperation_ended_activates_nobody(endpoint: Endpoint, http: FlaskClient) -> None:
    with endpoint.parts.database.write() as connection:
        put(connection, Partner("900002", "Moravská", ended_at=clock.stamp()))
    assert verify(http, "900002")[1]["problem"] == "partner_ended"
