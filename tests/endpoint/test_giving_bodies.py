"""Whole revisions come down to the linked installations of their advisor, byte for byte, and to nobody else."""

from dataclasses import replace
from typing import Any

import pytest

from endpoint import bodies
from endpoint.application import Endpoint
from localapp.domain.sync.bodies import MOST_BODIES, Bodies, ask_for, read_bodies
from localapp.domain.sync.operations import Envelope
from tests.endpoint.made_up import Desk, new_id


def given(desk: Desk, *want: tuple[str, int]) -> Bodies:
    answer = desk.ask("/v1/sync/bodies", ask_for(want))
    assert answer.status_code == 200, answer.text
    return read_bodies(answer.get_json())


def wanted(*envelopes: Envelope) -> list[tuple[str, int]]:
    return [(each.document, each.revision) for each in envelopes]


def test_a_revision_comes_back_as_it_was_acknowledged(alena: Desk) -> None:
    offer = alena.completion()
    (result,) = alena.push(offer)
    assert result.facts is not None
    (body,) = given(alena, (offer.document, 1)).bodies
    assert (body.envelope, body.backed_up_at) == (offer.text(), result.facts.backed_up_at)


def test_an_earlier_revision_can_be_had_too(alena: Desk) -> None:
    first = alena.completion()
    second = alena.next_revision(first)
    alena.push(first)
    alena.push(second)
    found = given(alena, *wanted(second, first))
    assert [each.envelope for each in found.bodies] == [second.text(), first.text()]


def test_what_was_refused_is_no_revision(alena: Desk) -> None:
    first = alena.completion()
    alena.push(first)
    alena.push(alena.next_revision(first))
    alena.push(alena.next_revision(first, revision=7))
    assert given(alena, (first.document, 7)).unknown == ((first.document, 7),)


def test_what_does_not_fit_is_named_and_comes_the_next_time(alena: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    offers = [alena.completion() for _ in range(3)]
    alena.push(*offers)
    size = len(offers[0].text().encode())
    monkeypatch.setattr(bodies, "MOST_BODY_BYTES", int(2.5 * size))
    found = given(alena, *wanted(*offers))
    assert [each.document for each in found.bodies] == [each.document for each in offers[:2]]
    assert found.left_out == tuple(wanted(offers[2]))
    assert [each.document for each in given(alena, *found.left_out).bodies] == [offers[2].document]


def test_one_larger_than_an_answer_comes_alone(alena: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    offers = [alena.completion() for _ in range(2)]
    alena.push(*offers)
    monkeypatch.setattr(bodies, "MOST_BODY_BYTES", 10)
    assert len(given(alena, *wanted(*offers)).bodies) == 1


def test_a_linked_further_installation_gets_what_the_first_has_sent(
    endpoint: Endpoint, alena: Desk, impostor: Desk
) -> None:
    offer = alena.completion()
    alena.push(offer)
    with endpoint.parts.database.write() as connection:
        connection.exec_driver_sql("UPDATE installation SET linked_at = enrolled_at")
    assert [each.envelope for each in given(impostor, (offer.document, 1)).bodies] == [offer.text()]


def test_an_unlinked_installation_gets_nothing_not_even_its_own(alena: Desk, impostor: Desk) -> None:
    hers, own = alena.completion(), impostor.completion()
    alena.push(hers)
    impostor.push(own)
    answer = impostor.ask("/v1/sync/bodies", ask_for(wanted(hers, own)))
    assert (answer.status_code, answer.get_json()["problem"]) == (403, "not_linked")
    assert hers.number not in answer.text


@pytest.mark.parametrize("somebody", ["borek", "cyril"])
def test_another_advisors_revision_is_told_from_none_by_nothing(
    alena: Desk, somebody: str, request: pytest.FixtureRequest
) -> None:
    other: Desk = request.getfixturevalue(somebody)
    offer = alena.completion()
    alena.push(offer)
    free = new_id()
    found = given(other, (offer.document, 1), (free, 1))
    assert found == Bodies((), (), ((offer.document, 1), (free, 1)))


@pytest.mark.parametrize(
    "message",
    [{}, {"want": 1}, {"want": [1]}, {"want": [["x"]]}, {"want": [["x", 1]]}, {"want": [[new_id(), "1"]]},
     {"want": [[new_id(), -1]]}, {"want": [[new_id(), True]]}, {"want": [[new_id(), 1]] * (MOST_BODIES + 1)}],
)  # fmt: skip
def test_a_question_of_another_shape_is_refused(alena: Desk, message: Any) -> None:  # noqa: ANN401 - anything
    answer = alena.ask("/v1/sync/bodies", message)
    assert (answer.status_code, answer.get_json()["problem"]) == (422, "malformed")


def test_a_body_is_given_in_a_session_only(alena: Desk) -> None:
    alena.session = "another"
    assert alena.ask("/v1/sync/bodies", ask_for([(new_id(), 1)])).status_code == 401


def test_asking_twice_in_one_question_gives_one(alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer, replace(alena.completion(), operation=new_id()))
    assert len(given(alena, *wanted(offer, offer)).bodies) == 1
