"""Runs that a restored database does not know, read back from their files: what went to the core system stays gone.

A document of such a run is known again as exported. Its content is not in the file as it was frozen; the desk that
holds it brings it back. Source: docs/sync-protocol.md, "Manifest and resync".
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from endpoint import counting, documents
from endpoint.documents import StoredDocument
from endpoint.export.files import FORMAT
from endpoint.export.stripping import receipt
from endpoint.store import schema
from localapp.domain.canonical import canonical_text
from localapp.domain.sync.enrolment import advisor_identity

_SUFFIX = ".manifest.json"
_document, _installation, _advisor = schema.document, schema.installation, schema.advisor


class ExportSpoilt(Exception):  # noqa: N818 - a state of the folder
    """A file of a run is missing or is not what its manifest says; the text names it."""


@dataclass(frozen=True)
class FiledRun:
    """A run as its files have it."""

    manifest: dict[str, Any]
    lines: tuple[dict[str, Any], ...]

    @property
    def key(self) -> str:
        """The run's key."""
        return str(self.manifest["export"])


def filed_runs(folder: Path) -> list[FiledRun]:
    """All runs of the folder, oldest first; without its manifest a file counts as never written.

    Raises ExportSpoilt.
    """
    manifests = sorted(folder.glob(f"*{_SUFFIX}")) if folder.is_dir() else []
    found = [_read(path) for path in manifests]
    return sorted(found, key=lambda run: str(run.manifest["frozen_at"]))


def _read(path: Path) -> FiledRun:
    try:
        manifest = json.loads(path.read_bytes())
        data, is_as_handed_over = _data(path.parent, manifest)
        lines = tuple(json.loads(line) for line in data.splitlines())
        is_whole = is_as_handed_over and len(lines) == manifest["count"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ExportSpoilt(path.name) from None
    if not is_whole or manifest["format"] != FORMAT:
        raise ExportSpoilt(path.name)
    return FiledRun(manifest, lines)


def _data(folder: Path, manifest: dict[str, Any]) -> tuple[bytes, bool]:
    """The lines of a run and whether they are those that were handed over; six months later a receipt is left."""
    place, left = folder / Path(str(manifest["file"])).name, receipt(folder, str(manifest["export"]))
    if not place.exists() and left.exists():
        return left.read_bytes(), True
    data = place.read_bytes()
    return data, hashlib.sha256(data).hexdigest() == manifest["sha256"]


def take_back(connection: Connection, run: FiledRun) -> int:
    """Make the run known again; how many documents. None of one that the database knows."""
    table, told = schema.export_run, run.manifest
    if connection.execute(select(table.c.key).where(table.c.key == run.key)).first():
        return 0
    connection.execute(
        insert(table).values(
            key=run.key,
            by_hand=len(run.key) != len("2026-11-25"),
            cutoff_at=told["cutoff_at"],
            frozen_at=told["frozen_at"],
            count=told["count"],
            written_at=told["frozen_at"],
            sha256=told["sha256"],
        )
    )
    there = documents.by_uuid(connection, [line["document"] for line in run.lines])
    for line in run.lines:
        _take_line(connection, run, line, there.get(line["document"]))
    return len(run.lines)


def _take_line(connection: Connection, run: FiledRun, line: dict[str, Any], known: StoredDocument | None) -> None:
    exported = {
        "exported_at": run.manifest["frozen_at"],
        "exported_revision": line["revision"],
        "export_key": run.key,
        "position": line["position"],
        "sequence": counting.take(connection),
        "evaluated_at": run.manifest["frozen_at"],
    }
    if known is None or known.revision != line["revision"]:
        exported |= {name: line[name] for name in ("revision", "digest", "backed_up_at")}
    if known is None:
        row = _add_document(connection, line, exported)
    else:
        row = known.id
        connection.execute(update(_document).where(_document.c.id == row).values(cancelled_at=None, **exported))
    item = {"document_id": row, "export_key": run.key, "position": line["position"], "revision": line["revision"]}
    connection.execute(insert(schema.export_item).values(verified=line["verified"], **item))
    health = {"document_id": row, "revision": line["revision"], "sealed": line["health"]}
    connection.execute(upsert(schema.core_health).values(health).on_conflict_do_nothing())


def _add_document(connection: Connection, line: dict[str, Any], exported: dict[str, Any]) -> int:
    corrects = line["corrects"] or {"document": None, "number": None, "revision": None}
    advisor = _advisor_of(connection, line)
    added = insert(_document).values(
        uuid=line["document"],
        number=line["number"],
        kind=line["kind"],
        advisor_id=advisor,
        installation_id=_installation_of(connection, line, advisor),
        corrects=corrects["document"],
        corrects_number=corrects["number"],
        corrects_revision=corrects["revision"],
        **exported,
    )
    return int(connection.execute(added.returning(_document.c.id)).scalar_one())


def _advisor_of(connection: Connection, line: dict[str, Any]) -> int:
    key = {"partner_number": line["partner_number"], "identity": advisor_identity(line["advisor"]["advisor_code"])}
    same = [_advisor.c[name] == value for name, value in key.items()]
    found = connection.execute(select(_advisor.c.id).where(*same)).scalar_one_or_none()
    if found is None:
        partner = upsert(schema.partner).values(number=line["partner_number"], name=line["partner_number"])
        connection.execute(partner.on_conflict_do_nothing())
        added = insert(_advisor).values(**key, known_at=line["backed_up_at"], link_failures=0)
        found = connection.execute(added.returning(_advisor.c.id)).scalar_one()
    return int(found)


def _installation_of(connection: Connection, line: dict[str, Any], advisor: int) -> int:
    """Its row; one that was enrolled after the backup has no key here until it enrols again."""
    chosen = select(_installation.c.id).where(_installation.c.uuid == line["installation"])
    found = connection.execute(chosen).scalar_one_or_none()
    if found is None:
        added = insert(_installation).values(
            uuid=line["installation"],
            advisor_id=advisor,
            public_key=b"",
            declared=canonical_text(line["advisor"]),
            version="-",
            knew_advisor=True,
            enrolled_at=line["backed_up_at"],
        )
        found = connection.execute(added.returning(_installation.c.id)).scalar_one()
    return int(found)


def numbers_of(runs: list[FiledRun]) -> Iterator[str]:
    """The numbers of all documents that went."""
    return (str(line["number"]) for run in runs for line in run.lines)
