"""One sandbox for the forms of these tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from localapp.calculation.forms import Form
from localapp.calculation.sandbox import Sandbox
from localapp.domain.forms.answers import Tree
from localapp.domain.forms.definition import FormDefinition
from localapp.domain.forms.evaluator import Evaluation, evaluate
from tests.domain.forms.made_up import CATALOGUES, TODAY, made_up

Evaluate = Callable[[Tree], Evaluation]
EvaluateAs = Callable[[FormDefinition, Tree], Evaluation]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="session")
def evaluate_as(sandbox: Sandbox) -> EvaluateAs:
    """Evaluates answers by any definition, its program run as on the desk."""

    def run(definition: FormDefinition, tree: Tree) -> Evaluation:
        form = Form(definition, sandbox)
        return evaluate(definition, tree, compute=form.compute, today=TODAY, catalogues=CATALOGUES)

    return run


@pytest.fixture(scope="session")
def evaluated(sandbox: Sandbox) -> Evaluate:
    """Evaluates answers of the made-up form."""
    form = Form(made_up(), sandbox)

    def run(tree: dict[str, Any]) -> Evaluation:
        return evaluate(form.definition, tree, compute=form.compute, today=TODAY, catalogues=CATALOGUES)

    return run
