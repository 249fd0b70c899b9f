"""The ten mistakes that a protocol of this kind makes, planted into the programs one at a time, and how each shows.

A script is a day on which the mistake does harm. On the programs as they are every invariant holds through it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import Connection, update

from endpoint.export import freeze
from endpoint.intake import push, records, rules, writing
from endpoint.store import schema as insurers
from localapp import clock
from localapp.domain.sync.operations import Outcome
from localapp.store import conflicting, envelopes, outbox, schema
from localapp.store.documents import StoredDocument
from localapp.store.edit import Edit
from localapp.store.store import Store
from tests.sim.checking import check
from tests.sim.line import Fault, Trouble
from tests.sim.world import World

HELLO, PUSH, CHANGES = 0, 1, 2
Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Planted:
    """A mistake, the day on which it does harm, and the invariant that finds it."""

    plant: Plant
    day: Callable[[World], None]
    found_by: str


def sent(world: World) -> str:
    """A completed offer that the insurer has and Alena knows of."""
    document = world.new("alena")
    assert document is not None
    assert world.complete("alena", document)
    assert world.synchronize("alena") is not None
    check(world)
    return document


# The days


def an_answer_is_lost_and_the_offer_edited_again(world: World) -> None:
    sent(world)  # a desk that has read nothing yet reads before it sends, and would know
    document = world.new("alena")
    assert document is not None
    world.complete("alena", document)
    world.synchronize("alena", Trouble(Fault.NO_ANSWER, PUSH))
    check(world)
    world.type_in("alena", document)
    world.complete("alena", document)
    check(world)
    world.synchronize("alena")
    check(world)


def an_offer_is_edited_after_its_export(world: World) -> None:
    document = sent(world)
    world.export(by_hand=True)
    world.type_in("alena", document)
    world.complete("alena", document)
    world.synchronize("alena", Trouble(Fault.HOTEL, CHANGES))
    check(world)
    world.synchronize("alena")
    check(world)


def an_offer_is_exported_while_somebody_types(world: World) -> None:
    document = sent(world)
    world.export(by_hand=True)
    world.type_in("alena", document)
    world.synchronize("alena")
    check(world)


def an_offer_is_exported(world: World) -> None:
    sent(world)
    world.export(by_hand=True)
    world.synchronize("alena")
    check(world)


def the_desk_dies_at_each_point_of_a_completion(world: World) -> None:
    for point in range(1, 60):
        document = world.new("alena")
        assert document is not None
        if world.complete("alena", document, dies_at=point):
            return
        check(world)
    raise AssertionError("a completion never comes to its end")


def a_desk_is_put_back_to_yesterday_and_edits(world: World) -> None:
    document = sent(world)
    world.copies.keep("alena")
    world.type_in("alena", document)
    world.complete("alena", document)
    world.synchronize("alena")
    check(world)
    world.copies.put_back("alena", database_only=False)
    for _ in range(2):  # so that its revision has a number of its own
        world.type_in("alena", document)
        world.complete("alena", document)
    world.synchronize("alena")
    check(world)


# The mistakes


def no_idempotency(patch: pytest.MonkeyPatch) -> None:
    """A repeated operation is judged anew."""
    patch.setattr(records, "recorded", lambda *_: {})
    patch.setattr(records, "known_revisions", lambda *_: {})  # which would know it by its content
    patch.setattr(writing, "_ADD_OPERATION", writing._ADD_OPERATION.replace("INSERT", "INSERT OR IGNORE"))
    patch.setattr(writing, "_ADD_KEPT", writing._ADD_KEPT.prefix_with("OR IGNORE"))


def edit_after_export(patch: pytest.MonkeyPatch) -> None:
    """The insurer takes changes of what has gone."""
    judge = rules.moved_on

    def lenient(envelope: Any, document: Any, now: Any) -> Any:  # noqa: ANN401 - as the rule has them
        return judge(envelope, document and replace(document, exported_at=None), now)

    patch.setattr(rules, "moved_on", lenient)
    patch.setattr(writing, "_change", _changed_without_fence)


def _changed_without_fence(connection: Connection, before: Any, after: Any) -> None:  # noqa: ANN401 - documents
    connection.exec_driver_sql("DROP TRIGGER IF EXISTS document_is_exported_once")  # the tables would not let it pass
    names = ("sequence", "cancelled_at", "revision", "digest", "backed_up_at")
    table = insurers.document
    connection.execute(
        update(table).where(table.c.id == before.id).values({name: getattr(after, name) for name in names})
    )


def last_writer_wins(patch: pytest.MonkeyPatch) -> None:
    """Nobody asks which revision a change was made over."""
    judge = rules.moved_on

    def lenient(envelope: Any, document: Any, now: Any) -> Any:  # noqa: ANN401 - as the rule has them
        return judge(replace(envelope, base_revision=document and document.revision), document, now)

    patch.setattr(rules, "moved_on", lenient)


def drop_refused(patch: pytest.MonkeyPatch) -> None:
    """What came too late is thrown away."""
    patch.setattr(records.Decision, "as_kept", lambda *_: None)


def export_no_seq(patch: pytest.MonkeyPatch) -> None:
    """An export moves nothing in the feed."""
    patch.setattr(freeze, "counting", type("Still", (), {"take": staticmethod(lambda *_: -1_000)}))


def outbox_separate_txn(patch: pytest.MonkeyPatch) -> None:
    """A completion is committed first and queued afterwards."""
    queue, edit = outbox.queue_completion, Store.edit
    later: list[StoredDocument] = []
    patch.setattr(outbox, "queue_completion", lambda _, stored: later.append(stored))
    patch.setattr(envelopes, "prepare", lambda *_: None)

    @contextmanager
    def in_two(self: Store, document_id: str, actor: str) -> Iterator[Edit]:
        with edit(self, document_id, actor) as one:
            yield one
        while later:
            with self._database.write() as connection:
                queue(connection, later.pop())

    patch.setattr(Store, "edit", in_two)


def coalesce_inflight(patch: pytest.MonkeyPatch) -> None:
    """A later completion takes back one that may have arrived."""
    table = schema.outbox

    def withdraw(connection: Connection, document: int) -> None:
        of_document = (table.c.document_id == document, table.c.acknowledged_at.is_(None), table.c.refused_at.is_(None))
        connection.execute(update(table).where(*of_document).values(withdrawn_at=clock.stamp()))

    patch.setattr(outbox, "withdraw_unsent", withdraw)


def hide_conflict(patch: pytest.MonkeyPatch) -> None:
    """A change that came too late is listed nowhere."""
    patch.setattr(conflicting, "note", lambda *_: {})


def pull_overwrites(patch: pytest.MonkeyPatch) -> None:
    """What comes from the insurer replaces what is being typed."""
    patch.setattr(conflicting, "is_edited", lambda *_: False)


def conflict_without_server_copy(patch: pytest.MonkeyPatch) -> None:
    """A conflict's answer does not say where the document stands."""
    answer = push._result

    def bare(batch: Any, decision: Any, *, failed: bool) -> Any:  # noqa: ANN401 - as the intake has them
        result = answer(batch, decision, failed=failed)
        return replace(result, facts=None) if result.outcome is Outcome.CONFLICT else result

    patch.setattr(push, "_result", bare)


PLANTED = (
    Planted(no_idempotency, an_answer_is_lost_and_the_offer_edited_again, "C9"),
    Planted(edit_after_export, an_offer_is_edited_after_its_export, "I5"),
    Planted(last_writer_wins, a_desk_is_put_back_to_yesterday_and_edits, "I6"),
    Planted(drop_refused, an_offer_is_edited_after_its_export, "I8"),
    Planted(export_no_seq, an_offer_is_exported, "I13"),
    Planted(outbox_separate_txn, the_desk_dies_at_each_point_of_a_completion, "I2"),
    Planted(coalesce_inflight, an_answer_is_lost_and_the_offer_edited_again, "C9"),
    Planted(hide_conflict, an_offer_is_exported_while_somebody_types, "C1"),
    Planted(pull_overwrites, an_offer_is_exported_while_somebody_types, "I1"),
    Planted(conflict_without_server_copy, an_offer_is_edited_after_its_export, "I8"),
)
