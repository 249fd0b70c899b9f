"""The full-text index of the list. Its rowid is the document's rank, so a search comes out in the order of the list."""

import re
import unicodedata
from collections.abc import Iterable

from sqlalchemy import Connection, text

from localapp.domain.lifecycle import Kind, Shelf

# The tokenizer takes private-use characters for letters and no typed word keeps them: nobody can type a tag.
_TAG = {Kind: "\ue000", Shelf: "\ue001"}
_WORD = re.compile(r"[^\W_]+")
_MAX_WORDS = 12
_MAX_LETTERS = 64

_INDEXED = text("SELECT words FROM document_search WHERE rowid = :rank")
_REMOVE = text("DELETE FROM document_search WHERE rowid = :rank")
_ADD = text("INSERT INTO document_search (rowid, words) VALUES (:rank, :words)")


def indexed_words(number: str, search: str, kind: Kind, shelf: Shelf) -> str:
    """What is indexed of a document: its number (also without zeros), its words, and tags of the filters."""
    parts = (number, number.rpartition("-")[2].lstrip("0"), search, _tag(kind), _tag(shelf))
    return unicodedata.normalize("NFC", " ".join(parts))


def place(connection: Connection, old_rank: int, rank: int, words: str | None) -> None:
    """Move the document's entry from ``old_rank`` to ``rank``; None takes it out. Writes only what differs."""
    indexed = connection.execute(_INDEXED, {"rank": old_rank}).scalar()
    if indexed == words and (old_rank == rank or words is None):
        return
    if indexed is not None:
        connection.execute(_REMOVE, {"rank": old_rank})
    if words is not None:
        connection.execute(_ADD, {"rank": rank, "words": words})


def expression(typed: str, filters: Iterable[Kind | Shelf]) -> str | None:
    """The FTS5 expression for typed text: each word is the beginning of an indexed one. None if no word is in it.

    Only letters and digits of ``typed`` reach the expression, each word quoted; at most 12 words of 64 letters count.
    """
    words = _WORD.findall(unicodedata.normalize("NFC", typed[: _MAX_WORDS * _MAX_LETTERS]))[:_MAX_WORDS]
    if not words:
        return None
    tags = [f'"{_tag(chosen)}"' for chosen in filters]
    return " AND ".join([*tags, *(f'"{word[:_MAX_LETTERS]}"*' for word in words)])


def _tag(chosen: Kind | Shelf) -> str:
    return _TAG[type(chosen)] + chosen.value.replace("_", "")
