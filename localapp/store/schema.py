"""The tables as SQLAlchemy Core sees them. The migrations make them; a test compares the two."""

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from localapp.store.long_text import LongText

metadata = MetaData()
SEARCH_TABLE = "document_search"
WAITING = "withdrawn_at IS NULL AND acknowledged_at IS NULL AND refused_at IS NULL"


def document_key(*, primary: bool = False) -> "Column[int]":
    """The document that a row belongs to."""
    return Column("document_id", Integer, ForeignKey("document.id"), primary_key=primary, nullable=False)


document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("number", Text, unique=True),
    Column("former_number", Text),
    Column("enrolment_id", Integer, ForeignKey("enrolment.id")),
    Column("kind", Text, nullable=False),
    Column("shelf", Text),
    Column("rank", Integer, nullable=False, unique=True),
    Column("form_name", Text, nullable=False),
    Column("form_version", Text, nullable=False),
    Column("calculation_name", Text, nullable=False),
    Column("calculation_version", Text, nullable=False),
    Column("copied_from", Text),
    Column("prefilled_from", Text),
    Column("corrects", Text),
    Column("corrects_number", Text),
    Column("corrects_revision", Integer),
    Column("created_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("revision", Integer),
    Column("completed_at", Text),
    Column("signature_requested_at", Text),
    Column("signature_requested_revision", Integer),
    Column("signed_at", Text),
    Column("signed_revision", Integer),
    Column("backed_up_at", Text),
    Column("backed_up_revision", Integer),
    Column("backed_up_digest", Text),
    Column("returned_at", Text),
    Column("returned_revision", Integer),
    Column("returned_refusal", Text),
    Column("exported_at", Text),
    Column("exported_revision", Integer),
    Column("export_key", Text),
    Column("export_position", Integer),
    Column("conflict_at", Text),
    Column("partner_left_at", Text),
    Column("cancelled_at", Text),
    Column("deleted_at", Text),
    Column("working_copy_at", Text),
    Column("client_last_name", Text, nullable=False),
    Column("client_first_name", Text, nullable=False),
    Column("client_title", Text, nullable=False),
    Column("premium", Text),
    Column("payments_per_year", Integer),
    Column("search", Text, nullable=False),
    Index("document_by_rank", "rank", sqlite_where=text("deleted_at IS NULL")),
    Index("document_by_shelf", "shelf", "rank", sqlite_where=text("deleted_at IS NULL")),
    Index("document_by_kind", "kind", "rank", sqlite_where=text("deleted_at IS NULL")),
    Index("document_by_kind_shelf", "kind", "shelf", "rank", sqlite_where=text("deleted_at IS NULL")),
    Index("document_correcting", "corrects", sqlite_where=text("corrects IS NOT NULL")),
    Index("document_by_origin", "copied_from", sqlite_where=text("copied_from IS NOT NULL")),
    Index("document_by_illustration", "prefilled_from", sqlite_where=text("prefilled_from IS NOT NULL")),
    Index("document_deleted", "deleted_at", sqlite_where=text("deleted_at IS NOT NULL")),
)

working_copy = Table(
    "working_copy",
    metadata,
    document_key(primary=True),
    Column("answers", LongText, nullable=False),
    Column("base_revision", Integer),
    Column("changed_at", Text, nullable=False),
    Column("last_quote", LongText),
    Column("at_step", Integer),
)

revision = Table(
    "revision",
    metadata,
    document_key(primary=True),
    Column("number", Integer, primary_key=True),
    Column("base_revision", Integer),
    Column("answers", LongText, nullable=False),
    Column("answers_digest", Text, nullable=False),
    Column("health_digest", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("form_name", Text, nullable=False),
    Column("form_version", Text, nullable=False),
    Column("calculation_name", Text, nullable=False),
    Column("calculation_version", Text, nullable=False),
    Column("frozen_at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("list_row", LongText, nullable=False),
    Column("last_quote", LongText),
    Column("completed_by", Text),
    Index("revision_digest", "document_id", "number", "base_revision", "digest"),
)

health_working = Table(
    "health_working",
    metadata,
    document_key(primary=True),
    Column("sequence", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

health_history = Table(
    "health_history",
    metadata,
    document_key(primary=True),
    Column("sequence", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

revision_health = Table(
    "revision_health",
    metadata,
    Column("document_id", Integer, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    ForeignKeyConstraint(["document_id", "revision"], ["revision.document_id", "revision.number"]),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    document_key(),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("path", Text),
    Column("old", LongText),
    Column("new", LongText),
    Index("journal_by_document", "document_id", "id"),
)

step = Table(
    "step",
    metadata,
    Column("id", Integer, primary_key=True),
    document_key(),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("parent", Integer),
    Column("burst", Integer),
    Column("leads_to", Integer),
    Column("about", Integer),
    Column("health", Integer, nullable=False),
    Column("first_line", Integer),
    Column("last_line", Integer),
    Column("after_snapshot", Integer, nullable=False, server_default=text("0")),
    Column("snapshot", LongText),
    Index("step_by_document", "document_id", "last_line"),
    Index("step_by_parent", "parent"),
)

left_behind = Table(
    "left_behind",
    metadata,
    document_key(primary=True),
    Column("places", LongText, nullable=False),
    Column("read_at", Text),
)

outbox = Table(
    "outbox",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    document_key(),
    Column("revision", Integer, nullable=False),
    Column("enrolment_id", Integer, ForeignKey("enrolment.id")),
    Column("queued_at", Text, nullable=False),
    Column("envelope", LongText),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("last_refusal", Text),
    Column("withdrawn_at", Text),
    Column("acknowledged_at", Text),
    Column("refused_at", Text),
    Column("offered_again_at", Text),
    Index("outbox_waiting", "position", sqlite_where=text(WAITING)),
    Index("outbox_by_document", "document_id", "position"),
    Index("outbox_refused", "refused_at", sqlite_where=text("refused_at IS NOT NULL")),
)

outgoing = Table(  # the completion of an operation's envelope, the rest of which is in ``outbox``
    "outgoing",
    metadata,
    Column("position", Integer, ForeignKey("outbox.position"), primary_key=True),
    document_key(),
    Column("made_for", Text, nullable=False),
    Column("completion", LongText, nullable=False),
    Index("outgoing_by_document", "document_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("subject", Text, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

purging = Table("purging", metadata, document_key(primary=True))

change_sequence = Table(  # one row: the number of the last committed change, as the change log has it too
    "change_sequence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)
