"""The expressions of a form: a small subset of Starlark, checked here and compiled into one program a form.

An expression may name sections (``policy.policy_term``), groups (``persons``), inside a group ``row``, ``parent`` and
``grandparent``, and ``today``. It is evaluated only when every field it names outside ``answered()`` is answered;
otherwise it is false or has no value. A list leaves out the rows in which such a field is not answered. The compiled
program runs in the calculation worker; this module is pure text to text. Described in ``docs/form-definitions.md``.
"""

import ast
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from localapp.domain.forms.scopes import RESERVED, Owner, Scope

LONGEST = 2000
_DEEPEST = 40
_LARGEST = 10**15
_VARIABLE = re.compile(r"[a-z][a-z0-9_]*")


class ExpressionRefused(Exception):  # noqa: N818 - a refusal with its reason
    """The expression is not in the language, or names what the form does not have."""


@dataclass(frozen=True)
class Compiled:
    """Starlark text, the Starlark texts of the values that must be there first, and what the expression reads.

    ``reads`` are fields as ``persons.entry_age``, ``lists`` the groups whose rows it goes through.
    """

    text: str
    needs: tuple[str, ...]
    reads: frozenset[str]
    lists: frozenset[str]

    def guarded(self, otherwise: str) -> str:
        """The expression when all it needs is there, else ``otherwise``."""
        if not self.needs:
            return self.text
        return f"({self.text} if {_all_there(self.needs)} else {otherwise})"


def compile_expression(text: str, scope: Scope) -> Compiled:
    """Check the expression against the scope. Raises ExpressionRefused with the reason."""
    if len(text) > LONGEST:
        raise ExpressionRefused(f"an expression has at most {LONGEST} characters")
    if "\\" in text:
        raise ExpressionRefused("an expression has no backslash")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionRefused(f"{text!r} cannot be read: {type(error).__name__}") from error
    compiler = _Compiler(scope)
    written = compiler.write(tree.body)
    return Compiled(written, _once(compiler.needs[0].texts), frozenset(compiler.reads), frozenset(compiler.lists))


