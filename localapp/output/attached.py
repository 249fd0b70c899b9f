"""The data inside a PDF: the answers and the calculation, both without anything of the health part."""

from collections.abc import Mapping, Sequence
from typing import Any

from localapp.domain.canonical import canonical_text
from localapp.domain.forms.answers import split_health
from localapp.domain.forms.definition import Field
from localapp.output.blocks import Attached
from localapp.output.source import Source
from localapp.output.words import word


def attachments(source: Source) -> tuple[Attached, ...]:
    """The canonical answers, and the calculation's input and output where there is one."""
    definition, document = source.definition, source.document
    about: dict[str, Any] = {
        "form": [definition.name, definition.version],
        "number": document.number,
        "revision": document.revision,
    }
    answers = split_health(definition, source.evaluation.tree)[0]
    files = [_file("odpovedi.json", "attached_answers", {**about, "answers": answers}, source.lang)]
    if source.quote is not None:
        names = {field.id for field in _health_fields(source)}
        asked = _without(source.mapped.input, names)
        output = {name: found for name, found in source.quote.items() if name != "health"}  # tiers follow from health
        library = [each for each in source.components if each.kind == "calculation"]
        versions = [[each.name, each.version] for each in library]
        calculation = {**about, "libraries": versions, "input": asked, "output": output}
        files.append(_file("vypocet.json", "attached_calculation", calculation, source.lang))
    return tuple(files)


def _file(name: str, description: str, content: Mapping[str, Any], lang: str) -> Attached:
    return Attached(name, word(description, lang), canonical_text(dict(content)))


def _health_fields(source: Source) -> list[Field]:
    """Every health field of the form: the library's input names its answers alike."""
    owners: list[Sequence[Field]] = [section.fields for section in source.definition.sections]
    owners += [group.fields for _, group in source.definition.all_groups()]
    return [field for fields in owners for field in fields if field.is_health]


def _without(found: Any, names: set[str]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(found, dict):
        return {name: _without(part, names) for name, part in found.items() if name not in names}
    return [_without(part, names) for part in found] if isinstance(found, list) else found
