"""Conditions on many values at once that stay the same statement however many there are.

A list of parameters of its own is written and prepared anew for each length; for hundreds of rows that is what a
query costs.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select


def several(column: ColumnElement[Any], name: str = "several") -> ColumnElement[bool]:
    """That the column has one of the values of the JSON list that is bound as ``name``."""
    return column.in_(select(func.json_each(bindparam(name)).table_valued("value").c.value))


def texts(values: Iterable[str | int]) -> str:
    """The values as they are bound."""
    return json.dumps(list(values), separators=(",", ":"))
