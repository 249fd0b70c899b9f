"""What two answers must say together: a birth number and a day, an account and its IBAN, a number and its kind.

A form names the pairs by ``agrees_with`` and the answers that no two persons share by ``distinct``. The same judgement
holds on the desk and at the insurer. A computed answer follows from the other and is not judged.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from localapp.domain.fields.accounts import account_of
from localapp.domain.fields.birth_numbers import birth_date_of, sex_of
from localapp.domain.fields.identity_documents import wrong_for_kind
from localapp.domain.forms.definition import FieldType


@dataclass(frozen=True)
class Disagreement:
    """A stable code with the facts of its sentence; none of them is known by more than the form itself."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def _birth_date(day: str, birth_number: str) -> Disagreement | None:
    born = birth_date_of(birth_number)
    if born is None or born.isoformat() == day:
        return None
    return Disagreement("birth_date_differs", {"typed": day, "born": born.isoformat(), "birth_number": birth_number})


def _sex(sex: str, birth_number: str) -> Disagreement | None:
    said = sex_of(birth_number)
    return None if said == sex else Disagreement(f"sex_differs_{said}", {"birth_number": birth_number})


def _account(account: str, iban: str) -> Disagreement | None:
    inside = account_of(iban)
    if inside is None:
        return Disagreement("account_of_foreign_iban", {"typed": account, "iban": iban})
    return None if inside == account else Disagreement("account_differs", {"typed": account, "account": inside})


def _document(number: str, kind: str) -> Disagreement | None:
    code = wrong_for_kind(number, kind)
    return Disagreement(code, {"typed": number}) if code else None


PAIRS: Final[Mapping[tuple[FieldType, FieldType], Callable[[str, str], Disagreement | None]]] = {
    (FieldType.DATE, FieldType.BIRTH_NUMBER): _birth_date,
    (FieldType.CHOICE, FieldType.BIRTH_NUMBER): _sex,
    (FieldType.BANK_ACCOUNT, FieldType.IBAN): _account,
    (FieldType.IDENTITY_DOCUMENT, FieldType.CHOICE): _document,
}
"""Which types can agree: the field that says ``agrees_with``, and the one that it names."""
DISTINCT: Final = {FieldType.BIRTH_NUMBER: "birth_number_repeated"}
"""The types that may be ``distinct``, with the code at the second and every further one."""


def disagreement(kinds: tuple[FieldType, FieldType], answer: object, other: object) -> Disagreement | None:
    """What is wrong between two answers, each of which is right by itself."""
    return PAIRS[kinds](str(answer), str(other))


def repeated(answers: Mapping[str, tuple[FieldType, object]]) -> Iterator[tuple[str, Disagreement]]:
    """The paths of answers that an earlier path holds already."""
    seen: set[tuple[FieldType, object]] = set()
    for path, found in answers.items():
        if found in seen:
            yield path, Disagreement(DISTINCT[found[0]], {"typed": found[1]})
        seen.add(found)
