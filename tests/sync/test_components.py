"""The life of components on a desk: first fetch, nothing to do, side by side, withdrawal, repair, off-line."""

from datetime import timedelta
from pathlib import Path

import pytest

from localapp import clock
from localapp.calculation.failures import ComponentRefused
from localapp.domain.canonical import Pinned
from localapp.sync.component_report import Outcome, Phase, Progress
from localapp.sync.component_store import POINTER
from localapp.sync.components import Components
from localapp.sync.transport import Reply
from localapp.web.calculations import Calculations
from tests.sync.component_insurer import (
    ALL,
    CALC,
    FORM,
    LIBRARY,
    NEXT_LIBRARY,
    NEXT_OFFER,
    OFFER,
    Insurer,
    Served,
    wrong_library,
)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_first_update_fetches_checks_and_activates_everything(components: Components, served: Served) -> None:
    told: list[Progress] = []
    report = components.update(served, told.append)
    assert report.is_verified
    assert report.installed == ALL
    assert components.active(CALC) == {"flexi-demo": "2026.1"}
    assert components.active(FORM) == {"flexi-illustration": "1", "flexi-offer": "1"}
    assert components.state.installed[LIBRARY].golden == 72
    library = [(each.phase, each.done, each.total) for each in told if each.component == LIBRARY]
    size = library[0][2]
    assert library[:3] == [(Phase.DOWNLOAD, 0, size), (Phase.DOWNLOAD, size, size), (Phase.CHECK, 0, 0)]
    assert library[3:-1] == [(Phase.GOLDEN, done, 72) for done in range(73)]
    assert library[-1] == (Phase.READY, 0, 0)


def test_what_is_installed_is_byte_for_byte_what_was_published(
    components: Components, served: Served, insurer: Insurer
) -> None:
    components.update(served)
    for component in ALL:
        installed = components.folder_of(component.kind, component.name, component.version)
        assert files_of(installed) == files_of(insurer.data_dir / "versions" / component.place)


def test_nothing_to_do_costs_two_requests_and_writes_nothing(
    components: Components, served: Served, desk_folder: Path
) -> None:
    components.update(served)
    before = {path: path.stat().st_mtime_ns for path in desk_folder.rglob("*") if path.is_file()}
    served.asked.clear()
    report = components.update(served)
    assert [each.outcome for each in report.components] == [Outcome.PRESENT] * 3
    assert served.asked == ["/components/metadata/2.root.json", "/components/metadata/timestamp.json"]
    assert {path: path.stat().st_mtime_ns for path in desk_folder.rglob("*") if path.is_file()} == before


def test_a_new_version_comes_side_by_side_and_only_it_is_fetched(
    components: Components, served: Served, insurer: Insurer
) -> None:
    components.update(served)
    old = files_of(components.folder_of(CALC, "flexi-demo", "2026.1"))
    insurer.publish(NEXT_LIBRARY)
    served.asked.clear()
    report = components.update(served)
    assert report.installed == (NEXT_LIBRARY,)
    assert components.active(CALC) == {"flexi-demo": "2026.2"}
    assert files_of(components.folder_of(CALC, "flexi-demo", "2026.1")) == old
    assert [each for each in served.asked if "/targets/" in each] == [
        f"/components/targets/calc/flexi-demo/{insurer.stored(NEXT_LIBRARY).name}"
    ]


def test_versions_are_ordered_by_number_not_by_letter(components: Components, served: Served, insurer: Insurer) -> None:
    for version in ("10", "9"):
        insurer.publish(type(OFFER)(FORM, "flexi-offer", version))
    components.update(served)
    assert components.active(FORM) == {"flexi-illustration": "1", "flexi-offer": "10"}


def test_a_withdrawn_version_leaves_new_documents_and_stays_for_old_ones(
    components: Components, served: Served, insurer: Insurer
) -> None:
    insurer.publish(NEXT_OFFER)
    components.update(served)
    insurer.publisher.withdraw(NEXT_OFFER.target)
    report = components.update(served)
    assert [each.outcome for each in report.components if each.component == NEXT_OFFER] == [Outcome.WITHDRAWN]
    assert components.active(FORM) == {"flexi-illustration": "1", "flexi-offer": "1"}
    assert components.folder_of(FORM, "flexi-offer", "2").is_dir()


