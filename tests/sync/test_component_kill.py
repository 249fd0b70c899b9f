"""The process ends at any moment of an update: the next start has the old versions or the new; one update mends all."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from localapp.calculation.archives import digests_of
from localapp.calculation.failures import ComponentRefused
from localapp.sync import component_download
from localapp.sync.component_report import Progress
from localapp.sync.components import Components
from tests.sync.component_insurer import CALC, FORM, LIBRARY, NEXT_LIBRARY, NEXT_OFFER, OFFER, Insurer, Served

STEPS = ["refreshed", *(["downloaded", "unpacked", "checked", "made way", "renamed", "switched"] * 2)]
KILLED = 9


class Ending:
    """Ends the process, as a kill does, at its n-th call; lists the names of the calls."""

    def __init__(self, at: int) -> None:
        self.at, self.names = at, list[str]()

    def __call__(self, name: str) -> None:
        if len(self.names) == self.at:
            os._exit(KILLED)
        self.names.append(name)


def killed(work: Callable[[], object]) -> int:
    """Do the work in a child process; its exit code."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def old_or_new(components: Components, insurer: Insurer) -> None:
    for kind, old, new in ((CALC, LIBRARY, NEXT_LIBRARY), (FORM, OFFER, NEXT_OFFER)):
        active = components.active(kind)[old.name]
        assert active in {old.version, new.version}
        assert digests_of(components.folder_of(kind, old.name, old.version))
        found = digests_of(components.folder_of(kind, old.name, active))
        assert found == digests_of(insurer.data_dir / "versions" / kind.value / old.name / active)


@pytest.fixture
def two_waiting(components: Components, served: Served, insurer: Insurer) -> None:
    components.update(served)
    insurer.publish(NEXT_LIBRARY)
    insurer.publish(NEXT_OFFER)


@pytest.mark.usefixtures("two_waiting")
def test_the_steps_are_those_that_the_kills_below_go_through(
    desk_folder: Path, insurer: Insurer, served: Served
) -> None:
    step = Ending(-1)
    Components(desk_folder, insurer.root, step=step).update(served)
    assert step.names == STEPS


@pytest.mark.usefixtures("two_waiting")
@pytest.mark.parametrize("at", range(len(STEPS)))
def test_killed_between_two_steps(desk_folder: Path, insurer: Insurer, served: Served, at: int) -> None:
    assert killed(lambda: Components(desk_folder, insurer.root, step=Ending(at)).update(served)) == KILLED
    again = Components(desk_folder, insurer.root)
    old_or_new(again, insurer)
    report = again.update(served)
    assert report.is_verified
    assert report.refused == ()
    assert again.active(CALC) == {"flexi-demo": "2026.2"}
    assert again.active(FORM) == {"flexi-illustration": "1", "flexi-offer": "2"}
    old_or_new(again, insurer)
    assert list((desk_folder / "staging").iterdir()) == []


@pytest.mark.usefixtures("two_waiting")
@pytest.mark.parametrize("at", [1, 4, 9])
def test_killed_in_the_midst_of_a_download_or_of_the_golden_cases(
    desk_folder: Path, insurer: Insurer, served: Served, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(component_download, "PIECE", 10_000)
    ending = Ending(at)

    def told(progress: Progress) -> None:
        ending(progress.phase)

    assert killed(lambda: Components(desk_folder, insurer.root).update(served, told)) == KILLED
    again = Components(desk_folder, insurer.root)
    assert again.active(CALC) == {"flexi-demo": "2026.1"}
    old_or_new(again, insurer)
    assert again.update(served).installed == (NEXT_LIBRARY, NEXT_OFFER)


@pytest.mark.parametrize("at", range(7))
def test_killed_while_a_damaged_version_is_repaired(
    desk_folder: Path, insurer: Insurer, served: Served, components: Components, at: int
) -> None:
    components.update(served)
    (components.folder_of(FORM, "flexi-offer", "1") / "form.json").write_text("{}")

    def repair(desk: Components) -> None:
        with contextlib.suppress(ComponentRefused):  # the desk notices the damage when it opens the form
            desk.folder_of(FORM, "flexi-offer", "1")
        desk.update(served)

    assert killed(lambda: repair(Components(desk_folder, insurer.root, step=Ending(at)))) == KILLED
    again = Components(desk_folder, insurer.root)
    repair(again)
    installed = again.folder_of(FORM, "flexi-offer", "1")
    assert digests_of(installed) == digests_of(insurer.data_dir / "versions" / OFFER.place)
