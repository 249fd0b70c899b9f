"""The library under test, opened once."""

from typing import Any

from localapp import paths
from localapp.calculation.library import CalculationLibrary

LIBRARY = CalculationLibrary.open(paths.components() / "calculations" / "flexi-demo" / "2026.1")
PARAMETERS: dict[str, Any] = LIBRARY.parameters
GOLDEN: dict[str, dict[str, Any]] = {case["id"]: case for case in LIBRARY.golden}
