"""Linking a further installation of the same advisor by a one-time code, and handing over the advisor's health key.

The endpoint never has the code or the key: it keeps a digest of the proof and the key wrapped under the other half of
what argon2id makes of the code. Source: docs/sync-protocol.md, "Who sees what".
"""

import base64

from localapp.output.link_codes import clean_code, derived, grouped, link_context, new_code
from localapp.output.sealing import SealBroken, lock_with, unlock_with
from localapp.store.enrolments import Enrolment
from localapp.store.sync_store import SyncStore
from localapp.sync.greeting import ask_apart
from localapp.sync.transport import Transport, TransportFailed

LINK_CODES, LINKS = "/v1/link-codes", "/v1/links"


def make_code(store: SyncStore, transport: Transport, enrolment: Enrolment) -> tuple[str, str]:
    """A fresh code in groups of four, and until when it is valid (ISO). Raises Refused, TransportFailed."""
    code, context = new_code(), _context(enrolment)
    made = derived(code, context)
    wrapped = lock_with(made.key, base64.b64encode(enrolment.health_key).decode("ascii"), context)
    content = {"proof_hash": made.proof_hash, "wrapped_key": wrapped}
    answer = ask_apart(store, transport, enrolment, LINK_CODES, content)
    try:
        return grouped(code), str(answer["expires_at"])
    except (KeyError, TypeError):
        raise TransportFailed("endpoint_not_recognized") from None


def enter_code(store: SyncStore, transport: Transport, enrolment: Enrolment, typed: str) -> None:
    """Link this installation with a code made on a linked one, or by Help Desk when none is left.

    Help Desk has no health key: the desk keeps its own then, and health of earlier documents stays sealed at the
    insurer. Raises Refused (``link_code_*``), TransportFailed.
    """
    made = derived(clean_code(typed), _context(enrolment))
    answer = ask_apart(store, transport, enrolment, LINKS, {"proof": base64.b64encode(made.proof).decode("ascii")})
    try:
        wrapped = str(answer["wrapped_key"])
        opened = unlock_with(made.key, wrapped, _context(enrolment)) if wrapped else ""
        health_key = base64.b64decode(opened) if wrapped else enrolment.health_key
    except (KeyError, TypeError, ValueError, SealBroken):
        raise TransportFailed("endpoint_not_recognized") from None
    if len(health_key) != len(enrolment.health_key):
        raise TransportFailed("endpoint_not_recognized")
    store.link(enrolment.id, health_key)


def _context(enrolment: Enrolment) -> bytes:
    return link_context(enrolment.partner_number, enrolment.advisor.identity)