def test_a_fresh_desk_fetches_a_withdrawn_version_only_for_its_documents(
    components: Components, served: Served, insurer: Insurer
) -> None:
    insurer.publish(NEXT_OFFER)
    insurer.publisher.withdraw(NEXT_OFFER.target)
    assert components.update(served).installed == ALL
    assert components.update(served, pinned=[NEXT_OFFER]).installed == (NEXT_OFFER,)
    assert components.active(FORM) == {"flexi-illustration": "1", "flexi-offer": "1"}


def test_a_document_keeps_its_versions_and_a_new_one_takes_the_active_while_the_desk_runs(
    components: Components, served: Served, insurer: Insurer
) -> None:
    components.update(served)
    calculations = Calculations(components)
    opened = calculations.assessor(Pinned("flexi-offer", "1"), Pinned("flexi-demo", "2026.1"))
    for component in (NEXT_LIBRARY, NEXT_OFFER):
        insurer.publish(component)
    components.update(served)
    form = calculations.forms.newest("offer")
    assert form.pinned == Pinned("flexi-offer", "2")
    assert calculations.calculator_for(form).library.version == "2026.2"
    again = calculations.assessor(Pinned("flexi-offer", "1"), Pinned("flexi-demo", "2026.1"))
    assert (again.form, again.calculator) == (opened.form, opened.calculator)
    calculations.close()


def test_a_form_whose_library_is_not_here_waits_and_the_old_form_is_used(
    components: Components, served: Served, insurer: Insurer
) -> None:
    draft = insurer.draft(NEXT_OFFER)
    text = (draft / "form.json").read_text()
    (draft / "form.json").write_text(text.replace('"version": "2026.1"', '"version": "2026.2"'))
    insurer.publisher.publish(FORM, draft)
    components.update(served)
    calculations = Calculations(components)
    assert components.active(FORM) == {"flexi-illustration": "1", "flexi-offer": "1"}
    assert calculations.forms.newest("offer").pinned.version == "1"
    insurer.publish(NEXT_LIBRARY)
    components.update(served)
    assert calculations.forms.newest("offer").pinned.version == "2"
    insurer.publisher.withdraw(NEXT_LIBRARY.target)
    components.update(served)
    assert calculations.forms.newest("offer").pinned.version == "1"
    calculations.close()


def test_a_golden_case_that_fails_here_keeps_the_old_library_and_says_which(
    components: Components, served: Served, insurer: Insurer
) -> None:
    components.update(served)
    insurer.publish_unchecked(NEXT_LIBRARY, wrong_library(insurer))
    report = components.update(served)
    refused = {each.component: each.refusal for each in report.refused}[NEXT_LIBRARY]
    assert refused is not None
    assert refused.code == "component_golden_failed"
    assert refused.facts == {
        "component": "flexi-demo 2026.2",
        "case": "W001",
        "place": ".output.lines[0].annual_gross",
        "passed": "2",
        "total": "3",
    }
    assert components.active(CALC) == {"flexi-demo": "2026.1"}
    assert components.state.refused[NEXT_LIBRARY].refusal == refused
    with pytest.raises(KeyError):
        components.folder_of(CALC, "flexi-demo", "2026.2")


def test_what_failed_here_is_told_again_and_fetched_again_only_when_asked_a_day_later_or_by_another_program(
    components: Components, served: Served, insurer: Insurer, desk_folder: Path
) -> None:
    insurer.publish_unchecked(NEXT_LIBRARY, wrong_library(insurer))
    components.update(served)
    with clock.moved_by(timedelta(days=1)):
        insurer.publisher.refresh()
        served.ranges.clear()
        assert components.update(served).refused[0].component == NEXT_LIBRARY
        assert len(served.ranges) == 1
    later = Components(desk_folder, insurer.root, program="0.2.0")
    for desk, again, fetched in ((components, False, 0), (components, True, 1), (later, False, 1)):
        served.ranges.clear()
        report = desk.update(served, again=again)
        assert [each.component for each in report.refused] == [NEXT_LIBRARY]
        assert len(served.ranges) == fetched


