"""Signatures: renewed in time, refused without keys, keys replaced, and what an interruption leaves is finished."""

from datetime import timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Root

from endpoint.publishing.failures import PublishingRefused
from endpoint.publishing.publisher import Publisher
from endpoint.publishing.repository import RULES
from localapp import clock
from tests.endpoint.publishing.conftest import FORM, OFFER, Draft


def versions(publisher: Publisher) -> dict[str, int]:
    return {role: publisher.repository.open(role).signed.version for role in RULES}


def all_hold(publisher: Publisher) -> bool:
    repository = publisher.repository
    return all(repository.is_signed(role) and not repository.expires_within(role, 0) for role in RULES)


def test_a_fresh_repository_is_wholly_signed_by_as_many_keys_as_its_rules_say(publisher: Publisher) -> None:
    assert all_hold(publisher)
    for role, rule in RULES.items():
        assert len(publisher.repository.open(role).signatures) == rule.keys >= rule.threshold


def test_refreshing_at_once_changes_nothing(publisher: Publisher) -> None:
    before = versions(publisher)
    assert publisher.refresh() == ()
    assert versions(publisher) == before


@pytest.mark.parametrize(
    ("days", "renewed"),
    [
        (0.5, {"timestamp"}),
        (8, {"timestamp", "snapshot"}),
        (300, {"timestamp", "snapshot", "root", "targets", "calc", "forms", "app"}),
        (4000, {"timestamp", "snapshot", "root", "targets", "calc", "forms", "app"}),
    ],
)
def test_each_role_is_renewed_before_its_end_and_also_long_after_it(
    publisher: Publisher, days: float, renewed: set[str]
) -> None:
    before = versions(publisher)
    with clock.moved_by(timedelta(days=days)):
        assert publisher.refresh() == ()
        assert all_hold(publisher)
    after = versions(publisher)
    assert {role for role in RULES if after[role] > before[role]} == renewed


def test_without_the_keys_of_a_role_the_others_are_renewed_and_it_is_named(
    publisher: Publisher, data_dir: Path
) -> None:
    for key in (data_dir / "keys" / "components").iterdir():
        if key.stem.rpartition("-")[0] in {"root", "calc"}:
            key.unlink()
    with clock.moved_by(timedelta(days=300)):
        publisher = Publisher(data_dir)
        assert publisher.refresh() == ("root", "calc")
        assert not publisher.repository.expires_within("timestamp", 0.9)
        assert not publisher.repository.expires_within("forms", 0.9)


def test_with_one_of_two_keys_nothing_is_published(publisher: Publisher, data_dir: Path, draft: Draft) -> None:
    (data_dir / "keys" / "components" / "forms-1.pem").unlink()
    before = versions(publisher)
    with pytest.raises(PublishingRefused, match="forms cannot be signed"):
        Publisher(data_dir).publish(FORM, draft(OFFER))
    assert versions(publisher) == before
    assert not (data_dir / "versions" / OFFER.place).exists()


def test_a_publication_that_ended_before_its_snapshot_is_finished_by_the_next_refresh(
    publisher: Publisher, draft: Draft, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed() -> None:
        raise Killed

    monkeypatch.setattr(publisher.repository, "make_visible", killed)
    with pytest.raises(Killed):
        publisher.publish(FORM, draft(OFFER))
    again = Publisher(data_dir)
    assert again.repository.open("snapshot").signed.meta["forms.json"].version == 1
    again.refresh()
    assert again.repository.open("snapshot").signed.meta["forms.json"].version == 2
    assert all_hold(again)


@pytest.mark.parametrize("role", sorted(RULES))
def test_a_key_of_any_role_can_be_replaced(publisher: Publisher, role: str) -> None:
    old = publisher.keys.signer(f"{role}-1").public_key.keyid
    fresh = publisher.replace_key(f"{role}-1")
    assert fresh == f"{role}-{RULES[role].keys + 1}"
    assert all_hold(publisher)
    signatures = publisher.repository.open(role).signatures
    assert publisher.keys.signer(fresh).public_key.keyid in signatures
    assert (old in signatures) == (role == "root")  # the old root key vouches for the new root once more
    first = Metadata[Root].from_bytes(publisher.first_root.read_bytes())
    current = publisher.repository.open("root")
    if current.signed.version == 2:
        first.signed.verify_delegate("root", current.signed_bytes, current.signatures)


def test_a_key_that_signs_for_nothing_cannot_be_replaced(publisher: Publisher, data_dir: Path) -> None:
    publisher.replace_key("calc-1")
    before = {path.name for path in (data_dir / "keys" / "components").iterdir()}
    for name in ("nonsense-1", "calc-9", "calc", "calc-1"):
        with pytest.raises(PublishingRefused):
            publisher.replace_key(name)
    assert {path.name for path in (data_dir / "keys" / "components").iterdir()} == before


def test_a_key_file_that_is_damaged_is_named(publisher: Publisher, data_dir: Path) -> None:
    assert publisher.repository.is_started
    (data_dir / "keys" / "components" / "calc-1.pem").write_text("nonsense")
    with pytest.raises(PublishingRefused, match=r"calc-1\.pem"):
        Publisher(data_dir)


def test_an_endpoint_that_publishes_nothing_has_nothing_to_renew(data_dir: Path) -> None:
    assert Publisher(data_dir).refresh() == ()
