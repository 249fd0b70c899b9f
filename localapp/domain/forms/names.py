"""Names that a form definition gives: ids of sections, groups, fields and checks."""

import ast
import re

from localapp.domain.forms.taking import Taken

_ID = re.compile(r"[a-z][a-z0-9_]{0,40}")
_PLACE = re.compile(r"[a-z][a-z0-9_]{0,40}(\.[a-z][a-z0-9_]{0,40}){1,3}")


def id_of(part: Taken) -> str:
    """The id of an object, which expressions have to be able to name."""
    found = part.text("id")
    if not _ID.fullmatch(found):
        part.refuse(f"{found!r} is no id: lower-case letters, digits and _")
    try:
        ast.parse(f"{found}.{found}", mode="eval")
    except SyntaxError:
        part.refuse(f"{found!r} is a word of the expression language")
    return found


def is_place(text: str) -> bool:
    """Whether a text is a dotted place as ``policyholder.last_name``."""
    return _PLACE.fullmatch(text) is not None
