"""What desk and insurer must agree on when nothing waits any more."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping, text

from localapp import config
from localapp.store.store import Store
from tests.chaos.pair import Pair

_OPERATIONS = """
    SELECT o.id, o.revision, d.uuid, o.acknowledged_at, o.refused_at, o.withdrawn_at, o.position,
    coalesce(r.digest, v.digest) AS digest, d.cancelled_at
    FROM outbox o JOIN document d ON d.id = o.document_id
    LEFT JOIN revision r ON r.document_id = d.id AND r.number = o.revision
    LEFT JOIN overtaken v ON v.document_id = d.id AND v.number = o.revision
    WHERE o.kind = 'completion' AND coalesce(r.digest, v.digest) IS NOT NULL"""
_DOCUMENTS = """
    SELECT uuid, number, backed_up_revision, exported_at IS NOT NULL AS exported, export_key, export_position,
    exported_revision, cancelled_at IS NOT NULL AS cancelled FROM document WHERE backed_up_revision IS NOT NULL"""
_TAKEN_IN = """
    SELECT d.uuid, d.number, d.revision AS backed_up_revision, i.export_key IS NOT NULL AS exported, i.export_key,
    i.position AS export_position, i.revision AS exported_revision, d.cancelled_at IS NOT NULL AS cancelled
    FROM document d LEFT JOIN export_item i ON i.document_id = d.id"""
_REVISIONS = "SELECT d.uuid, r.number, r.digest FROM revision r JOIN document d ON d.id = r.document_id"


def assert_agreement(pair: Pair, completed: Mapping[str, int]) -> int:
    """``completed``: how often the desk acknowledged the completion of each document. How many are exported."""
    with closing(sqlite3.connect(pair.endpoint / "endpoint.db")) as insurer:
        insurer.row_factory = sqlite3.Row
        assert insurer.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        taken_in = {row["uuid"]: dict(row) for row in insurer.execute(_TAKEN_IN)}
        revisions = {(row["uuid"], row["number"]): row["digest"] for row in insurer.execute(_REVISIONS)}
        kept = {row[0]: json.loads(row[1]) for row in insurer.execute("SELECT operation, envelope FROM kept")}
    with _copied(pair) as store:
        assert store.integrity() == []
        operations = _rows(store, _OPERATIONS)
        facts = {row["uuid"]: dict(row) for row in _rows(store, _DOCUMENTS)}
    made = Counter(row["uuid"] for row in operations)
    forgotten = {document: count for document, count in completed.items() if made[document] < count}
    assert not forgotten, f"completions that the desk acknowledged and forgot: {forgotten}"
    for row in operations:
        _assert_delivered(row, operations, revisions, kept, taken_in)
    known = {each: (facts.get(each), taken_in.get(each)) for each in facts | taken_in}
    differing = {each: told for each, told in known.items() if told[0] != told[1]}
    assert not differing, f"known otherwise (desk, insurer): {differing}"
    _assert_exported_once(pair, taken_in)
    return sum(row["exported"] for row in taken_in.values())


def _assert_delivered(
    row: RowMapping,
    operations: list[RowMapping],
    revisions: Mapping[tuple[str, int], str],
    kept: Mapping[str, Any],
    taken_in: Mapping[str, Any],
) -> None:
    """A completion is at the insurer byte for byte, or a later word of its document, or its export, came before it."""
    where = row["uuid"], row["revision"]
    if row["acknowledged_at"]:
        assert revisions.get(where) == row["digest"], f"lost at the insurer: {where}"
    elif row["refused_at"]:
        assert row["id"] in kept, f"refused and not kept: {where}"
        assert kept[row["id"]]["completion"]["digest"] == row["digest"], f"kept otherwise: {where}"
    else:
        assert row["withdrawn_at"], f"never delivered: {where}"
        later = any(each["uuid"] == where[0] and each["position"] > row["position"] for each in operations)
        is_over = row["cancelled_at"] or taken_in.get(where[0], {}).get("exported")
        assert later or is_over, f"withdrawn for nothing: {where}"


def _assert_exported_once(pair: Pair, taken_in: Mapping[str, Any]) -> None:
    """Each exported document stands in one line of all files, and each file is whole."""
    lines: Counter[str] = Counter()
    for path in sorted((pair.endpoint / "exports").glob("*.jsonl")):
        found = [json.loads(line)["document"] for line in path.read_text(encoding="utf-8").splitlines()]
        manifest = json.loads(path.with_suffix(".manifest.json").read_text(encoding="utf-8"))
        assert manifest["count"] == len(found), f"{path.name} is not whole"
        lines.update(found)
    twice = {document: count for document, count in lines.items() if count > 1}
    assert not twice, f"exported twice: {twice}"
    assert set(lines) == {document for document, row in taken_in.items() if row["exported"]}


@contextmanager
def _copied(pair: Pair) -> Iterator[Store]:
    """The desk's store as it lies on the disk at one moment: the desk may do something by itself meanwhile."""
    copy = pair.desk.with_name("copy")
    copy.mkdir()
    before: dict[str, tuple[int, int]] | None = None
    while before != (before := _state(pair.desk)):
        for path in pair.desk.glob(f"{config.DATABASE}*"):
            shutil.copyfile(path, copy / path.name)
    store = Store.open(copy / config.DATABASE, pair.keys)
    try:
        yield store
    finally:
        store.close()
        shutil.rmtree(copy)


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    """When each file of the database was written last, and its size."""
    found = {path.name: path.stat() for path in folder.glob(f"{config.DATABASE}*")}
    return {name: (each.st_mtime_ns, each.st_size) for name, each in found.items()}


def _rows(store: Store, query: str) -> list[RowMapping]:
    with store._database.read() as connection:
        return list(connection.execute(text(query)).mappings())