def _once(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _all_there(needs: tuple[str, ...]) -> str:
    return " and ".join(f"{need} != None" for need in needs)


@dataclass(frozen=True)
class _Needs:
    """What must be there for one list (its ``variable``) or for the whole expression."""

    variable: str
    texts: list[str] = field(default_factory=list)


class _Compiler:
    """Refuses what is outside the language and writes the rest in Starlark, with every bracket."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.bound: dict[str, Owner] = {}
        self.needs = [_Needs("")]
        self.reads: set[str] = set()
        self.lists: set[str] = set()
        self.depth = 0

    def write(self, node: ast.expr) -> str:
        """One value."""
        writer: Callable[[_Compiler, Any], str] | None = _WRITERS.get(type(node))
        if writer is None:
            raise ExpressionRefused(f"{type(node).__name__} is not in the language of forms here")
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ExpressionRefused(f"an expression nests at most {_DEEPEST} deep")
        written = writer(self, node)
        self.depth -= 1
        return written

    def constant(self, node: ast.Constant) -> str:
        found = node.value
        if found is None or isinstance(found, bool):
            return str(found)
        if isinstance(found, int) and found < _LARGEST:
            return str(found)
        if isinstance(found, str) and found.isprintable():
            return json.dumps(found, ensure_ascii=False)
        raise ExpressionRefused(f"{found!r}: only whole numbers of 15 digits, visible texts, True, False and None")

    def name(self, node: ast.Name) -> str:
        if node.id == "today":
            return "today"
        if node.id in self.bound or node.id in self.scope.owners:
            raise ExpressionRefused(f"{node.id} is no value: name one of its fields, {node.id}.…")
        if node.id in self.scope.lists:
            raise ExpressionRefused(f"{node.id} is a group: it stands in len() or behind for … in")
        raise ExpressionRefused(f"there is no {node.id!r} here")

    def attribute(self, node: ast.Attribute, *, must: bool = True) -> str:
        if not isinstance(node.value, ast.Name):
            raise ExpressionRefused("a field is named as section.field, row.field or parent.field")
        name = node.value.id
        owner = self.bound.get(name) or self.scope.owners.get(name)
        if owner is None or node.attr not in owner.fields:
            raise ExpressionRefused(f"there is no field {name}.{node.attr}")
        written = f'{owner.text}["{node.attr}"]'
        if not node.attr.startswith("_"):
            self.reads.add(f"{owner.home}.{node.attr}")
            if must:
                place = next(
                    (each for each in self.needs if name in self.bound and each.variable == name), self.needs[0]
                )
                place.texts.append(written)
        return written

    def either(self, node: ast.BoolOp) -> str:
        word = " and " if isinstance(node.op, ast.And) else " or "
        return f"({word.join(self.write(each) for each in node.values)})"

    def unary(self, node: ast.UnaryOp) -> str:
        sign = {ast.Not: "not ", ast.USub: "-"}.get(type(node.op))
        if sign is None:
            raise ExpressionRefused(f"{type(node.op).__name__} is not in the language of forms")
        return f"({sign}{self.write(node.operand)})"

    def binary(self, node: ast.BinOp) -> str:
        sign = _OPERATORS.get(type(node.op))
        if sign is None:
            raise ExpressionRefused(f"{type(node.op).__name__} is not in the language of forms")
        return f"({self.write(node.left)} {sign} {self.write(node.right)})"

    def compare(self, node: ast.Compare) -> str:
        if len(node.ops) != 1:
            raise ExpressionRefused("write a chained comparison as two, joined by and")
        sign = _COMPARISONS.get(type(node.ops[0]))
        if sign is None:
            raise ExpressionRefused(f"{type(node.ops[0]).__name__} is not in the language of forms")
        right = node.comparators[0]
        within = isinstance(node.ops[0], (ast.In, ast.NotIn)) and isinstance(right, _LISTS)
        return f"({self.write(node.left)} {sign} {self.listed(right) if within else self.write(right)})"

    def choice(self, node: ast.IfExp) -> str:
        if self.depth == 1:
            return f"({self.branch(node.body)} if {self.write(node.test)} else {self.branch(node.orelse)})"
        return f"({self.write(node.body)} if {self.write(node.test)} else {self.write(node.orelse)})"

    def branch(self, node: ast.expr) -> str:
        """A branch of the whole expression, without a value where it names something that is not answered."""
        outer, self.needs[0] = self.needs[0], _Needs("")
        written = self.write(node)
        own, self.needs[0] = _once(self.needs[0].texts), outer
        return f"({written} if {_all_there(own)} else None)" if own else written

    def call(self, node: ast.Call) -> str:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords:
            raise ExpressionRefused(f"only these functions are known: {', '.join(sorted(FUNCTIONS))}")
        name = node.func.id
        least, most = FUNCTIONS[name]
        if not least <= len(node.args) <= most:
            raise ExpressionRefused(f"{name}() takes {least if least == most else f'at least {least}'} arguments")
        return _CALLS.get(name, _Compiler.plain_call)(self, name, node.args)

    def plain_call(self, name: str, arguments: list[ast.expr]) -> str:
        return f"_{name}({', '.join(self.write(each) for each in arguments)})"

    def answered(self, _: str, arguments: list[ast.expr]) -> str:
        if not isinstance(arguments[0], ast.Attribute):
            raise ExpressionRefused("answered() takes one field")
        return f"({self.attribute(arguments[0], must=False)} != None)"

    def length(self, _: str, arguments: list[ast.expr]) -> str:
        of = arguments[0]
        if isinstance(of, ast.Name) and of.id in self.scope.lists:
            self.lists.add(self.scope.lists[of.id].home)
            return f"len({self.scope.lists[of.id].text})"
        if isinstance(of, ast.ListComp):
            return f"len({self.rows(of, whole=True)})"
        return f"len({self.listed(of) if isinstance(of, _LISTS) else self.write(of)})"

    def over_list(self, name: str, arguments: list[ast.expr]) -> str:
        return f"{'_total' if name == 'total' else name}({self.listed(arguments[0])})"

    def extreme(self, name: str, arguments: list[ast.expr]) -> str:
        if len(arguments) > 1:
            return f"{name}({', '.join(self.write(each) for each in arguments)})"
        written = f"_{name}({self.listed(arguments[0])})"
        self.needs[-1].texts.append(written)
        return written

    def listed(self, node: ast.expr) -> str:
        """A list, which stands only inside a function or behind in."""
        if isinstance(node, ast.ListComp):
            return self.rows(node, whole=False)
        if isinstance(node, (ast.List, ast.Tuple)):
            return f"[{', '.join(self.write(each) for each in node.elts)}]"
        raise ExpressionRefused("a list is [a, b] or [value for name in group if condition]")

    def rows(self, node: ast.ListComp, *, whole: bool) -> str:
        name, group = self._variable(node)
        self.lists.add(group.home)
        self.bound[name] = Owner(group.home, f"_{name}", group.fields)
        self.needs.append(_Needs(name))
        is_row = whole and isinstance(node.elt, ast.Name) and node.elt.id == name
        element = f"_{name}" if is_row else self.write(node.elt)
        conditions = [self.write(each) for each in node.generators[0].ifs]
        needs = _once(self.needs.pop().texts)
        del self.bound[name]
        tests = [*([_all_there(needs)] if needs else []), *conditions]
        return f"[{element} for _{name} in {group.text}{''.join(f' if {test}' for test in tests)}]"

    def _variable(self, node: ast.ListComp) -> tuple[str, Owner]:
        only = node.generators[0]
        if len(node.generators) != 1 or only.is_async or not isinstance(only.target, ast.Name):
            raise ExpressionRefused("a list is made as [value for name in group if condition]")
        if not isinstance(only.iter, ast.Name) or only.iter.id not in self.scope.lists:
            raise ExpressionRefused("a list goes through the rows of a group that can be named here")
        name = only.target.id
        taken = {*self.scope.owners, *self.scope.lists, *self.bound, *FUNCTIONS, *RESERVED}
        if name in taken or not _VARIABLE.fullmatch(name):
            raise ExpressionRefused(f"{name!r} cannot be the name of a row here")
        return name, self.scope.lists[only.iter.id]


_MANY = 20
FUNCTIONS = {
    "abs": (1, 1), "age_on": (2, 2), "all": (1, 1), "answered": (1, 1), "any": (1, 1), "birth_date_of": (1, 1),
    "folded": (1, 1), "len": (1, 1), "max": (1, _MANY), "min": (1, _MANY), "plus_months": (2, 2), "sex_of": (1, 1),
    "total": (1, 1), "year": (1, 1),
}  # fmt: skip
"""The functions with the smallest and largest number of their arguments."""
_LISTS = (ast.List, ast.Tuple, ast.ListComp)
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%"
}  # fmt: skip
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in",
    ast.NotIn: "not in",
}  # fmt: skip
_WRITERS: dict[type[ast.expr], Callable[[_Compiler, Any], str]] = {
    ast.Constant: _Compiler.constant, ast.Name: _Compiler.name, ast.Attribute: _Compiler.attribute,
    ast.BoolOp: _Compiler.either, ast.UnaryOp: _Compiler.unary, ast.BinOp: _Compiler.binary,
    ast.Compare: _Compiler.compare, ast.IfExp: _Compiler.choice, ast.Call: _Compiler.call,
}  # fmt: skip
_CALLS: dict[str, Callable[[_Compiler, str, list[ast.expr]], str]] = {
    "answered": _Compiler.answered, "len": _Compiler.length, "max": _Compiler.extreme, "min": _Compiler.extreme,
    "all": _Compiler.over_list, "any": _Compiler.over_list, "total": _Compiler.over_list,
}  # fmt: skip
