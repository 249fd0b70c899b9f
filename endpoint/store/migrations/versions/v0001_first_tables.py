"""The first tables. Frozen: later changes are migrations of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _people()
    _installations()
    _numbers()
    _documents()
    _revisions()
    _operations()
    _exports()
    _signatures()
    _small_tables()
    _purging()
    _guards()


def _texts(*names: str, nullable: bool = False) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def _integers(*names: str, nullable: bool = False) -> "list[sa.Column[int]]":
    return [sa.Column(name, sa.Integer, nullable=nullable) for name in names]


def _id() -> "sa.Column[int]":
    return sa.Column("id", sa.Integer, primary_key=True)


def _primary_text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, primary_key=True)


def _to(name: str, target: str, *, primary: bool = False, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{target}.id"), primary_key=primary, nullable=nullable)


def _people() -> None:
    op.create_table(
        "partner", _primary_text("number"), *_texts("name"), *_texts("blocked_at", "ended_at", nullable=True)
    )
    op.create_table(
        "advisor",
        _id(),
        sa.Column("partner_number", sa.Text, sa.ForeignKey("partner.number"), nullable=False),
        *_texts("identity", "known_at"),
        *_integers("link_failures"),
        *_texts("link_wait_until", nullable=True),
    )
    op.create_index("advisor_of_partner", "advisor", ["partner_number", "identity"], unique=True)


def _installations() -> None:
    op.create_table(
        "installation",
        _id(),
        sa.Column("uuid", sa.Text, nullable=False, unique=True),
        _to("advisor_id", "advisor"),
        _to("ancestor_id", "installation", nullable=True),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        *_texts("declared", "version"),
        sa.Column("knew_advisor", sa.Boolean, nullable=False),
        *_texts("enrolled_at"),
        *_texts("linked_at", "blocked_at", "session", "last_seen_at", "lease", nullable=True),
        sa.Column("session_writes", sa.Boolean, nullable=False, server_default=sa.text("0")),
        sa.Column("lease_used", sa.Boolean, nullable=False, server_default=sa.text("0")),
    )
    op.create_index("installation_of_advisor", "installation", ["advisor_id"])
    op.create_table(
        "link_code",
        _id(),
        _to("advisor_id", "advisor"),
        _to("made_by", "installation", nullable=True),
        *_texts("proof_hash", "wrapped_key", "expires_at"),
        _to("used_by", "installation", nullable=True),
    )
    op.create_index("link_code_of_advisor", "link_code", ["advisor_id", "proof_hash"])


def _numbers() -> None:
    op.create_table("number_source", _primary_text("prefix"), *_integers("next"))
    op.create_table(
        "number_block",
        _id(),
        _to("installation_id", "installation", nullable=True),
        *_texts("prefix"),
        *_integers("first", "last"),
        *_texts("given_at"),
    )
    op.create_index("number_block_place", "number_block", ["prefix", "first"], unique=True)
    op.create_index("number_block_of_installation", "number_block", ["installation_id", "prefix"])


def _documents() -> None:
    op.create_table(
        "document",
        _id(),
        sa.Column("uuid", sa.Text, nullable=False, unique=True),
        sa.Column("number", sa.Text, nullable=False, unique=True),
        _to("advisor_id", "advisor"),
        _to("installation_id", "installation"),
        *_texts("kind", "digest", "backed_up_at"),
        *_integers("sequence", "revision"),
        *_texts("evaluated_at", "returned_at", "returned_code", "returned_facts", nullable=True),
        *_texts("cancelled_at", "exported_at", "export_key", "corrects", "corrects_number", nullable=True),
        *_integers("exported_revision", "position", "corrects_revision", nullable=True),
        *_texts("signed_at", nullable=True),
        sa.Column("attachments_missing", sa.Integer, nullable=False, server_default=sa.text("0")),
    )
    op.create_index("document_correcting", "document", ["corrects"], sqlite_where=sa.text("corrects IS NOT NULL"))
    is_open = "exported_at IS NULL AND cancelled_at IS NULL"
    op.create_index("document_of_advisor", "document", ["advisor_id", "sequence"])
    op.create_index("document_of_installation", "document", ["installation_id", "sequence"])
    op.create_index("document_open", "document", ["id"], sqlite_where=sa.text(is_open))
    waiting = f"evaluated_at IS NULL AND returned_at IS NULL AND {is_open}"
    op.create_index("document_waiting", "document", ["id"], sqlite_where=sa.text(waiting))


def _revisions() -> None:
    op.create_table(
        "revision",
        _to("document_id", "document", primary=True),
        sa.Column("number", sa.Integer, primary_key=True),
        *_integers("base_revision", nullable=True),
        *_texts("digest", "envelope", "backed_up_at"),
        _to("installation_id", "installation"),
    )
    op.create_table(
        "evaluation",
        _to("document_id", "document", primary=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        *_texts("at"),
        *_texts("returned_code", "returned_facts", nullable=True),
    )
    op.create_table(
        "core_health",
        _to("document_id", "document", primary=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        *_texts("sealed"),
    )


def _operations() -> None:
    op.create_table(
        "operation",
        _to("installation_id", "installation", primary=True),
        _primary_text("id"),
        *_texts("digest", "document", "outcome", "facts", "at"),
        *_texts("code", nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kept",
        _to("installation_id", "installation", primary=True),
        _primary_text("operation"),
        *_texts("document", "code", "envelope", "at"),
    )
    op.create_index("kept_of_document", "kept", ["document"])


def _signatures() -> None:
    op.create_table(
        "signature",
        _to("document_id", "document", primary=True),
        *_integers("revision"),
        *_texts("digest", "envelope", "at"),
        _to("installation_id", "installation"),
    )
    op.create_table(
        "attachment",
        _to("document_id", "document", primary=True),
        _primary_text("digest"),
        *_integers("size"),
        *_texts("received_at", nullable=True),
    )
    op.create_index("attachment_of_digest", "attachment", ["digest"])
    op.create_table(
        "late_signature",
        _to("document_id", "document", primary=True),
        _primary_text("operation"),
        *_integers("revision"),
        *_texts("digest", "at"),
        sa.Column("agrees", sa.Boolean, nullable=False),
        sa.Column("export_key", sa.Text, sa.ForeignKey("export_run.key")),
    )
    op.create_index("late_signature_of_run", "late_signature", ["export_key"])


def _exports() -> None:
    op.create_table(
        "export_run",
        _primary_text("key"),
        sa.Column("by_hand", sa.Boolean, nullable=False),
        *_texts("cutoff_at", "frozen_at"),
        *_integers("count"),
        *_texts("written_at", "sha256", nullable=True),
    )
    op.create_table(
        "export_item",
        _to("document_id", "document", primary=True),
        sa.Column("export_key", sa.Text, sa.ForeignKey("export_run.key"), nullable=False),
        *_integers("position", "revision"),
        sa.Column("verified", sa.Boolean, nullable=False),
    )
    op.create_index("export_item_place", "export_item", ["export_key", "position"], unique=True)
    op.create_table(
        "left_behind",
        sa.Column("export_key", sa.Text, sa.ForeignKey("export_run.key"), primary_key=True),
        _to("document_id", "document", primary=True),
        *_integers("revision"),
        *_texts("code"),
    )


def _small_tables() -> None:
    op.create_table("meta", _primary_text("name"), *_texts("value"))
    op.create_table("counter", _primary_text("name"), *_integers("value"))
    op.create_table("withdrawn_version", _primary_text("name"), _primary_text("version"), *_texts("at"))
    op.create_table("audit", _id(), *_texts("at", "event", "subject", "chain"))


_BODIES = {  # table: (its body, what the row belongs to, everything else)
    "revision": (
        "envelope",
        "document_id",
        ("document_id", "number", "base_revision", "digest", "installation_id", "backed_up_at"),
    ),
    "core_health": ("sealed", "document_id", ("document_id", "revision")),
    "kept": ("envelope", "document", ("installation_id", "operation", "document", "code", "at")),
}


def _but_for_bodies(table: str, what: str) -> str:
    """When a guard lets an update pass: the body alone is emptied, of what is being purged or was never taken in."""
    if what != "UPDATE" or table not in _BODIES:
        return ""
    body, owner, others = _BODIES[table]
    unchanged = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in others)
    purged = f"EXISTS (SELECT 1 FROM purging WHERE {owner} = OLD.{owner})"  # noqa: S608 - the names stand above
    if table == "kept":
        purged = f"({purged} OR NOT EXISTS (SELECT 1 FROM document WHERE uuid = OLD.document))"  # noqa: S608 - as above
    return f"WHEN NOT (NEW.{body} = '' AND {unchanged} AND {purged}) "


def _purging() -> None:
    op.create_table("purging", _to("document_id", "document", primary=True), *_texts("document"))
    op.execute(
        "CREATE TRIGGER purging_is_of_what_is_over BEFORE INSERT ON purging WHEN NOT EXISTS (SELECT 1 FROM "
        "document LEFT JOIN export_run ON export_run.key = document.export_key WHERE document.id = NEW.document_id AND "
        "document.uuid = NEW.document AND (export_run.written_at IS NOT NULL OR document.exported_at IS NULL AND "
        "(document.cancelled_at IS NOT NULL OR document.returned_at IS NOT NULL OR document.kind = 'other'))) "
        "BEGIN SELECT RAISE(ABORT, 'only what was taken over, or never will be, can be purged'); END"
    )


def _guards() -> None:
    """What is written once stays; a run keeps what its file is made of, a document its export."""
    for table in (
        "revision",
        "evaluation",
        "core_health",
        "operation",
        "kept",
        "signature",
        "export_item",
        "left_behind",
        "audit",
    ):
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_stays_on_{what.lower()} BEFORE {what} ON {table} "
                f"{_but_for_bodies(table, what)}BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    for table in ("document", "export_run", "installation"):
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END"
        )
    op.execute(
        "CREATE TRIGGER export_run_is_frozen BEFORE UPDATE OF key, by_hand, cutoff_at, frozen_at, count ON export_run "
        "BEGIN SELECT RAISE(ABORT, 'a run is frozen'); END"
    )
    op.execute(
        "CREATE TRIGGER document_is_exported_once BEFORE UPDATE OF exported_at, exported_revision, export_key, "
        "position, revision, digest, cancelled_at ON document WHEN OLD.exported_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'the document is exported'); END"
    )
    op.execute(
        "CREATE TRIGGER document_corrects_for_good BEFORE UPDATE OF corrects, corrects_number, corrects_revision "
        "ON document BEGIN SELECT RAISE(ABORT, 'a document corrects what it was made for'); END"
    )
