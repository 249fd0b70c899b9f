"""Enrolment: an installation's key for a partner and an advisor. The first of an advisor is linked by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from endpoint import audit, partners
from endpoint.authentication import SignedRequest, check_signature
from endpoint.fields import bytes_of, identifier, text_of
from endpoint.partners import Partner
from endpoint.refusal import RequestRefused
from endpoint.store import schema
from localapp import clock
from localapp.domain.canonical import canonical_text
from localapp.domain.sync.enrolment import Advisor, AdvisorRefused, advisor_from

_table = schema.installation


@dataclass(frozen=True)
class Enrolled:
    """The answer: whether the installation is linked, and whether its advisor was known before it."""

    installation: str
    linked: bool
    known: bool
    partner_name: str


@dataclass(frozen=True)
class _Asked:
    installation: str
    public_key: bytes
    advisor: Advisor
    version: str


def enrol(connection: Connection, message: Mapping[str, Any], signed: SignedRequest) -> Enrolled:
    """Enrol the installation, or answer again what was answered.

    Until its first hello an installation may enrol again with corrected data. Raises RequestRefused ``malformed``,
    ``user_data_invalid``, ``signature_wrong`` (also for another key of a known installation), those of ``partners``.
    """
    asked = _read(message)
    if signed.installation != asked.installation or signed.session:
        raise RequestRefused("signature_wrong")
    check_signature(signed, asked.public_key)
    partner = partners.admit(connection, text_of(message, "partner_number"))
    known = connection.execute(select(_table).where(_table.c.uuid == asked.installation)).one_or_none()
    if known is None:
        return _add(connection, asked, partner)
    if not known.public_key:
        return _take_back(connection, asked, partner, known)
    if bytes(known.public_key) != asked.public_key:
        raise RequestRefused("signature_wrong")
    if known.blocked_at:
        raise RequestRefused("installation_blocked")
    return _again(connection, asked, partner, known)


def public_key_of(message: Mapping[str, Any]) -> bytes:
    """The raw Ed25519 key that is to be enrolled. Raises RequestRefused ``malformed``."""
    public_key = bytes_of(message, "public_key")
    if len(public_key) != 32:
        raise RequestRefused("malformed", reason="public_key")
    return public_key


def _read(message: Mapping[str, Any]) -> _Asked:
    public_key = public_key_of(message)
    data = message.get("advisor")
    if not isinstance(data, dict):
        raise RequestRefused("malformed", reason="advisor")
    try:
        advisor = advisor_from(data)
    except AdvisorRefused as refused:
        raise RequestRefused("user_data_invalid", field=refused.field[:40]) from None
    return _Asked(identifier(message, "installation"), public_key, advisor, text_of(message, "version"))


def _add(connection: Connection, asked: _Asked, partner: Partner) -> Enrolled:
    now = clock.stamp()
    advisor_id, known = _advisor(connection, partner, asked.advisor)
    connection.execute(
        insert(_table).values(
            uuid=asked.installation,
            advisor_id=advisor_id,
            public_key=asked.public_key,
            declared=canonical_text(asked.advisor.as_json()),
            version=asked.version,
            knew_advisor=known,
            enrolled_at=now,
            linked_at=None if known else now,
        )
    )
    audit.note(connection, "enrolled" if not known else "enrolled_unlinked", asked.installation)
    return Enrolled(asked.installation, linked=not known, known=known, partner_name=partner.name)


def _take_back(connection: Connection, asked: _Asked, partner: Partner, row: Row[Any]) -> Enrolled:
    """An installation that a restored database knows from an export only has its key again."""
    advisor_id, known = _advisor(connection, partner, asked.advisor)
    if advisor_id != row.advisor_id:
        raise RequestRefused("signature_wrong")
    values = {
        "public_key": asked.public_key,
        "declared": canonical_text(asked.advisor.as_json()),
        "version": asked.version,
        "knew_advisor": known,
        "linked_at": None if known else clock.stamp(),
    }
    connection.execute(update(_table).where(_table.c.id == row.id).values(values))
    audit.note(connection, "enrolled_again", asked.installation)
    return Enrolled(asked.installation, linked=not known, known=known, partner_name=partner.name)


def _again(connection: Connection, asked: _Asked, partner: Partner, row: Row[Any]) -> Enrolled:
    chosen = select(schema.advisor).where(schema.advisor.c.id == row.advisor_id)
    advisor = connection.execute(chosen).one()
    if (advisor.partner_number, advisor.identity) == (partner.number, asked.advisor.identity):
        return Enrolled(asked.installation, row.linked_at is not None, bool(row.knew_advisor), partner.name)
    if row.last_seen_at:
        field = "partner_number" if advisor.partner_number != partner.number else "advisor_code"
        raise RequestRefused("user_data_invalid", field=field)
    advisor_id, known = _advisor(connection, partner, asked.advisor)
    values = {
        "advisor_id": advisor_id,
        "declared": canonical_text(asked.advisor.as_json()),
        "knew_advisor": known,
        "linked_at": None if known else clock.stamp(),
    }
    connection.execute(update(_table).where(_table.c.id == row.id).values(values))
    audit.note(connection, "enrolled_again", asked.installation)
    return Enrolled(asked.installation, linked=not known, known=known, partner_name=partner.name)


def _advisor(connection: Connection, partner: Partner, advisor: Advisor) -> tuple[int, bool]:
    """The advisor's row, and whether an installation stands for it already."""
    table = schema.advisor
    same = (table.c.partner_number == partner.number, table.c.identity == advisor.identity)
    found = connection.execute(select(table.c.id).where(*same)).scalar_one_or_none()
    if found is None:
        values = {"partner_number": partner.number, "identity": advisor.identity, "known_at": clock.stamp()}
        added = insert(table).values(**values, link_failures=0).returning(table.c.id)
        return int(connection.execute(added).scalar_one()), False
    of_advisor = (_table.c.advisor_id == found, func.length(_table.c.public_key) > 0)
    return int(found), connection.execute(select(_table.c.id).where(*of_advisor).limit(1)).first() is not None
