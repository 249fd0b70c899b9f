"""A successor is proved by the old key, inherits what its ancestor had, and nothing of anybody else."""

import base64
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient

from endpoint.application import Endpoint
from localapp.domain.sync.operations import Outcome
from tests.endpoint.made_up import Desk, new_id

SUCCESSIONS = "/v1/successions"


def successor_of(desk: Desk) -> Desk:
    """What goes on in its place, not yet enrolled."""
    return replace(
        desk, installation=new_id(), key=Ed25519PrivateKey.generate(), numbers=list(desk.numbers), cursor=0, stream="",
        lease="", lease_next="",
    )  # fmt: skip


def message(successor: Desk) -> dict[str, Any]:
    key = base64.b64encode(successor.key.public_key().public_bytes_raw()).decode()
    return {"installation": successor.installation, "public_key": key}


def succeeded(desk: Desk) -> Desk:
    found = successor_of(desk)
    answer = desk.ask(SUCCESSIONS, message(found), session="")
    assert answer.status_code == 200, answer.text
    found.hello()
    return found


def test_it_inherits_advisor_partner_and_link(alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    found = successor_of(alena)
    answer = alena.ask(SUCCESSIONS, message(found), session="").get_json()
    assert (answer["linked"], answer["known"], answer["installation"]) == (True, True, found.installation)
    found.hello()
    assert [facts.document for facts in found.pull().documents] == [offer.document]


def test_the_same_question_gets_the_same_answer(endpoint: Endpoint, alena: Desk) -> None:
    found = successor_of(alena)
    first, second = (alena.ask(SUCCESSIONS, message(found), session="").get_json() for _ in range(2))
    assert first | {"server_time": ""} == second | {"server_time": ""}
    with endpoint.parts.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM installation").scalar() == 2


def test_only_the_old_key_proves_it(alena: Desk, borek: Desk) -> None:
    impostor = replace(alena, key=borek.key)
    answer = impostor.ask(SUCCESSIONS, message(successor_of(alena)), session="")
    assert (answer.status_code, answer.get_json()["problem"]) == (401, "signature_wrong")


def test_nobody_takes_an_id_that_is_anothers(alena: Desk, borek: Desk) -> None:
    taken = message(successor_of(alena)) | {"installation": borek.installation}
    assert alena.ask(SUCCESSIONS, taken, session="").get_json()["problem"] == "signature_wrong"
    found = succeeded(alena)
    other_key = message(successor_of(alena)) | {"installation": found.installation}
    assert alena.ask(SUCCESSIONS, other_key, session="").get_json()["problem"] == "signature_wrong"
    assert borek.ask(SUCCESSIONS, message(found), session="").get_json()["problem"] == "signature_wrong"


def test_an_operation_of_the_ancestor_gets_its_recorded_outcome(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    (before,) = alena.push(offer)
    (after,) = succeeded(alena).push(offer)
    assert after == before
    with endpoint.parts.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM operation").scalar() == 1


def test_other_bytes_under_an_ancestors_operation_are_refused(alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    found = succeeded(alena)
    other = found.completion(document=offer.document, number=offer.number)
    (result,) = found.push(replace(other, operation=offer.operation))
    assert result.refusal is not None
    assert result.refusal.code == "operation_reused"


def test_an_operation_frozen_under_the_ancestor_is_taken_from_the_successor(alena: Desk) -> None:
    waiting = alena.completion()
    (result,) = succeeded(alena).push(waiting)
    assert result.outcome is Outcome.ACCEPTED
    (again,) = alena_again(alena).push(waiting)
    assert again.outcome is Outcome.ACCEPTED
    assert again.facts == result.facts


def alena_again(alena: Desk) -> Desk:
    """The other copy, in a session of its own."""
    alena.hello()
    return alena


def test_another_advisors_frozen_operation_is_not_taken(alena: Desk, borek: Desk) -> None:
    (result,) = succeeded(alena).push(borek.completion())
    assert result.refusal is not None
    assert result.refusal.code == "malformed"


def test_the_successor_of_an_impostor_is_as_unlinked_as_he_was(alena: Desk, impostor: Desk) -> None:
    alena.push(alena.completion())
    his = impostor.completion()
    impostor.push(his)
    found = succeeded(impostor)
    assert [facts.document for facts in found.pull().documents] == [his.document]
    assert not found.hello().linked


def test_the_other_linked_computers_are_told(http: FlaskClient, alena: Desk, borek: Desk) -> None:
    second = Desk(http)
    second.enrol()
    second.hello()
    found = succeeded(alena)
    assert "installation_succeeded" in alena_again(alena).hello().notices
    assert "installation_succeeded" not in found.hello().notices
    assert "installation_succeeded" not in second.hello().notices  # it is not linked
    assert "installation_succeeded" not in borek.hello().notices


def test_a_successor_of_a_successor_knows_both(alena: Desk) -> None:
    first = alena.completion()
    alena.push(first)
    second = succeeded(alena)
    waiting = second.completion()
    third = succeeded(second)
    assert [result.outcome for result in third.push(first, waiting)] == [Outcome.ACCEPTED] * 2


def test_the_revision_that_is_there_already_is_accepted_and_changes_nothing(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    (before,) = alena.push(offer)
    (after,) = alena.push(replace(offer, operation=new_id()))
    assert (after.outcome, after.facts) == (Outcome.ACCEPTED, before.facts)
    with endpoint.parts.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM revision").scalar() == 1


def test_a_revision_that_only_looks_like_the_one_there_is_not(alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    (other,) = alena.push(replace(alena.completion(document=offer.document, number=offer.number)))
    assert other.refusal is not None
    assert other.refusal.code == "stale"
