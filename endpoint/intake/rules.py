"""What decides about an operation: pure rules over the endpoint's own copy."""

from collections.abc import Collection
from datetime import datetime

from endpoint.authentication import Caller
from endpoint.documents import StoredDocument
from localapp.domain import lifecycle
from localapp.domain.canonical import Pinned
from localapp.domain.correction import Corrects
from localapp.domain.lifecycle import Action, Kind
from localapp.domain.sync.enrolment import advisor_identity
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.operations import Envelope, OperationKind
from localapp.domain.sync.signatures import Signature

_ASKED = {OperationKind.COMPLETION: Action.COMPLETE, OperationKind.CANCELLATION: Action.CANCEL}


def unacceptable(envelope: Envelope, caller: Caller, others: Collection[str]) -> Refusal | None:
    """Why nothing of this caller can be taken in under these names; ``others`` are installations that are not its own.

    In a restored database a name that nobody has is that of an ancestor which was lost.
    """
    named = {
        "installation": envelope.installation not in others,
        "partner_number": envelope.partner_number == caller.partner_number,
        "advisor_code": advisor_identity(envelope.advisor_code) == caller.identity,
    }
    for name, fits in named.items():
        if not fits:
            return Refusal("malformed", {"reason": name})
    if caller.partner_ended:
        return Refusal("partner_ended", {"partner_number": caller.partner_number})
    return None


def withdrawn(envelope: Envelope, versions: Collection[Pinned]) -> Refusal | None:
    """Why a completion is not taken in: its form or its calculation library is of a version that was withdrawn."""
    completion = envelope.completion
    named = (completion.form, completion.calculation) if completion else ()
    found = next((each for each in named if each in versions), None)
    return Refusal("version_withdrawn", {"version": f"{found.name} {found.version}"}) if found else None


def moved_on(envelope: Envelope, document: StoredDocument | None, now: datetime) -> Refusal | None:
    """The conflict, if the lifecycle forbids the action or another revision than the desk's base is the newest."""
    if document is None:
        if envelope.completion is None:
            return Refusal("not_permitted", {})
        return None if envelope.base_revision is None else Refusal("stale", {})
    if document.kind is not envelope.document_kind:
        return Refusal("not_permitted", {})
    if envelope.signature is not None:
        return _not_signable(envelope, envelope.signature, document)
    facts = document.lifecycle(working_copy_at=now)
    if _ASKED[envelope.kind] not in lifecycle.permitted(facts):
        return _forbidden(document)
    if envelope.base_revision != document.revision:
        return Refusal("stale", {})
    if envelope.kind is OperationKind.COMPLETION and envelope.revision <= document.revision:
        return Refusal("stale", {})
    return None


def is_ahead(envelope: Envelope, document: StoredDocument | None) -> bool:
    """Whether an operation was made over a revision that is not here: a restored database, and its maker is still to
    bring it again. To call that stale would be for ever.
    """
    return envelope.base_revision is not None and envelope.base_revision > (document.revision if document else 0)


def _forbidden(document: StoredDocument) -> Refusal:
    if document.exported_at:
        return Refusal("exported", {"day": document.exported_day})
    code = "cancelled" if document.cancelled_at else "signed" if document.signed_at else "not_permitted"
    return Refusal(code, {})


def _not_signable(envelope: Envelope, signature: Signature, document: StoredDocument) -> Refusal | None:
    """Why the signature is not taken as a fact: it is of the newest revision, once, before the export."""
    if document.exported_at:
        return Refusal("signature_late", {"day": document.exported_day})
    if document.cancelled_at or document.signed_at:
        return _forbidden(document)
    signed = (envelope.base_revision, envelope.revision, signature.digest)
    return None if signed == (document.revision, document.revision, document.digest) else Refusal("stale", {})


def wrongly_corrects(corrects: Corrects, wrong: StoredDocument | None, *, is_taken: bool) -> Refusal | None:
    """Why a new document cannot stand in the place of another: it corrects an exported revision, and alone.

    ``wrong`` is the document to be corrected as far as the caller may see it: one of somebody else is told from an
    unknown one by nothing.
    """
    facts = {"number": corrects.number}
    named = wrong and (wrong.number, wrong.exported_revision)
    if named != (corrects.number, corrects.revision):
        return Refusal("correction_unfounded", facts)
    return Refusal("correction_taken", facts) if is_taken else None


def is_awaited_by_freeze(document: StoredDocument, pending_cutoff: datetime | None) -> bool:
    """Whether a freeze that is still to come may take the document as it stands now."""
    return (
        pending_cutoff is not None
        and document.kind is not Kind.OTHER
        and datetime.fromisoformat(document.backed_up_at) < pending_cutoff
        and not (document.returned_at or document.cancelled_at or document.exported_at)
    )
