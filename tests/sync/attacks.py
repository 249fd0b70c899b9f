"""Attacks on the update of components: what a hostile server, mirror or clock does."""

import json
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

from tuf.api.metadata import TargetFile

from localapp import clock
from localapp.calculation.components import Component
from localapp.sync.components import Components
from localapp.sync.transport import Reply, TransportFailed
from tests.sync.component_insurer import (
    FORM,
    MARK,
    NEXT_LIBRARY,
    NEXT_OFFER,
    OFFER,
    Insurer,
    Served,
    archive,
    with_body,
    wrong_library,
)

YEARS = timedelta(days=1000)


@dataclass
class Scene:
    """A desk that has the first versions, and somebody on the way between it and the insurer."""

    insurer: Insurer
    served: Served
    components: Components
    around: ExitStack

    def next_offer(self, label: str = "Nabídka B") -> bytes:
        """A form that a desk would take, with a name of its own; as long as one with another letter."""
        folder = self.insurer.drafts / NEXT_OFFER.place
        text = ((folder if folder.exists() else self.insurer.draft(NEXT_OFFER)) / "form.json").read_text()
        content = text.replace("Nabídka FLEXI", label).encode()
        return archive(("form.json", content), method=zipfile.ZIP_STORED)


def wrong_content(scene: Scene) -> None:
    """The form that was signed is replaced by another of the same length."""
    signed, other = scene.next_offer("Nabídka B"), scene.next_offer("Nabídka C")
    assert len(other) == len(signed)
    scene.insurer.publish_unchecked(NEXT_OFFER, signed)
    scene.served.changes["/targets/forms/"] = lambda reply: Reply(200, reply.headers, other)


def longer(scene: Scene) -> None:
    """One byte more than was signed."""
    scene.insurer.publish(NEXT_OFFER)
    scene.served.changes["/targets/forms/"] = lambda reply: Reply(200, MARK, reply.body + b"x")


def truncated(scene: Scene) -> None:
    """The last byte is missing."""
    scene.insurer.publish(NEXT_OFFER)
    scene.served.changes["/targets/forms/"] = with_body(lambda body: body[:-1])


def endless(scene: Scene) -> None:
    """An answer without an end: the transport stops at its limit."""
    scene.insurer.publish(NEXT_OFFER)

    def never_ends(_reply: Reply) -> Reply:
        raise TransportFailed("endpoint_not_recognized")

    scene.served.changes["/targets/forms/"] = never_ends


def older_list(scene: Scene) -> None:
    """The timestamp of yesterday, which does not list the newest form."""
    yesterday = scene.insurer.metadata("timestamp.json").read_bytes()
    scene.insurer.publish(NEXT_OFFER)
    scene.components.update(scene.served)
    scene.insurer.metadata("timestamp.json").write_bytes(yesterday)


def frozen(scene: Scene) -> None:
    """The same timestamp for ever: the insurer's clock is that of the desk, so it is not the clock."""
    scene.insurer.publish(NEXT_OFFER)
    scene.around.enter_context(clock.moved_by(YEARS))


def wrong_clock(scene: Scene) -> None:
    """The desk's clock is years ahead of the insurer's."""
    scene.insurer.publish(NEXT_OFFER)
    right = clock.stamp()
    scene.around.enter_context(clock.moved_by(YEARS))
    scene.served.changes["/v1/"] = with_body(lambda _body: json.dumps({"server_time": right}).encode())


def other_role(scene: Scene) -> None:
    """The key for forms signs a calculation library."""
    with scene.insurer.repository.edit_targets("forms") as targets:
        packed = wrong_library(scene.insurer)
        target = TargetFile.from_data(NEXT_LIBRARY.target, packed, ["sha256"])
        target.unrecognized_fields["custom"] = {"kind": "calc", "name": "flexi-demo", "version": "2026.2"}
        targets.targets[target.path] = target
    scene.insurer.repository.make_visible()


def revoked_key(scene: Scene) -> None:
    """Somebody has one of the two calc keys after it was replaced, and everything that lies on the server."""
    old = scene.insurer.publisher.keys.signer("calc-1")
    scene.insurer.publisher.replace_key("calc-1")
    scene.components.update(scene.served)
    repository = scene.insurer.repository
    stolen = repository.open("calc")
    stolen.signed.version += 1
    stolen.signatures.clear()
    for signer in (old, scene.insurer.publisher.keys.signer("calc-2")):
        stolen.sign(signer, append=True)
    scene.insurer.metadata(f"{stolen.signed.version}.calc.json").write_bytes(stolen.to_bytes())
    repository.make_visible()


def mix_and_match(scene: Scene) -> None:
    """The new snapshot with the old list of forms under the new one's name."""
    old = scene.insurer.metadata(f"{scene.insurer.version('forms')}.forms.json").read_bytes()
    scene.insurer.publish(NEXT_OFFER)
    scene.insurer.metadata(f"{scene.insurer.version('forms')}.forms.json").write_bytes(old)


def html_of_the_endpoint(scene: Scene) -> None:
    """A page of the right server where metadata should be."""
    scene.served.changes["timestamp.json"] = with_body(lambda _body: b"<html>Maintenance</html>")


def other_content(scene: Scene) -> None:
    """A version that is in use is published once more with other formulas."""
    scene.insurer.publish_unchecked(OFFER, scene.next_offer())


def wrong_facts(scene: Scene) -> None:
    """A target that says of itself it is something else."""
    scene.insurer.publish(NEXT_OFFER)
    with scene.insurer.repository.edit_targets("forms") as targets:
        targets.targets[NEXT_OFFER.target].custom["version"] = "3"
    scene.insurer.repository.make_visible()


def renamed(scene: Scene) -> None:
    """An old form under a new version's name: the one inside counts."""
    scene.insurer.publish_unchecked(Component(FORM, "flexi-offer", "3"), scene.next_offer())


def golden_differs(scene: Scene) -> None:
    """A library that calculates differently here."""
    scene.insurer.publish_unchecked(NEXT_LIBRARY, wrong_library(scene.insurer))
