"""The life of a document: its state and the permitted actions, computed from facts. One table for desk and endpoint.

Source: DOMAIN.md, "States" and "Actions"; ``docs/lifecycle.md`` prints the same table and is tested against it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of document. Their numbers start with the letter of ``NUMBER_LETTERS``."""

    OFFER = "offer"
    ILLUSTRATION = "illustration"
    CHANGE_REQUEST = "change_request"
    OTHER = "other"


NUMBER_LETTERS = {Kind.OFFER: "N", Kind.ILLUSTRATION: "M", Kind.CHANGE_REQUEST: "Z", Kind.OTHER: "O"}


class State(StrEnum):
    """Where a document stands. A word for icon and text; never stored as the truth."""

    DRAFT = "draft"
    AWAITING_SIGNATURE = "awaiting_signature"
    SIGNED = "signed"
    COMPLETED = "completed"
    BACKED_UP = "backed_up"
    EXPORTED = "exported"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    CONFLICT = "conflict"
    DELETED = "deleted"


class Action(StrEnum):
    """What an advisor may ask for."""

    EDIT = "edit"
    COMPLETE = "complete"
    CANCEL = "cancel"
    COPY = "copy"
    PREFILL = "prefill"
    CORRECT = "correct"
    DISCARD = "discard"
    DELETE = "delete"
    RESTORE = "restore"


@dataclass(frozen=True)
class Facts:
    """What has happened to one document, with times (aware, UTC). Absent means it has not happened."""

    kind: Kind
    completed_at: datetime | None = None
    signature_requested_at: datetime | None = None
    signed_at: datetime | None = None
    backed_up_at: datetime | None = None
    returned_at: datetime | None = None
    exported_at: datetime | None = None
    cancelled_at: datetime | None = None
    deleted_at: datetime | None = None
    working_copy_at: datetime | None = None
    conflict_at: datetime | None = None
    partner_left_at: datetime | None = None


_ORDER: tuple[tuple[str, State], ...] = (
    ("deleted_at", State.DELETED),
    ("cancelled_at", State.CANCELLED),
    ("exported_at", State.EXPORTED),
    ("returned_at", State.RETURNED),
    ("backed_up_at", State.BACKED_UP),
    ("signed_at", State.SIGNED),
    ("signature_requested_at", State.AWAITING_SIGNATURE),
    ("completed_at", State.COMPLETED),
)


def state(facts: Facts) -> State:
    """The delivery state: the latest stage reached. An exported document with a later change is in conflict."""
    later = facts.working_copy_at or facts.conflict_at
    if is_locked(facts) and later and not facts.cancelled_at and not facts.deleted_at:
        return State.CONFLICT
    for name, reached in _ORDER:
        if getattr(facts, name) and (reached is not State.EXPORTED or is_locked(facts)):
            return reached
    return State.DRAFT


def is_locked(facts: Facts) -> bool:
    """Exported documents are locked for good; the ``other`` kind has no export and so no lock."""
    return facts.exported_at is not None and facts.kind is not Kind.OTHER


def permitted(facts: Facts) -> frozenset[Action]:
    """The actions that the toolbar shows, the command checks and the endpoint checks again on its own copy."""
    if facts.deleted_at:
        return frozenset({Action.RESTORE})
    allowed = {Action.COPY}
    if facts.partner_left_at:  # made for a partner that the advisor has left: it can be read and copied
        return frozenset(allowed)
    if _may_edit(facts):
        allowed.add(Action.EDIT)
        if facts.working_copy_at:
            allowed.add(Action.COMPLETE)
            if facts.completed_at:
                allowed.add(Action.DISCARD)
    if _may_cancel(facts):
        allowed.add(Action.CANCEL)
    if facts.kind is Kind.ILLUSTRATION and not facts.cancelled_at:
        allowed.add(Action.PREFILL)
    if _may_correct(facts):
        allowed.add(Action.CORRECT)
    if not _was_sent_or_completed(facts):
        allowed.add(Action.DELETE)
    return frozenset(allowed)


def _may_edit(facts: Facts) -> bool:
    if facts.kind is Kind.OTHER:
        return not facts.signed_at and not facts.cancelled_at
    return not (is_locked(facts) or facts.signed_at or facts.cancelled_at)


def _may_cancel(facts: Facts) -> bool:
    awaiting = facts.signature_requested_at is not None and facts.signed_at is None
    return (
        facts.kind is not Kind.OTHER
        and facts.completed_at is not None
        and not awaiting
        and not facts.signed_at
        and not is_locked(facts)
        and not facts.cancelled_at
    )


def _may_correct(facts: Facts) -> bool:
    """What was exported is corrected by a new document; a change request by another one on the same policy."""
    return facts.kind in {Kind.OFFER, Kind.ILLUSTRATION} and is_locked(facts) and not facts.cancelled_at


def _was_sent_or_completed(facts: Facts) -> bool:
    """Whether anybody may rely on the document: then it can be cancelled, but not made to vanish."""
    happened = (facts.completed_at, facts.signed_at, facts.backed_up_at, facts.returned_at, facts.exported_at)
    return any(happened) or facts.cancelled_at is not None


class Shelf(StrEnum):
    """The filters above the list of documents."""

    IN_PROGRESS = "in_progress"
    TO_SIGN = "to_sign"
    TO_SEND = "to_send"
    BACKED_UP = "backed_up"
    EXPORTED = "exported"
    CANCELLED = "cancelled"


_SHELVES = {
    State.DRAFT: Shelf.IN_PROGRESS,
    State.RETURNED: Shelf.IN_PROGRESS,
    State.AWAITING_SIGNATURE: Shelf.TO_SIGN,
    State.SIGNED: Shelf.TO_SEND,
    State.COMPLETED: Shelf.TO_SEND,
    State.BACKED_UP: Shelf.BACKED_UP,
    State.EXPORTED: Shelf.EXPORTED,
    State.CONFLICT: Shelf.EXPORTED,
    State.CANCELLED: Shelf.CANCELLED,
}


def shelf(facts: Facts) -> Shelf | None:
    """The filter under which the list shows the document; None for a deleted one."""
    return _SHELVES.get(state(facts))
