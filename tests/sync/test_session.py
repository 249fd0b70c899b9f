"""Whatever an endpoint answers, what was completed leaves once, and what was not acknowledged waits."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from endpoint.application import Endpoint
from localapp import clock
from localapp.domain.lifecycle import State, state
from localapp.domain.sync.messages import Refusal
from localapp.sync.transport import Reply
from tests.store.made_up import change, complete, completed_offer
from tests.sync.answering import Change, Computer, as_it_is, html, raw, refuses, says, with_json

STRANGE: dict[str, Change] = {
    "a page of the hotel": html,
    "nothing": raw(b"", 204),
    "a cut body": lambda reply: Reply(reply.status, reply.headers, reply.body[: len(reply.body) // 2]),
    "garbage": raw(b"\x00garbage"),
    "a list": says([]),
    "null": says(None),
    "an empty object": says({}),
    "a failure": says({}, 500),
    "a redirect": raw(b"{}", 302),
}


def state_of(computer: Computer, document: str) -> State:
    record = computer.store.document(document)
    assert record is not None
    return state(record.facts)


def evaluated_offer(alena: Computer, endpoint: Endpoint) -> None:
    """An offer of which the next run has something to pull."""
    completed_offer(alena.store)
    alena.synchronize()
    endpoint.evaluate_waiting()


def taken_once(alena: Computer, document: str) -> None:
    """With a sound endpoint the next run delivers what waits, and nothing is left."""
    assert alena.synchronize().refusal is None
    assert state_of(alena, document) is State.BACKED_UP
    assert alena.store.outbox() == []
    assert alena.store.sync.runs(1)[0].refusal is None


@pytest.mark.parametrize("call", ["/hello", "/push", "/changes"])
@pytest.mark.parametrize("strange", STRANGE)
def test_a_broken_answer_ends_the_run_and_loses_nothing(
    alena: Computer, endpoint: Endpoint, call: str, strange: str
) -> None:
    evaluated_offer(alena, endpoint)
    document = completed_offer(alena.store)
    alena.line.answers(call, STRANGE[strange])
    refusal = alena.synchronize().refusal
    assert refusal is not None
    told = {"a failure": "endpoint_failed", "a page of the hotel": "network_login"}
    assert refusal.code == told.get(strange, "endpoint_not_recognized")
    assert alena.store.sync.runs(1)[0].refusal == refusal
    if call != "/changes":
        assert [each.document for each in alena.store.outbox()] == [document]
    taken_once(alena, document)


@pytest.mark.parametrize("code", ["signature_wrong", "installation_blocked", "malformed", "of_the_future"])
def test_a_refusal_is_told_and_nothing_is_lost(alena: Computer, code: str) -> None:
    document = completed_offer(alena.store)
    alena.line.answers("/push", refuses(code))
    refusal = alena.synchronize().refusal
    assert refusal is not None
    assert refusal.code == (code if code != "of_the_future" else "endpoint_failed")
    (waiting,) = alena.store.outbox()
    assert (waiting.tries, waiting.refusal) == (1, refusal)
    taken_once(alena, document)


def first_only(answer: Any) -> Any:  # noqa: ANN401 - JSON
    return {"results": answer["results"][:1]}


def of_others(answer: Any) -> Any:  # noqa: ANN401 - JSON
    return {"results": [each | {"operation": "0" * 36} for each in answer["results"]]}


def without_facts(answer: Any) -> Any:  # noqa: ANN401 - JSON
    return {"results": [each | {"facts": None} for each in answer["results"]]}


def crossed(answer: Any) -> Any:  # noqa: ANN401 - JSON
    one, other = answer["results"]
    return {"results": [one | {"facts": other["facts"]}, other | {"facts": one["facts"]}]}


@pytest.mark.parametrize(
    ("change_of", "settled"),
    [(first_only, 1), (of_others, 0), (without_facts, 0), (crossed, 0), (lambda _: {"results": []}, 0)],
)
def test_what_has_no_answer_of_its_own_waits_and_is_sent_again(alena: Computer, change_of: Any, settled: int) -> None:  # noqa: ANN401
    documents = [completed_offer(alena.store) for _ in range(2)]
    alena.line.answers("/push", with_json(change_of))
    report = alena.synchronize()
    assert (report.sent, report.refusal) == (settled, Refusal("endpoint_not_recognized", {}))
    assert len(alena.store.outbox()) == 2 - settled
    for document in documents:
        taken_once(alena, document)


def test_one_unreadable_result_does_not_hide_the_others(alena: Computer) -> None:
    for _ in range(2):
        completed_offer(alena.store)
    alena.line.answers("/push", with_json(lambda answer: {"results": [{"operation": 7}, answer["results"][1]]}))
    assert alena.synchronize().sent == 1


def test_more_results_than_were_asked_for_change_nothing_else(alena: Computer) -> None:
    first, late = completed_offer(alena.store), completed_offer(alena.store)
    ours = {each.document: each.id for each in alena.store.outbox()}

    def more(answer: Any) -> Any:  # noqa: ANN401 - JSON
        invented = {"operation": ours[late], "outcome": "conflict", "refusal": {"code": "cancelled", "facts": {}}}
        return {"results": [*answer["results"], *answer["results"], invented]}

    alena.line.answers("/push", with_json(more))
    assert alena.synchronize().refusal is None
    assert {state_of(alena, each) for each in (first, late)} == {State.BACKED_UP}


def test_a_result_of_what_was_never_sent_is_not_believed(alena: Computer) -> None:
    document = completed_offer(alena.store)
    (first,) = alena.store.outbox()
    alena.store.sync.freeze_batch(alena.enrolment, 1, 10**6)
    change(alena.store, document, "a", 1)
    complete(alena.store, document)
    second = next(each for each in alena.store.outbox() if each.id != first.id)

    def both(answer: Any) -> Any:  # noqa: ANN401 - JSON
        told = answer["results"]
        return {"results": [*told, told[0] | {"operation": second.id}]} if told[0]["operation"] == first.id else answer

    alena.line.answers("/push", with_json(both))
    assert alena.synchronize().sent == 2
    record = alena.store.document(document)
    assert record is not None
    assert (record.revision, state(record.facts)) == (2, State.BACKED_UP)


def test_a_session_that_ended_begins_again_by_itself_once(alena: Computer) -> None:
    document = completed_offer(alena.store)
    alena.line.answers("/push", refuses("session_ended", 401))
    assert alena.synchronize().refusal is None
    assert state_of(alena, document) is State.BACKED_UP


def test_a_session_that_ends_twice_is_told_and_nothing_is_lost(alena: Computer) -> None:
    document = completed_offer(alena.store)
    alena.line.answers("/push", refuses("session_ended", 401), refuses("session_ended", 401))
    assert alena.synchronize().refusal == Refusal("session_ended", {})
    taken_once(alena, document)


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_bytes(endpoint: Endpoint, alena: Computer) -> None:
    document = completed_offer(alena.store)
    alena.line.answers("/push", raw(b""))
    alena.synchronize()
    taken_once(alena, document)
    with endpoint.parts.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM operation").scalar() == 1


def test_a_stream_that_is_another_one_is_read_from_its_beginning(alena: Computer, endpoint: Endpoint) -> None:
    evaluated_offer(alena, endpoint)
    resync = {"documents": [], "next": 0, "more": False, "resync": True}
    alena.line.answers("/changes", with_json(lambda page: page | resync), as_it_is)
    report = alena.synchronize()
    assert (report.refusal, alena.line.asked.count("/v1/sync/changes") >= 2) == (None, True)
    assert alena.enrolment.cursor > 0


def test_a_feed_that_says_resync_for_ever_does_not_hold_the_desk_for_ever(alena: Computer, endpoint: Endpoint) -> None:
    evaluated_offer(alena, endpoint)
    resync = {"stream": "s", "documents": [], "next": 0, "more": False, "resync": True}
    alena.line.answers("/changes", *[says(resync)] * 1_000)
    assert alena.synchronize().refusal == Refusal("endpoint_not_recognized", {})


def test_a_page_that_does_not_move_on_does_not_hold_the_desk_for_ever(alena: Computer, endpoint: Endpoint) -> None:
    evaluated_offer(alena, endpoint)
    alena.line.answers("/changes", *[with_json(lambda page: page | {"next": 0, "more": True})] * 1_000)
    assert alena.synchronize().refusal == Refusal("endpoint_not_recognized", {})


def test_two_synchronizations_at_once_deliver_each_document_once(endpoint: Endpoint, alena: Computer) -> None:
    documents = [completed_offer(alena.store) for _ in range(6)]
    threads = [threading.Thread(target=alena.synchronize) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for document in documents:
        taken_once(alena, document)
    with endpoint.parts.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM document").scalar() == 6


def test_the_server_says_by_how_much_this_clock_is_wrong(alena: Computer) -> None:
    wrong = (clock.now() - timedelta(hours=2)).isoformat()
    alena.line.answers("/hello", with_json(lambda welcome: welcome | {"server_time": wrong}))
    alena.synchronize()
    assert timedelta(hours=2) <= alena.store.sync.notices().ahead < timedelta(hours=2, minutes=1)


def test_a_fault_of_the_program_ends_the_run_instead_of_letting_it_go_on_for_ever(
    alena: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    completed_offer(alena.store)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(alena.store.sync, "freeze_batch", broken)
    with pytest.raises(ZeroDivisionError):
        alena.synchronize()
    assert alena.store.sync.runs(1)[0].refusal == Refusal("synchronization_failed", {})


def test_what_this_desk_has_sent_itself_is_not_pulled_again(alena: Computer) -> None:
    completed_offer(alena.store)
    alena.synchronize()
    document = completed_offer(alena.store)
    alena.line.asked.clear()
    alena.synchronize()
    alena.synchronize()
    assert alena.line.asked == ["/v1/sync/hello", "/v1/sync/push", "/v1/sync/hello"]
    assert state_of(alena, document) is State.BACKED_UP


def test_what_came_meanwhile_is_pulled_after_a_push(alena: Computer, endpoint: Endpoint) -> None:
    first = completed_offer(alena.store)
    alena.synchronize()
    endpoint.evaluate_waiting()
    second = completed_offer(alena.store)
    alena.synchronize()
    assert (state_of(alena, first), state_of(alena, second)) == (State.RETURNED, State.BACKED_UP)
