"""Alena's first three days: activated, synchronized, exported, locked; then the conflict of DOMAIN.md."""

import json

import pytest

from localapp import clock
from localapp.domain.lifecycle import State, state
from localapp.sync.transport import TransportFailed
from tests import family
from tests.activating import ALENA
from tests.journeys.conftest import Advisor, Clock, Insurer

DVORAK = family.CLIENT | {"last_name": "Dvořák", "first_name": "Řehoř"}


@pytest.fixture
def alena(insurer: Insurer) -> Advisor:
    computer = insurer.new_computer("alena")
    computer.activate()
    return computer


def completed(advisor: Advisor, client: dict[str, str] = family.CLIENT) -> str:
    """A completed family offer; its id."""
    address = family.write(advisor.asking, clock.today(), client)
    answer = advisor.asking.post(f"{address}/completion", {}, fragments=False)
    assert answer.status == 303, answer.text
    return address.rpartition("/")[2]


def state_of(advisor: Advisor, document: str) -> State:
    record = advisor.desk.store.document(document)
    assert record is not None
    return state(record.facts)


def surname(advisor: Advisor, document: str, typed: str) -> None:
    form = {"policyholder.last_name": typed}
    assert advisor.asking.post(f"/documents/{document}/sections/policyholder", form).acknowledged


def test_from_a_fresh_machine_to_a_locked_offer_and_a_conflict(time: Clock, insurer: Insurer, alena: Advisor) -> None:
    endpoint = insurer.endpoint
    offer, withdrawn = completed(alena), completed(alena, DVORAK)
    assert state_of(alena, offer) is State.COMPLETED
    alena.synchronize()
    assert (state_of(alena, offer), state_of(alena, withdrawn)) == (State.BACKED_UP, State.BACKED_UP)
    assert endpoint.evaluate_waiting() == 2
    assert alena.asking.post(f"/documents/{withdrawn}/cancellation", {}, fragments=False).status == 303
    alena.synchronize()

    time.set(23, 21, 1)
    (run,) = endpoint.run_due_exports()
    assert run.count == 1
    surname(alena, offer, "Nováková")  # after the export, before the lock has come

    time.set(24, 8)
    alena.synchronize()
    assert (state_of(alena, offer), state_of(alena, withdrawn)) == (State.CONFLICT, State.CANCELLED)
    listed = alena.asking.get("/documents").text
    assert "Příhodová-Šťastná" in listed
    page = alena.asking.get(f"/conflicts/{offer}").text
    assert "Nováková" in page
    assert "Příhodová-Šťastná" in page
    copied = alena.asking.post(f"/documents/{offer}/copies", {}, fragments=False)
    assert copied.status == 303

    time.set(24, 21, 1)
    (second,) = endpoint.run_due_exports()
    assert second.count == 0
    time.set(25, 21, 1)
    assert [each.count for each in endpoint.run_due_exports()] == [0]
    exported = [path.read_text("utf-8") for path in sorted((insurer.folder / "endpoint" / "exports").glob("*.jsonl"))]
    lines = [json.loads(line) for text in exported for line in text.splitlines()]
    assert [line["document"] for line in lines] == [offer]


def test_without_a_network_everything_but_synchronizing_works_and_one_run_delivers_all(alena: Advisor) -> None:
    alena.line.cut = True
    first, second = completed(alena), completed(alena, DVORAK)
    copy = alena.asking.post(f"/documents/{first}/copies", {}, fragments=False).location
    numbers = {record.number for record in map(alena.desk.store.document, (first, second)) if record}
    assert all(number.startswith("N26-") for number in numbers)
    assert "told=copied" in copy
    assert "Dvořák" in alena.asking.post("/documents/search", {"q": "dvorak"}).text
    alena.synchronize()
    assert "Server SmartClient není dostupný" in alena.asking.get("/synchronization").text
    assert state_of(alena, first) is State.COMPLETED
    alena.line.cut = False
    alena.synchronize()
    assert {state_of(alena, first), state_of(alena, second)} == {State.BACKED_UP}
    assert alena.desk.store.outbox() == []


