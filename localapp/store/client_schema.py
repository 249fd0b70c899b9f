"""The tables of the clients: derived from the documents, and made again from them at any time."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from localapp.store.long_text import LongText
from localapp.store.schema import document_key, metadata

client = Table(
    "client",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("key", Text, nullable=False, unique=True),
    Column("sort_key", Text, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("facts", LongText, nullable=False),
    Index("client_in_order", "sort_key", "id"),
)

client_person = Table(
    "client_person",
    metadata,
    Column("id", Integer, primary_key=True),
    document_key(),
    Column("client_id", Integer, ForeignKey("client.id"), nullable=False),
    Column("path", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("birth_number", Text, nullable=False),
    Column("facts", LongText, nullable=False),
    Column("at", Text, nullable=False),
    Index("client_person_by_document", "document_id"),
    Index("client_person_by_client", "client_id", "at"),
    Index("client_person_by_name", "name_key", "birth_number"),
)

client_stale = Table(  # documents whose persons may have changed; filled by triggers, empty outside a transaction
    "client_stale",
    metadata,
    Column("document_id", Integer, primary_key=True),
)
