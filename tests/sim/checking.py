"""Every invariant that is asked after each step."""

from collections.abc import Callable

from tests.sim import files, invariants
from tests.sim.world import World

ALWAYS: tuple[Callable[[World], None], ...] = (
    invariants.what_i_typed_last_is_what_i_see,
    invariants.what_i_completed_stays_as_it_was,
    invariants.what_i_completed_is_on_its_way_or_says_why_not,
    invariants.the_screen_is_what_waits,
    invariants.nothing_looks_sent_that_is_not,
    invariants.what_is_shown_as_cancelled_is_cancelled,
    invariants.what_was_acknowledged_stays_at_the_insurer,
    invariants.nothing_is_exported_twice_or_cancelled,
    invariants.what_was_exported_does_not_change,
    invariants.nobody_overwrites_what_he_has_not_seen,
    invariants.both_sides_know_the_same_outcome,
    invariants.what_was_signed_does_not_change,
    invariants.what_was_refused_is_kept,
    invariants.nobody_is_refused_for_his_own_change,
    invariants.the_cursor_is_not_ahead,
    invariants.a_locked_document_is_not_offered_for_editing,
    invariants.too_late_is_told_as_a_conflict,
    invariants.a_refusal_says_where_the_document_stands,
    invariants.a_number_belongs_to_one_document,
    invariants.nobody_learns_of_others_documents,
    files.what_looks_delivered_lies_at_the_insurer,
)

OF_A_WHOLE_INSURER = frozenset(
    {
        invariants.what_i_typed_last_is_what_i_see,
        invariants.what_i_completed_is_on_its_way_or_says_why_not,
        invariants.nothing_looks_sent_that_is_not,
        invariants.what_is_shown_as_cancelled_is_cancelled,
        invariants.what_was_acknowledged_stays_at_the_insurer,
        invariants.what_was_exported_does_not_change,
        invariants.nobody_overwrites_what_he_has_not_seen,
        invariants.both_sides_know_the_same_outcome,
        invariants.nobody_is_refused_for_his_own_change,
        invariants.the_cursor_is_not_ahead,
        invariants.nothing_is_exported_twice_or_cancelled,
        invariants.too_late_is_told_as_a_conflict,
    }
)


def check(world: World) -> None:
    """Raise ViolatedError if one does not hold. While a restored insurer is healing it does not know everything yet."""
    for invariant in ALWAYS:
        if not (world.is_healing and invariant in OF_A_WHOLE_INSURER):
            invariant(world)
