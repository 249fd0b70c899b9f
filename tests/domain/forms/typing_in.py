"""What an advisor may do to a document, as hypothesis makes it up."""

from typing import Any

from hypothesis import strategies as st

from localapp.domain.forms.answers import Tree, UnknownPath, walk
from localapp.domain.forms.editing import RowLimit, add_row, empty_answers, remove_row, restore_row, type_in
from tests.domain.forms.made_up import CATALOGUES, TODAY, made_up

FORM = made_up()
TYPED = st.sampled_from(
    ["", "Alena", "30", "1,5m", "1 000 000 000", "ano", "ne", "1.5.90", "2026-12-01", "9005011235", "level", "S", "Z",
     "nesmysl", "99999999999999999999", "\u00a0", "4,5", "Ž" * 500]
) | st.text(max_size=12)  # fmt: skip
STEP = st.tuples(st.sampled_from(["type", "add", "remove", "restore"]), st.integers(0, 50), TYPED)


@st.composite
def documents(draw: st.DrawFn) -> Tree:
    """The answers of a document after some typing, adding, removing and bringing back."""
    tree = empty_answers(FORM, TODAY)
    for step in draw(st.lists(STEP, max_size=12)):
        tree = after(tree, *step)
    return tree


def after(tree: Tree, act: str, which: int, text: str) -> Tree:
    """The answers after one step; a step that the form refuses changes nothing."""
    paths = [place.path for place in walk(FORM, tree)]
    rows = row_paths(tree)
    path = rows[which % len(rows)]
    try:
        if act == "type":
            typed = {paths[which % len(paths)]: text}
            return type_in(FORM, tree, typed, today=TODAY, catalogues=CATALOGUES).tree
        if act == "remove":
            return remove_row(FORM, tree, path, "2026-11-25T12:00:00Z").tree
        if act == "restore":
            return restore_row(FORM, tree, path).tree
        group, given = [("people", {"role": "child"}), ("extras", {}), (f"{path}.covers", {"code": "S"})][which % 3]
        return add_row(FORM, tree, group, given, None)[0].tree
    except (RowLimit, UnknownPath):
        return tree


def row_paths(tree: Tree, *, kept: bool = False) -> list[str]:
    """The path of every row, removed ones too unless ``kept``."""
    found = []
    for group in FORM.groups:
        for row in _rows(tree, group.id, kept=kept):
            path = f"{group.id}[{row['_id']}]"
            inner = [(each.id, inner_row) for each in group.groups for inner_row in _rows(row, each.id, kept=kept)]
            found += [path, *(f"{path}.{name}[{inner_row['_id']}]" for name, inner_row in inner)]
    return found


def _rows(owner: Tree, name: str, *, kept: bool) -> list[dict[str, Any]]:
    return [row for row in owner[name] if not (kept and "_removed" in row)]
