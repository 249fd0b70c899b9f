"""The tables as SQLAlchemy Core sees them. The migrations make them; a test compares the two.

Nothing of health is in plain in any of them: envelopes hold it sealed to the intake key, ``core_health`` sealed to the
core system's key.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, text

metadata = MetaData()

_OPEN = text("exported_at IS NULL AND cancelled_at IS NULL")
_WAITING = text("evaluated_at IS NULL AND returned_at IS NULL AND exported_at IS NULL AND cancelled_at IS NULL")


def _text(name: str, *, nullable: bool = False, unique: bool = False) -> "Column[str]":
    return Column(name, Text, nullable=nullable, unique=unique)


def _key(name: str, target: str, *, primary: bool = False, nullable: bool = False) -> "Column[int]":
    return Column(name, Integer, ForeignKey(f"{target}.id"), primary_key=primary, nullable=nullable)


meta = Table("meta", metadata, Column("name", Text, primary_key=True), _text("value"))

counter = Table("counter", metadata, Column("name", Text, primary_key=True), Column("value", Integer, nullable=False))

partner = Table(
    "partner",
    metadata,
    Column("number", Text, primary_key=True),
    _text("name"),
    _text("blocked_at", nullable=True),
    _text("ended_at", nullable=True),
)

advisor = Table(
    "advisor",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("partner_number", Text, ForeignKey("partner.number"), nullable=False),
    _text("identity"),
    _text("known_at"),
    Column("link_failures", Integer, nullable=False),
    _text("link_wait_until", nullable=True),
    Index("advisor_of_partner", "partner_number", "identity", unique=True),
)

installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("uuid", unique=True),
    _key("advisor_id", "advisor"),
    _key("ancestor_id", "installation", nullable=True),
    Column("public_key", LargeBinary, nullable=False),
    _text("declared"),
    _text("version"),
    Column("knew_advisor", Boolean, nullable=False),
    _text("enrolled_at"),
    _text("linked_at", nullable=True),
    _text("blocked_at", nullable=True),
    _text("session", nullable=True),
    Column("session_writes", Boolean, nullable=False, server_default=text("0")),
    _text("lease", nullable=True),
    Column("lease_used", Boolean, nullable=False, server_default=text("0")),
    _text("last_seen_at", nullable=True),
    Index("installation_of_advisor", "advisor_id"),
)

link_code = Table(
    "link_code",
    metadata,
    Column("id", Integer, primary_key=True),
    _key("advisor_id", "advisor"),
    _key("made_by", "installation", nullable=True),
    _text("proof_hash"),
    _text("wrapped_key"),
    _text("expires_at"),
    _key("used_by", "installation", nullable=True),
    Index("link_code_of_advisor", "advisor_id", "proof_hash"),
)

number_source = Table(
    "number_source", metadata, Column("prefix", Text, primary_key=True), Column("next", Integer, nullable=False)
)

number_block = Table(
    "number_block",
    metadata,
    Column("id", Integer, primary_key=True),
    _key("installation_id", "installation", nullable=True),
    _text("prefix"),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    _text("given_at"),
    Index("number_block_place", "prefix", "first", unique=True),
    Index("number_block_of_installation", "installation_id", "prefix"),
)

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("uuid", unique=True),
    _text("number", unique=True),
    _text("kind"),
    _key("advisor_id", "advisor"),
    _key("installation_id", "installation"),
    Column("sequence", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    _text("digest"),
    _text("backed_up_at"),
    _text("evaluated_at", nullable=True),
    _text("returned_at", nullable=True),
    _text("returned_code", nullable=True),
    _text("returned_facts", nullable=True),
    _text("cancelled_at", nullable=True),
    _text("exported_at", nullable=True),
    Column("exported_revision", Integer),
    _text("export_key", nullable=True),
    Column("position", Integer),
    _text("signed_at", nullable=True),
    Column("attachments_missing", Integer, nullable=False, server_default=text("0")),
    _text("corrects", nullable=True),
    _text("corrects_number", nullable=True),
    Column("corrects_revision", Integer),
    Index("document_correcting", "corrects", sqlite_where=text("corrects IS NOT NULL")),
    Index("document_of_advisor", "advisor_id", "sequence"),
    Index("document_of_installation", "installation_id", "sequence"),
    Index("document_open", "id", sqlite_where=_OPEN),
    Index("document_waiting", "id", sqlite_where=_WAITING),
)

revision = Table(
    "revision",
    metadata,
    _key("document_id", "document", primary=True),
    Column("number", Integer, primary_key=True),
    Column("base_revision", Integer),
    _text("digest"),
    _text("envelope"),
    _key("installation_id", "installation"),
    _text("backed_up_at"),
)

evaluation = Table(
    "evaluation",
    metadata,
    _key("document_id", "document", primary=True),
    Column("revision", Integer, primary_key=True),
    _text("at"),
    _text("returned_code", nullable=True),
    _text("returned_facts", nullable=True),
)

core_health = Table(
    "core_health",
    metadata,
    _key("document_id", "document", primary=True),
    Column("revision", Integer, primary_key=True),
    _text("sealed"),
)

operation = Table(
    "operation",
    metadata,
    _key("installation_id", "installation", primary=True),
    Column("id", Text, primary_key=True),
    _text("digest"),
    _text("document"),
    _text("outcome"),
    _text("code", nullable=True),
    _text("facts"),
    _text("at"),
    sqlite_with_rowid=False,
)

kept = Table(
    "kept",
    metadata,
    _key("installation_id", "installation", primary=True),
    Column("operation", Text, primary_key=True),
    _text("document"),
    _text("code"),
    _text("envelope"),
    _text("at"),
    Index("kept_of_document", "document"),
)

signature = Table(
    "signature",
    metadata,
    _key("document_id", "document", primary=True),
    Column("revision", Integer, nullable=False),
    _text("digest"),
    _text("envelope"),
    _key("installation_id", "installation"),
    _text("at"),
)

attachment = Table(
    "attachment",
    metadata,
    _key("document_id", "document", primary=True),
    Column("digest", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    _text("received_at", nullable=True),
    Index("attachment_of_digest", "digest"),
)

late_signature = Table(
    "late_signature",
    metadata,
    _key("document_id", "document", primary=True),
    Column("operation", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    _text("digest"),
    Column("agrees", Boolean, nullable=False),
    _text("at"),
    Column("export_key", Text, ForeignKey("export_run.key")),
    Index("late_signature_of_run", "export_key"),
)

export_run = Table(
    "export_run",
    metadata,
    Column("key", Text, primary_key=True),
    Column("by_hand", Boolean, nullable=False),
    _text("cutoff_at"),
    _text("frozen_at"),
    Column("count", Integer, nullable=False),
    _text("written_at", nullable=True),
    _text("sha256", nullable=True),
)

export_item = Table(
    "export_item",
    metadata,
    _key("document_id", "document", primary=True),
    Column("export_key", Text, ForeignKey("export_run.key"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("verified", Boolean, nullable=False),
    Index("export_item_place", "export_key", "position", unique=True),
)

left_behind = Table(
    "left_behind",
    metadata,
    Column("export_key", Text, ForeignKey("export_run.key"), primary_key=True),
    _key("document_id", "document", primary=True),
    Column("revision", Integer, nullable=False),
    _text("code"),
)

withdrawn_version = Table(
    "withdrawn_version",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    _text("at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("at"),
    _text("event"),
    _text("subject"),
    _text("chain"),
)

purging = Table(  # a document whose body is being removed, within the transaction that does it
    "purging",
    metadata,
    _key("document_id", "document", primary=True),
    _text("document"),
)

APPEND_ONLY = (
    "revision",
    "evaluation",
    "core_health",
    "operation",
    "kept",
    "signature",
    "export_item",
    "left_behind",
    "audit",
)
"""Tables whose rows neither change nor go, but for the body of a document in ``purging``; triggers refuse it."""
