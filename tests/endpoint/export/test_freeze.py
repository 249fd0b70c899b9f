"""What an export takes, at most once, and what stays behind and why."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from endpoint import durable
from endpoint.application import Endpoint, create_endpoint
from endpoint.export.files import places
from endpoint.store import schema
from localapp import clock
from localapp.domain.lifecycle import Kind
from tests.endpoint.made_up import Desk

AFTER_CUTOFF = datetime(2026, 11, 25, 20, 0, 5, tzinfo=UTC)


def items(endpoint: Endpoint) -> list[tuple[str, int, int]]:
    """Key, position and revision of everything that was ever exported."""
    table = schema.export_item
    chosen = select(table.c.export_key, table.c.position, table.c.revision)
    with endpoint.parts.database.read() as connection:
        return sorted((row[0], row[1], row[2]) for row in connection.execute(chosen))


def left(endpoint: Endpoint) -> list[str]:
    with endpoint.parts.database.read() as connection:
        return list(connection.execute(select(schema.left_behind.c.code)).scalars())


def test_lines_are_in_the_order_of_numbers(endpoint: Endpoint, alena: Desk, cyril: Desk) -> None:
    later, earlier = cyril.completion(), alena.completion()
    cyril.push(later)
    alena.push(earlier)
    endpoint.run_export()
    assert earlier.number < later.number
    assert [desk.pull().documents[0].position for desk in (alena, cyril)] == [1, 2]


def test_the_newest_revision_goes_and_no_earlier_one(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    alena.push(alena.next_revision(offer))
    run = endpoint.run_export()
    assert items(endpoint) == [(run.key, 1, 2)]


def test_when_the_newest_is_returned_no_earlier_one_goes(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    endpoint.evaluate_waiting()
    worse = alena.next_revision(offer)
    assert worse.completion is not None
    alena.push(replace(worse, completion=replace(worse.completion, premium=None)))
    endpoint.evaluate_waiting()
    with clock.moved_to(AFTER_CUTOFF):
        (run,) = endpoint.run_due_exports()
    assert (run.count, left(endpoint)) == (0, ["evaluation_differs"])


def test_cancelled_documents_and_other_forms_do_not_go(endpoint: Endpoint, alena: Desk) -> None:
    offer, other = alena.completion(), alena.completion()
    alena.push(offer, other)
    alena.push(alena.cancellation(offer))
    with endpoint.parts.database.write() as connection:
        connection.execute(
            schema.document.update().where(schema.document.c.uuid == other.document).values(kind=Kind.OTHER.value)
        )
    run = endpoint.run_export()
    assert (run.count, run.left_behind) == (0, 0)


def test_a_run_by_hand_and_the_run_of_the_day_share_nothing(endpoint: Endpoint, alena: Desk) -> None:
    first, second = alena.completion(), alena.completion()
    alena.push(first)
    by_hand = endpoint.run_export()
    alena.push(second)
    endpoint.evaluate_waiting()
    with clock.moved_to(AFTER_CUTOFF):
        (of_day,) = endpoint.run_due_exports()
        assert endpoint.run_due_exports() == []
    assert (by_hand.key, by_hand.count) == ("2026-11-25T110000.000001Z", 1)
    assert (of_day.key, of_day.count) == ("2026-11-25", 1)
    assert len(items(endpoint)) == 2


def test_two_processes_make_one_run(endpoint: Endpoint, alena: Desk) -> None:
    alena.push(*(alena.completion() for _ in range(5)))
    endpoint.evaluate_waiting()
    others = [create_endpoint(endpoint.parts.layout.folder) for _ in range(3)]
    with clock.moved_to(AFTER_CUTOFF), ThreadPoolExecutor(4) as pool:
        runs = [run for found in pool.map(lambda each: each.run_due_exports(), [endpoint, *others]) for run in found]
    for each in others:
        each.close()
    assert [(run.key, run.count) for run in runs] == [("2026-11-25", 5)]
    assert len(items(endpoint)) == 5
    assert not list(endpoint.parts.layout.exports.glob("*.part"))


def test_a_crash_in_the_freeze_leaves_nothing_and_the_next_try_takes_all(endpoint: Endpoint, alena: Desk) -> None:
    alena.push(alena.completion(), alena.completion())
    endpoint.evaluate_waiting()

    def fail(_connection: object) -> None:
        raise OperationalError("disk full", None, Exception())

    with clock.moved_to(AFTER_CUTOFF):
        event.listen(endpoint.parts.database.engine, "commit", fail)
        with pytest.raises(OperationalError):
            endpoint.run_due_exports()
        event.remove(endpoint.parts.database.engine, "commit", fail)
        assert items(endpoint) == []
        (run,) = endpoint.run_due_exports()
    assert run.count == 2


@pytest.mark.parametrize("written", [0, 1, 2])
def test_a_crash_after_the_freeze_exports_nothing_twice(
    endpoint: Endpoint, alena: Desk, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """The process ends before the file, between file and manifest, or before it notes that both are written."""
    alena.push(alena.completion())
    endpoint.evaluate_waiting()
    calls = {"left": written}
    write = durable.write

    def dying(place: Path, parts: Iterable[bytes]) -> None:
        if not calls["left"]:
            raise SystemExit
        calls["left"] -= 1
        write(place, parts)
        if written == 2 and not calls["left"]:
            raise SystemExit

    with clock.moved_to(AFTER_CUTOFF):
        monkeypatch.setattr(durable, "write", dying)
        with pytest.raises(SystemExit):
            endpoint.run_due_exports()
        monkeypatch.undo()
        restarted = create_endpoint(endpoint.parts.layout.folder)
        with clock.moved_by(timedelta(minutes=1)):
            assert restarted.run_due_exports() == []
        restarted.close()
    files = places(endpoint.parts.layout.exports, "2026-11-25")
    assert files.data.read_bytes().count(b"\n") == 1
    assert files.manifest.is_file()
    assert items(endpoint) == [("2026-11-25", 1, 1)]


def test_the_tables_themselves_refuse_a_second_export(endpoint: Endpoint, alena: Desk) -> None:
    alena.push(alena.completion())
    run = endpoint.run_export()
    again = {"document_id": 1, "export_key": run.key, "position": 2, "revision": 1, "verified": True}
    with pytest.raises(IntegrityError), endpoint.parts.database.write() as connection:
        connection.execute(insert(schema.export_item).values(**again))
    with pytest.raises(IntegrityError, match="exported"), endpoint.parts.database.write() as connection:
        connection.execute(schema.document.update().values(exported_at=None))
