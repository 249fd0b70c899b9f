"""One Starlark program for all expressions of a form: JSON text in, JSON text out.

In: ``{"today": …, "<section>": {field: value}, "<group>": [{"_id": …, "_number": …, field: value, "<inner>": […]}]}``.
Out: ``{"visible": {path: bool}, "required": {path: bool}, "computed": {path: value},
"suggested": {path: value}, "checks": […]}``; a check is ``[id, path, facts]``.
First what is hidden and computed is settled, in the order of ``ordering``; then follow what is required and the checks.
Names with an underscore are the program's own: no id of a form begins with one.
"""

import unicodedata
from itertools import groupby

from localapp.domain.forms.definition import Check, Field, FormDefinition
from localapp.domain.forms.expressions import compile_expression
from localapp.domain.forms.ordering import Step, homes, steps_in_order
from localapp.domain.forms.scopes import Scope, scope_of

_BASE = {
    letter: unicodedata.normalize("NFD", letter)[0]
    for letter in map(chr, (*range(0xDF, 0x180), *range(0x1E00, 0x1F00)))
    if letter.islower() and len(unicodedata.normalize("NFD", letter)) > 1
}
"""Small Latin letters with diacritics, Vietnamese ones too, and the plain letter of each."""
_PRELUDE = """
def _folded(text):
    plain = "".join([_BASE.get(letter, letter) for letter in text.lower().elems()])
    return " ".join(plain.replace("-", " ").split())

def _abs(number):
    return abs(number)

def _year(day):
    return int(day[:4])

def _age_on(born, day):
    return int(day[:4]) - int(born[:4]) - (1 if day[5:] < born[5:] else 0)

def _two(number):
    return ("0" if number < 10 else "") + str(number)

def _plus_months(day, months):
    ahead = int(day[:4]) * 12 + int(day[5:7]) - 1 + months
    year, month = ahead // 12, ahead % 12 + 1
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    longest = 29 if month == 2 and leap else [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return str(year) + "-" + _two(month) + "-" + _two(min(int(day[8:]), longest))

def _birth_date_of(number):
    month, born = int(number[2:4]), 1900 + int(number[:2])
    if len(number) == 10:
        born -= 100 if born >= 1980 else 0
    elif born < 1954:
        born += 100
    month -= 50 if month > 50 else 0
    month -= 20 if month > 20 else 0
    return str(born) + "-" + _two(month) + "-" + number[4:6]

def _sex_of(number):
    return "female" if int(number[2:4]) > 50 else "male"

def _total(values):
    found = 0
    for value in values:
        found += value
    return found

def _max(values):
    return max(values) if values else None

def _min(values):
    return min(values) if values else None

def _show(out, path, owner, name, visible):
    out["visible"][path + name] = visible
    if not visible:
        owner[name] = None
    return visible

def _set(out, path, owner, name, value):
    owner[name] = value
    out["computed"][path + name] = value

def _suggest(out, path, owner, name, value):
    if value != None and owner[name] in [None, value]:
        owner[name] = value
        out["suggested"][path + name] = value
"""


def form_program(definition: FormDefinition) -> str:
    """The program's source, with the function ``evaluate``. The definition has been checked by the parser."""
    lines = [
        f"_BASE = {_BASE}",
        _PRELUDE,
        "def evaluate(text):",
        "    _d = json.decode(text)",
        '    today = _d["today"]',
    ]
    lines.append('    _out = {"visible": {}, "required": {}, "computed": {}, "suggested": {}, "checks": []}')
    for home, steps in _together(steps_in_order(definition, definition.name)):
        lines += _for_each(definition, home, [line for step in steps for line in _settle(definition, step)])
    for home, fields in homes(definition):
        group = definition.group(home)
        checks = group.checks if group else ()
        lines += _for_each(definition, home, _judge(scope_of(definition, home), fields, checks))
    lines += [f"    {line}" for line in ['_path = ""', *_judge(scope_of(definition), (), definition.checks)]]
    lines.append("    return json.encode(_out)")
    return "\n".join(lines) + "\n"


def _together(steps: list[Step]) -> list[tuple[str, list[Step]]]:
    """Neighbouring steps of one home share a loop, unless the later one goes through rows."""
    loops: list[tuple[str, list[Step]]] = []
    for home, run in groupby(steps, key=lambda step: step.home):
        for number, step in enumerate(run):
            if number == 0 or step.needs_whole_groups:
                loops.append((home, []))
            loops[-1][1].append(step)
    return loops


def _for_each(definition: FormDefinition, home: str, body: list[str]) -> list[str]:
    """The lines for the section, or for every row of the group, with ``_path`` set to what its fields begin with."""
    if not body:
        return []
    outer, _, inner = home.rpartition(".")
    if definition.group(home) is None:
        head = [f'_path = "{home}."']
    elif not outer:
        head = [f'for row in _d["{inner}"]:', f'    _path = "{inner}[" + row["_id"] + "]."']
    else:
        head = _inner_loops(home.split("."))
    deep = head[-1][: len(head[-1]) - len(head[-1].lstrip())]
    return [f"    {line}" for line in [*head, *(deep + line for line in body)]]


def _inner_loops(names: list[str]) -> list[str]:
    """A loop in a loop for each group; the last row is ``row``, around it are ``parent`` and ``grandparent``."""
    rows = ["grandparent", "parent", "row"][-len(names) :]
    head, path = [], []
    for deep, (name, row) in enumerate(zip(names, rows, strict=True)):
        head.append(f'{"    " * deep}for {row} in {rows[deep - 1] if deep else "_d"}["{name}"]:')
        path.append(f'"{name}[" + {row}["_id"] + "]."')
    return [*head, f"{'    ' * len(names)}_path = {' + '.join(path)}"]


def _settle(definition: FormDefinition, step: Step) -> list[str]:
    owner = "row" if definition.group(step.home) else f'_d["{step.home}"]'
    place = f'_out, _path, {owner}, "{step.field.id}"'
    lines: list[str] = []
    if step.computed:
        value = step.computed.guarded("None")
        lines = [f"_set({place}, {value})"]
        suggest = f"_suggest({place}, {value})"
        if step.computed_if:
            lines = [f"if {step.computed_if.guarded('False')}:", f"    {lines[0]}"]
            lines += ["else:", f"    {suggest}"] if step.field.computed_until_typed else []
        elif step.field.computed_until_typed:
            lines = [suggest]
    if not step.visible:
        return lines
    show = f"_show({place}, bool({step.visible.guarded('False')}))"
    return [f"if {show}:", *(f"    {line}" for line in lines)] if lines else [show]


def _judge(scope: Scope, fields: tuple[Field, ...], checks: tuple[Check, ...]) -> list[str]:
    lines: list[str] = []
    for field in fields:
        if field.required_if:
            when = compile_expression(field.required_if, scope).guarded("False")
            lines.append(f'_out["required"][_path + "{field.id}"] = bool({when})')
    for check in checks:
        when = compile_expression(check.when, scope).guarded("False")
        facts = ", ".join(f'"{name}": {_fact(text, scope)}' for name, text in check.facts.items())
        lines += [f"if {when}:", f'    _out["checks"].append(["{check.id}", _path + "{check.at}", {{{facts}}}])']
    return lines


def _fact(text: str, scope: Scope) -> str:
    return compile_expression(text, scope).guarded("None")
