"""What must hold after every step, each in the user's words. I1 to I20: research of synchronization, section 5.1."""

from localapp.store.lineage import ELSEWHERE
from tests.sim.seen import AtInsurer, OnDesk, Row
from tests.sim.world import World


class ViolatedError(AssertionError):
    """An invariant does not hold. Its name stands first, so that a planted bug can be told from another."""


def holds(name: str, condition: object, what: object) -> None:
    """Raise ViolatedError unless the condition is true."""
    if not condition:
        raise ViolatedError(f"{name}: {what}")


def what_i_typed_last_is_what_i_see(world: World) -> None:
    """I1. What I was told is saved is there, answers and health, until I change it myself."""
    for (name, document), words in world.saved.items():
        shown = world.on(name).shown.get(document)
        holds("I1", shown is not None, f"{document} is gone from {name}")
        assert shown is not None
        if world.on(name).is_from_elsewhere(document):  # a later word of mine, from another computer
            holds("I1", words in world.at_insurer().says(document), f"{document} on {name}: {words} is gone")
            continue
        holds("I1", (shown.answers, shown.health) == (words, words), f"{document} on {name}: {words} became {shown}")


def what_i_completed_stays_as_it_was(world: World) -> None:
    """I1, I3. A revision that I completed is kept on my computer as it was, for ever."""
    for (name, document, revision, digest), words in world.completed.items():
        desk, place = world.on(name), (document, revision, digest)
        holds("I1", place in desk.completed and desk.own_words(place) == words, f"{place} on {name}")


def what_i_completed_is_on_its_way_or_says_why_not(world: World) -> None:
    """I2. A completed revision is at the insurer, waits, was refused with its reason, or gave way to a later word."""
    insurer = world.at_insurer()
    for name, document, revision, _ in world.completed:
        desk = world.on(name)
        found = [row for row in desk.operations_of(document) if _is_completion_of(row, revision)]
        holds("I2", found, f"{document}/{revision} on {name} was never queued")
        for row in found:
            is_there = _is_accounted_for(desk, insurer, row) or _is_before_what_was_brought(world, row)
            holds("I2", is_there, f"{document}/{revision} on {name}: {dict(row)}")


def _is_before_what_was_brought(world: World, row: Row) -> bool:
    """A restored insurer that got a later revision from another computer does not ask for those before it."""
    theirs = world.at_insurer().documents.get(row["uuid"])
    return world.was_restored and theirs is not None and theirs["revision"] > row["revision"]


def _is_completion_of(row: Row, revision: int) -> bool:
    return (row["kind"], row["revision"]) == ("completion", revision)


def _is_accounted_for(desk: OnDesk, insurer: AtInsurer, row: Row) -> bool:
    document = row["uuid"]
    if row["acknowledged_at"]:
        return (document, row["revision"]) in insurer.revisions
    later = any(each["position"] > row["position"] for each in desk.operations_of(document))
    if row["refused_at"]:
        return row["id"] in desk.listed_refused or later
    if row["withdrawn_at"]:
        known, made_way = desk.documents[document], (document, row["revision"]) in desk.overtaken
        return bool(later or made_way or known["cancelled_at"] or known["exported_at"])
    return True


def the_screen_is_what_waits(world: World) -> None:
    """I2. What waits to leave is the newest that the screen shows as completed."""
    for name in world.desks:
        desk = world.on(name)
        fresh = [row for row in desk.waiting if row["kind"] == "completion" and not row["offered_again_at"]]
        newest = {row["uuid"]: row for row in fresh}
        for document, row in newest.items():
            known = desk.documents[document]
            is_shown = row["revision"] == known["revision"] or known["cancelled_at"]
            holds("I2", is_shown, f"{document} on {name} shows {known['revision']}, {row['revision']} waits")


def nothing_looks_sent_that_is_not(world: World) -> None:
    """I2. What the screen shows as completed, and nobody has confirmed, waits or says why it does not."""
    for name in world.desks:
        desk = world.on(name)
        for document, known in desk.documents.items():
            if known["revision"] is None or known["cancelled_at"] or known["exported_at"]:
                continue
            waits = any(row["uuid"] == document for row in desk.waiting)
            is_confirmed = (known["backed_up_revision"] or 0) >= known["revision"]
            holds("I2", waits or is_confirmed or known["returned_at"], f"{document} on {name} is a dark edit")


