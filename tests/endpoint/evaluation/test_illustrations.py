"""An illustration is judged by the same form as on the desk, and needs nobody's name."""

from datetime import date

from endpoint.application import Endpoint
from localapp import paths
from localapp.calculation.sandbox import Sandbox
from localapp.domain.canonical import Pinned, canonical_text, digest_of
from localapp.domain.forms import editing
from localapp.domain.forms.answers import split_health
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.messages import read_welcome
from localapp.domain.sync.operations import Premium
from tests.endpoint.conftest import NOON
from tests.endpoint.made_up import Desk, Revision, assessor_of

FORM = Pinned("flexi-illustration", "1")
TYPED = {"policyholder.birth_date": "12. 5. 1988", "persons[p1].coverages[c1].sum_insured": "1 500 000"}


def illustrated(today: date) -> Revision:
    """A completed illustration of one person without a name."""
    with Sandbox() as sandbox:
        assessor = assessor_of(paths.components(), FORM, sandbox)
        definition = assessor.form.definition
        tree = editing.empty_answers(definition, today)
        tree = editing.type_in(definition, tree, TYPED, today=today, catalogues=assessor.catalogues).tree
        assessment = assessor.assess(tree, today)
    assert assessment.output is not None
    answers, health = split_health(definition, editing.final_answers(definition, tree, assessment.evaluation))
    premium = Premium(assessment.output["total_instalment"], 12, digest_of(canonical_text(assessment.output)))
    return Revision(answers, health, premium, FORM)


def test_an_illustration_stands_and_goes_with_the_export(endpoint: Endpoint, alena: Desk) -> None:
    welcome = read_welcome(alena.greet({f"M{NOON.year % 100}": 0}).get_json())
    (block,) = (each for each in welcome.numbers if each.prefix.startswith("M"))
    number = f"{block.prefix}{block.first:06d}"
    made = alena.completion(illustrated(NOON.date()), document_kind=Kind.ILLUSTRATION, number=number)
    alena.push(made)
    assert endpoint.evaluate_waiting() == 1
    (facts,) = alena.pull().documents
    assert (facts.returned, facts.kind) == (None, Kind.ILLUSTRATION)
    assert endpoint.run_export().count == 1


def test_the_form_of_an_illustration_is_no_form_of_an_offer(endpoint: Endpoint, alena: Desk) -> None:
    alena.push(alena.completion(illustrated(NOON.date())))
    endpoint.evaluate_waiting()
    (facts,) = alena.pull().documents
    assert facts.returned is not None
    assert facts.returned.code == "evaluation_impossible"
