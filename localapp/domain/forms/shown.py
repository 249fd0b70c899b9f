"""How an answer is written: as it stands in its input, and as it is read out on a page or on paper."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from localapp.domain import written
from localapp.domain.fields import shares
from localapp.domain.fields.countries import country_name
from localapp.domain.forms.definition import FieldType
from localapp.domain.forms.evaluator import FieldState
from localapp.domain.typography import NBSP, typeset

_SAID = {True: {"cs": "Ano", "en": "Yes"}, False: {"cs": "Ne", "en": "No"}}


def in_input(state: FieldState, lang: str) -> str:
    """What stands in the input: the raw text of a wrong value, else the value as it is written."""
    if state.raw is not None:
        return state.raw
    if state.value is None:
        return ""
    write = _WRITTEN.get(state.field.type)
    return write(state.value, lang) if write else str(state.value)


def _decimal(value: Any, lang: str) -> str:  # noqa: ANN401 - any answer
    """Without groups, because it is read back from the field."""
    return str(value).replace(".", ",") if lang == "cs" else str(value)


def _share(value: Any, lang: str) -> str:  # noqa: ANN401 - any answer
    text = shares.as_text(int(value))
    return text if lang == "cs" else text.replace(",", ".")


_WRITTEN: Final[Mapping[FieldType, Callable[[Any, str], str]]] = {
    FieldType.MONEY: written.number,
    FieldType.INTEGER: written.number,
    FieldType.DECIMAL: _decimal,
    FieldType.SHARE: _share,
    FieldType.DATE: lambda value, _: written.day(value, "cs"),
    FieldType.PHONE: lambda value, _: written.phone(value),
    FieldType.POSTAL_CODE: lambda value, _: value.replace(" ", NBSP),
    FieldType.IBAN: lambda value, _: written.in_fours(value),
    FieldType.COUNTRY: country_name,
}


def read_out(state: FieldState, lang: str) -> str:
    """The answer as a sentence part: the option's label, yes or no, an amount with its unit."""
    if state.raw is not None or state.value is None:
        return state.raw or ""
    if state.field.type is FieldType.BOOLEAN:
        return _SAID[bool(state.value)][lang]
    if state.field.type is FieldType.CHOICE:
        found = (typeset(option.label[lang], lang) for option in state.options if option.value == state.value)
        return next(found, str(state.value))
    if state.field.type is FieldType.DATE:
        return written.day(str(state.value), lang)
    if state.field.type is FieldType.MOMENT:
        return written.moment(datetime.fromisoformat(str(state.value)), lang)
    unit, text = state.field.unit, in_input(state, lang)
    return written.with_unit(text, typeset(unit[lang], lang)) if unit else text
