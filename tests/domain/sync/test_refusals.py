"""Every refusal is told in Czech and in English with the same facts, and stands in the documentation."""

import ast
import re
import string

import pytest

from localapp import paths
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.refusals import REFUSALS
from localapp.web.wording import told
from tests.reading_docs import table

PROTOCOL = (paths.root() / "docs" / "sync-protocol.md").read_text(encoding="utf-8")


def facts_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", REFUSALS)
def test_both_languages_tell_the_same_facts(code: str) -> None:
    sentence = REFUSALS[code]
    assert set(sentence) == {"cs", "en"}
    assert {name.removesuffix("_en") for name in facts_of(sentence["en"])} == facts_of(sentence["cs"])


@pytest.mark.parametrize("code", REFUSALS)
def test_a_sentence_ends_and_says_what_to_do_or_what_happens(code: str) -> None:
    for sentence in REFUSALS[code].values():
        assert sentence.rstrip().endswith((".", "…"))
        assert len(re.findall(r"[.!](?: |$)", sentence)) >= 2 or ";" in sentence or "," in sentence


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_without_its_facts_is_still_a_sentence(code: str) -> None:
    assert "{" not in told(Refusal(code, {}))


def test_a_code_of_a_newer_insurer_is_told_as_its_failure() -> None:
    assert told(Refusal("of_the_future", {"status": "599"})) == told(Refusal("endpoint_failed", {"status": "599"}))


def test_every_refusal_is_documented_in_its_words() -> None:
    rows = table(PROTOCOL, "Refusals")
    documented = {row["code"].strip("`"): {"cs": row["Czech"], "en": row["English"]} for row in rows}
    assert documented == REFUSALS
    assert list(documented) == list(REFUSALS)


def test_every_refusal_that_the_programs_raise_has_its_sentence() -> None:
    raised = {}
    for folder in ("localapp", "endpoint"):
        for path in (paths.root() / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and _name(call) in _RAISING and call.args:
                    first = call.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        raised[first.value] = path.name
    assert {code: where for code, where in raised.items() if code not in REFUSALS} == {}
    assert len(raised) > 25


_RAISING = {"Refusal", "TransportFailed", "RequestRefused", "UpdateRefused"}


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""
