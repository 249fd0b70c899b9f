"""The full-text index of the list. Its rowid is the document's rank, so a search comes out in the order of the list."""

import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import Connection, text

_WORD = re.compile(r"[^\W_]+")
_MAX_WORDS = 12
_MAX_LETTERS = 64

_INDEXED = text("SELECT words FROM document_search WHERE rowid = :rank")
_REMOVE = text("DELETE FROM document_search WHERE rowid = :rank")
_ADD = text("INSERT INTO document_search (rowid, words) VALUES (:rank, :words)")


def indexed_words(numbers: Sequence[str], search: str) -> str:
    """What is indexed of a document: its numbers, also without zeros, and its words. Nothing that changes by itself."""
    found = [f"{number} {number.rpartition('-')[2].lstrip('0')}" for number in numbers]
    return unicodedata.normalize("NFC", " ".join([*found, search]))


def place(connection: Connection, old_rank: int, rank: int, words: str | None) -> None:
    """Move the document's entry from ``old_rank`` to ``rank``; None takes it out. Writes only what differs."""
    indexed = connection.execute(_INDEXED, {"rank": old_rank}).scalar()
    if indexed == words and (old_rank == rank or words is None):
        return
    if indexed is not None:
        connection.execute(_REMOVE, {"rank": old_rank})
    if words is not None:
        connection.execute(_ADD, {"rank": rank, "words": words})


def replace_all(connection: Connection, entries: Sequence[tuple[int, str]]) -> None:
    """Put other words in the place of those indexed under each rank, all at once."""
    if entries:
        connection.execute(_REMOVE, [{"rank": rank} for rank, _ in entries])
        connection.execute(_ADD, [{"rank": rank, "words": words} for rank, words in entries])


def expression(typed: str) -> str | None:
    """The FTS5 expression for typed text: each word is the beginning of an indexed one. None if no word is in it.

    Only letters and digits of ``typed`` reach the expression, each word quoted; at most 12 words of 64 letters count.
    """
    words = _WORD.findall(unicodedata.normalize("NFC", typed[: _MAX_WORDS * _MAX_LETTERS]))[:_MAX_WORDS]
    return " AND ".join(f'"{word[:_MAX_LETTERS]}"*' for word in words) or None
