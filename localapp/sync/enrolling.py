"""Activation by partner number: the number is verified, then this installation is enrolled for its advisor.

The keys are in the store before anything is sent, so that a crash goes on with the same installation.
Source: DOMAIN.md, "First start"; ARCHITECTURE.md, "Who is who".
"""

import base64
import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from localapp import __version__, clock
from localapp.domain.sync.enrolment import Advisor, clean_partner_number
from localapp.domain.sync.messages import Refusal
from localapp.store.enrolments import Enrolment
from localapp.store.forks import Named
from localapp.store.ids import new_id
from localapp.store.leases import Origin
from localapp.store.sync_store import SyncStore
from localapp.sync.conversation import Conversation, Refused, ask_json
from localapp.sync.transport import Transport, TransportFailed

VERIFICATIONS, ENROLMENTS, SUCCESSIONS = "/v1/partner-verifications", "/v1/enrolments", "/v1/successions"
KEY_BYTES = 32


def verify_partner(transport: Transport, typed: str) -> tuple[str, str]:
    """The partner's number and name; only a likely number is asked about. Raises Refused, TransportFailed."""
    number = clean_partner_number(typed)
    if number is None:
        raise Refused(Refusal("partner_number_invalid", {"typed": typed.strip()[:40]}), 422)
    answer = ask_json(transport, "POST", VERIFICATIONS, json.dumps({"partner_number": number}).encode())
    if not isinstance(answer, dict) or not isinstance(answer.get("partner_name"), str):
        raise TransportFailed("endpoint_not_recognized")
    return number, answer["partner_name"]


def begin(
    store: SyncStore, transport: Transport, partner: tuple[str, str], advisor: Advisor, authority: str = ""
) -> Enrolment:
    """Keep a fresh enrolment with its keys, and the authority of the endpoint; nothing is sent yet."""
    key = Ed25519PrivateKey.generate()
    fresh = Enrolment(
        id=0,
        installation=new_id(),
        endpoint=transport.address,
        partner_number=partner[0],
        partner_name=partner[1],
        advisor=advisor,
        private_key=key.private_bytes_raw(),
        health_key=secrets.token_bytes(32),
        intake_key=None,
        began_at=clock.now(),
        confirmed_at=None,
        linked_at=None,
        ended_at=None,
        stream="",
        cursor=0,
        cutoff_at=None,
        authority=authority,
    )
    return store.begin_enrolment(fresh)


def confirm(store: SyncStore, transport: Transport, enrolment: Enrolment) -> bool:
    """Enrol at the endpoint, again as often as needed; whether the advisor was known there already.

    Raises Refused, TransportFailed; the enrolment then waits to be confirmed.
    """
    conversation = Conversation(transport, enrolment.installation, enrolment.private_key)
    content = {
        "installation": enrolment.installation,
        "partner_number": enrolment.partner_number,
        "public_key": conversation.public_key,
        "advisor": enrolment.advisor.as_json(),
        "version": __version__,
    }
    answer = conversation.ask("POST", ENROLMENTS, content)
    taken = _read(answer)
    store.confirm_enrolment(
        enrolment.id, intake_key=taken.intake_key, linked=taken.linked, partner_name=taken.partner_name
    )
    return taken.known


@dataclass(frozen=True)
class _Taken:
    """The insurer has enrolled an installation."""

    intake_key: bytes
    linked: bool
    known: bool
    partner_name: str


def _read(answer: Any) -> _Taken:  # noqa: ANN401 - JSON
    """Raise TransportFailed for anything else."""
    try:
        intake_key = base64.b64decode(answer["intake_key"], validate=True)
        linked, known, name = answer["linked"], answer["known"], answer["partner_name"]
    except (KeyError, TypeError, ValueError):
        raise TransportFailed("endpoint_not_recognized") from None
    typed = isinstance(linked, bool) and isinstance(known, bool) and isinstance(name, str)
    if not typed or len(intake_key) != KEY_BYTES:  # with another key nothing could ever be sealed
        raise TransportFailed("endpoint_not_recognized")
    return _Taken(intake_key, linked, known, name)


def succeed(store: SyncStore, transport: Transport, enrolment: Enrolment, origin: Origin) -> Enrolment:
    """Go on as a new installation in the place of one whose lease somebody else holds; the old key proves it.

    Raises Refused, TransportFailed; the next run then tries it again with the same successor.
    """
    fresh = Named(new_id(), Ed25519PrivateKey.generate().private_bytes_raw())
    successor = store.forks.prepare(enrolment, fresh)
    speaks_for = Conversation(transport, enrolment.installation, enrolment.private_key)
    named = Conversation(transport, successor.installation, successor.private_key)
    content = {"installation": successor.installation, "public_key": named.public_key}
    taken = _read(speaks_for.ask("POST", SUCCESSIONS, content))
    return store.forks.complete(enrolment, origin, intake_key=taken.intake_key, linked=taken.linked)


def enrol_again(store: SyncStore, transport: Transport, enrolment: Enrolment) -> None:
    """Enrol at an insurer that does not know us any more: as the successor that we were, or else by ourselves.

    Raises Refused, TransportFailed.
    """
    ancestor = store.forks.ancestor(enrolment)
    if ancestor is None or not _succeeded_again(store, transport, enrolment, ancestor):
        confirm(store, transport, enrolment)


def _succeeded_again(store: SyncStore, transport: Transport, enrolment: Enrolment, ancestor: Named) -> bool:
    speaks_for = Conversation(transport, ancestor.installation, ancestor.private_key)
    named = Conversation(transport, enrolment.installation, enrolment.private_key)
    content = {"installation": enrolment.installation, "public_key": named.public_key}
    try:
        taken = _read(speaks_for.ask("POST", SUCCESSIONS, content))
    except Refused:  # the ancestor is not known there either
        return False
    store.confirm_enrolment(
        enrolment.id, intake_key=taken.intake_key, linked=taken.linked, partner_name=taken.partner_name
    )
    return True
