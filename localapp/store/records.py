"""What the store takes and gives: plain values, free of SQL, so that every layer above may import them cheaply."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from localapp.domain.canonical import Pinned
from localapp.domain.correction import Corrects
from localapp.domain.lifecycle import Facts, Kind
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.operations import OperationKind

Answers = dict[str, Any]


@dataclass(frozen=True)
class Keys:
    """Two independent random keys of 32 bytes: ``database`` for the whole file, ``health`` for health inside it."""

    database: bytes = field(repr=False)
    health: bytes = field(repr=False)


@dataclass(frozen=True)
class ListRow:
    """What the list shows of a document. Never anything of its health part.

    ``premium`` is the Decimal text of one instalment in CZK; ``search`` holds the words by which it is found (names,
    policy number, phone; the store adds the document's number).
    """

    client_last_name: str
    client_first_name: str
    client_title: str
    premium: str | None
    payments_per_year: int | None
    search: str


@dataclass(frozen=True)
class NamedAdvisor:
    """An advisor and the partner as a document names them: by their data of that time."""

    title: str
    first_name: str
    last_name: str
    cnb_registration_number: str
    partner_number: str
    partner_name: str

    @property
    def name(self) -> str:
        """Title, first name, surname."""
        return " ".join(each for each in (self.title, self.first_name, self.last_name) if each)


@dataclass(frozen=True)
class NewDocument:
    """A document to be created, as a draft with a working copy."""

    kind: Kind
    form: Pinned
    calculation: Pinned
    answers: Answers
    health: Answers = field(repr=False)
    row: ListRow
    actor: str
    copied_from: str | None = None
    prefilled_from: str | None = None
    """The illustration whose answers an offer began with."""
    corrects: Corrects | None = None
    last_quote: str | None = None
    left_behind: tuple[str, ...] = ()
    """The places that were not copied."""


@dataclass(frozen=True)
class DocumentRecord:
    """One document without its answers. ``revision`` is the newest completed one; times are aware, UTC.

    ``number`` is empty until the synchronization has given one.
    """

    id: str
    number: str
    kind: Kind
    form: Pinned
    calculation: Pinned
    facts: Facts
    created_at: datetime
    changed_at: datetime
    revision: int | None
    row: ListRow
    copied_from: str | None
    prefilled_from: str | None
    returned: Refusal | None = None
    receipt: "Receipt | None" = None
    corrects: Corrects | None = None
    former_number: str = ""
    """A number that another document has; a print of this one may carry it."""


@dataclass(frozen=True)
class Receipt:
    """The run of the export that took a document, and its line there."""

    export: str
    position: int


@dataclass(frozen=True, eq=False)
class ListedDocument:
    """One line of the list. ``rank`` orders it (greater = changed later) and is the cursor of paging.

    The same row of the table gives the same object while it is kept, so that what is made of it can be kept as well.

    ``completed_revision_at`` is the time of the newest completed revision: the one that goes to the insurer while a
    working copy lies over it. ``corrects`` is the number of the document that it corrects, ``corrected_by`` of the one
    that corrects it (empty while that has none); None where there is none.
    """

    id: str
    rank: int
    number: str
    kind: Kind
    client_last_name: str
    client_first_name: str
    client_title: str
    premium: str | None
    payments_per_year: int | None
    facts: Facts
    changed_at: datetime
    completed_revision_at: datetime | None
    form: Pinned
    returned: Refusal | None = None
    corrects: str | None = None
    corrected_by: str | None = None


@dataclass(frozen=True)
class Page:
    """Some lines of the list, newest change first; ``next`` is the next page's ``before``, None at the end."""

    rows: list[ListedDocument]
    next: int | None


@dataclass(frozen=True)
class Content:
    """What a document says now: its working copy or, without one, its newest revision (``changed_at`` is None then)."""

    answers: Answers
    health: Answers = field(repr=False)
    base_revision: int | None
    changed_at: datetime | None
    last_quote: str | None
    at_step: int | None = None
    health_sequence: int | None = None
    """Where a working copy stands among its steps, and which state of health it has."""
    can_go_back: bool = False
    can_go_again: bool = False


@dataclass(frozen=True)
class JournalLine:
    """Who did what to a document and when. A change of health has neither path nor values."""

    at: datetime
    actor: str
    event: str
    path: str | None = None
    old: Any = None
    new: Any = None


@dataclass(frozen=True)
class HistoryLine(JournalLine):
    """A line of the journal in the history: ``cause`` of its step, the ``stroke`` of typing that the step belongs to,
    and the line whose state it restored. A ``completed`` line holds the number of its revision as ``new``.
    """

    id: int = 0
    cause: str | None = None
    stroke: int | None = None
    about: int | None = None


@dataclass(frozen=True)
class Operation:
    """Something the insurer is to be told. ``refusal`` is the last answer that kept it here; with ``refused_at`` it is
    not sent again by itself.
    """

    id: str
    kind: OperationKind
    document: str
    revision: int
    queued_at: datetime
    tries: int = 0
    refusal: Refusal | None = None
    refused_at: datetime | None = None
