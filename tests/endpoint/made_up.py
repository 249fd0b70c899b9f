"""A made-up desk's side: the Novák family as a frozen revision, envelopes of it, and signed requests."""

import base64
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from localapp import clock, paths
from localapp.calculation.assessment import Assessor
from localapp.calculation.calculator import Calculator
from localapp.calculation.forms import Form
from localapp.calculation.library import CalculationLibrary
from localapp.calculation.sandbox import Sandbox
from localapp.domain.canonical import Pinned, canonical_text, digest_of, freeze
from localapp.domain.correction import Corrects
from localapp.domain.forms import editing
from localapp.domain.forms.answers import Tree, split_health
from localapp.domain.forms.parser import parse_form
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.messages import Changes, Hello, PushResult, Welcome, read_changes, read_result, read_welcome
from localapp.domain.sync.operations import (
    Completion,
    Envelope,
    OperationKind,
    Premium,
    completion_of,
    health_context,
)
from localapp.domain.sync.signatures import Attachment, Signature
from localapp.domain.sync.signing import INSTALLATION_HEADER, SESSION_HEADER, SIGNATURE_HEADER, signed_text
from localapp.output.sealing import lock_with, seal_to
from tests import health_canaries
from tests.family import CLIENT, Step, steps

FORM, CALCULATION = Pinned("flexi-offer", "1"), Pinned("flexi-demo", "2026.1")
PARTNER, OTHER_PARTNER = "900001", "900002"


def new_id() -> str:
    """A fresh identifier as desks make them."""
    text = secrets.token_hex(16)
    return f"{text[:8]}-{text[8:12]}-7{text[13:16]}-8{text[17:20]}-{text[20:]}"


@dataclass(frozen=True)
class Revision:
    """What a desk freezes at completion: both parts with their salts, and the premium it showed."""

    answers: Tree
    health: Tree
    premium: Premium
    form: Pinned = FORM
    calculation: Pinned = CALCULATION
    corrects: Corrects | None = None

    def completion(self, document: str, revision: int, intake_key: bytes) -> Completion:
        """The content of an operation."""
        salts = (secrets.token_hex(32), secrets.token_hex(32))
        frozen = freeze(self.answers, self.health, self.form, self.calculation, salts, self.corrects)
        context = health_context(document, revision)
        sealed = (seal_to(intake_key, frozen.health, context), lock_with(bytes(32), frozen.health, context))
        return completion_of(frozen, self.form, self.calculation, self.premium, sealed, self.corrects)


@cache
def family(today: date, last_name: str = CLIENT["last_name"]) -> Revision:
    """The family's offer, evaluated and priced as a desk does it on that day."""
    return family_in(paths.components(), FORM, today, {"policyholder.last_name": last_name})


def family_in(components: Path, form: Pinned, today: date, more: Mapping[str, str]) -> Revision:
    """The same by the components of a folder and a version of the form; ``more`` is typed at the end."""

    def write(assessor: Assessor) -> Tree:
        return typed_in(assessor, written(assessor, today, steps(today)), more, today)

    return revision_in(components, form, today, write)


def with_all_health(components: Path, form: Pinned, today: date) -> Revision:
    """The family with something in every health field of the form."""

    def write(assessor: Assessor) -> Tree:
        tree = written(assessor, today, health_canaries.prepared(today))
        for _ in range(2):  # the first answers open the entries
            evaluation = assessor.assess(tree, today).evaluation
            tree = typed_in(assessor, tree, health_canaries.typed(evaluation), today)
        definition = assessor.form.definition
        answered = health_canaries.answered(definition, assessor.assess(tree, today).evaluation)
        assert answered == health_canaries.health_fields(definition)
        return tree

    return revision_in(components, form, today, write)


def revision_in(components: Path, form: Pinned, today: date, write: Callable[[Assessor], Tree]) -> Revision:
    """What a desk freezes of the answers that ``write`` makes."""
    with Sandbox() as sandbox:
        assessor = assessor_of(components, form, sandbox)
        definition, tree = assessor.form.definition, write(assessor)
        assessment = assessor.assess(tree, today)
    judged = assessment.evaluation
    assert assessment.is_complete, (judged.missing(), judged.problems(), assessment.pricing)
    assert assessment.output is not None
    answers, health = split_health(definition, editing.final_answers(definition, tree, judged))
    total = assessment.output["total_instalment"]
    premium = Premium(total, assessment.mapped.input["payments_per_year"], digest_of(canonical_text(assessment.output)))
    return Revision(answers, health, premium, form)


