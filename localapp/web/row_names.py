"""What tells a row of a form from its sisters: which consent, which handed-over document, which beneficiary."""

from localapp.domain.forms.definition import FieldType, FormDefinition
from localapp.domain.forms.evaluator import Evaluation
from localapp.domain.forms.shown import read_out
from localapp.web.wording import language, t

_NUMBERED = {
    "persons.coverages.beneficiaries": "offer.beneficiary_number",
    "extra_premiums": "offer.extra_number",
}


def row_name(definition: FormDefinition, evaluation: Evaluation, path: str) -> str:
    """The name of the row around a field; empty where the person and the coverage say it, or the row is not there."""
    row = path.rpartition(".")[0]
    home = ".".join(step.partition("[")[0] for step in row.split(".")) if row.endswith("]") else ""
    if home in _NUMBERED:
        return _number(evaluation, row, _NUMBERED[home])
    group = definition.group(home) if home else None
    if group is None or "." in home or home == "persons":
        return ""
    kinds = (field for field in group.fields if field.fixed and field.type is FieldType.CHOICE)
    states = (evaluation.fields.get(f"{row}.{field.id}") for field in kinds)
    return next((read_out(state, language()) for state in states if state is not None), "")


def _number(evaluation: Evaluation, row: str, text: str) -> str:
    start = row.rpartition("[")[0] + "["
    paths = (path.rpartition(".")[0] for path in evaluation.fields if path.startswith(start))
    rows = list(dict.fromkeys(path for path in paths if path.find("]", len(start)) == len(path) - 1))
    return t(text, number=rows.index(row) + 1) if row in rows else ""
