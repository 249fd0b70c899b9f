"""Form definitions of the components, each with its expressions loaded into the sandbox."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from localapp.calculation.sandbox import Program, Sandbox
from localapp.domain.canonical import Pinned
from localapp.domain.forms.definition import FormDefinition
from localapp.domain.forms.parser import parse_form
from localapp.domain.forms.program import form_program


class Form:
    """One form at one version, ready to be evaluated."""

    def __init__(self, definition: FormDefinition, sandbox: Sandbox) -> None:
        self.definition = definition
        self.pinned = Pinned(definition.name, definition.version)
        self._sandbox = sandbox
        self._program = f"form:{definition.name}:{definition.version}"
        sandbox.load(Program(self._program, form_program(definition)))

    def compute(self, context: dict[str, Any]) -> Mapping[str, Any]:
        """The results of the form's expressions. Raises the sandbox's failures."""
        results: dict[str, Any] = json.loads(
            self._sandbox.call(self._program, "evaluate", json.dumps(context, ensure_ascii=False))
        )
        return results


class Forms:
    """All forms of a components folder. Raises DefinitionRefused for the first bad one."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self._forms: dict[Pinned, Form] = {}
        for path in sorted(folder.glob("*/*/form.json")):
            definition = parse_form(path.read_text(encoding="utf-8"), str(path.relative_to(folder)))
            self._forms[Pinned(definition.name, definition.version)] = Form(definition, sandbox)

    def all(self) -> list[Form]:
        """Every form at every version."""
        return list(self._forms.values())

    def at(self, pinned: Pinned) -> Form:
        """The form at the version a document was made with. Raises KeyError."""
        return self._forms[pinned]

    def newest(self, kind: str) -> Form:
        """The newest form for a kind of document. Raises KeyError when there is none."""
        found = [form for form in self._forms.values() if form.definition.kind == kind]
        if not found:
            raise KeyError(kind)
        return max(found, key=lambda form: tuple(int(part) for part in form.definition.version.split(".")))
