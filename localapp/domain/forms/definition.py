"""The model of a form definition. ``parser`` makes it from a file; ``docs/form-definitions.md`` describes the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

Label = Mapping[str, str]


class FieldType(StrEnum):
    """How a field's text is read and shown."""

    TEXT = "text"
    NOTE = "note"
    INTEGER = "integer"
    MONEY = "money"
    DECIMAL = "decimal"
    DATE = "date"
    CHOICE = "choice"
    BOOLEAN = "boolean"
    BIRTH_NUMBER = "birth_number"
    EMAIL = "email"
    PHONE = "phone"
    POSTAL_CODE = "postal_code"
    SHARE = "share"
    MOMENT = "moment"
    COUNTRY = "country"
    IDENTITY_DOCUMENT = "identity_document"
    COMPANY_ID = "company_id"
    VAT_ID = "vat_id"
    BANK_ACCOUNT = "bank_account"
    IBAN = "iban"
    SIPO_NUMBER = "sipo_number"
    POLICY_NUMBER = "policy_number"
    PARTNER_NUMBER = "partner_number"
    CNB_REGISTRATION_NUMBER = "cnb_registration_number"


class Sensitive(StrEnum):
    """The kind of a field that is apart. Health and rating facts are stored sealed; ``copying`` says what is copied."""

    HEALTH = "health"
    RATING = "rating"
    IDENTITY_DOCUMENT = "identity_document"
    SIGNATURE = "signature"
    CONSENT = "consent"
    AML = "aml"
    OCCASION = "occasion"
    OCCASION_DATE = "occasion_date"


_SEALED = frozenset({Sensitive.HEALTH, Sensitive.RATING})
FILLED_BEFOREHAND = frozenset({None, Sensitive.HEALTH, Sensitive.RATING, Sensitive.IDENTITY_DOCUMENT})
"""The kinds whose answers another document may bring along."""


@dataclass(frozen=True)
class Option:
    """One choice: its value and its label."""

    value: str | int | bool
    label: Label


@dataclass(frozen=True)
class Field:
    """One field. Expressions are texts in the form language."""

    id: str
    type: FieldType
    label: Label
    line: int
    hint: Label | None = None
    unit: Label | None = None
    required: bool = False
    required_if: str | None = None
    visible_if: str | None = None
    computed: str | None = None
    computed_if: str | None = None
    computed_until_typed: bool = False
    agrees_with: str | None = None
    distinct: bool = False
    fills: Mapping[str, str] = field(default_factory=dict)
    calculated: str | None = None
    notes: str | None = None
    opens: str | None = None
    section: str | None = None
    default: str | int | bool | None = None
    default_from: str | None = None
    options: tuple[Option, ...] = ()
    options_from: Mapping[str, str] | None = None
    minimum: int | None = None
    maximum: int | None = None
    longest: int = 200
    past: bool = False
    fixed: bool = False
    width: str = "m"
    sensitive: Sensitive | None = None
    prefill: str | None = None
    print: bool = True
    export: str | None = None

    @property
    def is_health(self) -> bool:
        """Whether the value belongs to the sealed health part."""
        return self.sensitive in _SEALED

    @property
    def ends_validity(self) -> bool:
        """Whether the field says until when an identity document is valid; the day of issue lies in the past."""
        return self.sensitive is Sensitive.IDENTITY_DOCUMENT and self.type is FieldType.DATE and not self.past


@dataclass(frozen=True)
class Check:
    """A rule over several fields: when ``when`` is true, ``text`` is shown at ``at``, filled with ``facts``."""

    id: str
    when: str
    at: str
    level: str
    text: Label
    line: int
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """Repeated rows with permanent ids. ``starts_with`` are the rows of an empty document."""

    id: str
    label: Label
    line: int
    fields: tuple[Field, ...]
    groups: tuple["Group", ...] = ()
    checks: tuple[Check, ...] = ()
    minimum: int = 0
    maximum: int = 99
    starts_with: tuple[Mapping[str, Any], ...] = ()
    added_by: str | None = None

    @property
    def is_sealed(self) -> bool:
        """Whether the rows as such belong to the sealed health part: that there is one says something of health."""
        return all(field.is_health for field in self.fields)


@dataclass(frozen=True)
class Section:
    """One page of the form: its own fields, and the groups it shows."""

    id: str
    label: Label
    line: int
    fields: tuple[Field, ...] = ()
    shows: tuple[str, ...] = ()
    is_summary: bool = False


@dataclass(frozen=True)
class FormDefinition:
    """A form at one version. ``calculation`` names the library and maps fields to its input."""

    name: str
    version: str
    kind: str
    label: Label
    sections: tuple[Section, ...]
    groups: tuple[Group, ...]
    checks: tuple[Check, ...] = ()
    calculation: Mapping[str, Any] = field(default_factory=dict)
    client: Mapping[str, str] = field(default_factory=dict)

    def section(self, section_id: str) -> Section | None:
        """The section of that id."""
        return next((section for section in self.sections if section.id == section_id), None)

    def group(self, group_id: str) -> Group | None:
        """The group of that dotted id, ``persons`` or the nested ``persons.coverages``."""
        return self._groups_by_id.get(group_id)

    def all_groups(self) -> Iterator[tuple[str, Group]]:
        """Every group with its dotted id, outer before inner."""
        yield from _with_inner(self.groups, "")

    @cached_property
    def _groups_by_id(self) -> dict[str, Group]:
        return dict(self.all_groups())

    def home_of(self, group_id: str) -> Section | None:
        """The section that shows the group."""
        return next((section for section in self.sections if group_id in section.shows), None)


def _with_inner(groups: tuple[Group, ...], outer: str) -> Iterator[tuple[str, Group]]:
    for group in groups:
        yield f"{outer}{group.id}", group
        yield from _with_inner(group.groups, f"{outer}{group.id}.")
