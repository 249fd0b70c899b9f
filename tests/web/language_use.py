"""Which texts the pages ask for: every ``t("area.key")`` of templates and program, a computed key as a pattern."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, nodes

from tests.running import ROOT
from tests.spoken import PROGRAM, catalogues

TEMPLATES = tuple(sorted(ROOT.glob("templates/**/*.html")))
_JINJA = Environment(autoescape=True)
_HOLE = "\0"


@dataclass(frozen=True)
class Use:
    """One place where a text is asked for. ``facts`` is None where they are handed over as a whole."""

    where: str
    key: str
    facts: frozenset[str] | None

    @property
    def pattern(self) -> "re.Pattern[str]":
        """What the key can be."""
        return re.compile("(.*)".join(re.escape(part) for part in self.key.split(_HOLE)))

    @property
    def is_computed(self) -> bool:
        """Whether a part of the key is known only when the page is drawn."""
        return _HOLE in self.key


@cache
def tree_of(template: Path) -> nodes.Template:
    """A parsed template."""
    return _JINJA.parse(template.read_text(encoding="utf-8"))


@cache
def uses() -> tuple[Use, ...]:
    """All of them."""
    return (
        *(use for path in TEMPLATES for use in _in_template(path)),
        *(use for path in PROGRAM for use in _in_program(path)),
    )


@cache
def quoted() -> frozenset[str]:
    """Every word that stands in quotation marks somewhere: what a computed part of a key can be made of."""
    found = {"", *(str(node.value) for path in TEMPLATES for node in tree_of(path).find_all(nodes.Const))}
    for path in PROGRAM:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    component = re.compile(r'"([^"]*)"')
    for path in ROOT.glob("components/**/*.json"):
        found |= set(component.findall(path.read_text(encoding="utf-8")))
    return frozenset(found)


@cache
def composed() -> tuple["re.Pattern[str]", ...]:
    """Names that the program puts together, like ``pin_{rule}``: at least three letters of them are fixed."""
    strings = [node for path in PROGRAM for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    keys = {key for node in strings if isinstance(node, ast.JoinedStr) for key in _python_keys(node)}
    named = [key for key in keys if re.fullmatch(r"[a-z_]{3,}\0", key)]
    return tuple(re.compile(re.escape(key[:-1]) + "(.*)") for key in named)


def can_be_made(part: str) -> bool:
    """Whether a computed part of a key stands somewhere, as a word, a number or a name put together."""
    if part in quoted() or part.isdigit():
        return True
    return any(found[1] in quoted() for pattern in composed() if (found := pattern.fullmatch(part)))


def known_keys() -> set[str]:
    """All keys of the catalogues."""
    return {f"{area}.{key}" for area, texts in catalogues().items() for key in texts}


def _in_template(path: Path) -> Iterator[Use]:
    where = path.relative_to(ROOT).as_posix()
    for call in tree_of(path).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t":
            given = frozenset(each.key for each in call.kwargs)
            for key in _jinja_keys(call.args[0]):
                yield Use(f"{where}:{call.lineno}", key, given)


def _jinja_keys(node: nodes.Node) -> list[str]:
    match node:
        case nodes.Const(value=value):
            return [str(value)]
        case nodes.CondExpr(expr1=first, expr2=nodes.Node() as second):
            return _jinja_keys(first) + _jinja_keys(second)
        case nodes.Concat(nodes=parts):
            return _joined([_jinja_keys(part) for part in parts])
    return [_HOLE]


def _in_program(path: Path) -> Iterator[Use]:
    where = path.relative_to(ROOT).as_posix()
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        given = frozenset(each.arg for each in call.keywords if each.arg)
        whole = any(each.arg is None for each in call.keywords)
        area = _area(name, where)
        for key in _python_keys(call.args[0]) if area is not None else []:
            yield Use(f"{where}:{call.lineno}", f"{area}{key}", None if whole else given)


def _area(function: str, where: str) -> str | None:
    """What a function puts before the key; None for one that does not look a text up."""
    if function == "t":
        return ""
    if where.endswith("plain.py") and function == "text":
        return "opening."
    return "window." if where.startswith("localapp/window/") and function in {"say", "tell_person"} else None


def _python_keys(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(value=value):
            return [str(value)]
        case ast.IfExp(body=first, orelse=second):
            return _python_keys(first) + _python_keys(second)
        case ast.JoinedStr(values=parts):
            return _joined([_python_keys(part) for part in parts])
        case ast.FormattedValue(value=value):
            return _python_keys(value)
    return [_HOLE]


def _joined(parts: list[list[str]]) -> list[str]:
    found = [""]
    for part in parts:
        found = [before + after for before in found for after in part]
    return found
