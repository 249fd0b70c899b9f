"""The forms of these tests, evaluated as on the desk."""

from collections.abc import Callable, Iterator

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
def evaluate_as() -> Iterator[EvaluateAs]:
    """Evaluates answers by any definition, its program run as on the desk."""
    with Sandbox() as sandbox:

        def run(definition: FormDefinition, tree: Tree) -> Evaluation:
            form = Form(definition, sandbox)
            return evaluate(definition, tree, compute=form.compute, today=TODAY, catalogues=CATALOGUES)

        yield run


@pytest.fixture(scope="session")
def evaluated() -> Iterator[Evaluate]:
    """Evaluates answers of the made-up form; in a sandbox of its own, because changed forms have the same name."""
    with Sandbox() as sandbox:
        form = Form(made_up(), sandbox)

        def run(tree: Tree) -> Evaluation:
            return evaluate(form.definition, tree, compute=form.compute, today=TODAY, catalogues=CATALOGUES)

        yield run
