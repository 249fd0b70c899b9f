"""The forms and calculation libraries that this desk can use, each document with the versions it was made with."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date
from threading import Lock
from typing import TypeVar

from localapp.calculation.assessment import Assessment, Assessor
from localapp.calculation.calculator import Calculator
from localapp.calculation.calculators import Calculators
from localapp.calculation.components import ComponentFolders, ComponentKind, PlainFolders
from localapp.calculation.failures import VersionMissing
from localapp.calculation.forms import FORM_FILE, Form, Forms
from localapp.calculation.library import MANIFEST
from localapp.calculation.sandbox import Sandbox
from localapp.domain.canonical import Pinned
from localapp.domain.forms.answers import Tree

_T = TypeVar("_T")
_REMEMBERED = 16  # documents whose last assessment is kept, so that a change is compared with what was shown


class Calculations:
    """The components of one desk in one worker process; what a document uses is loaded when it is first asked for.

    Versions activated meanwhile are taken by new documents; open ones keep the versions they were made with.
    """

    def __init__(self, folders: ComponentFolders | None = None) -> None:
        """Without ``folders`` the components that came with the program are used."""
        folders = folders or PlainFolders()
        self.sandbox = Sandbox()
        self.forms = Forms(folders, self.sandbox)
        self._calculators = Calculators(folders, self.sandbox)
        self._folders = folders
        self._last: OrderedDict[str, tuple[Tree, date, Assessment]] = OrderedDict()
        self._lock = Lock()

    @property
    def calculators(self) -> Mapping[Pinned, Calculator]:
        """The active version of every calculation library."""
        return self._calculators.active()

    def calculator_for(self, form: Form) -> Calculator:
        """The library that a new document of this form is priced with. Raises KeyError."""
        return self._calculators.for_new(form.definition)

    def assessor(self, form: Pinned, calculation: Pinned) -> Assessor:
        """What judges a document made with these versions.

        Raises VersionMissing for a version that is not here, ComponentRefused for one whose files were changed.
        """
        calculator = _here(self._calculators.at, calculation)
        catalogue = {entry["code"]: entry for entry in calculator.library.catalogue()}
        return Assessor(_here(self.forms.at, form), calculator, {"coverages": catalogue})

    def digests(self, form: Pinned, calculation: Pinned) -> tuple[str, str]:
        """What names the files of both versions: the SHA-256 of the definition, and of the manifest, which names more.

        Raises KeyError, ComponentRefused, OSError.
        """
        chosen = ((ComponentKind.FORM, form, FORM_FILE), (ComponentKind.CALCULATION, calculation, MANIFEST))
        first, second = (
            hashlib.sha256((self._folders.folder_of(kind, each.name, each.version) / name).read_bytes()).hexdigest()
            for kind, each, name in chosen
        )
        return first, second

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


def _here(at: Callable[[Pinned], _T], pinned: Pinned) -> _T:
    try:
        return at(pinned)
    except KeyError:
        raise VersionMissing(pinned) from None
