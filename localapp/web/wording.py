"""Words for people: the catalogues of texts in Czech and English, and how numbers, amounts and times are written.

Catalogues are ``templates/texts/<area>.json``: ``{"key": {"cs": …, "en": …}}``; ``t("area.key")`` finds a text. A text
may be an object of plural forms chosen by ``count``. Facts are filled in by ``{name}`` or ``{name:word}``, the words
of ``_WORDS``. Czech is the default whatever the browser's language.
"""

import json
import re
import string
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any, Protocol

from flask import g, has_request_context

from localapp import clock, paths
from localapp.contacts import contacts
from localapp.domain import written
from localapp.domain.fields.countries import country_name, czech_order
from localapp.domain.lifecycle import Action, State
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.refusals import REFUSALS
from localapp.domain.typography import NBSP, typeset
from localapp.domain.written import MONTHS, plural_form
from localapp.system_reasons import reason

_HARD_TO_SAY = re.compile(r"\bv (?=(?:[234]|1[234]|2\d):\d\d)")  # ve dvě, ve tři, ve čtyři, ve dvanáct … ve dvacet

Text = str | dict[str, str]


class Failure(Protocol):
    """A failure with a sentence in both languages and the facts of the sentence."""

    values: dict[str, object]

    @property
    def texts(self) -> Mapping[str, str]:
        """The sentences by language."""


def language() -> str:
    """The language of this request: Czech unless the advisor chose English."""
    return str(getattr(g, "language", "cs")) if has_request_context() else "cs"


@cache
def catalogue(area: str) -> dict[str, dict[str, Text]]:
    """All texts of one area. Raises FileNotFoundError for an unknown area."""
    path = paths.root() / "templates" / "texts" / f"{area}.json"
    texts: dict[str, dict[str, Text]] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def t(key: str, **facts: Any) -> str:  # noqa: ANN401 - a fact is whatever the text shows
    """The text of ``area.key`` in the language of the request. Raises KeyError for an unknown key."""
    if not facts:
        return _fixed(key, language())
    area, _, name = key.partition(".")
    return fill(catalogue(area)[name], facts)


@cache
def _fixed(key: str, lang: str) -> str:
    """A text without facts: a page shows hundreds, and they never change."""
    area, _, name = key.partition(".")
    return fill(catalogue(area)[name], {}, lang)


def fill(text: Mapping[str, Text], facts: Mapping[str, Any], lang: str | None = None) -> str:
    """The text in the asked language (the request's by default) with its facts filled in."""
    lang = lang or language()
    chosen = text[lang]
    if isinstance(chosen, dict):
        chosen = chosen.get(plural_form(facts["count"], lang), chosen["other"])
    filled = _Filler(lang).vformat(chosen, (), facts)
    return typeset(_HARD_TO_SAY.sub("ve ", filled) if lang == "cs" else filled, lang)


def said(text: Mapping[str, Any], lang: str | None = None) -> str:
    """A name or label of a component, which has no facts to fill in."""
    lang = lang or language()
    return _label(str(text[lang]), lang)


_label = lru_cache(maxsize=2000)(typeset)  # an offer shows some hundred labels with every change


def told(refusal: Refusal) -> str:
    """The sentence of a refusal by the endpoint or the network."""
    facts = _Facts({name: _written(name, fact) for name, fact in refusal.facts.items()})
    return fill(REFUSALS[refusal.code] if refusal.code in REFUSALS else REFUSALS["endpoint_failed"], facts)


def spoken(failure: Failure) -> str:
    """The sentence of a failure of the store or the keys, with actions and states by the words of the pages."""
    return fill(failure.texts, {name: _named(name, fact) for name, fact in failure.values.items()})


def _named(name: str, fact: object) -> object:
    if name == "reason":
        return reason(str(fact), language())
    if isinstance(fact, Action):
        return t(f"documents.{fact}")
    return t(f"states.{fact}") if isinstance(fact, State) else fact


def _written(name: str, fact: str) -> str:
    """A fact of a refusal, which travels as plain text, as a person writes it; what is no number or day stays."""
    try:
        return _REFUSAL_FACTS[name](fact) if name in _REFUSAL_FACTS else fact
    except (InvalidOperation, ValueError, KeyError):
        return fact


