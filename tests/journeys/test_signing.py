"""A signed document on two computers: whatever the other one did meanwhile, the signature holds or says why not."""

from datetime import timedelta

import pytest

from localapp import clock
from localapp.domain.lifecycle import Action, State, permitted
from localapp.store import signatures
from localapp.sync.transport import TransportFailed
from tests.journeys.conftest import Advisor, Insurer
from tests.journeys.test_first_days import completed, state_of, surname
from tests.journeys.test_two_computers import cancel, complete, last_name, linked_computer, reasons, record_of


@pytest.fixture
def laptop(insurer: Insurer) -> Advisor:
    computer = insurer.new_computer("laptop")
    computer.activate()
    return computer


@pytest.fixture
def home(insurer: Insurer, laptop: Advisor) -> Advisor:
    return linked_computer(insurer, laptop, "home")


@pytest.fixture
def offer(laptop: Advisor, home: Advisor) -> str:
    """On both computers."""
    document = completed(laptop)
    laptop.synchronize()
    home.synchronize()
    return document


def sign(advisor: Advisor, document: str, *files: bytes) -> None:
    """The newest revision is signed; its pages come with a later version of the program."""
    with advisor.desk.store._database.write() as connection:
        signatures.sign(connection, document, files, "advisor")


def test_a_document_signed_on_one_computer_cannot_be_changed_on_the_other(
    insurer: Insurer, laptop: Advisor, home: Advisor, offer: str
) -> None:
    sign(home, offer)
    home.synchronize()
    laptop.synchronize()
    for computer in (laptop, home):
        assert record_of(computer, offer).facts.signed_at
        assert permitted(record_of(computer, offer).facts) == {Action.COPY}
        assert reasons(computer) == []
    insurer.endpoint.run_export()
    laptop.synchronize()
    assert state_of(laptop, offer) is State.EXPORTED


def test_an_edit_and_a_cancellation_of_what_was_signed_elsewhere_are_kept_and_named(
    laptop: Advisor, home: Advisor, offer: str
) -> None:
    other = completed(laptop)
    typed = completed(laptop)
    laptop.synchronize()
    home.synchronize()
    for document in (offer, other, typed):
        sign(home, document)
    surname(laptop, offer, "Cesta")
    complete(laptop, offer)
    cancel(laptop, other)
    surname(laptop, typed, "Pole")
    home.synchronize()
    laptop.synchronize()
    assert sorted(reasons(laptop)) == ["signed_cancellation", "signed_edit", "signed_edit"]
    assert (last_name(laptop, offer), last_name(laptop, typed)) == ("Cesta", "Pole")
    assert record_of(laptop, other).facts.cancelled_at is None
    assert record_of(laptop, offer).facts.signed_at
    assert laptop.asking.get(f"/conflicts/{other}").status == 200


def test_a_signature_of_a_version_that_is_no_longer_the_newest_says_so(
    laptop: Advisor, home: Advisor, offer: str
) -> None:
    sign(laptop, offer)
    surname(home, offer, "Doma")
    complete(home, offer)
    home.synchronize()
    laptop.synchronize()
    assert (last_name(laptop, offer), reasons(laptop)) == ("Doma", ["stale_signature"])
    assert record_of(laptop, offer).facts.signed_at is None
    assert laptop.asking.get(f"/conflicts/{offer}").status == 200
    assert laptop.asking.get("/synchronization").status == 200


def test_a_signature_that_came_after_the_export_stays_signed_here(
    insurer: Insurer, laptop: Advisor, offer: str
) -> None:
    insurer.endpoint.run_export()
    sign(laptop, offer, b"sealed")
    laptop.synchronize()
    assert state_of(laptop, offer) is State.EXPORTED
    assert record_of(laptop, offer).facts.signed_at
    assert [each.refusal.code for each in laptop.sync.refused() if each.refusal] == ["signature_late"]


def test_completed_and_signed_offline_both_arrive(laptop: Advisor, home: Advisor) -> None:
    document = completed(laptop)
    sign(laptop, document)
    laptop.synchronize()
    home.synchronize()
    assert (state_of(laptop, document), bool(record_of(home, document).facts.signed_at)) == (State.BACKED_UP, True)


def test_signed_files_follow_in_parts_and_let_the_document_go_when_all_are_there(
    insurer: Insurer, laptop: Advisor, offer: str
) -> None:
    sign(laptop, offer, b"first" * 300_000, b"second")
    ask, cut = laptop.line.ask, [3]

    def breaking(method: str, target: str, *rest: object, **more: object) -> object:
        if "/attachments/" in target:
            cut[0] -= 1
            if cut[0] == 0:
                raise TransportFailed("endpoint_unreachable")
        return ask(method, target, *rest, **more)  # type: ignore[arg-type]

    laptop.line.ask = breaking  # type: ignore[method-assign,assignment]
    laptop.synchronize()
    assert laptop.desk.synchronizer.standing().refusal is None  # files hold nothing up and make no run fail
    assert insurer.endpoint.run_export().count == 0
    laptop.synchronize()
    enrolment = laptop.sync.enrolment()
    assert enrolment is not None
    assert laptop.sync.attachments.waiting(enrolment.id) == []
    with clock.moved_to(clock.now() + timedelta(minutes=1)):
        assert insurer.endpoint.run_export().count == 1
