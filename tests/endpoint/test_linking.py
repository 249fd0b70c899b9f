"""Linking a further installation by a code of the linked one."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

from endpoint.application import Endpoint
from localapp import clock
from tests.endpoint.conftest import NOON
from tests.endpoint.made_up import Desk

PROOF, WRAPPED = bytes(range(32)), base64.b64encode(b"wrapped").decode()


def make_code(desk: Desk, proof: bytes = PROOF) -> dict[str, Any]:
    message = {"proof_hash": hashlib.sha256(proof).hexdigest(), "wrapped_key": WRAPPED}
    answer: dict[str, Any] = desk.ask("/v1/link-codes", message).get_json()
    return answer


def enter(desk: Desk, proof: bytes = PROOF) -> tuple[int, dict[str, Any]]:
    answer = desk.ask("/v1/links", {"proof": base64.b64encode(proof).decode()})
    return answer.status_code, answer.get_json()


def test_after_linking_an_installation_sees_what_came_before(alena: Desk, impostor: Desk) -> None:
    mine, its = alena.completion(), impostor.completion()
    alena.push(mine)
    impostor.push(its)
    assert [facts.document for facts in impostor.pull().documents] == [its.document]
    assert make_code(alena) == {"expires_at": "2026-11-25T11:10:00.000000+00:00", "minutes": 10}
    assert enter(impostor) == (200, {"linked": True, "wrapped_key": WRAPPED})
    found = {facts.document: facts.verified for facts in impostor.pull().documents}
    assert found == {mine.document: True, its.document: True}
    assert impostor.hello().linked
    assert alena.hello().notices == ()


def test_until_then_the_first_one_sees_it_as_not_verified(alena: Desk, impostor: Desk) -> None:
    impostor.push(impostor.completion())
    assert [facts.verified for facts in alena.pull().documents] == [False]


def test_a_lost_answer_is_given_again_but_the_code_serves_nobody_else(alena: Desk, impostor: Desk) -> None:
    make_code(alena)
    assert enter(impostor) == enter(impostor)
    third = Desk(alena.http)
    third.enrol()
    third.hello()
    assert enter(third)[1]["problem"] == "link_code_wrong"


def test_a_code_lives_ten_minutes(alena: Desk, impostor: Desk) -> None:
    make_code(alena)
    with clock.moved_to(NOON + timedelta(minutes=10)):
        assert enter(impostor)[1]["problem"] == "link_code_wrong"


def test_a_new_code_makes_the_earlier_one_worthless(alena: Desk, impostor: Desk) -> None:
    make_code(alena)
    make_code(alena, bytes(32))
    assert enter(impostor)[1]["problem"] == "link_code_wrong"
    with clock.moved_to(NOON + timedelta(seconds=1)):
        assert enter(impostor, bytes(32))[0] == 200


def test_an_unlinked_installation_gives_no_code(impostor: Desk) -> None:
    assert make_code(impostor)["problem"] == "not_linked"


def test_a_code_of_another_advisor_links_nobody(alena: Desk, borek: Desk, impostor: Desk) -> None:
    make_code(borek)
    assert enter(impostor)[1]["problem"] == "link_code_wrong"
    assert alena.hello().notices == ("installation_unlinked",)


def test_wrong_proofs_wait_longer_and_longer(alena: Desk, impostor: Desk) -> None:
    make_code(alena)
    waited, moment = [], NOON
    for _ in range(8):
        with clock.moved_to(moment):
            assert enter(impostor, b"wrong")[1]["problem"] == "link_code_wrong"
            status, refused = enter(impostor)
            assert (status, refused["problem"]) == (429, "link_code_wait")
        seconds = int(refused["facts"]["seconds"])
        waited.append(seconds)
        moment += timedelta(seconds=seconds)
    assert waited == [1, 2, 4, 8, 16, 32, 60, 60]


def test_the_wait_is_told_in_the_header_too(alena: Desk, impostor: Desk) -> None:
    make_code(alena)
    enter(impostor, b"wrong")
    answer = impostor.ask("/v1/links", {"proof": base64.b64encode(PROOF).decode()})
    assert answer.headers["Retry-After"] == "1"


def test_the_folder_holds_neither_code_nor_proof(endpoint: Endpoint, alena: Desk, impostor: Desk) -> None:
    make_code(alena)
    enter(impostor)
    for path in endpoint.parts.layout.folder.glob("endpoint.db*"):
        content = path.read_bytes()
        assert PROOF not in content
        assert base64.b64encode(PROOF) not in content
