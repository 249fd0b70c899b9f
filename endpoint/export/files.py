"""The file of a run and its manifest: a pure function of the frozen run. Their format: docs/export-format.md."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select

from endpoint.export import supplements
from endpoint.store import schema
from localapp.domain.canonical import canonical_text
from localapp.domain.sync.operations import Envelope, read_envelope

FORMAT = 1
_item, _run = schema.export_item, schema.export_run


@dataclass(frozen=True)
class RunFiles:
    """Where the file of a run and its manifest lie."""

    data: Path
    manifest: Path


def places(folder: Path, key: str) -> RunFiles:
    """The places of a run's files."""
    return RunFiles(folder / f"{key}.jsonl", folder / f"{key}.manifest.json")


class Lines:
    """The lines of a run as bytes; afterwards their count, size and digest."""

    def __init__(self, connection: Connection, key: str) -> None:
        self._rows = connection.execute(_chosen(key))
        self._digest = hashlib.sha256()
        self.count = self.size = 0

    @property
    def sha256(self) -> str:
        """The digest of what has been given so far."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[bytes]:
        for row in self._rows:
            line = f"{canonical_text(_record(row))}\n".encode()
            self.count += 1
            self.size += len(line)
            self._digest.update(line)
            yield line


def manifest(connection: Connection, key: str, lines: Lines) -> bytes:
    """The manifest of a run whose lines have been given."""
    run = connection.execute(select(_run).where(_run.c.key == key)).one()
    content = {
        "bytes": lines.size,
        "count": lines.count,
        "cutoff_at": run.cutoff_at,
        "export": key,
        "file": places(Path(), key).data.name,
        "format": FORMAT,
        "frozen_at": run.frozen_at,
        "left_behind": _left_behind(connection, key),
        "sha256": lines.sha256,
        "supplements": supplements.of_run(connection, key),
    }
    return f"{canonical_text(content)}\n".encode()


def _left_behind(connection: Connection, key: str) -> list[dict[str, Any]]:
    left, document = schema.left_behind, schema.document
    chosen = (
        select(document.c.number, left.c.revision, left.c.code)
        .join(document, document.c.id == left.c.document_id)
        .where(left.c.export_key == key)
        .order_by(document.c.number)
    )
    return [{"number": row.number, "revision": row.revision, "reason": row.code} for row in connection.execute(chosen)]


def _chosen(key: str) -> Any:  # noqa: ANN401 - a select of many columns
    revision, health, installation = schema.revision, schema.core_health, schema.installation
    of_item = (revision.c.document_id == _item.c.document_id) & (revision.c.number == _item.c.revision)
    sealed = (health.c.document_id == _item.c.document_id) & (health.c.revision == _item.c.revision)
    return (
        select(
            _item.c.position,
            _item.c.verified,
            revision.c.envelope,
            revision.c.backed_up_at,
            health.c.sealed,
            installation.c.declared,
        )
        .join(revision, of_item)
        .join(health, sealed)
        .join(installation, installation.c.id == revision.c.installation_id)
        .where(_item.c.export_key == key)
        .order_by(_item.c.position)
        .execution_options(yield_per=200)
    )


def _record(row: Row[Any]) -> dict[str, Any]:
    envelope = read_envelope(row.envelope)
    return {
        **_document(envelope),
        "advisor": json.loads(row.declared),
        "backed_up_at": row.backed_up_at,
        "health": row.sealed,
        "position": row.position,
        "verified": row.verified,
    }


def _document(envelope: Envelope) -> dict[str, Any]:
    completion = envelope.completion
    if completion is None or completion.premium is None:  # only evaluated revisions are exported
        raise AssertionError(envelope.operation)
    premium = completion.premium
    return {
        "answers": completion.answers,
        "answers_digest": completion.answers_digest,
        "calculation": [completion.calculation.name, completion.calculation.version],
        "corrects": completion.corrects and completion.corrects.as_json(),
        "digest": completion.digest,
        "document": envelope.document,
        "form": [completion.form.name, completion.form.version],
        "health_digest": completion.health_digest,
        "installation": envelope.installation,
        "kind": envelope.document_kind.value,
        "number": envelope.number,
        "operation": envelope.operation,
        "partner_number": envelope.partner_number,
        "premium": {"payments_per_year": premium.payments_per_year, "total_instalment": premium.total_instalment},
        "revision": envelope.revision,
    }
