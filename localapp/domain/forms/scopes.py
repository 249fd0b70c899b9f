"""What the expressions of a form may name, and where the compiled program finds it.

A *home* is the dotted name of a section (``policy``) or group (``persons``, ``persons.coverages``).
"""

from dataclasses import dataclass, field

from localapp.domain.forms.definition import FormDefinition, Group, Section

ROW_NAMES = frozenset({"_id", "_number"})
RESERVED = frozenset({"row", "parent", "grandparent", "today"})


@dataclass(frozen=True)
class Owner:
    """What has fields: a section, a row, or each row of a list. ``text`` is its Starlark."""

    home: str
    text: str
    fields: frozenset[str]


@dataclass(frozen=True)
class Scope:
    """The sections and rows, and the lists of rows, that an expression may name."""

    owners: dict[str, Owner] = field(default_factory=dict)
    lists: dict[str, Owner] = field(default_factory=dict)


def scope_of(definition: FormDefinition, home: str = "") -> Scope:
    """The scope of the expressions of a section, a group, or (without home) of the form's own checks."""
    owners = {each.id: Owner(each.id, f'_d["{each.id}"]', _names(each)) for each in definition.sections if each.fields}
    lists = {each.id: Owner(each.id, f'_d["{each.id}"]', _row(each)) for each in definition.groups}
    group = definition.group(home)
    if group is None:
        return Scope(owners, lists)
    outer_id = home.rpartition(".")[0]
    outer = definition.group(outer_id)
    owners["row"] = Owner(home, "row", _row(group))
    if outer:
        owners["parent"] = Owner(outer_id, "parent", _row(outer))
        lists |= _inner(outer, outer_id, "parent")
    outermost_id = outer_id.rpartition(".")[0]
    outermost = definition.group(outermost_id)
    if outermost:
        owners["grandparent"] = Owner(outermost_id, "grandparent", _row(outermost))
    return Scope(owners, lists | _inner(group, home, "row"))


def _inner(group: Group, home: str, row: str) -> dict[str, Owner]:
    return {each.id: Owner(f"{home}.{each.id}", f'{row}["{each.id}"]', _row(each)) for each in group.groups}


def _names(owner: Section | Group) -> frozenset[str]:
    return frozenset(field.id for field in owner.fields)


def _row(group: Group) -> frozenset[str]:
    return _names(group) | ROW_NAMES
