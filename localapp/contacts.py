"""Whom an advisor can ask: the contacts of the insurer, read from the component ``texts/contacts`` and nowhere else.

Every sentence may name them as facts: ``{help_desk}``, ``{advisors_line}``, ``{installation_email}``,
``{questions_email}``. A leaf of the standard library that desk and endpoint share.
"""

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from localapp import paths

_PLACE = ("texts", "contacts", "1", "contacts.json")


@cache
def premium_account() -> Mapping[str, str]:
    """The account that premiums are paid to: ``iban``, and ``number`` as people write it. A demonstration's."""
    return MappingProxyType(dict(_component()["premium_account"]))


@cache
def contacts(language: str) -> Mapping[str, str]:
    """The facts of sentences in a language (``cs`` or ``en``)."""
    found = _component()
    help_desk = found["help_desk"]
    return MappingProxyType(
        {
            "help_desk": f"{help_desk['name'][language]} ({help_desk['phone']})",
            "advisors_line": found["advisors_line"]["phone"],
            "installation_email": found["installation"]["email"],
            "questions_email": found["questions"]["email"],
        }
    )


def _component() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(paths.components().joinpath(*_PLACE).read_text(encoding="utf-8"))
    return found
