"""What may be published, what may not, and that a refusal changes nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from endpoint.publishing import repository as repository_module
from endpoint.publishing.failures import PublishingRefused
from endpoint.publishing.publisher import Publisher, published_folders, seed
from localapp import paths
from localapp.calculation.archives import digests_of
from localapp.calculation.components import Component, ComponentKind
from localapp.calculation.seal import seal
from tests.endpoint.publishing.conftest import CALC, FORM, LIBRARY, OFFER, Draft


def listed(publisher: Publisher, role: str) -> list[str]:
    return sorted(publisher.repository.targets(role).targets)


def served(publisher: Publisher) -> dict[str, bytes]:
    folder = publisher.folder
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_seeding_publishes_everything_and_gives_the_first_root(data_dir: Path) -> None:
    root = seed(data_dir, paths.components())
    assert root == data_dir / "components" / "metadata" / "1.root.json"
    publisher = Publisher(data_dir)
    assert listed(publisher, "calc") == [LIBRARY.target]
    assert listed(publisher, "forms") == ["forms/flexi-illustration/1.zip", OFFER.target]
    assert listed(publisher, "app") == []


def test_seeding_again_changes_nothing(data_dir: Path) -> None:
    seed(data_dir, paths.components())
    before = served(Publisher(data_dir))
    seed(data_dir, paths.components())
    assert served(Publisher(data_dir)) == before


def test_a_seeding_that_ended_before_the_first_timestamp_is_begun_anew(data_dir: Path) -> None:
    seed(data_dir, paths.components())
    (data_dir / "components" / "metadata" / "timestamp.json").unlink()
    seed(data_dir, paths.components())
    assert listed(Publisher(data_dir), "calc") == [LIBRARY.target]


def test_private_keys_are_the_publishers_alone_and_lie_outside_the_repository(data_dir: Path) -> None:
    seed(data_dir, paths.components())
    keys = data_dir / "keys" / "components"
    assert {path.stat().st_mode & 0o777 for path in (keys.parent, keys)} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in keys.iterdir()} == {0o600}
    assert len(list(keys.iterdir())) == 11
    secrets = [path.read_bytes().splitlines()[1] for path in keys.iterdir()]
    for content in served(Publisher(data_dir)).values():
        assert b"PRIVATE" not in content
        assert not any(secret in content for secret in secrets)


def test_targets_are_stored_under_their_digest_and_say_what_they_are(publisher: Publisher, draft: Draft) -> None:
    publisher.publish(FORM, draft(OFFER))
    target = publisher.repository.targets("forms").targets[OFFER.target]
    assert target.custom == {"kind": "forms", "name": "flexi-offer", "version": "1"}
    stored = publisher.repository.targets_folder / "forms" / "flexi-offer" / f"{target.hashes['sha256']}.1.zip"
    assert stored.stat().st_size == target.length


def test_the_endpoint_keeps_what_it_published_unpacked(publisher: Publisher, draft: Draft, data_dir: Path) -> None:
    folder = draft(OFFER)
    publisher.publish(FORM, folder)
    kept = published_folders(data_dir).folder_of(FORM, "flexi-offer", "1")
    assert digests_of(kept) == digests_of(folder)
    shutil.rmtree(kept)
    assert not publisher.publish(FORM, folder).new
    assert digests_of(kept) == digests_of(folder)


def test_the_same_content_again_is_no_news_and_another_is_refused(publisher: Publisher, draft: Draft) -> None:
    folder = draft(OFFER)
    assert publisher.publish(FORM, folder).new
    before = served(publisher)
    assert not publisher.publish(FORM, folder).new
    form = folder / "form.json"
    form.write_text(form.read_text().replace("Nabídka FLEXI", "Nabídka"))
    with pytest.raises(PublishingRefused, match="another content"):
        publisher.publish(FORM, folder)
    assert served(publisher) == before


def test_a_path_that_is_not_the_roles_is_refused(publisher: Publisher) -> None:
    before = served(publisher)
    for role, path in (
        ("forms", "calc/evil/1.zip"),
        ("calc", "forms/x/1.zip"),
        ("app", "app/x"),
        ("calc", "calc/a/b/c"),
    ):
        with pytest.raises(PublishingRefused, match="may not sign"):
            publisher.repository.add(role, path, b"evil", {})
    assert served(publisher) == before


def _differs(folder: Path) -> None:
    cases = folder / "golden.jsonl"
    cases.write_text(cases.read_text().replace('"annual_gross":"5571.60"', '"annual_gross":"5571.61"', 1))
    seal(folder)


def _no_cases(folder: Path) -> None:
    (folder / "golden.jsonl").write_text("")
    seal(folder)


def _unsealed(folder: Path) -> None:
    (folder / "life.star").write_text("def life():\n    return 0\n")


def _no_formulas(folder: Path) -> None:
    (folder / "life.star").write_text("def life(:\n")
    seal(folder)


def _hidden_file(folder: Path) -> None:
    (folder / ".DS_Store").write_text("")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_differs, r"W001 differs at \.output\.lines\[0\]\.annual_gross; 1 of 2"),
        (_no_cases, "has no case"),
        (_unsealed, r"life\.star"),
        (_no_formulas, "parse|syntax|error"),
        (_hidden_file, "DS_Store"),
    ],
)
def test_a_library_that_a_desk_would_refuse_is_not_published(
    publisher: Publisher, draft: Draft, spoil: Callable[[Path], None], reason: str
) -> None:
    folder = draft(Component(CALC, "flexi-demo", "2026.2"))
    spoil(folder)
    before = served(publisher)
    with pytest.raises(PublishingRefused, match=f"2026.2.*({reason})"):
        publisher.publish(CALC, folder)
    assert served(publisher) == before


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"version": "3"}, "says it is flexi-offer 3"),
        ({"kind": "nonsense"}, "nonsense"),
        ({"calculation": {}}, "malformed|calculation|library"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_form_that_a_desk_would_refuse_is_not_published(
    publisher: Publisher, draft: Draft, changed: dict[str, object], reason: str
) -> None:
    folder = draft(Component(FORM, "flexi-offer", "2"), **changed)
    before = served(publisher)
    with pytest.raises(PublishingRefused, match=reason):
        publisher.publish(FORM, folder)
    assert served(publisher) == before


@pytest.mark.parametrize("place", ["Flexi/1", "flexi/v1", "flexi/1.0.0.0.0", "flexi/01"])
def test_a_folder_that_is_no_name_and_version_is_refused(publisher: Publisher, tmp_path: Path, place: str) -> None:
    folder = tmp_path / place
    folder.mkdir(parents=True)
    with pytest.raises(PublishingRefused, match=r"is no (name|version)"):
        publisher.publish(FORM, folder)


def test_a_role_lists_fewer_than_a_thousand_targets(
    publisher: Publisher, draft: Draft, monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    assert repository_module.MOST_TARGETS < 1000
    monkeypatch.setattr(repository_module, "MOST_TARGETS", 1)
    publisher.publish(FORM, draft(OFFER))
    with pytest.raises(PublishingRefused, match="limit is 1"):
        publisher.publish(FORM, draft(Component(FORM, "flexi-offer", "2")))
    assert [each.version for each in published_folders(data_dir).all(FORM)] == ["1"]


def test_withdrawing_marks_the_target_and_only_what_was_published_can_be_withdrawn(
    publisher: Publisher, draft: Draft
) -> None:
    publisher.publish(FORM, draft(OFFER))
    publisher.withdraw(OFFER.target)
    assert publisher.repository.targets("forms").targets[OFFER.target].custom["withdrawn"] is True
    for target in ("forms/flexi-offer/2.zip", "calc/flexi-offer/1.zip", "nonsense"):
        with pytest.raises(PublishingRefused):
            publisher.withdraw(target)


def test_all_kinds_have_a_role_of_their_own() -> None:
    assert {kind: kind.role for kind in ComponentKind} == {CALC: "calc", FORM: "forms"}
