"""The expressions of a form: a small subset of Starlark, checked here and compiled into one program a form.

An expression may name sections (``policy.policy_term``), groups (``persons``), inside a group ``row`` and ``parent``,
and ``today``. It is evaluated only when every field it names outside ``answered()`` is answered; otherwise it is false
or has no value. The compiled program runs in the calculation worker; this module is pure text to text.
"""

import ast
from dataclasses import dataclass

FUNCTIONS = frozenset(
    {"abs", "age_on", "all", "answered", "any", "birth_date_of", "len", "max", "min", "plus_months", "total", "year"}
)
_NODES = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Compare, ast.Eq, ast.NotEq,
    ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod,
    ast.IfExp, ast.Call, ast.Name, ast.Load, ast.Store, ast.Attribute, ast.Constant, ast.List, ast.Tuple,
    ast.ListComp, ast.comprehension,
)  # fmt: skip


class ExpressionRefused(Exception):  # noqa: N818 - a refusal with its reason
    """The expression is not in the language, or names what the form does not have."""


@dataclass(frozen=True)
class Scope:
    """What an expression may name: for each name the fields below it, or None for a plain value."""

    names: dict[str, frozenset[str] | None]
    lists: dict[str, frozenset[str]]


@dataclass(frozen=True)
class Compiled:
    """Starlark text, and the Starlark texts of the fields that must be answered first."""

    text: str
    needs: tuple[str, ...]

    def guarded(self, otherwise: str) -> str:
        """The expression when all it needs is answered, else ``otherwise``."""
        if not self.needs:
            return f"({self.text})"
        return f"(({self.text}) if {' and '.join(f'{need} != None' for need in self.needs)} else {otherwise})"


def compile_expression(text: str, scope: Scope) -> Compiled:
    """Check the expression against the scope. Raises ExpressionRefused with the reason."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionRefused(f"{text!r} cannot be read: {type(error).__name__}") from error
    if len(text) > 2000:
        raise ExpressionRefused("an expression has at most 2000 characters")
    compiler = _Compiler(scope)
    changed = compiler.visit(tree)
    return Compiled(ast.unparse(changed), tuple(dict.fromkeys(compiler.needs)))


class _Compiler(ast.NodeTransformer):
    """Refuses what is outside the language and turns ``row.term`` into ``row["term"]``."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.bound: dict[str, frozenset[str]] = {}
        self.needs: list[str] = []
        self.inside_answered = False

    def visit(self, node: ast.AST) -> ast.AST:
        if not isinstance(node, _NODES):
            raise ExpressionRefused(f"{type(node).__name__} is not in the language of forms")
        visited: ast.AST = super().visit(node)
        return visited

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        if len(node.ops) != 1:
            raise ExpressionRefused("write a chained comparison as two, joined by and")
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if node.value is not None and not isinstance(node.value, (bool, int, str)):
            raise ExpressionRefused(f"{node.value!r}: only whole numbers, texts, True, False and None")
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(node.ctx, ast.Load) and node.id not in self.scope.names and node.id not in self.scope.lists:
            raise ExpressionRefused(f"there is no {node.id!r} here")
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords:
            raise ExpressionRefused(f"only these functions are known: {', '.join(sorted(FUNCTIONS))}")
        before, self.inside_answered = self.inside_answered, self.inside_answered or node.func.id == "answered"
        node.args = [_expression(self.visit(argument)) for argument in node.args]
        self.inside_answered = before
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if not isinstance(node.value, ast.Name):
            raise ExpressionRefused("a field is named as section.field, row.field or parent.field")
        owner = node.value.id
        fields = self.bound.get(owner, self.scope.names.get(owner))
        if fields is None or node.attr not in fields:
            raise ExpressionRefused(f"there is no field {owner}.{node.attr}")
        changed = ast.Subscript(ast.Name(owner, ast.Load()), ast.Constant(node.attr), ast.Load())
        if owner not in self.bound and not self.inside_answered and not node.attr.startswith("_"):
            self.needs.append(ast.unparse(changed))
        return changed

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        only = node.generators[0]
        if len(node.generators) != 1 or not isinstance(only.target, ast.Name) or not isinstance(only.iter, ast.Name):
            raise ExpressionRefused("a list is made as [value for name in group if condition]")
        if only.iter.id not in self.scope.lists:
            raise ExpressionRefused(f"there is no group {only.iter.id!r} here")
        self.bound[only.target.id] = self.scope.lists[only.iter.id]
        self.scope = Scope({**self.scope.names, only.target.id: None}, self.scope.lists)
        return self.generic_visit(node)


def _expression(node: ast.AST) -> ast.expr:
    if not isinstance(node, ast.expr):
        raise ExpressionRefused("an argument is an expression")
    return node
