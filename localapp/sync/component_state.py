"""The pointer: one file that says which components are installed, which are active, and which were refused.

It is replaced whole. Whatever lies in the folders and is not named here does not exist.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from localapp import private_files
from localapp.calculation.components import Component, ComponentKind, version_order
from localapp.domain.sync.messages import Refusal

FORMAT = 1


@dataclass(frozen=True)
class Installed:
    """One version on this desk: the archive's digest, the digests of its files, since when, how it was checked.

    ``needs`` is the least version of the calculation library that a form is written for.
    """

    sha256: str
    files: Mapping[str, str]
    installed_at: str
    golden: int = 0
    needs: Component | None = None
    withdrawn: bool = False


@dataclass(frozen=True)
class Refused:
    """A version that failed its checks here. It is tried again a day later, or when archive or program have changed."""

    sha256: str
    program: str
    refused_at: str
    refusal: Refusal


@dataclass(frozen=True)
class State:
    """Everything the pointer says, by component. ``verified_at`` is when the insurer's list was last read."""

    installed: Mapping[Component, Installed] = field(default_factory=dict)
    refused: Mapping[Component, Refused] = field(default_factory=dict)
    verified_at: str | None = None

    def active(self, kind: ComponentKind) -> dict[str, str]:
        """By name the newest installed version that is not withdrawn; of forms, whose library is active."""
        libraries = {} if kind is ComponentKind.CALCULATION else self.active(ComponentKind.CALCULATION)
        newest: dict[str, str] = {}
        for component, record in self.installed.items():
            best = newest.get(component.name)
            if component.kind is not kind or record.withdrawn or not _is_met(record.needs, libraries):
                continue
            if best is None or version_order(component.version) > version_order(best):
                newest[component.name] = component.version
        return newest

    def with_installed(self, component: Component, record: Installed) -> "State":
        """With one more version, no longer refused."""
        refused = {each: why for each, why in self.refused.items() if each != component}
        return replace(self, installed={**self.installed, component: record}, refused=refused)

    def with_refused(self, component: Component, record: Refused) -> "State":
        """With one more refusal."""
        return replace(self, refused={**self.refused, component: record})


def write(path: Path, state: State) -> None:
    """Switch to ``state`` in one step that survives a crash. Raises OSError."""
    told = {
        "format": FORMAT,
        "verified_at": state.verified_at,
        "active": {kind.value: state.active(kind) for kind in ComponentKind},
        "installed": {component.target: _told(record) for component, record in state.installed.items()},
        "refused": {component.target: asdict(record) for component, record in state.refused.items()},
    }
    private_files.replace(path, (json.dumps(told, indent=1, sort_keys=True) + "\n").encode())


def read(path: Path) -> State:
    """What the pointer says. An absent file is an empty state; raises ValueError for a damaged one."""
    try:
        private_files.refuse_planted(path)
        return _state(path.read_bytes())
    except FileNotFoundError:
        return State()
    except Exception as error:  # whatever a damaged file makes of itself
        raise ValueError(f"{path.name} is damaged: {error}") from error


def _state(text: bytes) -> State:
    told = json.loads(text)
    if told["format"] != FORMAT:
        raise ValueError(f"format {told['format']}")
    installed = {Component.from_target(key): _installed(record) for key, record in told["installed"].items()}
    refused = {
        Component.from_target(key): Refused(**{**record, "refusal": Refusal(**record["refusal"])})
        for key, record in told["refused"].items()
    }
    return State(installed, refused, told["verified_at"])


def _is_met(needed: Component | None, libraries: Mapping[str, str]) -> bool:
    if needed is None:
        return True
    active = libraries.get(needed.name)
    return active is not None and version_order(active) >= version_order(needed.version)


def _told(record: Installed) -> dict[str, Any]:
    return asdict(record) | {"needs": record.needs and record.needs.target}


def _installed(told: dict[str, Any]) -> Installed:
    return Installed(**(told | {"needs": told["needs"] and Component.from_target(told["needs"])}))
