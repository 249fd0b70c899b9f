"""What must hold of the sealed files of signatures, which travel apart, and of documents whose time is over."""

from pathlib import Path

from tests.sim.invariants import holds
from tests.sim.seen import OnDesk, Row
from tests.sim.world import World


def what_looks_delivered_lies_at_the_insurer(world: World) -> None:
    """I3. A sealed file that my computer no longer offers lies at the insurer, byte for byte."""
    for name in world.desks:
        for row in world.on(name).files:
            if row["delivered_at"]:
                place = _at_insurer(world, row["digest"])
                same = place is not None and place.read_bytes() == row["content"]
                holds("I3", same, f"a file of {row['uuid']} on {name}")


def every_file_arrives(world: World) -> None:
    """I10. At rest no file of a signature that the insurer knows is still on its way."""
    held = set[str]()
    for name in world.desks:
        seen = world.on(name)
        held |= {row["digest"] for row in seen.files if _is_told(seen, row)}
        left = [row["digest"] for row in seen.files if _is_told(seen, row) and not row["delivered_at"]]
        holds("I10", not left, f"{name} keeps {left}")
    lacking = [row["digest"] for row in world.at_insurer().files if not row["received_at"] and row["digest"] in held]
    holds("I9", not lacking, f"the insurer waits for {lacking}, which lie there")


def may_leave(before: OnDesk, gone: dict[str, Row]) -> None:
    """I17. Only what the insurer has, and what nobody has to do anything about, leaves a computer by itself."""
    waiting, conflicts = {row["uuid"] for row in before.waiting}, {row["uuid"] for row in before.conflicts}
    for document, row in gone.items():
        holds("I17", document not in waiting, f"{document} was still to be told")
        holds("I17", document not in conflicts, f"{document} was in conflict")
        holds("I17", document not in before.working, f"{document} was being edited")
        is_over = row["exported_at"] or row["cancelled_at"]
        holds("I17", is_over and row["completed_at"], f"{document} was neither exported nor cancelled: {row}")


def _is_told(seen: OnDesk, file: Row) -> bool:
    """Whether the insurer has answered what the file belongs to: before that nobody asks for it."""
    told = [row for row in seen.operations_of(file["uuid"]) if row["kind"] == "signature"]
    return any(row["revision"] == file["revision"] and row["acknowledged_at"] for row in told)


def _at_insurer(world: World, digest: str) -> Path | None:
    return next(world.insurer.folder.glob(f"attachments/*/{digest}"), None)