def assessor_of(components: Path, form: Pinned, sandbox: Sandbox) -> Assessor:
    """What judges the answers of a form, as the desk does."""
    place = components / "forms" / form.name / form.version / "form.json"
    loaded = Form(parse_form(place.read_text(encoding="utf-8"), place.name), sandbox)
    library = CalculationLibrary.open(components / "calculations" / CALCULATION.name / CALCULATION.version)
    catalogue = {entry["code"]: entry for entry in library.catalogue()}
    return Assessor(loaded, Calculator(library, sandbox), {"coverages": catalogue})


def written(assessor: Assessor, today: date, script: Iterable[Step]) -> Tree:
    """The answers after requests as those of ``tests.family``, typed without a desk."""
    definition, tree = assessor.form.definition, editing.empty_answers(assessor.form.definition, today)
    for step in script:
        added = step.form.get("add")
        if added:
            group, _, given = added.partition("|")
            name, _, text = given.partition("=")
            evaluation = assessor.assess(tree, today).evaluation
            tree = editing.add_row(definition, tree, group, {name: text}, evaluation)[0].tree
        elif "row" in step.form:
            tree = editing.remove_row(definition, tree, step.form["row"], today.isoformat()).tree
        else:
            tree = typed_in(assessor, tree, step.form, today)
    return tree


def typed_in(assessor: Assessor, tree: Tree, typed: Mapping[str, str], today: date) -> Tree:
    """The answers after this was typed."""
    return editing.type_in(assessor.form.definition, tree, typed, today=today, catalogues=assessor.catalogues).tree


