"""The lease: two copies of one desk cannot both bring something under one name."""

from dataclasses import replace

from flask.testing import FlaskClient

from endpoint.application import Endpoint
from localapp.domain.sync.operations import Outcome
from tests.endpoint.made_up import Desk

LEFT = {"N26": 50}


def copy_of(desk: Desk) -> Desk:
    """What a copied folder holds."""
    return replace(desk, numbers=list(desk.numbers))


def operations(endpoint: Endpoint) -> int:
    with endpoint.parts.database.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM operation").scalar() or 0)


def refusal(desk: Desk, *, renews: bool = True) -> tuple[int, str]:
    answer = desk.greet(LEFT, renews=renews)
    return answer.status_code, answer.get_json()["problem"]


def test_a_lease_takes_the_place_of_the_one_before(alena: Desk) -> None:
    before = alena.lease
    assert alena.greet(LEFT).status_code == 200
    assert alena.lease != before
    assert alena.greet(LEFT).status_code == 200


def test_the_second_of_two_copies_is_refused_before_anything_of_it_is_taken(endpoint: Endpoint, alena: Desk) -> None:
    clone = copy_of(alena)
    alena.hello()
    alena.push(alena.completion())
    assert refusal(clone) == (409, "installation_forked")
    assert refusal(clone, renews=False) == (409, "installation_forked")
    late = clone.ask("/v1/sync/push", {"operations": [clone.completion().text()]})
    assert late.get_json()["problem"] == "session_ended"
    assert operations(endpoint) == 1
    assert alena.push(alena.completion())[0].outcome is Outcome.ACCEPTED


def test_whichever_copy_brings_something_first_goes_on(alena: Desk) -> None:
    clone = copy_of(alena)
    clone.hello()
    clone.push(clone.completion())
    assert refusal(alena) == (409, "installation_forked")


def test_a_lost_answer_is_harmless(alena: Desk) -> None:
    before = alena.lease
    asked = replace(alena, lease_next="lost")
    assert asked.greet(LEFT).status_code == 200
    alena.lease_next = "lost"
    assert (alena.lease, alena.greet(LEFT).status_code) == (before, 200)
    assert alena.push(alena.completion())[0].outcome is Outcome.ACCEPTED


def test_an_answer_after_which_something_was_brought_was_not_lost(alena: Desk) -> None:
    """A backup that was made between the question and the answer, and restored."""
    alena.lease_next = "asked"
    restored = copy_of(alena)
    alena.greet(LEFT)
    alena.push(alena.completion())
    assert refusal(restored) == (409, "installation_forked")


def test_a_session_without_a_new_lease_only_reads(endpoint: Endpoint, alena: Desk) -> None:
    alena.greet(LEFT, renews=False)
    assert alena.pull().documents == ()
    refused = alena.ask("/v1/sync/push", {"operations": [alena.completion().text()]})
    assert (refused.status_code, refused.get_json()["problem"]) == (401, "session_ended")
    assert alena.ask("/v1/links", {"proof": "AAAA"}).get_json()["problem"] == "session_ended"
    assert operations(endpoint) == 0


def test_a_copy_that_only_looks_disturbs_nobody(alena: Desk) -> None:
    clone = copy_of(alena)
    assert clone.greet(LEFT, renews=False).status_code == 200
    assert alena.greet(LEFT).status_code == 200


def test_a_lease_is_never_given_up(alena: Desk) -> None:
    message = {"cursor": 0, "stream": "", "waiting": 0, "numbers": {}, "version": "1", "protocol": 1}
    answer = alena.ask("/v1/sync/hello", message | {"lease_previous": alena.lease, "lease_next": ""}, session="")
    assert (answer.status_code, answer.get_json()["facts"]) == (422, {"reason": "lease_next"})


def test_a_lease_is_the_installations_own(alena: Desk, borek: Desk, http: FlaskClient) -> None:
    borrowed = replace(borek, lease=alena.lease)
    assert refusal(borrowed) == (409, "installation_forked")
    fresh = Desk(http, advisor_code="dana")
    fresh.enrol()
    assert fresh.greet(LEFT).status_code == 200
