"""The documentation says what the code does: every key, type, word, function and problem stands in it, and no other."""

import ast
import re
from pathlib import Path

import pytest

from localapp import paths
from localapp.domain.forms.calculation_rules import SOURCES
from localapp.domain.forms.definition import FieldType, Sensitive
from localapp.domain.forms.expressions import FUNCTIONS, LONGEST
from localapp.domain.forms.field_rules import FIRST_OF_NEXT_MONTH, WIDTHS
from localapp.domain.forms.parser import FORMAT, LEVELS, parse_form
from localapp.domain.forms.references import CLIENT
from localapp.domain.lifecycle import Kind
from localapp.domain.problems import PROBLEMS
from tests.reading_docs import codes, section, table

DOCS = paths.root() / "docs"
FORMS = (DOCS / "form-definitions.md").read_text(encoding="utf-8")
PARSER = ast.parse((paths.root() / "localapp" / "domain" / "forms" / "parser.py").read_text(encoding="utf-8"))
PARTS = {
    "Form": "parse_form",
    "Section": "_section",
    "Group": "_group",
    "Field": "_field",
    "Option": "_option",
    "Check": "_check",
}


def taken_by(function: str) -> set[str]:
    """The names that a function of the parser takes out of its object."""
    found = next(each for each in PARSER.body if isinstance(each, ast.FunctionDef) and each.name == function)
    names: set[str] = set()
    for call in (each for each in ast.walk(found) if isinstance(each, ast.Call)):
        called = ast.unparse(call.func)
        if called == "id_of":
            names.add("id")
        elif called == "_sensitive":
            names.add("sensitive")
        elif called.startswith(("part.", "root.")) and call.args and not called.endswith(".refuse"):
            names |= {ast.literal_eval(call.args[0])} if isinstance(call.args[0], ast.Constant) else set()
        elif called == "_matching":
            names.add(ast.literal_eval(call.args[1]))
    return names


def keys_of(heading: str, column: str = "key") -> list[str]:
    return [name for row in table(FORMS, heading) for name in codes(row[column])]


@pytest.mark.parametrize("heading", PARTS)
def test_every_key_of_a_form_is_documented(heading: str) -> None:
    assert sorted(keys_of(heading)) == sorted(taken_by(PARTS[heading]))


def test_every_type_is_documented() -> None:
    assert keys_of("Types", "type") == list(FieldType)


def test_every_reason_to_be_sensitive_is_documented() -> None:
    assert keys_of("Sensitive answers", "sensitive") == list(Sensitive)


def test_every_function_is_documented_with_its_arguments() -> None:
    told = re.findall(r"^\| `(\w+)\((.*?)\)`", section(FORMS, "Functions"), re.MULTILINE)
    assert [name for name, _ in told] == sorted(FUNCTIONS)
    for name, arguments in told:
        assert len(arguments.split(",")) == FUNCTIONS[name][0]


def test_every_source_of_a_calculation_input_is_documented() -> None:
    told = {row["source"].strip("`"): codes(row["keys"]) for row in table(FORMS, "Sources")}
    assert told == {name: set(keys) for name, keys in SOURCES.items()}


def test_the_words_of_the_format_are_documented() -> None:
    words = set(re.findall(r"`\"?([\w/-]+)\"?`", FORMS))
    assert words >= {FORMAT, FIRST_OF_NEXT_MONTH, *WIDTHS, *LEVELS, *CLIENT, *Kind}
    assert f"at most {LONGEST} characters" in section(FORMS, "Expressions")


def test_the_small_form_of_the_documentation_is_a_form() -> None:
    found = re.search(r"```json\n(.*?)```", FORMS, re.DOTALL)
    assert found
    assert parse_form(found[1], "form-definitions.md").name == "small-offer"


def test_every_problem_is_documented_in_its_words() -> None:
    rows = table((DOCS / "problems.md").read_text(encoding="utf-8"), "Codes")
    told = {row["code"].strip("`"): {"cs": row["Czech"], "en": row["English"]} for row in rows}
    assert told == PROBLEMS
    assert list(told) == list(PROBLEMS)


@pytest.mark.parametrize("name", ["form-definitions.md", "lifecycle.md", "problems.md"])
def test_what_a_page_refers_to_is_there(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    files = [DOCS / target for target in re.findall(r"\]\(([\w./-]+)\)", text)]
    files += [paths.root() / target for target in re.findall(r"`((?:localapp|tests)/[\w/]+\.\w+)`", text)]
    assert [path for path in files if not Path(path).exists()] == []
    assert files
