"""Every problem that a person can see has one sentence in Czech and one in English, and they can be followed."""

import re
import string

import pytest

from localapp import paths
from localapp.domain.fields.amounts import parse_money
from localapp.domain.fields.birth_numbers import parse_birth_number
from localapp.domain.fields.contacts import parse_email, parse_postal_code
from localapp.domain.fields.dates import parse_date
from localapp.domain.fields.parsed import Parsed, refused, value
from localapp.domain.problems import PROBLEMS
from tests.domain.forms.made_up import TODAY

REFUSING = [*(paths.root() / "localapp" / "domain").rglob("*.py")]


def facts(sentence: str) -> set[tuple[str, str]]:
    return {(name, spec or "") for _, name, spec, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_problem_says_the_same_in_both_languages(code: str) -> None:
    texts = PROBLEMS[code]
    assert set(texts) == {"cs", "en"}
    assert facts(texts["cs"]) == facts(texts["en"])
    assert all(text.endswith(".") for text in texts.values())
    assert re.fullmatch(r"[a-z][a-z_]*", code)


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_czech_sentence_has_czech_quotation_marks(code: str) -> None:
    assert PROBLEMS[code]["cs"].count("„") == PROBLEMS[code]["cs"].count("“")
    assert '"' not in PROBLEMS[code]["cs"] + PROBLEMS[code]["en"]


def test_every_code_that_the_rules_give_has_its_sentence() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in REFUSING)
    given = set(re.findall(r'(?:refused|doubtful|RowLimit|Disagreement)\("([a-z_]+)"', source)) | set(
        re.findall(r'Parsed\(number, "(\w+)"', source)
    )
    assert given
    assert given <= set(PROBLEMS)


def test_the_examples_in_the_sentences_are_read() -> None:
    def example(code: str, pattern: str) -> str:
        found = re.search(pattern, PROBLEMS[code]["cs"])
        assert found
        return found[1]

    assert parse_birth_number(example("birth_number_unreadable", r"například (\S+)\."), TODAY).code is None
    assert parse_money(example("amount_unreadable", r"například ([\d ]+) nebo")).code is None
    assert parse_money(example("amount_unreadable", r"nebo (\S+)\.")).code is None
    assert parse_date(example("date_unreadable", r"například (.+)\."), TODAY, past=True).value == "1990-05-01"
    assert parse_email(example("email_invalid", r"jako (\S+)\.$")).code is None
    assert parse_postal_code(example("postal_code_invalid", r"například (.+)\.")).code is None


def test_an_answer_is_a_value_or_a_code_with_its_facts() -> None:
    assert value("Alena") == Parsed("Alena", None, {})
    assert refused("date_unreadable", typed="zítra") == Parsed(None, "date_unreadable", {"typed": "zítra"})