@dataclass
class Desk:
    """One installation of an advisor, speaking to the endpoint of this process."""

    http: FlaskClient
    partner_number: str = PARTNER
    advisor_code: str = "alena"
    installation: str = field(default_factory=new_id)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    session: str = ""
    intake_key: bytes = b""
    numbers: list[str] = field(default_factory=list)
    cursor: int = 0
    stream: str = ""
    lease: str = ""
    lease_next: str = ""

    def ask(self, path: str, message: object, *, session: str | None = None, **more: Any) -> TestResponse:  # noqa: ANN401 - any field
        """One signed request; ``more`` replaces headers."""
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        used = self.session if session is None else session
        headers = {
            INSTALLATION_HEADER: self.installation,
            SESSION_HEADER: used,
            SIGNATURE_HEADER: self.signature(path, body, used),
            **more,
        }
        return self.http.post(path, data=body, headers=headers, content_type="application/json")

    def send(self, method: str, path: str, body: bytes = b"", **more: str) -> TestResponse:
        """One signed request without JSON; ``more`` are headers, with ``_`` for ``-``."""
        headers = {
            INSTALLATION_HEADER: self.installation,
            SESSION_HEADER: self.session,
            SIGNATURE_HEADER: self.signature(path, body, method=method),
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        return self.http.open(path, method=method, data=body, headers=headers)

    def signature(self, path: str, body: bytes, session: str | None = None, method: str = "POST") -> str:
        """The signature of a request."""
        used = self.session if session is None else session
        text = signed_text(method, path, body, installation=self.installation, session=used)
        return base64.b64encode(self.key.sign(text)).decode()

    def advisor(self) -> dict[str, str]:
        """The data of activation."""
        return {
            "first_name": self.advisor_code.capitalize(),
            "last_name": "Zkoušková",
            "advisor_code": self.advisor_code,
            "cnb_registration_number": "012345PPZ",
        }

    def enrolment(self) -> dict[str, Any]:
        """The message of an enrolment."""
        return {
            "installation": self.installation,
            "partner_number": self.partner_number,
            "public_key": base64.b64encode(self.key.public_key().public_bytes_raw()).decode(),
            "advisor": self.advisor(),
            "version": "0.1.0",
        }

    def enrol(self) -> dict[str, Any]:
        """Enrol; the answer."""
        answer = self.ask("/v1/enrolments", self.enrolment(), session="")
        assert answer.status_code == 200, answer.text
        enrolled: dict[str, Any] = answer.get_json()
        self.intake_key = base64.b64decode(enrolled["intake_key"])
        return enrolled

    def hello(self, *, renews: bool = True) -> Welcome:
        """Begin a session and keep the numbers that come with it."""
        left = {f"N{clock.today().year % 100}": len(self.numbers)}
        answer = self.greet(left, renews=renews)
        assert answer.status_code == 200, answer.text
        welcome = read_welcome(answer.get_json())
        for block in welcome.numbers:
            self.numbers += [f"{block.prefix}{number:06d}" for number in range(block.first, block.last + 1)]
        return welcome

    def greet(self, left: Mapping[str, int], *, renews: bool = True) -> TestResponse:
        """One hello, kept as a desk keeps it when it is answered; it may bring something unless it does not renew."""
        if renews:
            self.lease_next = self.lease_next or secrets.token_hex(16)
        following = self.lease_next or self.lease
        message = Hello(self.cursor, self.stream, 0, left, "0.1.0", self.lease, following).as_json()
        answer = self.ask("/v1/sync/hello", message, session="")
        if answer.status_code == 200:
            self.lease, self.lease_next = following, ""
            self.session = str(answer.get_json()["session"])
        return answer

    def push(self, *envelopes: Envelope | str) -> list[PushResult]:
        """Send operations; their outcomes."""
        texts = [each if isinstance(each, str) else each.text() for each in envelopes]
        answer = self.ask("/v1/sync/push", {"operations": texts})
        assert answer.status_code == 200, answer.text
        return [read_result(each) for each in answer.get_json()["results"]]

    def pull(self) -> Changes:
        """One page of the feed; moves the cursor."""
        answer = self.ask("/v1/sync/changes", {"cursor": self.cursor, "stream": self.stream})
        assert answer.status_code == 200, answer.text
        found = read_changes(answer.get_json())
        self.cursor, self.stream = found.next, found.stream
        return found

    def completion(self, content: Revision | None = None, **more: Any) -> Envelope:  # noqa: ANN401 - any field
        """A completed revision of a new document; ``more`` replaces fields of the envelope."""
        document, number = more.pop("document", None) or new_id(), more.pop("revision", 1)
        used = content or family(clock.today())
        given = more.pop("number", None) or self.numbers.pop(0)
        envelope = Envelope(
            operation=new_id(),
            kind=OperationKind.COMPLETION,
            document=document,
            document_kind=Kind.OFFER,
            number=given,
            revision=number,
            base_revision=None,
            partner_number=self.partner_number,
            advisor_code=self.advisor_code,
            installation=self.installation,
            completion=used.completion(document, number, self.intake_key),
        )
        return replace(envelope, **more)

    def correction(self, of: Envelope, **more: Any) -> Envelope:  # noqa: ANN401 - any field
        """A document that corrects the revision ``of``; ``corrects`` replaces what it says of that."""
        corrects = more.pop("corrects", None) or Corrects(of.document, of.number, of.revision)
        return self.completion(replace(family(clock.today()), corrects=corrects), **more)

    def next_revision(self, before: Envelope, content: Revision | None = None, **more: Any) -> Envelope:  # noqa: ANN401 - any field
        """The revision after ``before``, based on it."""
        given = {"document": before.document, "number": before.number, "base_revision": before.revision}
        return self.completion(content, **{**given, "revision": before.revision + 1, **more})

    def signed_off(self, of: Envelope, *files: Attachment, digest: str | None = None) -> Envelope:
        """The signature of a completed revision, or of another text."""
        assert of.completion is not None
        signed = Signature(digest or of.completion.digest, files)
        named = replace(of, operation=new_id(), kind=OperationKind.SIGNATURE, completion=None, signature=signed)
        return replace(named, base_revision=of.revision)

    def cancellation(self, of: Envelope, **more: Any) -> Envelope:  # noqa: ANN401 - any field
        """The cancellation of a document, based on ``of``."""
        cancelled = replace(of, operation=new_id(), kind=OperationKind.CANCELLATION, completion=None)
        return replace(cancelled, **{"base_revision": of.revision, **more})
