"""Made-up operations of Alena's desk."""

from dataclasses import replace
from typing import Any

from localapp.domain.canonical import Pinned, digest_of, freeze
from localapp.domain.correction import Corrects
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.operations import Completion, Envelope, OperationKind, Premium, completion_of

FORM, CALCULATION = Pinned("flexi-offer", "1"), Pinned("flexi-demo", "2026.1")
DOCUMENT = "01890000-0000-7000-8000-000000000001"
OPERATION = "01890000-0000-7000-8000-000000000002"
INSTALLATION = "01890000-0000-7000-8000-000000000003"
PREMIUM = Premium("1234.00", 12, digest_of("output"))


CORRECTS = Corrects("01890000-0000-7000-8000-000000000009", "N26-000012", 2)


def completion(
    answers: Any = None,  # noqa: ANN401 - any answers
    premium: Premium | None = PREMIUM,
    corrects: Corrects | None = None,
) -> Completion:
    """A completed revision with its digests."""
    salts = ("ab" * 32, "cd" * 32)
    frozen = freeze(answers or {"last_name": "Novák"}, {"weight": 80}, FORM, CALCULATION, salts, corrects)
    return completion_of(frozen, FORM, CALCULATION, premium, ("c2VhbGVk", "bG9ja2Vk"), corrects)


def envelope(**changes: Any) -> Envelope:  # noqa: ANN401 - any field of Envelope
    """The completion of Alena's first revision."""
    plain = Envelope(
        operation=OPERATION, kind=OperationKind.COMPLETION, document=DOCUMENT, document_kind=Kind.OFFER,
        number="N26-000001", revision=1, base_revision=None, partner_number="900001", advisor_code="anovakova",
        installation=INSTALLATION, completion=completion(),
    )  # fmt: skip
    return replace(plain, **changes)


def cancellation(**changes: Any) -> Envelope:  # noqa: ANN401 - any field of Envelope
    """Stornovat of a document whose first revision is acknowledged."""
    return envelope(kind=OperationKind.CANCELLATION, completion=None, base_revision=1, **changes)
