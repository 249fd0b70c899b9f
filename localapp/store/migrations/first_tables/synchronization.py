"""The enrolment, the outbox, conflicts, and what a synchronization keeps."""

import sqlalchemy as sa
from alembic import op

from localapp.store.migrations.first_tables.columns import integers, of_document, texts


def make_enrolments() -> None:
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("installation", sa.Text, nullable=False, unique=True),
        *texts("endpoint"),
        sa.Column("authority", sa.Text, nullable=False, server_default=sa.text("''")),
        *texts("partner_number", "partner_name", "advisor"),
        sa.Column("private_key", sa.LargeBinary, nullable=False),
        sa.Column("health_key", sa.LargeBinary, nullable=False),
        sa.Column("intake_key", sa.LargeBinary),
        *texts("began_at"),
        *texts("confirmed_at", "linked_at", "ended_at", nullable=True),
        sa.Column("stream", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("cursor", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("cutoff_at", sa.Text),
        sa.Column("lease", sa.Text, nullable=False, server_default=sa.text("''")),
        *texts("lease_next", "successor", nullable=True),
        sa.Column("successor_key", sa.LargeBinary),
        sa.Column("ancestor", sa.Text),
        sa.Column("ancestor_key", sa.LargeBinary),
    )
    op.create_table(
        "number_block",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("enrolment_id", sa.Integer, sa.ForeignKey("enrolment.id"), nullable=False),
        *texts("prefix"),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("next", "last")),
    )


def make_conflicts() -> None:
    op.create_table(
        "overtaken",
        sa.Column("id", sa.Integer, primary_key=True),
        of_document(primary=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("base_revision", sa.Integer),
        *texts("answers", "answers_digest", "health_digest", "digest", "form_name", "form_version"),
        *texts("calculation_name", "calculation_version", "frozen_at", "actor", "list_row", "overtaken_at"),
        *texts("last_quote", "completed_by", nullable=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("overtaken_by_document", "overtaken", ["document_id", "number"])
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer, primary_key=True),
        of_document(primary=False),
        *texts("reason", "noted_at"),
        *integers("base_revision", "their_revision"),
        sa.Column("overtaken_id", sa.Integer, sa.ForeignKey("overtaken.id")),
        *texts("resolved_at", "resolved_as", "result", "note", nullable=True),
    )
    op.create_index("conflict_open", "conflict", ["document_id"], sqlite_where=sa.text("resolved_at IS NULL"))
    op.create_table(
        "discarded_edit",
        sa.Column("conflict_id", sa.Integer, sa.ForeignKey("conflict.id"), primary_key=True, nullable=False),
        of_document(primary=False),
        *texts("at", "answers", "changed_at"),
        *integers("base_revision"),
        sa.Column("last_quote", sa.Text),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("discarded_edit_by_document", "discarded_edit", ["document_id"])


def make_attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer, primary_key=True),
        of_document(primary=False),
        sa.Column("revision", sa.Integer, nullable=False),
        *texts("digest"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        *texts("delivered_at", nullable=True),
    )
    op.create_index("attachment_of_revision", "attachment", ["document_id", "revision"])
    op.create_index("attachment_waiting", "attachment", ["id"], sqlite_where=sa.text("delivered_at IS NULL"))


def make_synchronization() -> None:
    op.create_table(
        "elsewhere",
        sa.Column("document", sa.Text, primary_key=True),
        sa.Column("enrolment_id", sa.Integer, sa.ForeignKey("enrolment.id"), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("refusal", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False, server_default=sa.text("0")),
    )
    op.create_table(
        "received",
        of_document(primary=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        *texts("completion"),
    )
    op.create_table(
        "notice_of_leaving",
        of_document(primary=True),
        *texts("told_at", "confirmed_at", "kept_at", nullable=True),
    )
    op.create_table("let_go", sa.Column("document", sa.Text, primary_key=True), *texts("at"))
    op.create_table(
        "night",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("export_key", sa.Text, nullable=False, unique=True),
        *texts("cutoff_at", "made_at"),
        sa.Column("read_at", sa.Text),
        sa.Column("drafts", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "sync_run",
        sa.Column("id", sa.Integer, primary_key=True),
        *texts("cause", "began_at"),
        *texts("ended_at", "refusal", nullable=True),
        sa.Column("sent", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("received", sa.Integer, nullable=False, server_default=sa.text("0")),
    )


def make_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        of_document(primary=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("enrolment_id", sa.Integer, sa.ForeignKey("enrolment.id")),
        sa.Column("queued_at", sa.Text, nullable=False),
        sa.Column("envelope", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False, server_default=sa.text("0")),
        *texts("last_refusal", "withdrawn_at", "acknowledged_at", nullable=True),
        *texts("refused_at", "offered_again_at", nullable=True),
    )
    waiting = sa.text("withdrawn_at IS NULL AND acknowledged_at IS NULL AND refused_at IS NULL")
    op.create_index("outbox_waiting", "outbox", ["position"], sqlite_where=waiting)
    op.create_index("outbox_by_document", "outbox", ["document_id", "position"])
    op.create_index("outbox_refused", "outbox", ["refused_at"], sqlite_where=sa.text("refused_at IS NOT NULL"))
    op.create_table(
        "outgoing",
        sa.Column("position", sa.Integer, sa.ForeignKey("outbox.position"), primary_key=True),
        of_document(primary=False),
        *texts("made_for", "completion"),
    )
    op.create_index("outgoing_by_document", "outgoing", ["document_id"])
