"""Whole acknowledged revisions for the linked installations of their advisor, and for nobody else."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, LargeBinary, bindparam, cast, func, select

from endpoint.authentication import Caller
from endpoint.refusal import RequestRefused
from endpoint.store import schema
from localapp.domain.sync.bodies import MOST_BODY_BYTES, Bodies, Body, Wanted

_document, _revision = schema.document, schema.revision


def bodies(connection: Connection, caller: Caller, want: Sequence[Wanted]) -> Bodies:
    """What the caller may have of what it wants, in that order, as much as fits into one answer (the first always).

    A document of another advisor is told from one that does not exist by nothing. Raises RequestRefused ``not_linked``:
    an unlinked installation gets not even what it has sent itself.
    """
    if not caller.linked:
        raise RequestRefused("not_linked")
    sizes = _sizes(connection, caller, want)
    chosen: list[Wanted] = []
    left_out: list[Wanted] = []
    size = 0
    for each in dict.fromkeys(want):
        if each not in sizes:
            continue
        size += sizes[each]
        if left_out or (chosen and size > MOST_BODY_BYTES):
            left_out.append(each)
        else:
            chosen.append(each)
    found = tuple(_body(connection, each) for each in chosen)
    return Bodies(found, tuple(left_out), tuple(each for each in dict.fromkeys(want) if each not in sizes))


def _sizes(connection: Connection, caller: Caller, want: Sequence[Wanted]) -> dict[Wanted, int]:
    """The bytes of the envelopes that the caller may have: one look for all."""
    asked = func.json_each(bindparam("asked")).table_valued("value")
    uuid, number = func.json_extract(asked.c.value, "$[0]"), func.json_extract(asked.c.value, "$[1]")
    chosen = (
        select(_document.c.uuid, _revision.c.number, func.length(cast(_revision.c.envelope, LargeBinary)))
        .select_from(asked)
        .join(_document, _document.c.uuid == uuid)
        .join(_revision, (_revision.c.document_id == _document.c.id) & (_revision.c.number == number))
        .where(_document.c.advisor_id + 0 == caller.advisor_id)  # without its index: what is asked leads
        .where(_revision.c.envelope != "")  # six months after its take-over a body is gone
    )
    found = connection.execute(chosen, {"asked": json.dumps([list(each) for each in want])})
    return {(uuid, number): size for uuid, number, size in found}


def _body(connection: Connection, wanted: Wanted) -> Body:
    document, number = wanted
    chosen = (
        select(_revision.c.envelope, _revision.c.backed_up_at)
        .join(_document, _document.c.id == _revision.c.document_id)
        .where(_document.c.uuid == document, _revision.c.number == number)
    )
    row = connection.execute(chosen).one()
    return Body(document, number, row.envelope, row.backed_up_at)