def test_everything_works_off_line_with_what_is_installed(
    components: Components, served: Served, desk_folder: Path, insurer: Insurer
) -> None:
    components.update(served)
    later = Components(desk_folder, insurer.root)
    calculations = Calculations(later)
    form = calculations.forms.newest("offer")
    assessor = calculations.assessor(form.pinned, Pinned("flexi-demo", "2026.1"))
    assert assessor.form.definition.name == "flexi-offer"
    calculations.close()


def test_a_file_changed_on_the_desk_is_told_by_name_and_repaired_by_the_next_update(
    components: Components, served: Served
) -> None:
    components.update(served)
    folder = components.folder_of(CALC, "flexi-demo", "2026.1")
    right = files_of(folder)
    (folder / "life.star").write_text("def life():\n    return 0\n")
    with pytest.raises(ComponentRefused, match=r"flexi-demo/2026\.1/life\.star"):
        components.folder_of(CALC, "flexi-demo", "2026.1")
    assert components.update(served).installed == (LIBRARY,)
    assert files_of(components.folder_of(CALC, "flexi-demo", "2026.1")) == right


@pytest.mark.parametrize("damage", ["added", "missing", "link"])
def test_added_missing_and_linked_files_are_told(components: Components, served: Served, damage: str) -> None:
    components.update(served)
    folder = components.folder_of(FORM, "flexi-offer", "1")
    if damage == "added":
        (folder / "extra.json").write_text("{}")
    else:
        (folder / "form.json").rename(folder.parent / "moved.json")
    if damage == "link":
        (folder / "form.json").symlink_to(folder.parent / "moved.json")
    with pytest.raises(ComponentRefused):
        components.folder_of(FORM, "flexi-offer", "1")


def test_a_damaged_pointer_deletes_nothing_and_the_next_update_restores_it(
    components: Components, served: Served, desk_folder: Path, insurer: Insurer
) -> None:
    components.update(served)
    before = files_of(desk_folder / "calculations")
    (desk_folder / POINTER).write_text("{")
    again = Components(desk_folder, insurer.root)
    assert again.active(CALC) == {}
    assert files_of(desk_folder / "calculations") == before
    assert again.update(served).installed == ALL
    assert again.active(CALC) == {"flexi-demo": "2026.1"}


def test_leftovers_are_swept_and_downloads_that_can_go_on_are_kept(
    components: Components, served: Served, desk_folder: Path, insurer: Insurer
) -> None:
    components.update(served)
    for stray in ("staging/flexi-demo-2026.2", "calculations/flexi-demo/2026.9", "forms/other/1"):
        (desk_folder / stray).mkdir(parents=True)
    (desk_folder / "staging" / "half.part").write_bytes(b"half")
    Components(desk_folder, insurer.root)
    assert sorted(path.name for path in (desk_folder / "staging").iterdir()) == ["half.part"]
    assert [path.name for path in (desk_folder / "calculations" / "flexi-demo").iterdir()] == ["2026.1"]
    components.update(served)
    assert list((desk_folder / "staging").iterdir()) == []


def test_a_second_update_at_the_same_time_says_so_and_touches_nothing(
    components: Components, served: Served, desk_folder: Path, insurer: Insurer
) -> None:
    other = Components(desk_folder, insurer.root)
    inner = []

    def meanwhile(reply: Reply) -> Reply:
        inner.append(other.update(Served(insurer.served)))
        return reply

    served.changes["/targets/forms/"] = meanwhile
    assert components.update(served).installed == ALL
    told = [(report.refusal.code, report.components) for report in inner if report.refusal]
    assert told == [("components_busy", ())] * 2


def test_a_full_disk_is_told_and_leaves_the_old(
    components: Components, served: Served, insurer: Insurer, monkeypatch: pytest.MonkeyPatch
) -> None:
    components.update(served)
    insurer.publish(NEXT_OFFER)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("localapp.sync.component_download._append_piece", full)
    report = components.update(served)
    assert report.refusal is not None
    assert (report.refusal.code, dict(report.refusal.facts)) == (
        "components_not_stored",
        {"reason": "No space left on device"},
    )
    assert components.active(FORM) == {"flexi-illustration": "1", "flexi-offer": "1"}
