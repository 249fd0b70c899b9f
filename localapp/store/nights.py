"""The morning report: what an export took and what it did not, and why, as the desk knew it once it had heard.

It is written once, after the first synchronization that brought all facts of the run, and does not change afterwards.
It holds ids and numbers of documents, no client; names are looked up when it is shown, while the documents are here.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from localapp import clock
from localapp.domain.sync.exports import ExportRun
from localapp.domain.sync.messages import Refusal, Welcome, read_refusal
from localapp.domain.tonight import Fate, LastExport
from localapp.store import notices, schema, tonight
from localapp.store.moments import as_moment, as_moment_or_none, as_text
from localapp.store.sync_schema import night
from localapp.store.tonight import Tonight

KEPT = 100
LATE, LEFT, RETURNED, WAITS, TO_SIGN = "late", "left", "returned", "waits", "to_sign"
"""Why a document stayed, besides the codes of the notices ``left_behind``."""
_REASONS = {Fate.RETURNED: RETURNED, Fate.WAITS: WAITS, Fate.TO_SIGN: TO_SIGN}
_ON_SERVER = (Fate.GOES, Fate.GOES_EARLIER)
_DECADE = timedelta(days=3650)
_MOST = 100_000  # all: a report is exact


@dataclass(frozen=True)
class Went:
    """A document that went: its revision, its line in the run; ``changed``: a later change of it did not."""

    document: str
    number: str
    revision: int
    export: str
    position: int
    changed: bool


@dataclass(frozen=True)
class Stayed:
    """A document that was completed before the cut-off and did not go, with the reason."""

    document: str
    number: str
    reason: str
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Night:
    """One report. ``drafts`` is the number of documents that nobody had completed."""

    key: str
    cutoff_at: datetime
    read_at: datetime | None
    went: tuple[Went, ...]
    stayed: tuple[Stayed, ...]
    drafts: int


def is_due(connection: Connection, welcome: Welcome) -> bool:
    """Whether a welcome tells of a run that nothing was written about, or is the first of all."""
    until = _until(connection)
    return until is None or (welcome.exported is not None and as_moment(welcome.exported.frozen_at) > until)


def report(connection: Connection, welcome: Welcome, ahead: timedelta) -> None:
    """Write the report of the newest run; for what was exported before the first welcome there is none.

    ``ahead`` sets the laptop's times right, by which a completion is told to be before or after the cut-off.
    """
    run, until = welcome.exported, _until(connection)
    if until is not None and run is not None:
        went = _went(connection, until, run)
        stayed, drafts = _stayed(connection, run, ahead)
        content = {"went": [asdict(each) for each in went], "stayed": [_as_json(each) for each in stayed]}
        read_at = None if went or stayed else clock.stamp()
        connection.execute(
            insert(night).values(
                export_key=run.key,
                cutoff_at=run.cutoff_at,
                made_at=clock.stamp(),
                read_at=read_at,
                drafts=drafts,
                content=json.dumps(content, ensure_ascii=False),
            )
        )
        oldest = select(night.c.id).order_by(night.c.id.desc()).offset(KEPT).limit(1).scalar_subquery()
        connection.execute(delete(night).where(night.c.id <= oldest))
    _keep_until(connection, run.frozen_at if run else welcome.server_time)


def read(connection: Connection, limit: int) -> list[Night]:
    """The last reports, newest first."""
    found = connection.execute(select(night).order_by(night.c.id.desc()).limit(limit)).mappings()
    return [_night(row) for row in found]


def find(connection: Connection, key: str) -> Night | None:
    """The report of a run."""
    row = connection.execute(select(night).where(night.c.export_key == key)).mappings().one_or_none()
    return None if row is None else _night(row)


def unread(connection: Connection) -> Night | None:
    """The newest report, unless it has been read."""
    return next((each for each in read(connection, 1) if each.read_at is None), None)


def note_read(connection: Connection, key: str) -> None:
    """The advisor has read this report, and with it all before."""
    row = select(night.c.id).where(night.c.export_key == key).scalar_subquery()
    connection.execute(update(night).where(night.c.id <= row, night.c.read_at.is_(None)).values(read_at=clock.stamp()))


def _went(connection: Connection, until: datetime, run: ExportRun) -> list[Went]:
    """What was exported since the last report, by the server's times, which are those of the runs."""
    document = schema.document.c
    found = connection.execute(
        select(schema.document)
        .where(document.exported_at > as_text(until), document.exported_at <= as_text(as_moment(run.frozen_at)))
        .order_by(document.exported_at, document.export_position)
    ).mappings()
    return [
        Went(
            row["uuid"], row["number"] or "", row["exported_revision"] or 0, row["export_key"] or "",
            row["export_position"] or 0, row["conflict_at"] is not None,
        )
        for row in found
    ]  # fmt: skip


def _stayed(connection: Connection, run: ExportRun, ahead: timedelta) -> tuple[list[Stayed], int]:
    cutoff, codes = as_moment(run.cutoff_at), _codes(notices.read(connection).codes, run.key)
    evening = tonight.evening(connection, LastExport(cutoff, cutoff + _DECADE), most=_MOST)
    found = []
    for documents in evening.documents.values():
        for each in documents:
            reason = _reason(each, cutoff, ahead, codes)
            if reason is not None:
                found.append(Stayed(each.id, each.number, reason, each.reason))
    return sorted(found, key=lambda stayed: stayed.number), evening.counts.get(Fate.NOT_COMPLETED, 0)


def _reason(found: Tonight, cutoff: datetime, ahead: timedelta, codes: Mapping[str, str]) -> str | None:
    """Why a document stayed; None for one that was completed after the cut-off or has no business there."""
    in_time = found.version_at is not None and found.version_at - ahead < cutoff
    if found.fate in _ON_SERVER:
        if found.since is not None and found.since < cutoff:
            return codes.get(found.number, LEFT)
        return LATE if in_time else None
    return _REASONS.get(found.fate) if in_time else None


def _codes(told: tuple[str, ...], key: str) -> dict[str, str]:
    """The reasons of the insurer by number: ``left_behind:<export>:<number>:<reason>``."""
    found = {}
    for notice in told:
        if notice.startswith(f"left_behind:{key}:"):
            number, _, code = notice.removeprefix(f"left_behind:{key}:").rpartition(":")
            found[number] = code
    return found


def _as_json(stayed: Stayed) -> dict[str, Any]:
    return {**vars(stayed), "refusal": stayed.refusal and stayed.refusal.as_json()}


def _night(row: RowMapping) -> Night:
    content = json.loads(row["content"])
    return Night(
        key=row["export_key"],
        cutoff_at=as_moment(row["cutoff_at"]),
        read_at=as_moment_or_none(row["read_at"]),
        went=tuple(Went(**each) for each in content["went"]),
        stayed=tuple(
            Stayed(**{**each, "refusal": read_refusal(each["refusal"]) if each["refusal"] else None})
            for each in content["stayed"]
        ),
        drafts=row["drafts"],
    )


_NAME = "nights.until"
_UNTIL = select(schema.setting.c.value).where(schema.setting.c.name == _NAME)


def _until(connection: Connection) -> datetime | None:
    """The server's time up to which all exports are reported; None before the first welcome."""
    return as_moment_or_none(connection.execute(_UNTIL).scalar())


def _keep_until(connection: Connection, moment: str) -> None:
    connection.execute(delete(schema.setting).where(schema.setting.c.name == _NAME))
    connection.execute(insert(schema.setting).values(name=_NAME, value=moment))
