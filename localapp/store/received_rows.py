"""What the list shows of a document that was made on another machine, read from its answers alone.

Its form may be of a version that is not here: the names in the answers are the field's own all the way, so none is
needed. Once somebody edits the document, its form says again what the list shows. Never anything of health.
"""

from collections.abc import Mapping
from typing import Any

from localapp.domain.clients import search_words
from localapp.domain.sync.operations import Premium
from localapp.store.records import Answers, ListRow

_CLIENT = "policyholder"


def row_of(answers: Answers, premium: Premium | None) -> ListRow:
    """The list row of a completed revision; empty where the answers have nothing of that name."""
    found = answers.get(_CLIENT)
    client = found if isinstance(found, dict) else {}
    return ListRow(
        client_last_name=_text(client, "last_name"),
        client_first_name=_text(client, "first_name"),
        client_title=_text(client, "title"),
        premium=premium.total_instalment if premium else None,
        payments_per_year=premium.payments_per_year if premium else None,
        search=search_words(answers),
    )


def _text(part: Mapping[str, Any], name: str) -> str:
    found = part.get(name)
    return found if isinstance(found, str) else ""
