"""The calculation libraries of the components, each loaded into the sandbox when it is first used."""

from threading import RLock

from localapp.calculation.calculator import Calculator
from localapp.calculation.components import ComponentFolders, ComponentKind, library_for
from localapp.calculation.failures import ComponentRefused
from localapp.calculation.library import CalculationLibrary
from localapp.calculation.sandbox import Sandbox
from localapp.domain.canonical import Pinned
from localapp.domain.forms.definition import FormDefinition


class Calculators:
    """Opened when first asked for, kept from then on. Thread-safe. A version never changes."""

    def __init__(self, folders: ComponentFolders, sandbox: Sandbox) -> None:
        self._folders, self._sandbox = folders, sandbox
        self._calculators: dict[Pinned, Calculator] = {}
        self._lock = RLock()

    def at(self, pinned: Pinned) -> Calculator:
        """The library at the version a document was made with.

        Raises KeyError when it is not here, ComponentRefused when its files were changed, and the sandbox's failures.
        """
        with self._lock:
            if pinned not in self._calculators:
                folder = self._folders.folder_of(ComponentKind.CALCULATION, pinned.name, pinned.version)
                library = CalculationLibrary.open(folder)
                if (library.name, library.version) != (pinned.name, pinned.version):
                    raise ComponentRefused(f"{pinned.name}/{pinned.version}: says {library.name} {library.version}")
                self._calculators[pinned] = Calculator(library, self._sandbox)
            return self._calculators[pinned]

    def for_new(self, form: FormDefinition) -> Calculator:
        """The library that prices a new document of this form; see ``library_for``. Raises what ``at`` raises."""
        name = str(form.calculation["library"])
        version = library_for(self._folders, form.calculation)
        if version is None:
            raise KeyError(f"{name} {form.calculation['version']} or newer")
        return self.at(Pinned(name, version))

    def active(self) -> dict[Pinned, Calculator]:
        """The active version of every library."""
        names = sorted(self._folders.active(ComponentKind.CALCULATION).items())
        return {Pinned(*each): self.at(Pinned(*each)) for each in names}
