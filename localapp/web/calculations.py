"""The forms and calculation libraries that this desk can use, each document with the versions it was made with."""

from collections import OrderedDict
from datetime import date
from threading import Lock

from localapp import paths
from localapp.calculation.assessment import Assessment, Assessor
from localapp.calculation.calculator import Calculator
from localapp.calculation.forms import Form, Forms
from localapp.calculation.library import CalculationLibrary
from localapp.calculation.sandbox import Sandbox
from localapp.domain.canonical import Pinned
from localapp.domain.forms.answers import Tree

_REMEMBERED = 16  # documents whose last assessment is kept, so that a change is compared with what was shown


class Calculations:
    """Everything under ``components``. Raises LibraryRefused or DefinitionRefused when a component is bad."""

    def __init__(self) -> None:
        self.sandbox = Sandbox()
        self.forms = Forms(paths.components() / "forms", self.sandbox)
        self.calculators = {}
        for folder in sorted((paths.components() / "calculations").glob("*/*")):
            library = CalculationLibrary.open(folder)
            self.calculators[Pinned(library.name, library.version)] = Calculator(library, self.sandbox)
        self._last: OrderedDict[str, tuple[Tree, date, Assessment]] = OrderedDict()
        self._lock = Lock()

    def calculator_for(self, form: Form) -> Calculator:
        """The library that a new document of this form is priced with. Raises KeyError."""
        wanted = form.definition.calculation
        return self.calculators[Pinned(wanted["library"], wanted["version"])]

    def assessor(self, form: Pinned, calculation: Pinned) -> Assessor:
        """What judges a document made with these versions. Raises KeyError for a version that is not here."""
        calculator = self.calculators[calculation]
        catalogue = {entry["code"]: entry for entry in calculator.library.catalogue()}
        return Assessor(self.forms.at(form), calculator, {"coverages": catalogue})

    def assess(self, document: str, assessor: Assessor, tree: Tree, today: date) -> Assessment:
        """The assessment of a document's answers, from memory when nothing has changed since the last one."""
        with self._lock:
            known = self._last.get(document)
        if known and known[0] == tree and known[1] == today:
            return known[2]
        assessment = assessor.assess(tree, today)
        with self._lock:
            self._last[document] = (tree, today, assessment)
            self._last.move_to_end(document)
            while len(self._last) > _REMEMBERED:
                self._last.popitem(last=False)
        return assessment

    def close(self) -> None:
        """Stop the worker process."""
        self.sandbox.close()
