"""Who asks: the installation whose key signed the request, in the session that its last hello began."""

import base64
import hmac
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, bindparam, func, select

from endpoint import counting
from endpoint.refusal import RequestRefused
from endpoint.store import schema
from localapp.domain.sync.signing import signed_text

_ASKED = (
    select(
        schema.installation,
        schema.advisor.c.identity,
        schema.advisor.c.partner_number,
        schema.partner.c.name.label("partner_name"),
        schema.partner.c.blocked_at.label("partner_blocked_at"),
        schema.partner.c.ended_at.label("partner_ended_at"),
    )
    .join(schema.advisor, schema.advisor.c.id == schema.installation.c.advisor_id)
    .join(schema.partner, schema.partner.c.number == schema.advisor.c.partner_number)
    .where(schema.installation.c.uuid == bindparam("asking"))
)


@dataclass(frozen=True)
class SignedRequest:
    """What an installation signs, and its signature; ``body`` is free of content encodings."""

    method: str
    target: str
    body: bytes
    installation: str
    session: str
    signature: str
    signed_by: set[bytes] = field(default_factory=set, repr=False, compare=False)
    """The keys whose signature this was found to be: a push is authenticated before it is read, and once more inside
    its transaction."""

    @cached_property
    def text(self) -> bytes:
        """The bytes that are signed."""
        return signed_text(self.method, self.target, self.body, installation=self.installation, session=self.session)


@dataclass(frozen=True)
class Caller:
    """An authenticated installation."""

    id: int
    uuid: str
    advisor_id: int
    identity: str
    partner_number: str
    partner_name: str
    partner_ended: bool
    linked: bool
    lease: str | None = None
    lease_used: bool = False
    ancestors: tuple[tuple[int, str], ...] = ()
    """Rows and ids of the installations whose place it has taken, the nearest first (``succession``)."""

    @property
    def lineage(self) -> tuple[int, ...]:
        """Its row and those of its ancestors: what they sent is its own."""
        return (self.id, *(row for row, _ in self.ancestors))

    @property
    def names(self) -> frozenset[str]:
        """The ids under which its operations may have been frozen."""
        return frozenset({self.uuid, *(uuid for _, uuid in self.ancestors)})


def check_signature(asked: SignedRequest, public_key: bytes) -> None:
    """Raise RequestRefused ``signature_wrong`` unless the key signed exactly this request."""
    if public_key in asked.signed_by:
        return
    try:
        signature = base64.b64decode(asked.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, asked.text)
    except (InvalidSignature, ValueError):
        raise RequestRefused("signature_wrong") from None
    asked.signed_by.add(public_key)


def authenticate(connection: Connection, asked: SignedRequest, *, begins: bool = False, writes: bool = False) -> Caller:
    """The installation that asks; with ``begins`` it begins a session and names none.

    ``writes`` is for what changes something here: it needs a session that began with a renewed lease (``leases``).

    Raises RequestRefused ``installation_unknown``, ``signature_wrong``, ``installation_blocked``, ``partner_blocked``,
    ``session_ended``; in this order, so that only the holder of the key learns more than the first two.
    """
    row = connection.execute(_ASKED, {"asking": asked.installation}).one_or_none()
    if row is None:
        raise RequestRefused("installation_unknown")
    check_signature(asked, row.public_key)
    if row.blocked_at:
        raise RequestRefused("installation_blocked")
    if row.partner_blocked_at:
        raise RequestRefused("partner_blocked", partner_number=row.partner_number)
    expected = "" if begins else row.session
    if expected is None or not hmac.compare_digest(asked.session.encode(), expected.encode()):
        raise RequestRefused("session_ended")
    if writes and not row.session_writes:
        raise RequestRefused("session_ended")
    return Caller(
        id=row.id,
        uuid=row.uuid,
        advisor_id=row.advisor_id,
        identity=row.identity,
        partner_number=row.partner_number,
        partner_name=row.partner_name,
        partner_ended=row.partner_ended_at is not None,
        linked=row.linked_at is not None,
        lease=row.lease,
        lease_used=bool(row.lease_used),
        ancestors=_ancestors(connection, row.ancestor_id),
    )


def _ancestors(connection: Connection, row: int | None) -> tuple[tuple[int, str], ...]:
    table, found = schema.installation, []
    while row is not None:
        ancestor = connection.execute(select(table.c.uuid, table.c.ancestor_id).where(table.c.id == row)).one()
        found.append((row, str(ancestor.uuid)))
        row = ancestor.ancestor_id
    return tuple(found)


def others(connection: Connection, caller: Caller, names: Collection[str]) -> frozenset[str]:
    """Those of the installations that are somebody else's: neither the caller nor its ancestors.

    A restored database may have lost an ancestor, or know it from an export only, without a key.
    """
    asked = frozenset(names) - caller.names
    if not asked or not counting.is_restored(connection):
        return asked
    table = schema.installation.c
    is_somebody = (func.length(table.public_key) > 0) | (table.advisor_id != caller.advisor_id)
    chosen = select(table.uuid).where(table.uuid.in_(asked), is_somebody)
    return frozenset(connection.execute(chosen).scalars())
