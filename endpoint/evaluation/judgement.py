"""The judgement of one revision: complete by the form's rules, the same answers, the same premium. Or why not."""

from collections.abc import Iterator
from datetime import date

from endpoint.evaluation.shape import ShapeRefused, read_part
from localapp.calculation.assessment import Assessment, Assessor
from localapp.domain.canonical import canonical_text, digest_of
from localapp.domain.forms import editing
from localapp.domain.forms.answers import join_health, split_health
from localapp.domain.forms.evaluator import FieldState
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.operations import Completion

_HEALTH = ("zdravotní údaje jedné z osob.", "the health data of one of the persons.")
_PRICING = ("pojistné nelze v pojišťovně spočítat.", "the premium cannot be calculated at the insurer.")
_ANSWERS = ("odpovědi neodpovídají pravidlům formuláře.", "the answers do not follow the rules of the form.")


def impossible(completion: Completion) -> Refusal:
    """The revision cannot be evaluated here at all."""
    pinned = (completion.form, completion.calculation)
    return Refusal("evaluation_impossible", {"version": ", ".join(f"{p.name[:60]} {p.version[:40]}" for p in pinned)})


def judge(assessor: Assessor, kind: Kind, completion: Completion, health: str, today: date) -> Refusal | None:
    """Why the revision is returned; None when it stands. Nothing of health is in the reason.

    Raises the sandbox's failures.
    """
    definition = assessor.form.definition
    try:
        answers, apart = read_part(definition, completion.answers), read_part(definition, health)
    except ShapeRefused:
        return impossible(completion)
    if definition.kind != kind:
        return impossible(completion)
    assessment = assessor.assess(join_health(answers, apart), today)
    if not assessment.is_complete:
        return _incomplete(*next(_faults(assessment), _PRICING))
    final = editing.final_answers(definition, assessment.evaluation.tree, assessment.evaluation)
    if [canonical_text(part) for part in split_health(definition, final)] != [
        canonical_text(answers),
        canonical_text(apart),
    ]:
        return _incomplete(*_ANSWERS)
    return _differing(completion, assessment)


def _differing(completion: Completion, assessment: Assessment) -> Refusal | None:
    output, premium = assessment.output or {}, completion.premium
    theirs = str(output["total_instalment"])
    if premium is None:
        return Refusal("evaluation_differs", {"theirs": theirs, "ours": "–"})
    same = (
        premium.total_instalment == theirs
        and premium.payments_per_year == assessment.mapped.input["payments_per_year"]
        and premium.output_digest == digest_of(canonical_text(dict(output)))
    )
    return None if same else Refusal("evaluation_differs", {"theirs": theirs, "ours": premium.total_instalment[:40]})


def _incomplete(problem: str, problem_en: str) -> Refusal:
    return Refusal("evaluation_incomplete", {"problem": problem, "problem_en": problem_en})


def _faults(assessment: Assessment) -> Iterator[tuple[str, str]]:
    """The places that hinder, each as a sentence's end in Czech and English; of health only that it is health.

    What the calculation library says may follow from health (an individual underwriting), so it is never repeated.
    """
    evaluation = assessment.evaluation
    wrong = [evaluation.fields[problem.path] for problem in evaluation.problems()]
    for state in (*evaluation.missing(), *wrong):
        yield _HEALTH if state.field.is_health else _labelled(state)


def _labelled(state: FieldState) -> tuple[str, str]:
    label = state.field.label
    return f"„{label['cs']}“.", f"“{label['en']}”."
