"""Which revisions the insurer has acknowledged, and over which of them a later one was made.

The endpoint decides by the base that a desk names: the newest acknowledged revision that the advisor has seen. A number
alone does not say whose revision it is: two machines may both have made a second one over the first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, union_all

from localapp.domain.sync.operations import OperationKind
from localapp.store import schema
from localapp.store.several import several, texts

ELSEWHERE = "elsewhere"
"""The actor of a revision that was made on another machine and came from the insurer."""

_document, _revision, _outbox = schema.document, schema.revision, schema.outbox
_OF_SEVERAL = several(_revision.c.document_id)
_BASES = select(_revision.c.document_id, _revision.c.number, _revision.c.base_revision).where(_OF_SEVERAL)
_DIGESTS = select(_revision.c.document_id, _revision.c.number, _revision.c.digest).where(_OF_SEVERAL)
_ACKNOWLEDGED = union_all(
    select(_outbox.c.document_id, _outbox.c.revision).where(
        several(_outbox.c.document_id),
        _outbox.c.kind == OperationKind.COMPLETION,
        _outbox.c.acknowledged_at.is_not(None),
    ),
    select(_revision.c.document_id, _revision.c.number).where(_OF_SEVERAL, _revision.c.actor == ELSEWHERE),
    select(_revision.c.document_id, _revision.c.number)
    .join(_document, _document.c.id == _revision.c.document_id)
    .where(_OF_SEVERAL, _revision.c.number == _document.c.backed_up_revision)
    .where(_revision.c.digest == _document.c.backed_up_digest),
)
"""By an answer to this desk; by having come from there; by what is told of the document: a desk that was put back to
an older state may have sent the revision later than that state."""


@dataclass(frozen=True)
class Lineage:
    """The revisions of one document that are here: each with its base, and those that are acknowledged."""

    bases: Mapping[int, int | None]
    acknowledged: frozenset[int]

    def base_of(self, number: int | None) -> int | None:
        """The newest acknowledged revision that ``number`` is or was made over; None if there is none."""
        while number is not None and number not in self.acknowledged:
            number = self.bases.get(number)
        return number

    def parted(self, one: int, other: int) -> bool:
        """Whether neither of two revisions was made over the other."""
        return one not in self._way_to(other) and other not in self._way_to(one)

    def _way_to(self, number: int | None) -> Iterator[int]:
        while number is not None:
            yield number
            number = self.bases.get(number)

    def unacknowledged_after(self, base: int | None) -> list[int]:
        """The revisions made here after ``base`` that the insurer has not acknowledged, oldest first."""
        return sorted(number for number in self.bases if number > (base or 0) and number not in self.acknowledged)


def lineages(connection: Connection, documents: Sequence[int]) -> dict[int, Lineage]:
    """The lineages of several documents, in two queries."""
    bases: dict[int, dict[int, int | None]] = {row: {} for row in documents}
    acknowledged: dict[int, set[int]] = {row: set() for row in documents}
    asked = {"several": texts(documents)}
    for row, number, base in connection.execute(_BASES, asked) if documents else ():
        bases[row][number] = base
    for row, number in connection.execute(_ACKNOWLEDGED, asked) if documents else ():
        acknowledged[row].add(number)
    return {row: Lineage(bases[row], frozenset(acknowledged[row])) for row in documents}


def lineage(connection: Connection, document: int, *, told: frozenset[int] = frozenset()) -> Lineage:
    """The lineage of one document; ``told`` are revisions of which the insurer has just told the same digest."""
    found = lineages(connection, [document])[document]
    return Lineage(found.bases, found.acknowledged | told)


def without_lost(connection: Connection, document: int, known: Lineage, newest: int) -> Lineage:
    """The lineage without what was made here after ``newest``: an insurer that was put back has nothing later."""
    chosen = select(_revision.c.number).where(_revision.c.document_id == document, _revision.c.actor != ELSEWHERE)
    lost = set(connection.execute(chosen.where(_revision.c.number > newest)).scalars())
    return Lineage(known.bases, known.acknowledged - lost)


def holds(connection: Connection, document: int, number: int, digest: str) -> bool:
    """Whether this very revision is here."""
    chosen = select(_revision.c.digest).where(_revision.c.document_id == document, _revision.c.number == number)
    return connection.execute(chosen).scalar() == digest


def digests(connection: Connection, documents: Sequence[int]) -> dict[tuple[int, int], str]:
    """The digests of the revisions that are here, by document and number."""
    found = connection.execute(_DIGESTS, {"several": texts(documents)})
    return {(row, number): digest for row, number, digest in found}
