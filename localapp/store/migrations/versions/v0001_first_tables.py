"""The first tables. Frozen: later changes are migrations of their own."""

from localapp.store.migrations.first_tables import documents, guards, synchronization

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    synchronization.make_enrolments()
    documents.make_documents()
    documents.make_answers()
    documents.make_health()
    documents.make_journal()
    synchronization.make_outbox()
    synchronization.make_conflicts()
    synchronization.make_attachments()
    synchronization.make_synchronization()
    documents.make_small_tables()
    documents.make_search()
    documents.make_clients()
    guards.make_guards()
