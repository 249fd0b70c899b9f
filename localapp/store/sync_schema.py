"""The tables of synchronization, beside those of ``schema``: enrolments, numbers, conflicts, runs."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from localapp.store.long_text import LongText
from localapp.store.schema import document_key, metadata

enrolment = Table(
    "enrolment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("installation", Text, nullable=False, unique=True),
    Column("endpoint", Text, nullable=False),
    Column("authority", Text, nullable=False, server_default=text("''")),
    Column("partner_number", Text, nullable=False),
    Column("partner_name", Text, nullable=False),
    Column("advisor", Text, nullable=False),
    Column("private_key", LargeBinary, nullable=False),
    Column("health_key", LargeBinary, nullable=False),
    Column("intake_key", LargeBinary),
    Column("began_at", Text, nullable=False),
    Column("confirmed_at", Text),
    Column("linked_at", Text),
    Column("ended_at", Text),
    Column("stream", Text, nullable=False, server_default=text("''")),
    Column("cursor", Integer, nullable=False, server_default=text("0")),
    Column("cutoff_at", Text),
    Column("lease", Text, nullable=False, server_default=text("''")),
    Column("lease_next", Text),
    Column("successor", Text),
    Column("successor_key", LargeBinary),
    Column("ancestor", Text),
    Column("ancestor_key", LargeBinary),
)

number_block = Table(
    "number_block",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("enrolment_id", Integer, ForeignKey("enrolment.id"), nullable=False),
    Column("prefix", Text, nullable=False),
    Column("next", Integer, nullable=False),
    Column("last", Integer, nullable=False),
)

conflict = Table(
    "conflict",
    metadata,
    Column("id", Integer, primary_key=True),
    document_key(),
    Column("reason", Text, nullable=False),
    Column("noted_at", Text, nullable=False),
    Column("base_revision", Integer),
    Column("their_revision", Integer),
    Column("overtaken_id", Integer, ForeignKey("overtaken.id")),
    Column("resolved_at", Text),
    Column("resolved_as", Text),
    Column("result", Text),
    Column("note", LongText),
    Index("conflict_open", "document_id", sqlite_where=text("resolved_at IS NULL")),
)

discarded_edit = Table(  # what was typed and has been thrown away, for as long as it can be brought back
    "discarded_edit",
    metadata,
    Column("conflict_id", Integer, ForeignKey("conflict.id"), primary_key=True),
    document_key(),
    Column("at", Text, nullable=False),
    Column("answers", LongText, nullable=False),
    Column("base_revision", Integer),
    Column("changed_at", Text, nullable=False),
    Column("last_quote", LongText),
    Column("sealed", LargeBinary, nullable=False),
    Index("discarded_edit_by_document", "document_id"),
)

overtaken = Table(
    "overtaken",
    metadata,
    Column("id", Integer, primary_key=True),
    document_key(),
    Column("number", Integer, nullable=False),
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
    Column("sealed", LargeBinary, nullable=False),
    Column("overtaken_at", Text, nullable=False),
    Index("overtaken_by_document", "document_id", "number"),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", Integer, primary_key=True),
    document_key(),
    Column("revision", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("delivered_at", Text),
    Index("attachment_of_revision", "document_id", "revision"),
    Index("attachment_waiting", "id", sqlite_where=text("delivered_at IS NULL")),
)

received = Table(  # what a revision of another machine consists of, as it can leave again
    "received",
    metadata,
    document_key(primary=True),
    Column("revision", Integer, primary_key=True),
    Column("completion", LongText, nullable=False),
)

elsewhere = Table(
    "elsewhere",
    metadata,
    Column("document", Text, primary_key=True),
    Column("enrolment_id", Integer, ForeignKey("enrolment.id"), nullable=False),
    Column("facts", Text, nullable=False),
    Column("refusal", Text),
    Column("tries", Integer, nullable=False, server_default=text("0")),
)

sync_run = Table(
    "sync_run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cause", Text, nullable=False),
    Column("began_at", Text, nullable=False),
    Column("ended_at", Text),
    Column("refusal", Text),
    Column("sent", Integer, nullable=False, server_default=text("0")),
    Column("received", Integer, nullable=False, server_default=text("0")),
)

notice_of_leaving = Table(  # what the advisor was told of a document whose time comes to its end
    "notice_of_leaving",
    metadata,
    document_key(primary=True),
    Column("told_at", Text),
    Column("confirmed_at", Text),
    Column("kept_at", Text),
)

let_go = Table(  # the ids of documents whose time was over, without anything of them
    "let_go",
    metadata,
    Column("document", Text, primary_key=True),
    Column("at", Text, nullable=False),
)

night = Table(  # one line for each export that the desk has heard of since its activation
    "night",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("export_key", Text, nullable=False, unique=True),
    Column("cutoff_at", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("read_at", Text),
    Column("drafts", Integer, nullable=False),
    Column("content", LongText, nullable=False),
)
