"""Checks the part of a form definition that maps answers to the input of its calculation library."""

from collections.abc import Mapping
from typing import Any

from localapp.domain.forms.definition import Field, FormDefinition, Group
from localapp.domain.forms.located import DefinitionRefused

SOURCES = {
    "value": frozenset({"value"}),
    "from": frozenset({"from", "default"}),
    "object": frozenset({"object"}),
    "each": frozenset({"each", "fields", "groups", "id"}),
}
"""What an input can be made of: the key that says which, and all keys it may have."""
_WHOLE = frozenset({"library", "version", "input"})


def check_calculation(definition: FormDefinition, places: Mapping[str, Field], file: str) -> None:
    """Raises DefinitionRefused for the first wrong part. A form without calculation is allowed."""
    found = definition.calculation
    if not found:
        return
    rules = _Rules(definition, places, file, getattr(found, "line", 1))
    if set(found) != _WHOLE or not isinstance(found["library"], str) or not isinstance(found["version"], str):
        rules.refuse(found, "needs library and version, which are texts, and input, and nothing else")
    rules.object(found["input"], "input")


class _Rules:
    def __init__(self, definition: FormDefinition, places: Mapping[str, Field], file: str, line: int) -> None:
        self.definition, self.places, self.file, self.line = definition, places, file, line

    def refuse(self, at: object, reason: str) -> None:
        raise DefinitionRefused(self.file, getattr(at, "line", self.line), f"calculation: {reason}")

    def object(self, found: Any, name: str) -> None:  # noqa: ANN401 - any JSON value
        """Named inputs."""
        if not isinstance(found, dict) or not found:
            self.refuse(found, f"{name} is an object with at least one name")
        for inner, source in found.items():
            self.source(source, f"{name}.{inner}")

    def source(self, found: Any, name: str) -> None:  # noqa: ANN401 - any JSON value
        """Where one input comes from."""
        kinds = [kind for kind in SOURCES if isinstance(found, dict) and kind in found]
        if len(kinds) != 1 or not set(found) <= SOURCES[kinds[0]]:
            self.refuse(found, f"{name} is one of {', '.join(SOURCES)} with the names that go with it")
        if kinds == ["object"]:
            self.object(found["object"], name)
        elif kinds == ["from"] and (not isinstance(found["from"], str) or found["from"] not in self.places):
            self.refuse(found, f"{name}: there is no field {found['from']!r}")
        elif kinds == ["each"]:
            group = {each.id: each for each in self.definition.groups}.get(str(found["each"]))
            self.rows(found, name, group)

    def rows(self, found: Any, name: str, group: Group | None) -> None:  # noqa: ANN401 - any JSON value
        """One input for each row."""
        if group is None:
            self.refuse(found, f"{name}: there is no group {found['each']!r} there")
            return
        fields, inner = found.get("fields"), found.get("groups", {})
        known = {field.id for field in group.fields}
        if not isinstance(fields, list) or not all(isinstance(each, str) and each in known for each in fields):
            self.refuse(found, f"{name}: fields is a list of fields of {group.id}")
        if not isinstance(inner, dict):
            self.refuse(found, f"{name}: groups is an object")
        self.numbering(found, name)
        for inner_name, source in inner.items():
            if not isinstance(source, dict) or set(source) != {"each", "fields"}:
                self.refuse(found, f"{name}.{inner_name} has each and fields")
            if inner_name in fields:
                self.refuse(source, f"{name}.{inner_name} stands for two things")
            self.rows(source, f"{name}.{inner_name}", {e.id: e for e in group.groups}.get(str(source["each"])))

    def numbering(self, found: Mapping[str, Any], name: str) -> None:
        """How rows get the names by which the library speaks of them."""
        if "id" not in found:
            return
        rule = found["id"]
        letters = rule.get("letters") if isinstance(rule, dict) and set(rule) == {"by", "letters"} else None
        if not isinstance(letters, dict) or not all(isinstance(letter, str) and letter for letter in letters.values()):
            self.refuse(found, f"{name}: id has by, a field, and letters, a letter for each of its values")
            return
        if rule["by"] not in found["fields"] or "id" in found["fields"]:
            self.refuse(found, f"{name}: id is numbered by one of the fields, none of which is called id")
