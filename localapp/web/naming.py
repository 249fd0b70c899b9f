"""Naming beneficiaries: who can be taken over from the document, with which share, and shares split equally."""

from collections.abc import Mapping

from flask import request

from localapp.domain.fields.parsed import Value
from localapp.domain.fields.shares import WHOLE, equal_shares
from localapp.domain.forms.answers import UnknownPath, kept_rows, row_at
from localapp.domain.forms.editing import Change, Changed, set_value
from localapp.domain.forms.evaluator import Evaluation
from localapp.web.editing import Opened
from localapp.web.presenting import dom_id

GROUP = "persons.coverages.beneficiaries"
POLICYHOLDER = "policyholder"
_TAKEN = ("last_name", "first_name", "birth_date")


def who_field(coverage: str) -> str:
    """The name of the choice of whom to add, beside the button; it is no answer and has no dot."""
    return f"who_{dom_id(coverage)}"


def candidates(evaluation: Evaluation, insured: str) -> list[tuple[str, str]]:
    """The persons of the document who can be named for a death of ``insured``: their place, and their name."""
    places = [f"persons[{row['_id']}]" for row in kept_rows(evaluation.tree, "persons")]
    if evaluation.value("policyholder.is_first_insured") is False:
        places.insert(0, POLICYHOLDER)
    return [(place, name) for place in places if place != insured and (name := _name(evaluation, place))]


def _name(evaluation: Evaluation, place: str) -> str:
    names = [str(evaluation.value(f"{place}.{each}") or "") for each in ("first_name", "last_name")]
    return " ".join(names) if all(names) else ""


def start_of(opened: Opened, path: str) -> dict[str, Value]:
    """What a new beneficiary at this path starts with: the chosen person, and what is left of the whole."""
    coverage = path.rpartition(".")[0]
    left = WHOLE - sum(share for share in _shares(opened, coverage).values() if isinstance(share, int))
    start: dict[str, Value] = {"share": left} if left > 0 else {}
    place = request.form.get(who_field(coverage), "")
    if place in dict(candidates(opened.assessment.evaluation, coverage.partition(".")[0])):
        start |= {name: opened.assessment.evaluation.value(f"{place}.{name}") for name in _TAKEN}
    return start


def split(opened: Opened, coverage: str) -> Changed:
    """All beneficiaries of the coverage get equal shares, the first what does not divide. Raises UnknownPath."""
    done, changes = Changed(opened.tree, ()), list[Change]()
    paths = list(_shares(opened, coverage))
    for path, share in zip(paths, equal_shares(len(paths)) if paths else [], strict=True):
        done = set_value(opened.assessor.form.definition, done.tree, f"{path}.share", share)
        changes += done.changes
    return Changed(done.tree, tuple(changes))


def _shares(opened: Opened, coverage: str) -> Mapping[str, Value]:
    """The share of each beneficiary by the path of the row."""
    group_id, _, rows = row_at(opened.assessor.form.definition, opened.tree, coverage)
    if f"{group_id}.beneficiaries" != GROUP:
        raise UnknownPath(coverage)
    paths = [f"{coverage}.beneficiaries[{row['_id']}]" for row in kept_rows(rows[-1], "beneficiaries")]
    return {path: opened.assessment.evaluation.value(f"{path}.share") for path in paths}
