"""Who is who over many documents: the persons of one document's answers, and when two of them are one client.

A client is derived from documents and is nothing of its own. What is known of one is a fixed list of facts; health,
consents, acts of identification and identity documents are not on it (shared rule: they hold for one document only).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from localapp.domain.fields.birth_numbers import birth_date_of
from localapp.domain.forms.answers import kept_rows

Facts = dict[str, str | int | bool]

NAMES = ("last_name", "first_name", "title")
CONTACTS = ("phone", "email", "street", "city", "postal_code")
WORK = ("occupation_class", "sport", "self_employed")
FACTS = (*NAMES, "birth_number", "birth_date", "sex", *CONTACTS, *WORK)
"""What a client's card says, in the order in which it is shown. ``WORK`` are the rating facts that are not health."""


class Role(StrEnum):
    """What a person is in a document."""

    POLICYHOLDER = "policyholder"
    INSURED = "insured"
    BENEFICIARY = "beneficiary"


_ADDRESS = frozenset({"street", "city", "postal_code"})
_SECTION = "policyholder"
_INSURED, _COVERAGES, _BENEFICIARIES = "persons", "coverages", "beneficiaries"


@dataclass(frozen=True)
class Person:
    """Somebody in a document: ``path`` is where their answers begin, ``roles`` what they are there."""

    path: str
    roles: tuple[Role, ...]
    facts: Facts

    @property
    def birth_number(self) -> str:
        """Ten or nine digits; empty where there is none."""
        return str(self.facts.get("birth_number", "")).replace("/", "")

    @cached_property
    def name_key(self) -> str:
        """Names and birth date, whatever their diacritics, case and spaces; empty unless all three are known."""
        parts = [str(self.facts.get(name, "")) for name in ("last_name", "first_name", "birth_date")]
        return "|".join(folded(part) if part[:1].isalpha() else part for part in parts) if all(parts) else ""

    @property
    def is_known(self) -> bool:
        """Whether there is enough to say who it is."""
        return bool(self.birth_number or self.name_key)


def is_same(one: Person, other: Person) -> bool:
    """The rule: the same birth number; where one of the two has none, the same names and birth date."""
    if one.birth_number and other.birth_number:
        return one.birth_number == other.birth_number
    return bool(one.name_key) and one.name_key == other.name_key


def persons_of(answers: Mapping[str, Any]) -> tuple[Person, ...]:
    """The persons whom the answers identify, each once with all their roles; never anything of the health part."""
    found: list[Person] = []
    for person in _persons(answers):
        same = next((place for place, each in enumerate(found) if is_same(each, person)), None)
        if same is None:
            found.append(person)
        else:
            found[same] = _joined(found[same], person)
    return tuple(found)


def _persons(answers: Mapping[str, Any]) -> Iterator[Person]:
    return (person for person in _named(answers) if person.is_known)


def _named(answers: Mapping[str, Any]) -> Iterator[Person]:
    holder = answers.get(_SECTION)
    client = _facts(holder) if isinstance(holder, dict) else {}
    first = isinstance(holder, dict) and holder.get("is_first_insured") is True
    insured = _rows(answers, _INSURED)
    if client:
        own = _facts(insured[0]) if first and insured else {}
        roles = (Role.POLICYHOLDER, Role.INSURED) if first and insured else (Role.POLICYHOLDER,)
        yield Person(_SECTION, roles, {**own, **client})
    for row in insured[1:] if first else insured:
        yield Person(f"{_INSURED}[{row['_id']}]", (Role.INSURED,), _facts(row))
    for row in insured:
        for cover in _rows(row, _COVERAGES):
            above = f"{_INSURED}[{row['_id']}].{_COVERAGES}[{cover['_id']}].{_BENEFICIARIES}"
            for each in _rows(cover, _BENEFICIARIES):
                yield Person(f"{above}[{each['_id']}]", (Role.BENEFICIARY,), _facts(each))


def _rows(answers: Mapping[str, Any], group: str) -> list[dict[str, Any]]:
    rows = answers.get(group)
    some = [row for row in rows if isinstance(row, dict) and "_id" in row] if isinstance(rows, list) else []
    return kept_rows({group: some}, group)


def _facts(part: Mapping[str, Any]) -> Facts:
    """The listed facts that could be read. The birth date follows from the birth number, if there is one."""
    found: Facts = {name: part[name] for name in FACTS if isinstance(part.get(name), str | int) and part[name] != ""}
    born = birth_date_of(str(found.get("birth_number", "")))
    if born is not None:
        found["birth_date"] = born.isoformat()
    return found


def _joined(one: Person, other: Person) -> Person:
    return Person(one.path, tuple(dict.fromkeys((*one.roles, *other.roles))), {**other.facts, **one.facts})


def card(entries: Sequence[Facts]) -> Facts:
    """What is known of a client: each fact as the newest entry says that has it; an address is taken as a whole."""
    found: Facts = {}
    for entry in entries:
        has_address = not _ADDRESS.isdisjoint(found)
        for name, fact in entry.items():
            if name not in found and not (has_address and name in _ADDRESS):
                found[name] = fact
    return found


def folded(text: str) -> str:
    """Letters and digits without diacritics and case, words apart by one space."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))


def words_of(facts: Mapping[str, Any]) -> str:
    """By what a person is found: names, contacts, the birth number and the telephone also as people say them."""
    said = [str(facts.get(name, "")) for name in (*NAMES, "phone", "email", "birth_number")]
    said.append(str(facts.get("phone", "")).removeprefix("+420"))
    said.append(str(facts.get("birth_number", "")).replace("/", ""))
    return " ".join(said)


def search_words(answers: Mapping[str, Any]) -> str:
    """By what a document is found: the words of all its persons, each once, and the policy that it replaces."""
    said = [word for person in _named(answers) for word in words_of(person.facts).split()]
    return " ".join(dict.fromkeys([*said, *_replaced(answers.get("policy"))]))


def _replaced(policy: object) -> list[str]:
    number = policy.get("replaced_policy") if isinstance(policy, dict) and policy.get("replaces") == "ours" else None
    return [number] if isinstance(number, str) else []


def next_birthday(birth_date: str, today: date) -> tuple[date, int] | None:
    """The next birthday, today included, and the age reached on it; who was born on 29 February has it on 1 March."""
    try:
        born = date.fromisoformat(birth_date)
    except ValueError:
        return None
    for year in (today.year, today.year + 1):
        leap = (born.month, born.day) == (2, 29) and not _is_leap(year)
        on = date(year, 3, 1) if leap else born.replace(year=year)
        if on >= today:
            return on, year - born.year
    return None


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
