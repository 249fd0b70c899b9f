"""The field-by-field difference of what the advisor typed and what the insurer has. Source: DOMAIN.md, "Conflict"."""

from dataclasses import dataclass

from localapp.domain.forms.evaluator import Evaluation, FieldState


@dataclass(frozen=True)
class Difference:
    """One field that differs: as it is in mine and in theirs. None where the row or the field is not there."""

    path: str
    mine: FieldState | None
    theirs: FieldState | None

    @property
    def shown(self) -> FieldState:
        """The state that names the field."""
        found = self.mine or self.theirs
        assert found is not None  # noqa: S101 - a difference has a side
        return found


def differences(mine: Evaluation, theirs: Evaluation) -> list[Difference]:
    """What differs, in the order of mine; rows that only theirs has come last. Computed fields follow from others."""
    paths = [*mine.fields, *(path for path in theirs.fields if path not in mine.fields)]
    found = (Difference(path, _side(mine, path), _side(theirs, path)) for path in paths)
    return [each for each in found if _said(each.mine) != _said(each.theirs)]


def _side(evaluation: Evaluation, path: str) -> FieldState | None:
    state = evaluation.fields.get(path)
    return state if state and state.visible and not state.computed else None


def _said(state: FieldState | None) -> object:
    return None if state is None else (state.raw if state.raw is not None else state.value)
