"""Every Czech text set as Czech is printed: „quotes“, dashes, no-break spaces. Source: design, "Czech"."""

import re

import pytest

from localapp.domain.typography import typeset
from tests.spoken import everything

WRONG = {
    "straight quotes": r"[\"']",
    "a double space": r"\S  +\S",
    "three dots": r"\.\.\.",
    "a hyphen for a dash": r"(?<=\w) - (?=\w)",
    "a dash at the beginning of a line": r" –(?! SmartClient)",  # a window's title has one line only
    "a per cent sign without its space": r"\d%",
    "a one-letter word at the end of a line": r"(?<![\w.])[ksvzouaiKSVZOUAI] (?=\w)",
    "a number torn from its unit": r"\d (?:Kč|%|MB|kB|min|let|dní)(?!\w)",
    "a torn date": r"\b\d{1,2}\. \d",
    "a torn number": r"\d \d{3}\b",
    "English groups of a number": r"\d,\d{3}\b",
    "an English decimal point": r"\d\.\d+\s?(?:Kč|%)",
    "a space before a mark": r"\s[,;:!?]",
    "a quote of another language": r"[“”](?=\w)",
    "an exclamation mark": r"!",
    "begging": r"(?i)\bprosím\b",
}  # fmt: skip
"""What is never right in a Czech sentence, by its name."""


@pytest.mark.parametrize("name", WRONG)
def test_no_czech_text_has(name: str) -> None:
    wrong = re.compile(WRONG[name])
    assert [said.where for said in everything() for text in said.cs if wrong.search(typeset(text))] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("straight quotes", 'Stiskněte "OK"'),
        ("a double space", "dvě  mezery"),
        ("a one-letter word at the end of a line", "a v domě"),
        ("a torn date", "1. 5. 1990"),
        ("a number torn from its unit", "5 %"),
        ("an English decimal point", "1.50 Kč"),
    ],
)
def test_the_rules_see_what_they_are_for(name: str, text: str) -> None:
    assert re.search(WRONG[name], text)


def test_quotes_come_in_pairs() -> None:
    for said in everything():
        for texts, opening, closing in ((said.cs, "„", "“"), (said.en, "“", "”")):
            for text in texts:
                assert text.count(opening) == text.count(closing), said.where
                assert '"' not in text, said.where
