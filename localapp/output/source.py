"""What a print is made from: all of it, so that the same source gives the same print, byte for byte."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from localapp.domain.forms.calculation_input import CalculationInput
from localapp.domain.forms.definition import FormDefinition
from localapp.domain.forms.evaluator import Evaluation, FieldState
from localapp.domain.forms.reading import Catalogues


@dataclass(frozen=True)
class DocumentFacts:
    """The document as printed. ``revision`` and ``digest`` are None of a draft; ``at`` is when it was completed, or
    last changed. ``number`` is empty until the synchronization has given one.
    """

    number: str
    at: datetime
    revision: int | None = None
    digest: str | None = None
    cancelled: bool = False
    former_number: str = ""
    corrects: str = ""
    advisor: str = ""
    partner: str = ""


@dataclass(frozen=True)
class Component:
    """A component that the document was made with: ``kind`` is a word of the print, ``digest`` SHA-256 in hex."""

    kind: str
    name: str
    version: str
    digest: str


@dataclass(frozen=True)
class Account:
    """The insurer's account for premiums."""

    iban: str
    written: str


@dataclass(frozen=True)
class Source:
    """``quote`` is the output of the calculation library, None when there is none; ``notice`` says whose rates."""

    definition: FormDefinition
    evaluation: Evaluation = field(repr=False)
    mapped: CalculationInput = field(repr=False)
    catalogues: Catalogues = field(repr=False)
    quote: Mapping[str, Any] | None = field(repr=False)
    notice: Mapping[str, str]
    document: DocumentFacts
    components: tuple[Component, ...]
    account: Account | None = None
    lang: str = "cs"

    @property
    def is_draft(self) -> bool:
        """Whether nothing has been completed yet."""
        return self.document.revision is None

    def states(self, owner: str) -> list[FieldState]:
        """The fields of a section or row, by its path."""
        return self._by_owner.get(owner, [])

    @cached_property
    def _by_owner(self) -> Mapping[str, list[FieldState]]:
        found: dict[str, list[FieldState]] = {}
        for path, state in self.evaluation.fields.items():
            found.setdefault(path.rpartition(".")[0], []).append(state)
        return found
