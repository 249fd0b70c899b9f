"""Two more mistakes, beside the ten of the protocol: with the sealed files of signatures, and with what leaves."""

import pytest

from localapp.domain import retention
from localapp.store.attachment_store import AttachmentStore, WaitingFile
from localapp.sync import attaching
from localapp.sync.conversation import Conversation
from tests.sim.checking import check
from tests.sim.files import may_leave
from tests.sim.machine import PAUSES
from tests.sim.planted import Planted, sent
from tests.sim.world import World


def a_signature_is_delivered_with_its_files(world: World) -> None:
    document = sent(world)
    assert world.sign("alena", document, files=3)
    for _ in range(6):  # each run delivers a part only
        world.synchronize("alena")
        check(world)


def what_was_exported_under_an_edit_comes_to_its_end(world: World) -> None:
    document = sent(world)
    world.export(by_hand=True)
    world.type_in("alena", document)
    world.synchronize("alena")
    may_leave(*world.leave("alena"))
    world.now += PAUSES[-1]
    may_leave(*world.leave("alena"))
    check(world)


def a_begun_file_counts_as_delivered(patch: pytest.MonkeyPatch) -> None:
    """The first part of a file counts for the whole."""
    put = attaching._deliver

    def hasty(store: AttachmentStore, conversation: Conversation, file: WaitingFile, most: int) -> int:
        sent = put(store, conversation, file, min(most, 1))
        store.delivered(file.row)
        return sent

    patch.setattr(attaching, "_deliver", hasty)


def retention_asks_for_the_age_alone(patch: pytest.MonkeyPatch) -> None:
    """What somebody has to do something about leaves like everything else."""
    patch.setattr(retention, "_kept", lambda *_: None)


PLANTED_BESIDE = (
    Planted(a_begun_file_counts_as_delivered, a_signature_is_delivered_with_its_files, "I3"),
    Planted(retention_asks_for_the_age_alone, what_was_exported_under_an_edit_comes_to_its_end, "I17"),
)