def test_an_operation_whose_answer_was_lost_is_taken_in_once(insurer: Insurer, alena: Advisor) -> None:
    document = completed(alena)
    enrolment = alena.sync.enrolment()
    assert enrolment is not None
    ask = alena.line.ask

    def losing(method: str, target: str, *rest: object, **more: object) -> object:
        answer = ask(method, target, *rest, **more)  # type: ignore[arg-type]
        if target.endswith("/push"):
            raise TransportFailed("endpoint_unreachable")
        return answer

    alena.line.ask = losing  # type: ignore[method-assign,assignment]
    alena.synchronize()
    assert state_of(alena, document) is State.COMPLETED
    alena.line.ask = ask  # type: ignore[method-assign]
    surname(alena, document, "Nováková")
    assert alena.asking.post(f"/documents/{document}/completion", {}, fragments=False).status == 303
    alena.synchronize()
    assert state_of(alena, document) is State.BACKED_UP
    assert insurer.endpoint.evaluate_waiting() == 1


def test_a_further_computer_of_alena_sees_nothing_until_it_is_linked(
    time: Clock, insurer: Insurer, alena: Advisor
) -> None:
    offer = completed(alena)
    alena.synchronize()
    second = insurer.new_computer("notebook")
    second.activate()
    second.synchronize()
    assert (second.sync.bodies.lacking(), second.desk.store.document(offer)) == ([], None)
    page = alena.asking.post("/settings/link-codes", {}, fragments=False).text
    code = page.split('class="codebig">')[1].split("<")[0]
    wrong = second.asking.post("/settings/links", {"code": "AAAA-BBBB-CCCC"}, fragments=False)
    assert (wrong.status, "nesouhlasí" in wrong.text) == (422, True)
    time.pass_by(seconds=2)  # the server lets a wrong code be followed by another after a while
    assert second.asking.post("/settings/links", {"code": code}, fragments=False).location == "/settings?done=linked"
    second.desk.synchronizer.wait(60)
    assert second.sync.bodies.lacking() == []
    assert "N26-000001" in second.asking.get("/documents").text


def test_another_advisor_and_another_partner_see_nothing_of_alena(insurer: Insurer, alena: Advisor) -> None:
    offer = completed(alena)
    alena.synchronize()
    for name, partner_number, code in (("borek", "900001", "borek"), ("cyril", "900002", "cyril")):
        other = insurer.new_computer(name)
        other.activate(partner_number, advisor_code=code)
        other.synchronize()
        assert (other.sync.bodies.lacking(), other.desk.store.document(offer)) == ([], None)
        assert other.asking.get("/documents").text.count("N26-") == 0


def test_after_a_change_of_partner_old_documents_can_be_read_and_copied_and_still_go(
    insurer: Insurer, alena: Advisor
) -> None:
    document = completed(alena)
    assert alena.asking.post("/activation/restarts", {}, fragments=False).location == "/activation"
    assert alena.asking.get("/documents").location == "/activation"
    pass_on = alena.asking.post("/activation", {"partner_number": "900002"}, fragments=False)
    assert pass_on.status == 303
    assert alena.asking.post("/activation/user", ALENA, fragments=False).status == 303
    alena.desk.synchronizer.wait(60)
    record = alena.desk.store.document(document)
    assert record is not None
    assert record.facts.backed_up_at is not None
    assert alena.asking.get(f"/documents/{document}/sections/policyholder").status == 200
    assert not alena.asking.post(
        f"/documents/{document}/sections/policyholder", {"policyholder.city": "Brno"}
    ).acknowledged
    assert alena.asking.post(f"/documents/{document}/copies", {}, fragments=False).status == 303
    assert insurer.endpoint.evaluate_waiting() == 1