def what_is_shown_as_cancelled_is_cancelled(world: World) -> None:
    """I2, C2. A document is shown as cancelled when the insurer has it so, is being told, or never had it.

    A desk of an older state does not know what it has sent, until it has synchronized.
    """
    insurer = world.at_insurer()
    for name in world.desks.keys() - world.behind:
        desk = world.on(name)
        for document, known in desk.documents.items():
            if not known["cancelled_at"]:
                continue
            theirs = insurer.documents.get(document)
            is_told = any(row["uuid"] == document for row in desk.waiting)
            holds("C2", theirs is None or theirs["cancelled_at"] or is_told, f"{document} on {name}")


def what_was_acknowledged_stays_at_the_insurer(world: World) -> None:
    """I3. What the insurer has once confirmed it has for ever, byte for byte what was completed."""
    insurer = world.at_insurer()
    for name in world.desks:
        desk = world.on(name)
        for row in desk.outbox:
            if row["acknowledged_at"] and row["kind"] == "completion":
                theirs = insurer.revisions.get((row["uuid"], row["revision"]), {})
                place = row["uuid"], row["revision"]
                digest, received = theirs.get("digest", ""), desk.revisions.get(place, {})
                is_received = received.get("actor") == ELSEWHERE and received["digest"] == digest
                is_there = is_received or (*place, digest) in desk.completed
                holds("I3", is_there or _is_before_what_was_brought(world, row), f"{place} of {name}")


def nothing_is_exported_twice_or_cancelled(world: World) -> None:
    """I4, I13. A document stands in one line of all export files at most, and never when it was cancelled."""
    lines = [line["document"] for found in world.insurer.lines().values() for line in found]
    holds("I4", len(lines) == len(set(lines)), "a document stands in two lines")
    insurer = world.at_insurer()
    for document in {*lines, *insurer.items}:
        holds("I13", not insurer.documents[document]["cancelled_at"], f"{document} is exported and cancelled")


def what_was_exported_does_not_change(world: World) -> None:
    """I5. After the freeze a document has the revision that went, and the file says what that revision says."""
    insurer = world.at_insurer()
    for document, item in insurer.items.items():
        known = insurer.documents[document]
        revision = insurer.revisions[document, item["revision"]]
        same = (known["revision"], known["digest"]) == (item["revision"], revision["digest"])
        holds("I5", same and known["exported_at"], f"{document} changed after its export")
    for run in world.insurer.lines().values():
        for line in run:
            frozen = insurer.items.get(line["document"], {})
            holds("I5", frozen.get("revision") == line["revision"], f"a line of {line['document']}")
            same = line["digest"] == insurer.revisions[line["document"], line["revision"]]["digest"]
            holds("I5", same, f"the line of {line['document']} says something else")


def nobody_overwrites_what_he_has_not_seen(world: World) -> None:
    """I6. Each accepted revision was written over the one before it."""
    before: dict[str, int | None] = {}
    for (document, number), row in world.at_insurer().revisions.items():
        holds(
            "I6",
            row["base_revision"] == before.get(document),
            f"{document}/{number} is based on {row['base_revision']}",
        )
        before[document] = number


def both_sides_know_the_same_outcome(world: World) -> None:
    """I7. An operation has one outcome, and the desk was told that one."""
    outcomes = world.at_insurer().outcomes
    for name in world.desks:
        for row in world.on(name).outbox:
            theirs = outcomes.get(row["id"], set())
            if row["acknowledged_at"] and (theirs or not world.was_restored):  # another computer has brought it then
                holds("I7", "accepted" in theirs, f"{row['id']} is acknowledged, and {theirs}")
            if row["refused_at"] and theirs:
                holds("I7", theirs != {"accepted"}, f"{row['id']} looks refused and was accepted")


def what_was_signed_does_not_change(world: World) -> None:
    """I12. A signed document is neither edited nor cancelled afterwards."""
    insurer = world.at_insurer()
    for document, row in insurer.documents.items():
        if row["signed_at"]:
            later = [
                place for place, each in insurer.revisions.items() if place[0] == document and _is_after(each, row)
            ]
            holds("I12", not later and not row["cancelled_at"], f"{document} is signed, {later}, {row['cancelled_at']}")


