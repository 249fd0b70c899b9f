"""What Help Desk does by hand, each noted in the audit: stop, let in again, link where no desk is left to do it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from endpoint import audit, linking
from endpoint.store import schema
from localapp import clock
from localapp.domain.sync.enrolment import advisor_identity
from localapp.output.link_codes import derived, grouped, link_context, new_code

_installation, _partner, _advisor = schema.installation, schema.partner, schema.advisor


class NotDone(Exception):  # noqa: N818 - an answer
    """It cannot be done; the text says why, for the person at the terminal."""


@dataclass(frozen=True)
class Known:
    """An installation as Help Desk sees it: never a key, never an answer."""

    id: str
    enrolled_at: str
    last_seen_at: str
    version: str
    state: str


def block_installation(connection: Connection, uuid: str, *, blocked: bool) -> None:
    """Hear nothing of an installation from now on, or hear it again. Raises NotDone."""
    values = {"blocked_at": clock.stamp() if blocked else None}
    changed = update(_installation).where(_installation.c.uuid == uuid).values(values)
    if connection.execute(changed).rowcount == 0:
        raise NotDone(f"{uuid}: no such installation")
    audit.note(connection, "installation_blocked" if blocked else "installation_unblocked", uuid)


def block_partner(connection: Connection, number: str, *, blocked: bool) -> None:
    """Hear nothing of all installations of a partner from now on, or hear them again. Raises NotDone."""
    values = {"blocked_at": clock.stamp() if blocked else None}
    if connection.execute(update(_partner).where(_partner.c.number == number).values(values)).rowcount == 0:
        raise NotDone(f"{number}: no such partner")
    audit.note(connection, "partner_blocked" if blocked else "partner_unblocked", number)


def installations(connection: Connection, partner_number: str, advisor_code: str) -> Sequence[Known]:
    """The installations of an advisor, oldest first. Raises NotDone."""
    table = _installation.c
    rows = connection.execute(
        select(_installation)
        .where(table.advisor_id == _advisor_of(connection, partner_number, advisor_code))
        .order_by(table.id)
    )
    return [
        Known(
            row.uuid, row.enrolled_at, row.last_seen_at or "-", row.version,
            "blocked" if row.blocked_at else "linked" if row.linked_at else "unlinked",
        )
        for row in rows
    ]  # fmt: skip


def make_link_code(connection: Connection, partner_number: str, advisor_code: str) -> str:
    """A one-time code for an advisor of whose linked installations none is left: each lost one has to be blocked first.

    It hands over no health key. Raises NotDone.
    """
    advisor = _advisor_of(connection, partner_number, advisor_code)
    table = _installation.c
    left = select(table.uuid).where(
        table.advisor_id == advisor, table.linked_at.is_not(None), table.blocked_at.is_(None)
    )
    found = connection.execute(left.order_by(table.id)).scalars().all()
    if found:
        raise NotDone(f"linked and not blocked: {', '.join(found)}; a code comes from there, or block what is lost")
    code = new_code()
    made = derived(code, link_context(partner_number, advisor_identity(advisor_code)))
    linking.keep_code(connection, advisor, None, made.proof_hash, "")
    audit.note(connection, "link_code_by_help_desk", f"{partner_number} {advisor_identity(advisor_code)}")
    return grouped(code)


def _advisor_of(connection: Connection, partner_number: str, advisor_code: str) -> int:
    same = (_advisor.c.partner_number == partner_number, _advisor.c.identity == advisor_identity(advisor_code))
    found = connection.execute(select(_advisor.c.id).where(*same)).scalar_one_or_none()
    if found is None:
        raise NotDone(f"{partner_number} {advisor_code}: no such advisor")
    return int(found)
