"""The endpoint's own copies of forms and calculation libraries, each loaded when a revision first names it."""

from pathlib import Path

from localapp.calculation.assessment import Assessor
from localapp.calculation.calculator import Calculator
from localapp.calculation.components import ComponentKind, PlainFolders
from localapp.calculation.failures import ComponentRefused, SourceRefused
from localapp.calculation.forms import Form, Forms
from localapp.calculation.library import CalculationLibrary
from localapp.calculation.sandbox import Sandbox
from localapp.domain.canonical import Pinned
from localapp.domain.forms.located import DefinitionRefused


class VersionMissing(Exception):  # noqa: N818 - a state of the folder
    """The endpoint has no usable copy of this version; the text names it."""


class Versions:
    """The versions below one folder, in one sandbox."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self._folders = PlainFolders(folder)
        self._sandbox = sandbox
        self._forms = Forms(self._folders, sandbox)
        self._calculators: dict[Pinned, Calculator] = {}
        self._assessors: dict[tuple[Pinned, Pinned], Assessor] = {}

    def assessor(self, form: Pinned, calculation: Pinned) -> Assessor:
        """What judges a revision of these versions. Raises VersionMissing, CalculationUnavailable."""
        both = (form, calculation)
        if both not in self._assessors:
            calculator = self._calculator(calculation)
            catalogue = {entry["code"]: entry for entry in calculator.library.catalogue()}
            self._assessors[both] = Assessor(self._form(form), calculator, {"coverages": catalogue})
        return self._assessors[both]

    def _form(self, pinned: Pinned) -> Form:
        try:
            return self._forms.at(pinned)
        except (KeyError, ComponentRefused, DefinitionRefused, SourceRefused):
            raise VersionMissing(_shown(pinned)) from None

    def _calculator(self, pinned: Pinned) -> Calculator:
        if pinned not in self._calculators:
            try:
                place = self._folders.folder_of(ComponentKind.CALCULATION, pinned.name, pinned.version)
                library = CalculationLibrary.open(place)
                if Pinned(library.name, library.version) != pinned:
                    raise VersionMissing(_shown(pinned))
                self._calculators[pinned] = Calculator(library, self._sandbox)
            except (KeyError, ComponentRefused, SourceRefused):
                raise VersionMissing(_shown(pinned)) from None
        return self._calculators[pinned]


def _shown(pinned: Pinned) -> str:
    return f"{pinned.name} {pinned.version}"