def _is_after(revision: Row, document: Row) -> bool:
    return bool(revision["backed_up_at"] > document["signed_at"])


def what_was_refused_is_kept(world: World) -> None:
    """I8. What came too late is at the insurer all the same."""
    insurer = world.at_insurer()
    for row in insurer.operations:
        holds("I8", row["outcome"] != "conflict" or row["id"] in insurer.kept, f"{row['id']} is not kept")


def nobody_is_refused_for_his_own_change(world: World) -> None:
    """C9. A newer version refuses mine only when another computer made it."""
    insurer = world.at_insurer()
    for row in insurer.kept.values():
        if row["code"] == "stale":
            others = [
                place
                for place, each in insurer.revisions.items()
                if place[0] == row["document"]
                and (each["installation_id"] != row["installation_id"] or _was_received(world, place))
            ]
            holds("C9", others, f"{row['operation']} is stale to itself")


def _was_received(world: World, place: tuple[str, int]) -> bool:
    """Whether a desk has a revision from another: a restored insurer may have got it from the one that received it."""
    return any(world.on(name).revisions.get(place, {}).get("actor") == ELSEWHERE for name in world.desks)


def the_cursor_is_not_ahead(world: World) -> None:
    """I9. A desk never believes to know more than the insurer has said."""
    sequence = world.at_insurer().sequence
    for name in world.desks:
        holds("I9", world.on(name).enrolment["cursor"] <= sequence, f"{name} is ahead")


def a_locked_document_is_not_offered_for_editing(world: World) -> None:
    """I13. After a synchronization that ended well no exported document looks as if it could be edited."""
    for name in world.pulled:
        desk, insurer = world.on(name), world.at_insurer()
        for document, known in desk.documents.items():
            theirs = insurer.documents.get(document)
            if theirs is not None and theirs["exported_at"]:
                holds("I13", known["exported_at"], f"{document} on {name} is exported and looks open")


def too_late_is_told_as_a_conflict(world: World) -> None:
    """C1, I8. What I changed after the export stands beside what went, and is listed as a conflict."""
    for name in world.desks:
        desk, insurer = world.on(name), world.at_insurer()
        listed = {row["uuid"] for row in desk.conflicts}
        for document, known in desk.documents.items():
            if known["exported_at"] and document in insurer.items and not _is_on_its_way_here(desk, insurer, document):
                went = insurer.words(document, insurer.items[document]["revision"])
                is_other = desk.shown[document].answers != went
                holds("C1", not is_other or document in listed, f"{document} on {name} went otherwise, silently")


def _is_on_its_way_here(desk: OnDesk, insurer: AtInsurer, document: str) -> bool:
    """What went was made on another computer and has yet to come; I have changed nothing of what it was made over."""
    place = document, desk.documents[document]["revision"]
    shown = desk.revisions.get(place, {}).get("digest", "")
    is_theirs = insurer.revisions.get(place, {}).get("digest") == shown
    return document in desk.elsewhere and document not in desk.working and is_theirs


def a_refusal_says_where_the_document_stands(world: World) -> None:
    """I8, I13. Who is told that his change came too late sees at once that the document has gone."""
    for name in world.desks:
        desk = world.on(name)
        for row in desk.outbox:
            if row["refused_at"] and '"code":"exported"' in (row["last_refusal"] or ""):
                holds("I8", desk.documents[row["uuid"]]["exported_at"], f"{row['uuid']} on {name} still looks open")


def a_number_belongs_to_one_document(world: World) -> None:
    """I15. No two documents have the same number, wherever they were made.

    A desk that was copied gives numbers that its copy gives too, until either speaks to the insurer.
    """
    holders: dict[str, str] = {}
    desks = [] if world.is_copied else [world.on(name).documents for name in world.desks]
    everywhere = [world.at_insurer().documents, *desks]
    for documents in everywhere:
        for document, row in documents.items():
            if row["number"]:
                holds("I15", holders.setdefault(row["number"], document) == document, f"{row['number']} twice")


def nobody_learns_of_others_documents(world: World) -> None:
    """I18. No answer to one advisor holds anything of another's document."""
    insurer = world.at_insurer()
    answers, world.read = world.read, []
    for name, body in answers:
        mine = world.identity(name)
        for document, row in insurer.documents.items():
            if row["identity"] != mine:
                holds("I18", document.encode() not in body, f"{name} was told of {document}")
