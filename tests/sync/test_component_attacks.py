"""What an attacker can do between insurer and desk, and what the desk says. Each check is also taken away once.

The second half of the file is the proof that the first half tests something: with its check switched off an attack
gets through.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from tuf.api.metadata import Root, TargetFile, Targets
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet

from localapp.calculation.golden import GoldenReport
from localapp.domain.sync.messages import Refusal
from localapp.sync.component_report import Report
from localapp.sync.components import Components
from tests.sync.attacks import (
    Scene,
    endless,
    frozen,
    golden_differs,
    html_of_the_endpoint,
    longer,
    mix_and_match,
    older_list,
    other_content,
    other_role,
    renamed,
    revoked_key,
    truncated,
    wrong_clock,
    wrong_content,
    wrong_facts,
)
from tests.sync.component_insurer import (
    ALL,
    CALC,
    FORM,
    ILLUSTRATION,
    LIBRARY,
    NEXT_LIBRARY,
    NEXT_OFFER,
    OFFER,
    Insurer,
    Served,
    with_body,
)


@pytest.fixture
def scene(insurer: Insurer, served: Served, components: Components) -> Iterator[Scene]:
    assert components.update(served).is_verified
    with ExitStack() as around:
        yield Scene(insurer, served, components, around)


ATTACKS: dict[Callable[[Scene], None], str] = {
    wrong_content: "component_wrong_hash",
    longer: "component_wrong_hash",
    truncated: "component_wrong_hash",
    endless: "endpoint_not_recognized",
    older_list: "component_rollback",
    frozen: "components_expired",
    wrong_clock: "clock_wrong",
    other_role: "component_not_permitted",
    revoked_key: "component_unsigned",
    mix_and_match: "component_rollback",
    html_of_the_endpoint: "component_unsigned",
    other_content: "component_not_permitted",
    wrong_facts: "component_not_permitted",
    renamed: "component_unusable",
    golden_differs: "component_golden_failed",
}


def refusals(report: Report) -> list[Refusal]:
    found = [report.refusal, *(each.refusal for each in report.refused)]
    return [each for each in found if each is not None]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda each: str(each.__name__))
def test_an_attack_is_told_and_the_old_versions_stay_in_use(scene: Scene, attack: Callable[[Scene], None]) -> None:
    attack(scene)
    before = (dict(scene.components.active(CALC)), dict(scene.components.active(FORM)))
    report = scene.components.update(scene.served)
    assert [each.code for each in refusals(report)] == [ATTACKS[attack]]
    assert (scene.components.active(CALC), scene.components.active(FORM)) == before
    assert before[0] == {"flexi-demo": LIBRARY.version}
    assert scene.components.folder_of(CALC, "flexi-demo", "2026.1").is_dir()


def test_the_sentence_about_the_clock_says_by_how_much(scene: Scene) -> None:
    wrong_clock(scene)
    refusal = scene.components.update(scene.served).refusal
    assert refusal is not None
    assert refusal.facts == {"difference": "1000 d 0 h"}


def test_without_the_servers_word_a_wrong_clock_is_an_expired_signature(scene: Scene) -> None:
    wrong_clock(scene)
    scene.served.changes["/v1/"] = with_body(lambda _body: b"{}")
    refusal = scene.components.update(scene.served).refusal
    assert refusal is not None
    assert refusal.code == "components_expired"


def test_after_the_clock_is_set_right_the_same_update_goes_through(scene: Scene) -> None:
    wrong_clock(scene)
    scene.components.update(scene.served)
    scene.around.close()
    assert scene.components.update(scene.served).installed == (NEXT_OFFER,)


def test_root_and_calc_keys_may_be_replaced_together_and_the_first_root_still_leads_there(
    scene: Scene, insurer: Insurer
) -> None:
    for key in ("root-1", "root-2", "calc-1", "calc-2", "timestamp-1", "snapshot-1", "targets-1"):
        insurer.publisher.replace_key(key)
    insurer.publish(NEXT_LIBRARY)
    assert scene.components.update(scene.served).installed == (NEXT_LIBRARY,)
    fresh = Components(insurer.data_dir / "fresh", insurer.root)
    assert fresh.update(scene.served).installed == (LIBRARY, NEXT_LIBRARY, ILLUSTRATION, OFFER)


def test_a_desk_of_another_insurer_trusts_nothing_here(insurer: Insurer, served: Served) -> None:
    wrong = json.loads(insurer.root)
    wrong["signed"]["roles"]["timestamp"]["keyids"] = []
    components = Components(insurer.data_dir / "other", json.dumps(wrong).encode())
    assert [each.code for each in refusals(components.update(served))] == ["component_unsigned"]


def _believe(*_: object, **__: object) -> None:
    """A check that checks nothing."""


def _no_hash(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TargetFile, "verify_length_and_hashes", _believe)


def _no_signatures(patch: pytest.MonkeyPatch) -> None:
    for delegator in (Root, Targets):
        patch.setattr(delegator, "verify_delegate", _believe)


def _no_expiry(patch: pytest.MonkeyPatch) -> None:
    early = datetime(2026, 1, 1, tzinfo=UTC)
    patch.setattr(TrustedMetadataSet, "reference_time", property(lambda _: early, _believe), raising=False)


def _no_golden(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("localapp.calculation.acceptance.run_golden", lambda *_: GoldenReport(3, []))


def _no_identity(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("localapp.calculation.acceptance._refuse_other", _believe)


PLANTED: dict[Callable[[Scene], None], Callable[[pytest.MonkeyPatch], None]] = {
    wrong_content: _no_hash,
    frozen: _no_expiry,
    wrong_clock: _no_expiry,
    revoked_key: _no_signatures,
    golden_differs: _no_golden,
    renamed: _no_identity,
}


@pytest.mark.parametrize("attack", PLANTED, ids=lambda each: str(each.__name__))
def test_with_its_check_switched_off_the_attack_gets_through(
    scene: Scene, attack: Callable[[Scene], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    attack(scene)
    PLANTED[attack](monkeypatch)
    assert refusals(scene.components.update(scene.served)) == []


def test_only_the_memory_of_the_desk_stops_an_older_list(scene: Scene) -> None:
    older_list(scene)
    forgetful = Components(scene.insurer.data_dir / "forgetful", scene.insurer.root)
    assert forgetful.update(scene.served).installed == ALL
