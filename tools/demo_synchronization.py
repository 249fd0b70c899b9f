"""What the pictures show of synchronization: a refused document, a conflict, past runs, one that goes on."""

from dataclasses import replace
from datetime import UTC, timedelta

from localapp import clock
from localapp.calculation.components import Component, ComponentKind
from localapp.domain.cutoff import cutoff_of
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.exports import ExportRun
from localapp.domain.sync.messages import Changes, DocumentFacts, PushResult, Refusal, Welcome
from localapp.domain.sync.operations import Outcome
from localapp.store.enrolments import Enrolment
from localapp.store.store import Store
from localapp.sync.component_report import Phase, Progress
from localapp.sync.progress import Standing
from tests import family
from tests.asking import Asking
from tests.store.made_up import welcomed
from tools.demo_documents import NOW

UNREACHABLE = Refusal("endpoint_unreachable", {})
_RUNS = (
    ("start", 190, None, 0, 3),
    ("schedule", 95, UNREACHABLE, 0, 0),
    ("schedule", 35, None, 2, 2),
    ("by_hand", 4, None, 1, 1),
)


def going_on() -> Standing:
    """The first synchronization with one part fetched and two under way."""
    form = Component(ComponentKind.FORM, "flexi-offer", "1")
    library = Component(ComponentKind.CALCULATION, "flexi-demo", "2026.1")
    parts = (Progress(form, Phase.DOWNLOAD, 38_912, 61_440), Progress(library, Phase.GOLDEN, 64, 120))
    return Standing(running=True, phase="components", began_at=NOW, components=parts)


def add_all(asking: Asking, store: Store) -> dict[str, str]:
    """A document that the insurer refused and one in conflict, beside those of demo_documents; then the runs."""
    enrolment = store.sync.enrolment()
    assert enrolment is not None  # noqa: S101 - the desk of the pictures has been activated
    _greet(store, enrolment)
    with clock.moved_to(NOW - timedelta(minutes=2)):
        refused = _completed(asking, "Hájíček", "Zbyněk")
        operation = _refuse(store, enrolment, refused)
        conflict = _completed(asking, "Růžičková-Tichá", "Květa")
        _edit_after_the_export(asking, store, enrolment, conflict)
        conflicts = _further_conflicts(asking, store, enrolment)
    for cause, ago, refusal, sent, received in _RUNS:
        with clock.moved_to(NOW - timedelta(minutes=ago)):
            store.sync.end_run(store.sync.begin_run(cause), refusal=refusal, sent=sent, received=received)
    _tell_of_the_night(store, enrolment)
    return {"refused": refused, "operation": operation, "conflict": conflict, **conflicts}


def _greet(store: Store, enrolment: Enrolment) -> None:
    """The server was heard last yesterday, before the cut-off."""
    cutoff = cutoff_of((NOW - timedelta(days=1)).date())
    with clock.moved_to(cutoff - timedelta(hours=3)):
        said = {"server_time": clock.stamp(), "cutoff_at": cutoff.isoformat()}
        store.sync.welcome(enrolment.id, welcomed(**said))


def _further_conflicts(asking: Asking, store: Store, enrolment: Enrolment) -> dict[str, str]:
    """A cancellation that came too late, and three conflicts that were resolved, each in another way."""
    too_late, withdrawn = _completed(asking, "Pospíchalová", "Zdenka"), _completed(asking, "Odstoupilová", "Marcela")
    for position, document in enumerate((too_late, withdrawn), 2):
        asking.post(f"/documents/{document}/cancellation", {}, fragments=False)
        _export(store, enrolment, document, position)
    for position, (name, way) in enumerate((("Náprstek", "correction"), ("Zahořík", "discard")), 4):
        document = _completed(asking, name, "Vojtěch")
        _edit_after_the_export(asking, store, enrolment, document, position)
        asking.post(f"/conflicts/{document}/{way}", {}, fragments=False)
    reason = {"reason": "Klientka si pojištění rozmyslela, uzavře ho až po návratu z mateřské."}
    asking.post(f"/conflicts/{withdrawn}/withdrawal", reason, fragments=False)
    return {"too_late": too_late, "letter": str(next(each.id for each in store.conflicts.resolved() if each.note))}


def _tell_of_the_night(store: Store, enrolment: Enrolment) -> None:
    """The last evening's export took the document in conflict and left one behind; the report waits to be read."""
    evening = NOW.replace(hour=21, minute=0) - timedelta(days=1)
    frozen_at = evening.astimezone(UTC).isoformat(timespec="microseconds")
    before = (evening - timedelta(hours=12)).astimezone(UTC).isoformat(timespec="microseconds")
    plain = Welcome(
        session="", stream="", sequence=0, server_time=before, cutoff_at=before, linked=True, changed=False,
        partner_name=enrolment.partner_name, partner_ended=False,
    )  # fmt: skip
    store.sync.note_night(plain)
    store.sync.note_night(replace(plain, exported=ExportRun(str(evening.date()), frozen_at, frozen_at)))


def _completed(asking: Asking, last_name: str, first_name: str) -> str:
    client = family.CLIENT | {"last_name": last_name, "first_name": first_name, "title": "", "email": ""}
    address = family.write(asking, clock.today(), client)
    family.complete(asking, address)
    return address.rpartition("/")[2]


def _refuse(store: Store, enrolment: Enrolment, document: str) -> str:
    operation = next(each.id for each in store.outbox() if each.document == document)
    refusal = Refusal("partner_ended", {"partner_number": "900002"})
    store.sync.settle(enrolment, [PushResult(operation, Outcome.REJECTED, refusal)])
    return operation


def _edit_after_the_export(
    asking: Asking, store: Store, enrolment: Enrolment, document: str, position: int = 1
) -> None:
    typed = {
        "policyholder": {"policyholder.phone": "602 111 222", "policyholder.city": "Kutná Hora"},
        "cover?person=p1": {"persons[p1].coverages[c2].sum_insured": "1 200 000"},
    }
    for section, form in typed.items():
        asking.post(f"/documents/{document}/sections/{section}", form)
    _export(store, enrolment, document, position)


def _export(store: Store, enrolment: Enrolment, document: str, position: int) -> None:
    record = store.document(document)
    assert record is not None  # noqa: S101 - it was made above
    assert record.number  # noqa: S101 - the desk of the pictures has numbers
    with clock.moved_to(NOW.replace(hour=21, minute=0) - timedelta(days=1)):
        now, day = clock.stamp(), str(clock.today())
    facts = DocumentFacts(document, record.number, Kind.OFFER, 1, 1, "0" * 64, now)
    told = replace(facts, exported_at=now, exported_revision=1, export=day, position=position)
    known = store.sync.enrolment_at(enrolment.id)
    store.sync.apply_changes(known, known.cursor, Changes(known.stream, (told,), known.cursor + 1, more=False))
