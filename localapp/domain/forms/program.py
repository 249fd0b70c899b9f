"""One Starlark program for all expressions of a form: JSON text in, JSON text out.

In: ``{"today": …, "<section>": {field: value}, "<group>": [{"_id": …, "_number": …, field: value, "<inner>": […]}]}``.
Out: ``{"visible": {path: bool}, "required": {path: bool}, "computed": {path: value}, "checks": [[check id, path]]}``.
Fields are taken in the order of the definition, so an expression sees the values computed before it.
"""

from localapp.domain.forms.definition import Check, Field, FormDefinition, Group
from localapp.domain.forms.expressions import Scope, compile_expression
from localapp.domain.forms.references import root_scope, row_scope

_PRELUDE = """
def answered(value):
    return value != None

def year(day):
    return int(day[:4])

def age_on(born, day):
    return int(day[:4]) - int(born[:4]) - (1 if day[5:] < born[5:] else 0)

def plus_months(day, months):
    ahead = int(day[:4]) * 12 + int(day[5:7]) - 1 + months
    number = int(day[8:])
    month = ahead % 12 + 1
    leap = (ahead // 12) % 4 == 0 and ((ahead // 12) % 100 != 0 or (ahead // 12) % 400 == 0)
    longest = 29 if month == 2 and leap else [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    parts = [str(ahead // 12), str(month), str(min(number, longest))]
    return parts[0] + "".join(["-" + ("0" + part if len(part) < 2 else part) for part in parts[1:]])

def birth_date_of(number):
    month, born = int(number[2:4]), 1900 + int(number[:2])
    if len(number) == 10:
        born -= 100 if born >= 1980 else 0
    elif born < 1954:
        born += 100
    month -= 50 if month > 50 else 0
    month -= 20 if month > 20 else 0
    return str(born) + "-" + ("0" if month < 10 else "") + str(month) + "-" + number[4:6]

def total(values):
    found = 0
    for value in values:
        found += value if value != None else 0
    return found

def set_computed(out, path, row, name, value):
    row[name] = value
    out["computed"][path + name] = value
"""


def form_program(definition: FormDefinition) -> str:
    """The program's source, with the function ``evaluate``. The definition has been checked by the parser."""
    lines = [_PRELUDE, "def evaluate(argument):", "    d = json.decode(argument)"]
    lines.append('    out = {"visible": {}, "required": {}, "computed": {}, "checks": []}')
    lines.append('    today = d["today"]')
    lines += [f'    {each.id} = d["{each.id}"]' for each in definition.sections if each.fields]
    lines += [f'    {each.id} = d["{each.id}"]' for each in definition.groups]
    root = root_scope(definition)
    for section in definition.sections:
        lines += _fields(section.fields, root, f'"{section.id}."', section.id, "    ")
    for group in definition.groups:
        lines += _group(definition, group)
    lines += _checks(definition.checks, root, '""', "    ")
    lines.append("    return json.encode(out)")
    return "\n".join(lines) + "\n"


def _group(definition: FormDefinition, group: Group) -> list[str]:
    scope = row_scope(definition, group)
    lines = [f"    for row in {group.id}:", f'        path = "{group.id}[" + row["_id"] + "]."']
    lines += _fields(group.fields, scope, "path", "row", "        ")
    lines += _checks(group.checks, scope, "path", "        ")
    for inner in group.groups:
        lines += _inner(definition, group, inner)
    return lines


def _inner(definition: FormDefinition, outer: Group, group: Group) -> list[str]:
    scope = row_scope(definition, group, outer)
    deep = "            "
    lines = ["        parent = row", f'        for row in parent["{group.id}"]:']
    lines.append(f'{deep}inner = path + "{group.id}[" + row["_id"] + "]."')
    lines += _fields(group.fields, scope, "inner", "row", deep)
    lines += _checks(group.checks, scope, "inner", deep)
    lines.append("        row = parent")
    return lines


def _fields(fields: tuple[Field, ...], scope: Scope, path: str, owner: str, indent: str) -> list[str]:
    lines: list[str] = []
    for field in fields:
        at = f'{path} + "{field.id}"'
        if field.computed:
            text = compile_expression(field.computed, scope).guarded("None")
            call = f'set_computed(out, {path}, {owner}, "{field.id}", {text})'
            if field.computed_if:
                when = compile_expression(field.computed_if, scope).guarded("False")
                lines += [f"{indent}if {when}:", f"{indent}    {call}"]
            else:
                lines.append(f"{indent}{call}")
        for name, rule in (("visible", field.visible_if), ("required", field.required_if)):
            if rule:
                lines.append(f'{indent}out["{name}"][{at}] = bool({compile_expression(rule, scope).guarded("False")})')
    return lines


def _checks(checks: tuple[Check, ...], scope: Scope, path: str, indent: str) -> list[str]:
    lines: list[str] = []
    for check in checks:
        when = compile_expression(check.when, scope).guarded("False")
        lines += [f"{indent}if {when}:", f'{indent}    out["checks"].append(["{check.id}", {path} + "{check.at}"])']
    return lines
