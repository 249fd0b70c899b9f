"""From the columns of a document's row to what they mean, and back."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from localapp.domain.canonical import Pinned, canonical_text
from localapp.domain.correction import Corrects
from localapp.domain.lifecycle import Facts, Kind
from localapp.domain.sync.messages import DocumentFacts, Refusal, read_refusal
from localapp.store.moments import as_moment
from localapp.store.records import ListRow, Receipt

_FACTS = tuple(
    (field.name, None if field.name == "exported_at" else f"{field.name.removesuffix('_at')}_revision")
    for field in fields(Facts)
    if field.name.endswith("_at")
)
"""The facts, each with the column that says of which revision it is, if there is such a column."""
_MOST = {"client_last_name": 200, "client_first_name": 200, "client_title": 100, "search": 1_000}


def facts_of(row: Mapping[Any, Any]) -> Facts:
    """The facts that hold for the document now: one about an earlier revision than the newest no longer does.

    One about a later revision holds: it was made on another machine, and its content has not come yet.
    """
    told: dict[str, datetime | None] = {}
    newest = row["revision"]
    for name, of_revision in _FACTS:
        at = row[name]
        if at is not None and newest is not None and of_revision is not None:
            revision = row.get(of_revision)
            at = at if revision is None or revision >= newest else None
        told[name] = None if at is None else as_moment(at)
    return Facts(kind=Kind(row["kind"]), **told)


def told(facts: DocumentFacts) -> dict[str, Any]:
    """The columns of what the insurer has told."""
    values: dict[str, Any] = {
        "number": facts.number,
        "backed_up_at": facts.backed_up_at,
        "backed_up_revision": facts.revision,
        "backed_up_digest": facts.digest,
        "returned_at": facts.returned_at,
        "returned_revision": facts.revision if facts.returned_at else None,
        "returned_refusal": canonical_text(facts.returned.as_json()) if facts.returned else None,
    }
    if facts.cancelled_at:
        values["cancelled_at"] = facts.cancelled_at
    if facts.signed_at:
        values |= {"signed_at": facts.signed_at, "signed_revision": facts.revision}
    if facts.exported_at:
        values |= {
            "exported_at": facts.exported_at,
            "exported_revision": facts.exported_revision,
            "export_key": facts.export,
            "export_position": facts.position,
        }
    return values


def version_values(form: Pinned, calculation: Pinned) -> dict[str, str]:
    """The columns of the pinned versions."""
    return {
        "form_name": form.name,
        "form_version": form.version,
        "calculation_name": calculation.name,
        "calculation_version": calculation.version,
    }


def corrects_values(corrects: Corrects | None) -> dict[str, Any]:
    """The columns of what a document corrects."""
    if corrects is None:
        return {}
    named = {"corrects": corrects.document, "corrects_number": corrects.number}
    return {**named, "corrects_revision": corrects.revision}


def row_values(row: ListRow) -> dict[str, Any]:
    """The columns of a list row, cut so that the whole row of the document fits one page of the file."""
    values = asdict(row)
    for name, most in _MOST.items():
        values[name] = values[name].replace("\0", "")[:most]
    return values


def corrects_of(row: Mapping[Any, Any]) -> Corrects | None:
    """What the document corrects, from its row."""
    return Corrects(row["corrects"], row["corrects_number"], row["corrects_revision"]) if row["corrects"] else None


def refusal_of(text: str | None) -> Refusal | None:
    """A kept refusal."""
    return None if text is None else read_refusal(json.loads(text))


def receipt_of(row: Mapping[Any, Any]) -> Receipt | None:
    """Which run of the export took the document, and where it stands there."""
    return None if row["export_key"] is None else Receipt(row["export_key"], row["export_position"])
