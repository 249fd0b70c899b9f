"""The step of activation follows from what has been done, so that a reload or a crash goes on where it was."""

from itertools import product

import pytest

from localapp.domain.sync.activation import Activated, Step, next_step


@pytest.mark.parametrize(
    ("done", "step"),
    [
        (Activated(), Step.PARTNER),
        (Activated(verified=True), Step.USER),
        (Activated(confirmed=True), Step.FIRST_SYNCHRONIZATION),
        (Activated(verified=True, confirmed=True), Step.FIRST_SYNCHRONIZATION),
        (Activated(confirmed=True, components_ready=True), Step.DONE),
        (Activated(confirmed=True, components_ready=True, again=True), Step.PARTNER),
        (Activated(verified=True, confirmed=True, components_ready=True, again=True), Step.USER),
    ],
)
def test_each_step_follows_the_one_before(done: Activated, step: Step) -> None:
    assert next_step(done) is step


def test_the_application_opens_only_when_enrolled_and_with_its_components() -> None:
    for verified, confirmed, ready, again in product([False, True], repeat=4):
        step = next_step(Activated(verified, confirmed, ready, again))
        assert (step is Step.DONE) == (confirmed and ready and not again)
