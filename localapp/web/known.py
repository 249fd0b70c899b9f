"""Persons who are known already, offered where one is typed in: from this document and from all others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from localapp.domain import written
from localapp.domain.clients import NAMES, Facts, card, folded, persons_of, words_of
from localapp.domain.forms.answers import UnknownPath
from localapp.domain.forms.editing import Change, Changed
from localapp.domain.forms.known import Filled, fill
from localapp.domain.lifecycle import Kind
from localapp.web import editing, wording
from localapp.web.desk import Desk
from localapp.web.editing import Opened
from localapp.web.presenting import label_of

SEARCHED = ("last_name", "first_name", "birth_number")
LEAST_LETTERS, MOST_OFFERED = 2, 8
_HERE, _CLIENT = "here:", "client:"
_FIRST = ("policyholder", "persons[p1]")  # what follows from the one in the other is left to the form


@dataclass(frozen=True)
class Offered:
    """One known person: the key by which it is chosen, the name, and what tells it from others of that name."""

    key: str
    name: str
    about: str


def offered(desk: Desk, opened: Opened, person: str, typed: Mapping[str, str]) -> list[Offered]:
    """Who is meant by what stands in the fields of the person at this path, those of the same document first."""
    words = " ".join(typed.get(name, "").strip() for name in SEARCHED).strip()[:200]
    if sum(letter.isalnum() for letter in words) < LEAST_LETTERS:
        return []
    return [*_here(opened, person, words), *_elsewhere(desk, opened, words)][:MOST_OFFERED]


def _here(opened: Opened, person: str, words: str) -> Iterator[Offered]:
    """The other persons of the document."""
    for each in persons_of(opened.tree):
        own = folded(words_of(each.facts)).split()
        if each.path != person and all(any(one.startswith(word) for one in own) for word in folded(words).split()):
            yield Offered(f"{_HERE}{each.path}", _name(each.facts), _about(each.facts, wording.t("clients.here")))


def _elsewhere(desk: Desk, opened: Opened, words: str) -> Iterator[Offered]:
    """Clients of other documents."""
    for client in desk.store.clients.search(words, MOST_OFFERED + 1).rows:
        facts = _card(desk, opened, client.id) if client.document == opened.record.id else client.facts
        if facts:
            documents = wording.t("clients.documents_of", count=client.documents)
            yield Offered(f"{_CLIENT}{client.id}", _name(facts), _about(facts, documents))


def _card(desk: Desk, opened: Opened, client: str) -> Facts:
    """What the other documents say: what was just typed into this one must not answer for them."""
    return card([each.facts for each in desk.store.clients.entries(client) if each.document != opened.record.id])


def _name(facts: Facts) -> str:
    surname, *given = (str(facts.get(name, "")) for name in NAMES)
    return " ".join(each for each in (surname, ", ".join(filter(None, given))) if each)


def _about(facts: Facts, where: str) -> str:
    born = str(facts.get("birth_date", ""))
    parts = (written.day(born, wording.language()) if born else "", str(facts.get("city", "")), where)
    return ", ".join(part for part in parts if part)


@dataclass
class Filling:
    """One choice: ``asked`` is the person's path, the key of who was chosen, and whether to write over what is there.

    ``how`` is the change; afterwards ``told`` says what came of it.
    """

    desk: Desk
    asked: str
    _filled: Filled | None = field(default=None, init=False)

    def how(self, opened: Opened) -> Changed:
        """Fill the person's fields. Raises UnknownPath for who is not there any more."""
        person, key, over = (*self.asked.split("|"), "", "")[:3]
        facts = facts_of(self.desk, opened, key)
        if facts is None:
            raise UnknownPath(person)
        self._filled = fill(
            opened.assessor.form.definition, opened.tree, person, facts, evaluation=opened.assessment.evaluation,
            catalogues=opened.assessor.catalogues, over=over == "over",
        )  # fmt: skip
        return self._filled.changed

    def told(self, after: Opened) -> "Told | None":
        """What the page says afterwards."""
        if self._filled is None:
            return None
        fields = after.assessment.evaluation.fields
        changes, kept = self._filled.changed.changes, self._filled.kept
        person, key = self.asked.split("|")[:2]
        return Told(
            filled=tuple(each.path for each in changes),
            labels=", ".join(label_of(fields[each.path]) for each in changes),
            kept=", ".join(label_of(fields[path]) for path in kept),
            before={each.path: _typed(each) for each in changes},
            over=f"{person}|{key}|over",
        )


@dataclass(frozen=True)
class Told:
    """The fields that were filled and those that stayed; ``before`` takes it back, ``over`` fills the others too."""

    filled: tuple[str, ...]
    labels: str
    kept: str
    before: Mapping[str, str]
    over: str


def facts_of(desk: Desk, opened: Opened, key: str) -> Facts | None:
    """What is known of whoever the key names; None when there is nobody (any more)."""
    if key.startswith(_HERE):
        path = key.removeprefix(_HERE)
        return next((each.facts for each in persons_of(opened.tree) if each.path == path), None)
    return _card(desk, opened, key.removeprefix(_CLIENT)) or None


def _typed(change: Change) -> str:
    """An earlier answer as it would be typed."""
    old = change.old
    if isinstance(old, bool):
        return "true" if old else "false"
    return str(old["raw"]) if isinstance(old, dict) else "" if old is None else str(old)


def start_document(desk: Desk, kind: Kind, client: str) -> str | None:
    """A new document with this client as the policyholder and the first insured; its id. None for no such client."""
    if desk.store.clients.find(client) is None:
        return None
    document = editing.create_document(desk, kind)
    for person in _FIRST:
        editing.change(desk, document, Filling(desk, f"{person}|{_CLIENT}{client}").how)
    return document
