"""How an answer is written: as it stands in its input, and as it is read out on a page or on paper."""

from localapp.domain import written
from localapp.domain.fields import shares
from localapp.domain.forms.definition import FieldType
from localapp.domain.forms.evaluator import FieldState
from localapp.domain.typography import typeset

_SAID = {True: {"cs": "Ano", "en": "Yes"}, False: {"cs": "Ne", "en": "No"}}


def in_input(state: FieldState, lang: str) -> str:
    """What stands in the input: the raw text of a wrong value, else the value as it is written."""
    if state.raw is not None:
        return state.raw
    value = state.value
    if value is None:
        return ""
    match state.field.type:
        case FieldType.MONEY | FieldType.INTEGER:
            return written.number(int(value), lang)
        case FieldType.DECIMAL:
            text = str(value)  # without groups, because it is read back from the field
            return text.replace(".", ",") if lang == "cs" else text
        case FieldType.SHARE:
            text = shares.as_text(int(value))
            return text if lang == "cs" else text.replace(",", ".")
        case FieldType.DATE:
            return written.day(str(value), "cs")
        case FieldType.PHONE:
            return written.phone(str(value))
        case _:
            return str(value)


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
    unit, text = state.field.unit, in_input(state, lang)
    return written.with_unit(text, typeset(unit[lang], lang)) if unit else text