class _Facts(dict[str, str]):
    """Facts of the other side, which may be newer than our sentence: one that is missing reads as a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def number(value: Decimal | int | str, lang: str | None = None) -> str:
    """See ``written.number``."""
    return written.number(value, lang or language())


def czk(value: Decimal | int | str, lang: str | None = None) -> str:
    """See ``written.czk``."""
    return written.czk(value, lang or language())


def country_names() -> list[str]:
    """All countries in the language of the request, the home country first."""
    return [country_name(code, language()) for code in czech_order()]


def years(value: int, lang: str | None = None) -> str:
    """See ``written.years``."""
    return written.years(value, lang or language())


def size(value: int, lang: str | None = None) -> str:
    """A size in bytes as kB or MB with one decimal."""
    unit, divisor = ("MB", 1_000_000) if value >= 1_000_000 else ("kB", 1000)
    return f"{number((Decimal(value) / divisor).quantize(Decimal('0.1')), lang)}{NBSP}{unit}"


def percent(value: Decimal | int | str, lang: str | None = None) -> str:
    """See ``written.percent``."""
    return written.percent(value, lang or language())


def day(value: date | str, lang: str | None = None) -> str:
    """See ``written.day``."""
    return written.day(value, lang or language())


def time_of_day(value: datetime) -> str:
    """The time in Prague as 9:12."""
    local = value.astimezone(clock.PRAGUE)
    return f"{local.hour}:{local.minute:02}"


def weekday(value: date) -> str:
    """The day's name with a capital, as a line starts with it."""
    return _WEEKDAYS[language()][value.weekday()]


def moment(value: datetime) -> str:
    """When something happened, as a list shows it: today 17:46, yesterday 9:12, else the day."""
    local = value.astimezone(clock.PRAGUE).date()
    today = clock.today()
    words = {"cs": ("dnes", "včera"), "en": ("today", "yesterday")}[language()]
    if local == today:
        return f"{words[0]}{NBSP}{time_of_day(value)}"
    if local == today - timedelta(days=1):
        return f"{words[1]}{NBSP}{time_of_day(value)}"
    return moment_alone(value) if local.year == today.year else day(local)


def moment_said(value: datetime) -> str:
    """When something happened, inside a sentence: dnes v 17:46, včera v 9:12, 23. 11. v 17:46."""
    date_part, _, time_part = moment(value).rpartition(NBSP)
    at = {"cs": "v", "en": "at"}[language()]
    return f"{date_part} {at} {time_part}" if ":" in time_part else moment(value)


def moment_alone(value: datetime) -> str:
    """A moment of this year after a preposition: 17:46 of today, else 23. 11. 17:46."""
    local = value.astimezone(clock.PRAGUE).date()
    if local == clock.today():
        return time_of_day(value)
    english = f"{local.day}{NBSP}{MONTHS[local.month - 1][:3]}"
    return f"{english if language() == 'en' else f'{local.day}.{NBSP}{local.month}.'}{NBSP}{time_of_day(value)}"


class _Filler(string.Formatter):
    """Fills ``{name:word}``: the word says how the fact is written."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as below
        """Contacts are known to every sentence; no fact from elsewhere takes their place."""
        known = contacts(self.lang)
        return known[key] if isinstance(key, str) and key in known else super().get_value(key, args, kwargs)

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - the fact's own type
        if value is None:
            return "–"
        if not format_spec:
            return str(value)
        return _WORDS[format_spec](value, self.lang)


def _coverage(value: Any, lang: str) -> str:  # noqa: ANN401 - a code, or texts already found
    return said(value, lang) if isinstance(value, dict) else str(value)


_WORDS = {
    "czk": czk,
    "number": number,
    "years": lambda value, lang: years(int(value), lang),
    "pct": percent,
    "date": day,
    "share": lambda value, lang: percent(Decimal(value) / 100, lang),
    "coverage": _coverage,
}
_REFUSAL_FACTS: dict[str, Callable[[str], str]] = {
    "theirs": number,
    "ours": number,
    "size": number,
    "limit": number,
    "day": day,
    "today": day,
    "since": day,
    "until": day,
    "reason": lambda fact: reason(fact, language()),
    "field": lambda fact: t(f"activation.{fact}"),
}
_WEEKDAYS = {
    "cs": ("Pondělí", "Úterý", "Středa", "Čtvrtek", "Pátek", "Sobota", "Neděle"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
