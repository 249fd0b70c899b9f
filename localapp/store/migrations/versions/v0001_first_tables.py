"""The first tables. Frozen: later changes are migrations of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _enrolments()
    _documents()
    _answers()
    _health()
    _journal()
    _outbox()
    _conflicts()
    _synchronization()
    _small_tables()
    _search()
    _clients()
    _guards()


def _texts(*names: str, nullable: bool = False) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def _integers(*names: str) -> "list[sa.Column[int]]":
    return [sa.Column(name, sa.Integer) for name in names]


def _enrolments() -> None:
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("installation", sa.Text, nullable=False, unique=True),
        *_texts("endpoint"),
        sa.Column("authority", sa.Text, nullable=False, server_default=sa.text("''")),
        *_texts("partner_number", "partner_name", "advisor"),
        sa.Column("private_key", sa.LargeBinary, nullable=False),
        sa.Column("health_key", sa.LargeBinary, nullable=False),
        sa.Column("intake_key", sa.LargeBinary),
        *_texts("began_at"),
        *_texts("confirmed_at", "linked_at", "ended_at", nullable=True),
        sa.Column("stream", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("cursor", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("cutoff_at", sa.Text),
        sa.Column("lease", sa.Text, nullable=False, server_default=sa.text("''")),
        *_texts("lease_next", "successor", nullable=True),
        sa.Column("successor_key", sa.LargeBinary),
        sa.Column("ancestor", sa.Text),
        sa.Column("ancestor_key", sa.LargeBinary),
    )
    op.create_table(
        "number_block",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("enrolment_id", sa.Integer, sa.ForeignKey("enrolment.id"), nullable=False),
        *_texts("prefix"),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("next", "last")),
    )


def _conflicts() -> None:
    op.create_table(
        "overtaken",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_document(primary=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("base_revision", sa.Integer),
        *_texts("answers", "answers_digest", "health_digest", "digest", "form_name", "form_version"),
        *_texts("calculation_name", "calculation_version", "frozen_at", "actor", "list_row", "overtaken_at"),
        *_texts("last_quote", "completed_by", nullable=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("overtaken_by_document", "overtaken", ["document_id", "number"])
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_document(primary=False),
        *_texts("reason", "noted_at"),
        *_integers("base_revision", "their_revision"),
        sa.Column("overtaken_id", sa.Integer, sa.ForeignKey("overtaken.id")),
        *_texts("resolved_at", "resolved_as", "result", "note", nullable=True),
    )
    op.create_index("conflict_open", "conflict", ["document_id"], sqlite_where=sa.text("resolved_at IS NULL"))
    op.create_table(
        "discarded_edit",
        sa.Column("conflict_id", sa.Integer, sa.ForeignKey("conflict.id"), primary_key=True, nullable=False),
        _of_document(primary=False),
        *_texts("at", "answers", "changed_at"),
        *_integers("base_revision"),
        sa.Column("last_quote", sa.Text),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("discarded_edit_by_document", "discarded_edit", ["document_id"])
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_document(primary=False),
        sa.Column("revision", sa.Integer, nullable=False),
        *_texts("digest"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        *_texts("delivered_at", nullable=True),
    )
    op.create_index("attachment_of_revision", "attachment", ["document_id", "revision"])
    op.create_index("attachment_waiting", "attachment", ["id"], sqlite_where=sa.text("delivered_at IS NULL"))


def _synchronization() -> None:
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
        _of_document(primary=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        *_texts("completion"),
    )
    op.create_table(
        "notice_of_leaving",
        _of_document(primary=True),
        *_texts("told_at", "confirmed_at", "kept_at", nullable=True),
    )
    op.create_table("let_go", sa.Column("document", sa.Text, primary_key=True), *_texts("at"))
    op.create_table(
        "night",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("export_key", sa.Text, nullable=False, unique=True),
        *_texts("cutoff_at", "made_at"),
        sa.Column("read_at", sa.Text),
        sa.Column("drafts", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "sync_run",
        sa.Column("id", sa.Integer, primary_key=True),
        *_texts("cause", "began_at"),
        *_texts("ended_at", "refusal", nullable=True),
        sa.Column("sent", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("received", sa.Integer, nullable=False, server_default=sa.text("0")),
    )


def _documents() -> None:
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
        *_texts("kind", "form_name", "form_version", "calculation_name", "calculation_version"),
        *_texts("created_at", "changed_at", "client_last_name", "client_first_name", "client_title", "search"),
        *_texts("shelf", "copied_from", "prefilled_from", "corrects", "corrects_number", "premium", nullable=True),
        *_integers("revision", "payments_per_year", "corrects_revision"),
        *_texts(*(f"{fact}_at" for fact in (*told_of_a_revision, *told_of_the_document)), nullable=True),
        *_integers(*(f"{fact}_revision" for fact in told_of_a_revision), "export_position"),
        *_texts("backed_up_digest", "returned_refusal", "export_key", nullable=True),
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


def _of_document(*, primary: bool) -> "sa.Column[int]":
    return sa.Column("document_id", sa.Integer, sa.ForeignKey("document.id"), primary_key=primary, nullable=False)


def _answers() -> None:
    op.create_table(
        "working_copy",
        _of_document(primary=True),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("base_revision", sa.Integer),
        sa.Column("changed_at", sa.Text, nullable=False),
        sa.Column("last_quote", sa.Text),
        sa.Column("at_step", sa.Integer),
    )
    op.create_table(
        "left_behind",
        _of_document(primary=True),
        sa.Column("places", sa.Text, nullable=False),
        sa.Column("read_at", sa.Text),
    )
    op.create_table(
        "revision",
        _of_document(primary=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("base_revision", sa.Integer),
        *_texts("answers", "answers_digest", "health_digest", "digest", "form_name", "form_version"),
        *_texts("calculation_name", "calculation_version", "frozen_at", "actor", "list_row"),
        *_texts("last_quote", "completed_by", nullable=True),
    )
    op.create_index("revision_digest", "revision", ["document_id", "number", "base_revision", "digest"])


def _health() -> None:
    op.create_table(
        "health_working",
        _of_document(primary=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "health_history",
        _of_document(primary=True),
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


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_document(primary=False),
        *_texts("at", "actor", "event"),
        *_texts("path", "old", "new", nullable=True),
    )
    op.create_index("journal_by_document", "journal", ["document_id", "id"])
    op.create_table(
        "step",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_document(primary=False),
        *_texts("at", "actor", "cause"),
        *_integers("parent", "burst", "leads_to", "about"),
        sa.Column("health", sa.Integer, nullable=False),
        *_integers("first_line", "last_line"),
        sa.Column("after_snapshot", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("snapshot", sa.Text),
    )
    op.create_index("step_by_document", "step", ["document_id", "last_line"])
    op.create_index("step_by_parent", "step", ["parent"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        _of_document(primary=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("enrolment_id", sa.Integer, sa.ForeignKey("enrolment.id")),
        sa.Column("queued_at", sa.Text, nullable=False),
        sa.Column("envelope", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False, server_default=sa.text("0")),
        *_texts("last_refusal", "withdrawn_at", "acknowledged_at", nullable=True),
        *_texts("refused_at", "offered_again_at", nullable=True),
    )
    waiting = sa.text("withdrawn_at IS NULL AND acknowledged_at IS NULL AND refused_at IS NULL")
    op.create_index("outbox_waiting", "outbox", ["position"], sqlite_where=waiting)
    op.create_index("outbox_by_document", "outbox", ["document_id", "position"])
    op.create_index("outbox_refused", "outbox", ["refused_at"], sqlite_where=sa.text("refused_at IS NOT NULL"))
    op.create_table(
        "outgoing",
        sa.Column("position", sa.Integer, sa.ForeignKey("outbox.position"), primary_key=True),
        _of_document(primary=False),
        *_texts("made_for", "completion"),
    )
    op.create_index("outgoing_by_document", "outgoing", ["document_id"])


def _small_tables() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        *_texts("at", "event", "subject"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table("purging", _of_document(primary=True))
    op.create_table(
        "change_sequence", sa.Column("id", sa.Integer, primary_key=True), sa.Column("last", sa.Integer, nullable=False)
    )
    op.execute("INSERT INTO change_sequence (id, last) VALUES (1, 0)")


def _search() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE document_search USING fts5("
        "words, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3')"
    )
    op.execute("INSERT INTO document_search (document_search, rank) VALUES ('secure-delete', 1)")


def _clients() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uuid", sa.Text, nullable=False, unique=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        *_texts("sort_key"),
        sa.Column("latest", sa.Integer, nullable=False),
        *_texts("facts"),
    )
    op.create_index("client_in_order", "client", ["sort_key", "id"])
    op.create_table(
        "client_person",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_document(primary=False),
        sa.Column("client_id", sa.Integer, sa.ForeignKey("client.id"), nullable=False),
        *_texts("path", "roles", "name_key", "birth_number", "facts", "at"),
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


def _guards() -> None:
    """What is written once stays, except what announces itself in ``purging``: the purge of a whole document, and a
    revision that is overtaken.
    """
    for table in ("revision", "revision_health", "health_history", "journal", "step", "audit", "overtaken", "received"):
        op.execute(
            f"CREATE TRIGGER {table}_is_final BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    for table in ("revision", "revision_health", "health_history", "journal", "step", "overtaken", "received"):
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} "  # noqa: S608 - the names stand above
            "WHEN NOT EXISTS (SELECT 1 FROM purging WHERE document_id = OLD.document_id) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER outbox_is_frozen BEFORE UPDATE OF id, kind, document_id, revision, queued_at ON outbox "
        "BEGIN SELECT RAISE(ABORT, 'an operation is frozen'); END"
    )
    op.execute(
        "CREATE TRIGGER envelope_is_frozen BEFORE UPDATE OF envelope ON outbox WHEN OLD.envelope IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'an envelope is frozen'); END"
    )
    op.execute(
        "CREATE TRIGGER outgoing_is_final BEFORE UPDATE ON outgoing "
        "BEGIN SELECT RAISE(ABORT, 'outgoing is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER outgoing_stays BEFORE DELETE ON outgoing "
        "WHEN NOT EXISTS (SELECT 1 FROM purging WHERE document_id = OLD.document_id) "
        "AND EXISTS (SELECT 1 FROM outbox WHERE position = OLD.position AND envelope IS NOT NULL) "
        "BEGIN SELECT RAISE(ABORT, 'an envelope is frozen'); END"
    )
