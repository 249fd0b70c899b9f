"""What two computers made of one document, brought together: the sides of a conflict, merged as somebody chooses."""

from collections.abc import Mapping
from dataclasses import dataclass

from localapp import clock
from localapp.calculation.assessment import Assessment, Assessor
from localapp.domain.forms.answers import Tree, join_health
from localapp.domain.merge import Difference, Merged, Side, merge, without_computed
from localapp.store.conflicting import Reason, Sides
from localapp.store.conflicting import Side as Stored
from localapp.web.desk import Desk

_MERGED = frozenset({Reason.STALE_EDIT, Reason.EXPORTED_EDIT})


@dataclass(frozen=True)
class Judged:
    """One side: what somebody typed, and its assessment."""

    tree: Tree
    assessment: Assessment


@dataclass(frozen=True)
class Three:
    """The common base, mine and theirs, judged by the versions of theirs."""

    assessor: Assessor
    base: Judged
    mine: Judged
    theirs: Judged

    def merged(self, chosen: Mapping[str, Side] | None = None) -> Merged:
        """The three merged. What nobody sees cannot be chosen: where both changed it, mine stands."""
        first = merge(self.base.tree, self.mine.tree, self.theirs.tree, chosen)
        unseen = {each.path: Side.MINE for each in first.overlapping if not self.is_shown(each)}
        return (
            merge(self.base.tree, self.mine.tree, self.theirs.tree, {**unseen, **(chosen or {})}) if unseen else first
        )

    def is_shown(self, difference: Difference) -> bool:
        """Whether the page shows it: a row, or a field that one of the two sides shows."""
        if difference.is_row:
            return True
        states = (side.assessment.evaluation.fields.get(difference.path) for side in (self.mine, self.theirs))
        return any(state is not None and state.visible and not state.computed for state in states)


def three_of(desk: Desk, sides: Sides | None) -> Three | None:
    """The sides of a conflict that can be merged.

    None where somebody else's revision does not lie over the base of mine, was made with other versions of form and
    calculation, or has not come yet: then the document is left to the other ways.
    """
    if sides is None or sides.base is None or sides.mine is None or sides.theirs is None:
        return None
    if sides.conflict.reason not in _MERGED or sides.base.revision == sides.theirs.revision:
        return None
    versions = {(side.form, side.calculation) for side in (sides.base, sides.mine, sides.theirs)}
    if len(versions) > 1:
        return None
    assessor = desk.calculations.assessor(sides.theirs.form, sides.theirs.calculation)
    return Three(assessor, *(_judged(assessor, side) for side in (sides.base, sides.mine, sides.theirs)))


def _judged(assessor: Assessor, side: Stored) -> Judged:
    tree = join_health(side.answers, side.health)
    assessment = assessor.assess(tree, clock.today())
    return Judged(without_computed(assessor.form.definition, tree, assessment.evaluation), assessment)
