"""Documents with their revisions, answers, health, journal and steps, and what finds them."""

import sqlalchemy as sa
from alembic import op

from localapp.store.migrations.first_tables.columns import integers, of_document, texts


def make_documents() -> None:
    told_of_a_revision = ("signature_requested", "signed", "backed_up", "returned", "exported")
    told_of_the_document = ("completed", "cancelled", "deleted", "working_copy", "conflict", "partner_left")
    op.create_table(
        "document",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uuid", sa.Text, nullable=False, unique=True),
        sa.Column("number", sa.Text, unique=True),
        sa.Column("former_number", sa.Text),
        sa.Column("enrolment_id", sa.Integer, sa.ForeignKey("enrolment.id")),
        sa.Column("rank", sa.Integer, nullable=False, unique=True),
        *texts("kind", "form_name", "form_version", "calculation_name", "calculation_version"),
        *texts("created_at", "changed_at", "client_last_name", "client_first_name", "client_title", "search"),
        *texts("shelf", "copied_from", "prefilled_from", "corrects", "corrects_number", "premium", nullable=True),
        *integers("revision", "payments_per_year", "corrects_revision"),
        *texts(*(f"{fact}_at" for fact in (*told_of_a_revision, *told_of_the_document)), nullable=True),
        *integers(*(f"{fact}_revision" for fact in told_of_a_revision), "export_position"),
        *texts("backed_up_digest", "returned_refusal", "export_key", nullable=True),
    )
    live = sa.text("deleted_at IS NULL")
    op.create_index("document_by_rank", "document", ["rank"], sqlite_where=live)
    op.create_index("document_by_shelf", "document", ["shelf", "rank"], sqlite_where=live)
    op.create_index("document_by_kind", "document", ["kind", "rank"], sqlite_where=live)
    op.create_index("document_by_kind_shelf", "document", ["kind", "shelf", "rank"], sqlite_where=live)
    op.create_index("document_correcting", "document", ["corrects"], sqlite_where=sa.text("corrects IS NOT NULL"))
    op.create_index("document_by_origin", "document", ["copied_from"], sqlite_where=sa.text("copied_from IS NOT NULL"))
    filled = sa.text("prefilled_from IS NOT NULL")
    op.create_index("document_by_illustration", "document", ["prefilled_from"], sqlite_where=filled)
    op.create_index("document_deleted", "document", ["deleted_at"], sqlite_where=sa.text("deleted_at IS NOT NULL"))


def make_answers() -> None:
    op.create_table(
        "working_copy",
        of_document(primary=True),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("base_revision", sa.Integer),
        sa.Column("changed_at", sa.Text, nullable=False),
        sa.Column("last_quote", sa.Text),
        sa.Column("at_step", sa.Integer),
    )
    op.create_table(
        "left_behind",
        of_document(primary=True),
        sa.Column("places", sa.Text, nullable=False),
        sa.Column("read_at", sa.Text),
    )
    op.create_table(
        "revision",
        of_document(primary=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("base_revision", sa.Integer),
        *texts("answers", "answers_digest", "health_digest", "digest", "form_name", "form_version"),
        *texts("calculation_name", "calculation_version", "frozen_at", "actor", "list_row"),
        *texts("last_quote", "completed_by", nullable=True),
    )
    op.create_index("revision_digest", "revision", ["document_id", "number", "base_revision", "digest"])


def make_health() -> None:
    op.create_table(
        "health_working",
        of_document(primary=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "health_history",
        of_document(primary=True),
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "revision_health",
        sa.Column("document_id", sa.Integer, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["document_id", "revision"], ["revision.document_id", "revision.number"]),
    )


def make_journal() -> None:
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer, primary_key=True),
        of_document(primary=False),
        *texts("at", "actor", "event"),
        *texts("path", "old", "new", nullable=True),
    )
    op.create_index("journal_by_document", "journal", ["document_id", "id"])
    op.create_table(
        "step",
        sa.Column("id", sa.Integer, primary_key=True),
        of_document(primary=False),
        *texts("at", "actor", "cause"),
        *integers("parent", "burst", "leads_to", "about"),
        sa.Column("health", sa.Integer, nullable=False),
        *integers("first_line", "last_line"),
        sa.Column("after_snapshot", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("snapshot", sa.Text),
    )
    op.create_index("step_by_document", "step", ["document_id", "last_line"])
    op.create_index("step_by_parent", "step", ["parent"])


def make_small_tables() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        *texts("at", "event", "subject"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table("purging", of_document(primary=True))
    op.create_table(
        "change_sequence", sa.Column("id", sa.Integer, primary_key=True), sa.Column("last", sa.Integer, nullable=False)
    )
    op.execute("INSERT INTO change_sequence (id, last) VALUES (1, 0)")


def make_search() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE document_search USING fts5("
        "words, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3')"
    )
    op.execute("INSERT INTO document_search (document_search, rank) VALUES ('secure-delete', 1)")


def make_clients() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uuid", sa.Text, nullable=False, unique=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        *texts("sort_key"),
        sa.Column("latest", sa.Integer, nullable=False),
        *texts("facts"),
    )
    op.create_index("client_in_order", "client", ["sort_key", "id"])
    op.create_table(
        "client_person",
        sa.Column("id", sa.Integer, primary_key=True),
        of_document(primary=False),
        sa.Column("client_id", sa.Integer, sa.ForeignKey("client.id"), nullable=False),
        *texts("path", "roles", "name_key", "birth_number", "facts", "at"),
    )
    op.create_index("client_person_by_document", "client_person", ["document_id"])
    op.create_index("client_person_by_client", "client_person", ["client_id", "at"])
    op.create_index("client_person_by_name", "client_person", ["name_key", "birth_number"])
    op.create_table("client_stale", sa.Column("document_id", sa.Integer, primary_key=True))
    for what, row in (
        ("INSERT ON working_copy", "NEW.document_id"),
        ("UPDATE OF answers ON working_copy", "NEW.document_id"),
        ("DELETE ON working_copy", "OLD.document_id"),
        ("INSERT ON revision", "NEW.document_id"),
        ("DELETE ON revision", "OLD.document_id"),
    ):
        name = "_".join(word.lower() for word in what.split() if word not in ("OF", "ON"))
        op.execute(
            f"CREATE TRIGGER client_after_{name} AFTER {what} "  # noqa: S608 - the names stand above
            f"BEGIN INSERT INTO client_stale (document_id) SELECT {row} "  # OR IGNORE yields to an upsert's
            f"WHERE NOT EXISTS (SELECT 1 FROM client_stale WHERE document_id = {row}); END"
        )
