"""How a document stands, without what differs between two desks that did the same: ids, numbers, times and salts."""

import json
import re
from dataclasses import asdict
from typing import Any

from localapp.store.store import Store

NUMBER = re.compile(r"N\d\d-\d{6}")


MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+\+00:00")


def standing(store: Store, document: str) -> dict[str, Any]:
    """Facts, answers, health and its history, journal, list row and what waits for the insurer."""
    record, content = store.document(document), store.content(document)
    assert record is not None
    quote = json.loads(content.last_quote) if content.last_quote else {}
    return {
        "facts": {name: bool(value) for name, value in asdict(record.facts).items()},
        "revision": record.revision,
        "versions": (record.form, record.calculation),
        "row": {name: NUMBER.sub("", str(value)) for name, value in asdict(record.row).items()},
        "answers": _plain(content.answers),
        "health": _plain(content.health),
        "base": content.base_revision,
        "is working copy": content.changed_at is not None,
        "quote": {name: value for name, value in quote.items() if name != "at"},
        "health history": [_plain(each) for each in store.health_history(document)],
        "journal": [(line.event, line.path, _plain(line.old), _plain(line.new)) for line in store.journal(document)],
        "outbox": [(each.kind, each.revision) for each in store.outbox() if each.document == document],
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Without the times at which a row was removed, a consent given or a document handed over."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return "a moment" if isinstance(value, str) and MOMENT.fullmatch(value) else value


def everything(store: Store) -> set[str]:
    """The ids of all documents, those in Smazané too."""
    found = {row.id for row in store.deleted()}
    before: int | None = None
    while True:
        page = store.page(shelf=None, kind=None, before=before, limit=200)
        found |= {row.id for row in page.rows}
        if page.next is None:
            return found
        before = page.next
