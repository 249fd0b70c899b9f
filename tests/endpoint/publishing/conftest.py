"""A publisher with a repository of its own, and component folders to publish."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from endpoint.publishing.publisher import Publisher
from localapp import paths
from localapp.calculation.components import Component, ComponentKind
from localapp.calculation.seal import seal

Draft = Callable[..., Path]

FORM = ComponentKind.FORM
CALC = ComponentKind.CALCULATION
OFFER = Component(FORM, "flexi-offer", "1")
LIBRARY = Component(CALC, "flexi-demo", "2026.1")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """The endpoint's data folder."""
    return tmp_path / "endpoint"


@pytest.fixture
def publisher(data_dir: Path) -> Publisher:
    """A started, empty repository."""
    started = Publisher(data_dir)
    started.start()
    return started


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    """Makes a component's folder to be published, with the given entries of its form or manifest changed."""

    def make(component: Component, **changed: Any) -> Path:  # noqa: ANN401 - any JSON value
        source = LIBRARY if component.kind is CALC else OFFER
        folder = Path(shutil.copytree(paths.components() / source.place, tmp_path / "drafts" / component.place))
        told = folder / ("manifest.json" if component.kind is CALC else "form.json")
        facts = {"version": component.version, "name": component.name, **changed}
        told.write_text(json.dumps(json.loads(told.read_text()) | facts, ensure_ascii=False))
        if component.kind is CALC:
            cases = folder / "golden.jsonl"
            cases.write_text("".join(f"{line}\n" for line in cases.read_text().splitlines()[:2]))
            seal(folder)
        return folder

    return make
