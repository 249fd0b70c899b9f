"""The faults end: everybody synchronizes, the insurer exports, and then nothing may be left open."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from localapp.store.lineage import ELSEWHERE
from tests.sim.checking import check
from tests.sim.files import every_file_arrives
from tests.sim.invariants import holds
from tests.sim.seen import Row
from tests.sim.world import World

_ROUNDS = 12
_A_DAY = timedelta(days=1)


def settle(world: World) -> None:
    """Heal everything and let a day pass; then check what must hold at rest. Raises ViolatedError."""
    for desk in world.desks.values():
        desk.is_full = False
    come_to_rest(world)
    world.now += _A_DAY
    come_to_rest(world)
    each_document_went_once_or_says_why_not(world)


def come_to_rest(world: World) -> None:
    """Everybody synchronizes until nothing is left to say, and what must hold then is checked. Raises ViolatedError."""
    world.evaluate()
    world.export(by_hand=False)
    while world.is_healing:  # one may have to wait for what another one brings
        before = len(world.healing)
        for name in world.desks:
            world.synchronize(name)
        holds("I10", len(world.healing) < before, f"{world.healing} cannot bring back what the insurer has lost")
    read_to: dict[str, int] = {}
    for name in (*world.desks, *world.desks):  # the first learns what the last has brought
        if read_to.get(name) != world.at_insurer().sequence:
            _drain(world, name)
            read_to[name] = world.at_insurer().sequence
    check(world)
    for invariant in AT_REST:
        invariant(world)


def _drain(world: World, name: str) -> None:
    """Synchronize until nothing waits and nothing new comes."""
    for _ in range(_ROUNDS):
        report = world.synchronize(name)
        assert report is not None
        holds("I10", report.refusal is None, f"{name} cannot synchronize: {report.refusal}")
        if not world.on(name).waiting and not report.sent and not report.received:
            return
    holds("I10", condition=False, what=f"{name} never comes to an end: {world.on(name).waiting}")


def nothing_waits(world: World) -> None:
    """I10. Everything that can be sent has been sent."""
    for name in world.desks:
        holds("I10", not world.on(name).waiting, f"{name}: {world.on(name).waiting}")


def both_sides_agree(world: World) -> None:
    """I9. A desk knows of each document what the insurer knows, of those on the advisor's other computers too."""
    for name, desk in world.desks.items():
        seen, identity = world.on(name), world.identity(name)
        told = {facts.document for facts, why_not in desk.store.sync.bodies.lacking() if why_not}
        for document, theirs in world.at_insurer().documents.items():
            mine = seen.documents.get(document)
            if theirs["identity"] != identity:
                holds("I18", mine is None and document not in seen.elsewhere, f"{desk.name} has {document}")
            else:
                if mine is None and (document in told or document in seen.let_go):
                    continue
                holds("I9", mine is not None and document not in seen.elsewhere, f"{document} is not on {name}")
                assert mine is not None
                _agree(name, mine, theirs)
                is_signed = (
                    mine["cancelled_at"]
                    or theirs["exported_at"]
                    or bool(mine["signed_at"]) == bool(theirs["signed_at"])
                )
                holds("I9", is_signed, f"{document} on {name} is signed on one side only")
                is_open = not (mine["cancelled_at"] or mine["returned_at"])  # those may show what never went
                same = mine["revision"] == theirs["revision"] or not is_open
                holds("I9", same, f"{document} on {name} shows {mine['revision']} of {theirs['revision']}")


def _agree(name: str, mine: Row, theirs: Row) -> None:
    same = {
        "backed_up_revision": "revision",
        "number": "number",
        "exported_at": "exported_at",
        "exported_revision": "exported_revision",
        "export_position": "position",
        "cancelled_at": "cancelled_at",
    }
    for here, there in same.items():
        known = (mine[here], theirs[there])
        holds("I9", known[0] == known[1] or _is_own_time(here, *known), f"{theirs['uuid']} on {name}: {here} {known}")


def _is_own_time(name: str, mine: object, theirs: object) -> bool:
    """When a cancellation was asked for and when it was taken in are two moments."""
    return name == "cancelled_at" and (mine is None) == (theirs is None)


def each_document_went_once_or_says_why_not(world: World) -> None:
    """I4, I19. Everything acknowledged is exported once, cancelled, or returned; and every file is whole."""
    insurer, lines = world.at_insurer(), world.insurer.lines()
    went = Counter(line["document"] for found in lines.values() for line in found)
    for document, row in insurer.documents.items():
        is_over = (row["cancelled_at"] or row["returned_at"]) is not None
        holds("I19", (went[document] == 1) is not is_over, f"{document}: {went[document]} lines, {row}")
    for run in insurer.runs:
        holds("I4", run["written_at"] and run["count"] == len(lines[run["key"]]), f"the file of {run['key']}")


def each_conflict_is_shown(world: World) -> None:
    """I8. Each change of mine that was not taken is shown to me, until something later takes its place."""
    insurer = world.at_insurer()
    for name, desk in world.desks.items():
        seen, listed = world.on(name), {each.document for each in desk.store.sync.conflicts()}
        shown = {each.id for each in desk.store.sync.refused()}
        for row in seen.outbox:
            theirs = insurer.outcomes.get(row["id"])
            is_mine = seen.revisions.get((row["uuid"], row["revision"]), {}).get("actor") != ELSEWHERE
            if not theirs or "accepted" in theirs or row["acknowledged_at"] or not is_mine:
                continue
            later = seen.operations_of(row["uuid"])[-1]["position"] > row["position"]
            holds("I8", row["id"] in shown or later or row["uuid"] in listed, f"{row['id']} on {name}")


AT_REST: tuple[Callable[[World], None], ...] = (
    nothing_waits,
    both_sides_agree,
    each_conflict_is_shown,
    every_file_arrives,
)
