"""Everything that the program says to people, found rather than listed: catalogues, codes, components, program text."""

import ast
import json
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.running import ROOT

CZECH_LETTERS = frozenset("áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ")
PROGRAM = tuple(sorted([*ROOT.glob("localapp/**/*.py"), *ROOT.glob("endpoint/**/*.py"), ROOT / "launcher.py"]))
_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?:[’'-][^\W\d_]+)*(?!\w)")
_FACT = re.compile(r"\{[^{}]*\}")
_HOLE = "{fact}"

Texts = tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """One text: where it stands, and how it reads in each language (several for plural forms)."""

    where: str
    cs: Texts
    en: Texts


def words(text: str) -> set[str]:
    """The words of a text in small letters, without its facts."""
    return {found.group().lower() for found in _WORD.finditer(_FACT.sub(" ", text))}


def facts(texts: Texts) -> set[str]:
    """The names of the facts that are filled into a text."""
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def catalogues() -> dict[str, Mapping[str, Any]]:
    """The catalogue of texts by its area."""
    folder = ROOT / "templates" / "texts"
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


@cache
def everything() -> tuple[Said, ...]:
    """All texts for people."""
    found = [Said(f"{area}.{key}", *_both(text)) for area, texts in catalogues().items() for key, text in texts.items()]
    for path in sorted((ROOT / "components").glob("**/*.json")):
        found += _in_data(json.loads(path.read_text(encoding="utf-8")), path.relative_to(ROOT).as_posix())
    for path in PROGRAM:
        found += in_program(path).said
    return tuple(found)


def czech_outside_texts() -> list[str]:
    """Czech in a component that is not the Czech half of a text."""
    found = []
    for path in sorted((ROOT / "components").glob("**/*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        halves = {half for said in _in_data(data, "") for half in said.cs}
        found += [f"{path.name}: {text}" for text in _strings(data) if CZECH_LETTERS & set(text) and text not in halves]
    return found


@dataclass(frozen=True)
class InProgram:
    """The texts that stand in a module beside their codes, and Czech that stands there alone."""

    said: list[Said]
    alone: list[str]


@cache
def in_program(path: Path) -> InProgram:
    """Read one module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = path.relative_to(ROOT).as_posix()
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    paired: set[int] = set()
    said = []
    for node in ast.walk(tree):  # outer nodes come first, so nothing inside a pair is taken for another
        for first, second in _pairs(node):
            halves = _literals(first), _literals(second)
            if id(first) in paired or not halves[1] or not CZECH_LETTERS & set("".join(halves[0])):
                continue
            said.append(Said(f"{name}:{first.lineno}", *halves))
            paired |= {id(each) for half in (first, second) for each in ast.walk(half)}
    alone = [
        f"{name}: {node.value.strip()}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CZECH_LETTERS & set(node.value)
        if id(node) not in paired | notes
    ]
    return InProgram(said, alone)


def _pairs(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Where Czech and English can stand beside each other: a tuple, a dict, arguments, a choice by language."""
    if isinstance(node, ast.Tuple) and len(node.elts) == 2:
        yield node.elts[0], node.elts[1]
    if isinstance(node, ast.Call):
        yield from zip(node.args, node.args[1:], strict=False)
    if isinstance(node, ast.IfExp) and "'cs'" in ast.dump(node.test):
        yield node.body, node.orelse
    if isinstance(node, ast.Dict):
        entries = zip(node.keys, node.values, strict=True)
        by_key = {key.value: value for key, value in entries if isinstance(key, ast.Constant)}
        if {"cs", "en"} <= set(by_key):
            yield by_key["cs"], by_key["en"]


def _literals(node: ast.expr) -> Texts:
    """The texts that an expression writes out; none when it is computed."""
    match node:
        case ast.Constant(value=str(text)):
            return (text,)
        case ast.JoinedStr(values=parts):
            return ("".join(str(part.value) if isinstance(part, ast.Constant) else _HOLE for part in parts),)
        case ast.Tuple(elts=items) | ast.Dict(values=items):
            return tuple(text for item in items for text in _literals(item))
    return ()


def _in_data(data: object, where: str) -> Iterator[Said]:
    if isinstance(data, dict):
        if set(data) >= {"cs", "en"}:
            yield Said(where, *_both(data))
        for key, value in data.items():
            yield from _in_data(value, f"{where} {key}")
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _in_data(value, f"{where} {number}")


def _both(text: Mapping[str, Any]) -> tuple[Texts, Texts]:
    """The two halves of a text; an empty one stays an empty text."""
    halves = [
        tuple(half.values()) if isinstance(half := text.get(lang), dict) else (half or "",) for lang in ("cs", "en")
    ]
    return halves[0], halves[1]


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)
