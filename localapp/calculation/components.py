"""Components: what a form or a calculation library is called, where it lies, and which version a new document takes.

Desk and endpoint say the same here; in prose: docs/components.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from localapp import paths
from localapp.calculation.failures import ComponentRefused

_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){0,3}")
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")  # names that Windows gives to devices
_TARGET = re.compile(r"([a-z]+)/([^/]+)/([^/]+)\.zip")


class ComponentKind(StrEnum):
    """What a component is. The value is its folder's name; ``role`` is who signs it and how its target begins."""

    CALCULATION = "calculations"
    FORM = "forms"

    @property
    def role(self) -> str:
        """The delegated role: ``calc`` or ``forms``."""
        return "calc" if self is ComponentKind.CALCULATION else "forms"


@dataclass(frozen=True)
class Component:
    """One component at one version. Raises ComponentRefused for a name or version that could not be a folder's."""

    kind: ComponentKind
    name: str
    version: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or _RESERVED.fullmatch(self.name):
            raise ComponentRefused(f"{self.name!r} is no name: lower-case letters, digits and -, at most 41")
        if not _VERSION.fullmatch(self.version):
            raise ComponentRefused(f"{self.version!r} is no version: one to four numbers with dots, e.g. 2026.1")

    @property
    def target(self) -> str:
        """Its path in the repository, e.g. ``calc/flexi-demo/2026.1.zip``."""
        return f"{self.kind.role}/{self.name}/{self.version}.zip"

    @property
    def place(self) -> Path:
        """Its folder below a folder of components, e.g. ``calculations/flexi-demo/2026.1``."""
        return Path(self.kind.value, self.name, self.version)

    @classmethod
    def from_target(cls, target: str) -> "Component":
        """The component that lies at a repository's path. Raises ComponentRefused."""
        found = _TARGET.fullmatch(target)
        kinds = {kind.role: kind for kind in ComponentKind}
        if not found or found[1] not in kinds:
            raise ComponentRefused(f"{target[:100]!r} is no component's path")
        return cls(kinds[found[1]], found[2], found[3])


def version_order(version: str) -> tuple[int, ...]:
    """What versions sort by: their numbers, so that 2026.10 comes after 2026.9."""
    return tuple(int(part) for part in version.split("."))


class ComponentFolders(Protocol):
    """Where the components lie that may be used. Versions lie side by side and never change."""

    def active(self, kind: ComponentKind) -> Mapping[str, str]:
        """By name the version that new documents take. May change while the program runs."""

    def folder_of(self, kind: ComponentKind, name: str, version: str) -> Path:
        """A version's folder. Raises KeyError when it is not here, ComponentRefused when its files were changed."""


class PlainFolders:
    """Every version under a folder like ``components/``: the checkout, the wheel, what the endpoint published.

    The newest version of each name is active. Nothing is recorded of the files, so none is compared.
    """

    def __init__(self, root: Path | None = None) -> None:
        self._root = root or paths.components()

    def active(self, kind: ComponentKind) -> Mapping[str, str]:
        """See ComponentFolders."""
        newest: dict[str, str] = {}
        for component in self.all(kind):
            best = newest.get(component.name)
            if best is None or version_order(component.version) > version_order(best):
                newest[component.name] = component.version
        return newest

    def folder_of(self, kind: ComponentKind, name: str, version: str) -> Path:
        """See ComponentFolders."""
        try:
            folder = self._root / Component(kind, name, version).place
        except ComponentRefused:
            raise KeyError(f"{name}/{version}") from None
        if not folder.is_dir():
            raise KeyError(f"{name}/{version}")
        return folder

    def all(self, kind: ComponentKind) -> list[Component]:
        """Every version that lies here, by name and version. Raises ComponentRefused for a folder that is none."""
        folders = [path for path in (self._root / kind.value).glob("*/*") if path.is_dir()]
        found = [Component(kind, path.parent.name, path.name) for path in folders]
        return sorted(found, key=lambda each: (each.name, version_order(each.version)))


def library_for(folders: ComponentFolders, calculation: Mapping[str, Any]) -> str | None:
    """The version of the calculation library that a new document of a form takes, or None when there is none.

    It is the active version, provided that it is not older than the form's ``calculation.version``: a form is written
    for a library as it was, and a later version of the same name keeps what forms rely on.
    """
    active = folders.active(ComponentKind.CALCULATION).get(str(calculation["library"]))
    if active is None or version_order(active) < version_order(str(calculation["version"])):
        return None
    return active
