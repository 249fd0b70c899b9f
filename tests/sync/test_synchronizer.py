"""One synchronization at a time, told while it goes on; whatever fails, the next one can begin."""

import threading
from collections.abc import Callable

import pytest

from localapp.calculation.components import Component, ComponentKind
from localapp.domain.sync.messages import Refusal
from localapp.sync.component_report import Phase, Progress, Told
from localapp.sync.progress import Standing
from localapp.sync.synchronizer import Synchronizer
from localapp.sync.transport import Transport, TransportFailed
from tests.store.made_up import completed_offer
from tests.sync.answering import Computer

LIBRARY = Component(ComponentKind.CALCULATION, "flexi-demo", "2026.2")
GOLDEN = Refusal("component_golden_failed", {"component": "flexi-demo 2026.2"})
Update = Callable[[Transport, Told], Refusal | None]


def nothing_new(_: Transport, __: Told) -> Refusal | None:
    return None


def refused(_: Transport, tell: Told) -> Refusal | None:
    tell(Progress(LIBRARY, Phase.DOWNLOAD, 1, 2))
    tell(Progress(LIBRARY, Phase.REFUSED, refusal=GOLDEN))
    return GOLDEN


def of(alena: Computer, update: Update = nothing_new) -> Synchronizer:
    return Synchronizer(alena.store.sync, lambda: alena.line, update)


def test_documents_go_first_and_then_the_components(alena: Computer) -> None:
    completed_offer(alena.store)
    waiting: list[int] = []

    def update(_: Transport, __: Told) -> Refusal | None:
        waiting.append(len(alena.store.outbox()))
        return None

    standing = of(alena, update).run("by_hand")
    assert (standing.running, standing.phase, standing.sent, standing.refusal) == (False, "idle", 1, None)
    assert waiting == [0]


def test_a_second_synchronization_does_not_begin_while_one_goes_on(alena: Computer) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow(_: Transport, __: Told) -> Refusal | None:
        begun.set()
        may_end.wait(30)
        return None

    synchronizer = of(alena, slow)
    assert synchronizer.start("by_hand")
    assert begun.wait(30)
    assert not synchronizer.start("schedule")
    assert (synchronizer.standing().running, synchronizer.standing().phase) == (True, "components")
    runs = len(alena.store.sync.runs())
    waiting = threading.Thread(target=synchronizer.run, args=("by_hand",))
    waiting.start()
    may_end.set()
    waiting.join(30)
    synchronizer.wait(30)
    assert (synchronizer.standing().running, len(alena.store.sync.runs())) == (False, runs)


def test_what_is_asked_for_by_hand_while_one_goes_on_follows_it_once(alena: Computer) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow(_: Transport, __: Told) -> Refusal | None:
        begun.set()
        may_end.wait(30)
        return None

    synchronizer = of(alena, slow)
    before = len(alena.store.sync.runs())
    assert synchronizer.start("schedule")
    assert begun.wait(30)
    for _ in range(3):
        assert not synchronizer.start("by_hand")
    may_end.set()
    synchronizer.wait(30)
    latest, first, *_ = alena.store.sync.runs()
    assert (latest.cause, first.cause, len(alena.store.sync.runs())) == ("by_hand", "schedule", before + 2)
    assert not synchronizer.standing().running
    assert synchronizer.run("by_hand").refusal is None


def test_without_a_way_to_the_endpoint_the_run_is_noted_with_its_reason(alena: Computer) -> None:
    def nowhere() -> Transport:
        raise TransportFailed("endpoint_other", activated="https://a", asked="https://b")

    standing = Synchronizer(alena.store.sync, nowhere, nothing_new).run("start")
    (run, *_) = alena.store.sync.runs()
    assert (
        standing.refusal == run.refusal == Refusal("endpoint_other", {"activated": "https://a", "asked": "https://b"})
    )
    assert (run.cause, run.ended_at is None) == ("start", False)


def test_a_fault_is_told_and_the_next_one_can_begin(alena: Computer) -> None:
    def broken(_: Transport, __: Told) -> Refusal | None:
        raise ZeroDivisionError

    failing = of(alena, broken)
    assert failing.run("by_hand").refusal == Refusal("synchronization_failed", {})
    assert not failing.standing().running
    assert failing.start("by_hand")
    failing.wait(30)


def test_a_thread_that_cannot_be_had_holds_nothing_up(alena: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(_: threading.Thread) -> None:
        raise RuntimeError

    synchronizer = of(alena)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", none_left)
        assert not synchronizer.start("by_hand")
    assert synchronizer.standing().refusal == Refusal("synchronization_failed", {})
    assert synchronizer.run("by_hand").refusal is None


def test_a_component_that_was_not_taken_is_told_until_an_update_takes_all(alena: Computer) -> None:
    assert of(alena, refused).run("by_hand").refusal == GOLDEN
    assert alena.store.sync.notices().components == (GOLDEN,)
    of(alena).run("by_hand")
    assert alena.store.sync.notices().components == ()


def test_what_is_completed_while_one_goes_on_leaves_with_the_next_one_at_once(alena: Computer) -> None:
    ends: list[Standing] = []
    begun, may_end = threading.Event(), threading.Event()

    def slow(_: Transport, __: Told) -> Refusal | None:
        begun.set()
        may_end.wait(30)
        return None

    synchronizer = Synchronizer(alena.store.sync, lambda: alena.line, slow, ends.append)
    assert synchronizer.start("schedule")
    assert begun.wait(30)
    completed_offer(alena.store)
    assert not synchronizer.start("completion")
    may_end.set()
    synchronizer.wait(30)
    assert alena.store.outbox() == []
    assert alena.store.sync.runs()[0].cause == "completion"
    assert [(each.running, each.sent) for each in ends] == [(False, 1)]


@pytest.mark.parametrize("code", ["endpoint_unreachable", "endpoint_failed", "components_busy"])
def test_a_network_that_fails_says_nothing_of_the_components(alena: Computer, code: str) -> None:
    of(alena, refused).run("by_hand")
    of(alena, lambda _, __: Refusal(code, {})).run("by_hand")
    assert alena.store.sync.notices().components == (GOLDEN,)


def test_a_run_that_the_end_of_the_application_cut_short_is_told_as_that(alena: Computer) -> None:
    alena.store.sync.begin_run("by_hand")
    of(alena)
    (run, *_) = alena.store.sync.runs()
    assert run.refusal == Refusal("synchronization_interrupted", {})
