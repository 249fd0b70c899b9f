"""Form definitions of the components, each with its expressions loaded into the sandbox when it is first used."""

import json
from collections.abc import Mapping
from threading import RLock
from typing import Any

from localapp.calculation.components import ComponentFolders, ComponentKind, library_for, version_order
from localapp.calculation.failures import ComponentRefused
from localapp.calculation.sandbox import Program, Sandbox
from localapp.domain.canonical import Pinned
from localapp.domain.forms.definition import FormDefinition
from localapp.domain.forms.parser import parse_form
from localapp.domain.forms.program import form_program

FORM_FILE = "form.json"


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
    """The forms of the components: read when first asked for, kept from then on. Thread-safe.

    A version never changes, so what is kept stays right while newer versions are activated.
    """

    def __init__(self, folders: ComponentFolders, sandbox: Sandbox) -> None:
        self._folders, self._sandbox = folders, sandbox
        self._definitions: dict[Pinned, FormDefinition] = {}
        self._forms: dict[Pinned, Form] = {}
        self._lock = RLock()

    def all(self) -> list[Form]:
        """The active version of every form. Raises what ``at`` raises."""
        return [self.at(Pinned(*active)) for active in sorted(self._folders.active(ComponentKind.FORM).items())]

    def at(self, pinned: Pinned) -> Form:
        """The form at the version a document was made with.

        Raises KeyError when it is not here, ComponentRefused when its files were changed, DefinitionRefused, and the
        sandbox's failures.
        """
        with self._lock:
            if pinned not in self._forms:
                self._forms[pinned] = Form(self._definition(pinned), self._sandbox)
            return self._forms[pinned]

    def newest(self, kind: str) -> Form:
        """The newest active form for a kind of document whose calculation library is here. Raises KeyError for none."""
        active = [self._definition(Pinned(*each)) for each in self._folders.active(ComponentKind.FORM).items()]
        found = [each for each in active if each.kind == kind and library_for(self._folders, each.calculation)]
        if not found:
            raise KeyError(kind)
        newest = max(found, key=lambda each: version_order(each.version))
        return self.at(Pinned(newest.name, newest.version))

    def _definition(self, pinned: Pinned) -> FormDefinition:
        with self._lock:
            if pinned not in self._definitions:
                folder = self._folders.folder_of(ComponentKind.FORM, pinned.name, pinned.version)
                text = (folder / FORM_FILE).read_text(encoding="utf-8")
                found = parse_form(text, f"{pinned.name}/{pinned.version}/{FORM_FILE}")
                if (found.name, found.version) != (pinned.name, pinned.version):
                    raise ComponentRefused(f"{pinned.name}/{pinned.version}: says {found.name} {found.version}")
                self._definitions[pinned] = found
            return self._definitions[pinned]
