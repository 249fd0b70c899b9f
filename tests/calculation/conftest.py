"""One sandbox with the library for the tests that only ask it."""

from collections.abc import Iterator

import pytest

from localapp.calculation.calculator import Calculator
from localapp.calculation.sandbox import Sandbox
from tests.calculation.components import LIBRARY
from tests.calculation.judge import Judge


@pytest.fixture(scope="session")
def calculator() -> Iterator[Calculator]:
    with Sandbox() as sandbox:
        yield Calculator(LIBRARY, sandbox)


@pytest.fixture(scope="session")
def judge() -> Judge:
    return Judge(LIBRARY)
