"""What a print is made of, before it is typeset: plain text in blocks. Nothing in a block is markup."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Facts:
    """Names and answers, one under the other."""

    rows: tuple[tuple[str, str], ...]
    title: str = ""
    kind: ClassVar[str] = "facts"


@dataclass(frozen=True)
class Cell:
    """One cell; ``detail`` stands small under its text."""

    text: str
    detail: str = ""


@dataclass(frozen=True)
class Table:
    """A table. ``numeric`` says of each column whether it holds numbers; ``total`` is its last row, ruled twice.

    ``shares`` are the widths of the columns, relative to each other. ``small`` is for tables of many years.
    """

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    shares: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    total: tuple[str, ...] = ()
    small: bool = False
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Picture:
    """An SVG picture and what it says in words."""

    svg: str
    text: str
    title: str = ""
    kind: ClassVar[str] = "picture"


@dataclass(frozen=True)
class Payment:
    """A QR code for a payment, and the same as facts."""

    svg: str
    text: str
    rows: tuple[tuple[str, str], ...]
    note: str
    kind: ClassVar[str] = "payment"


@dataclass(frozen=True)
class Note:
    """One sentence or two."""

    text: str
    kind: ClassVar[str] = "note"


@dataclass(frozen=True)
class Signatures:
    """Lines to sign on."""

    place: str
    names: tuple[str, ...]
    kind: ClassVar[str] = "signatures"


Block = Facts | Table | Picture | Payment | Note | Signatures


@dataclass(frozen=True)
class Part:
    """A section of the print."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Attached:
    """A file inside the PDF."""

    name: str
    description: str
    text: str


@dataclass(frozen=True)
class Printout:
    """A whole print. ``mark`` lies across every page, empty for none; ``moment`` is the PDF's date (Unix seconds)."""

    title: str
    heading: str
    number: str
    client: str
    mark: str
    notice: str
    total: str
    often: str
    page_words: tuple[str, str]
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    attached: tuple[Attached, ...]
    moment: int
    lang: str
