"""How what was typed into a field becomes its canonical answer, and which options a choice has."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from localapp.domain.fields import (
    accounts,
    amounts,
    companies,
    contacts,
    countries,
    dates,
    insurer_numbers,
    shares,
)  # fmt: skip
from localapp.domain.fields.birth_numbers import parse_birth_number
from localapp.domain.fields.identity_documents import parse_identity_document
from localapp.domain.fields.parsed import Parsed, Value, refused, value
from localapp.domain.forms.definition import Field, FieldType, Option

Catalogues = Mapping[str, Mapping[str, Mapping[str, Any]]]
_YES, _NO = frozenset({"true", "ano", "yes", "1"}), frozenset({"false", "ne", "no", "0"})


_BREAKS = str.maketrans(
    {"\r": "\n", "\v": "\n", "\f": "\n", "\x85": "\n", "\x1c": " ", "\x1d": " ", "\x1e": " ", "\x1f": " "}
)
_JOINERS = "\u200c\u200d"  # they change how letters are written, so they belong to the text


def clean(text: str) -> str:
    """The text without what nobody sees and no page, print or data record can carry: NUL, half characters, marks.

    One newline for each line break, and composed letters, so that the same name is the same text wherever it was typed.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").translate(_BREAKS)
    return unicodedata.normalize("NFC", "".join(letter for letter in text if _is_shown(letter)))


def _is_shown(letter: str) -> bool:
    return letter in "\n\t" or letter in _JOINERS or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}


def read_text(field: Field, text: str, options: Sequence[Option], today: date) -> Parsed:
    """The canonical value of the text, None for an empty one, or a problem code. ``options`` are those of a choice."""
    stripped = clean(text).strip()
    if not stripped.strip(_JOINERS):
        return value(None)
    if len(stripped) > field.longest:
        return refused("text_too_long", limit=field.longest, value=len(stripped))
    found = _read(field, stripped, options, today)
    return found if found.code else _within_limits(field, found)


def as_text(field: Field, found: Value) -> str:
    """An answer as text that reads back as the same answer."""
    if field.type is FieldType.SHARE and isinstance(found, int):
        return shares.as_text(found)
    return str(found)


def _read(field: Field, text: str, options: Sequence[Option], today: date) -> Parsed:
    match field.type:
        case FieldType.TEXT:
            return value(" ".join(text.split()))
        case FieldType.NOTE:
            return value(text)
        case FieldType.CHOICE:
            return _read_choice(text, options)
        case FieldType.BOOLEAN:
            return _read_boolean(text)
        case FieldType.DATE:
            return dates.parse_date(text, today, past=field.past)
        case _ if field.type in _DATED:
            return _DATED[field.type](text, today)
        case _:
            return _READERS[field.type](text)


_READERS: Final[Mapping[FieldType, Callable[[str], Parsed]]] = {
    FieldType.INTEGER: amounts.parse_integer,
    FieldType.MONEY: amounts.parse_money,
    FieldType.DECIMAL: amounts.parse_decimal,
    FieldType.SHARE: shares.parse_share,
    FieldType.MOMENT: dates.parse_moment,
    FieldType.EMAIL: contacts.parse_email,
    FieldType.PHONE: contacts.parse_phone,
    FieldType.POSTAL_CODE: contacts.parse_postal_code,
    FieldType.COUNTRY: countries.parse_country,
    FieldType.COMPANY_ID: companies.parse_company_id,
    FieldType.BANK_ACCOUNT: accounts.parse_bank_account,
    FieldType.IBAN: accounts.parse_iban,
    FieldType.SIPO_NUMBER: accounts.parse_sipo_number,
    FieldType.POLICY_NUMBER: insurer_numbers.parse_policy_number,
    FieldType.PARTNER_NUMBER: insurer_numbers.parse_partner_number,
    FieldType.CNB_REGISTRATION_NUMBER: insurer_numbers.parse_cnb_registration_number,
}
_DATED: Final[Mapping[FieldType, Callable[[str, date], Parsed]]] = {
    FieldType.BIRTH_NUMBER: parse_birth_number,
    FieldType.IDENTITY_DOCUMENT: parse_identity_document,
    FieldType.VAT_ID: companies.parse_vat_id,
}
"""What is read depends on the day too: nobody is born in the future."""


def _read_choice(text: str, options: Sequence[Option]) -> Parsed:
    for option in options:
        if str(option.value) == text:
            return value(option.value)
    return refused("choice_unknown", typed=text)


def _read_boolean(text: str) -> Parsed:
    lowered = text.lower()
    if lowered in _YES or lowered in _NO:
        return value(lowered in _YES)
    return refused("choice_unknown", typed=text)


def _within_limits(field: Field, found: Parsed) -> Parsed:
    number = found.value
    if isinstance(number, bool) or not isinstance(number, int):
        return found
    if field.minimum is not None and number < field.minimum:
        return Parsed(number, "value_too_small", {"value": number, "limit": field.minimum})
    if field.maximum is not None and number > field.maximum:
        return Parsed(number, "value_too_large", {"value": number, "limit": field.maximum})
    return found


def options_of(field: Field, row: Mapping[str, Any], catalogues: Catalogues) -> tuple[Option, ...]:
    """The options of a choice in its row: the field's own, narrowed by what ``options_from`` names.

    ``{"catalogue": "coverages", "key": "code", "list": "sum_patterns"}``: of the entry whose code the row's
    field ``code`` holds. Without ``list`` every entry of the catalogue is an option.
    """
    source = field.options_from
    if not source:
        return field.options
    entries = catalogues.get(source["catalogue"], {})
    if "list" not in source:
        return tuple(Option(code, entry["name"]) for code, entry in entries.items())
    allowed = entries.get(str(row.get(source["key"])), {}).get(source["list"])
    if allowed is None:
        return field.options
    return tuple(option for option in field.options if option.value in allowed)
