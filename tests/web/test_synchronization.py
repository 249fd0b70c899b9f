"""Synchronizace tells the truth: what waits and why, what was not taken and the way on, what to watch."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from localapp.domain.lifecycle import State
from localapp.sync.transport import Reply, TransportFailed
from tests.journeys.conftest import Advisor, Clock, Insurer
from tests.journeys.test_first_days import completed, state_of, surname
from tests.store.made_up import welcomed
from tests.sync.component_insurer import NEXT_LIBRARY, wrong_library
from tests.sync.component_insurer import Insurer as Components

LEFT = "left_behind:2026-11-23:N26-000001:evaluation_pending"


@pytest.fixture
def published(insurer: Insurer, tmp_path: Path) -> Components:
    """The insurer's repository of components, to be published to in every way."""
    return Components(insurer.folder / "endpoint", tmp_path / "drafts")


def page(advisor: Advisor) -> str:
    """What Synchronizace says, without its special spaces."""
    return advisor.asking.get("/synchronization").text.replace("\u00a0", " ")


def noticed(advisor: Advisor, *notices: str, **more: object) -> None:
    enrolment = advisor.sync.enrolment()
    assert enrolment is not None
    advisor.sync.welcome(enrolment.id, welcomed(notices=notices, **more))


def in_english(advisor: Advisor) -> None:
    assert advisor.asking.post("/settings/look", {"language": "en"}, fragments=False).status == 303


def answered(advisor: Advisor, outcome: str, code: str, **facts: str) -> None:
    """The next operations that are pushed get this outcome."""
    ask = advisor.line.ask

    def instead(method: str, target: str, *rest: object, **more: object) -> Reply:
        reply = ask(method, target, *rest, **more)  # type: ignore[arg-type]
        if not target.endswith("/push"):
            return reply
        results = json.loads(reply.body)["results"]
        wrong = [{"operation": each["operation"], "outcome": outcome, "refusal": {"code": code, "facts": facts}}
                 for each in results]  # fmt: skip
        return Reply(200, reply.headers, json.dumps({"results": wrong}).encode())

    advisor.line.ask = instead  # type: ignore[method-assign]


def test_a_run_by_hand_delivers_and_is_told(alena: Advisor) -> None:
    completed(alena)
    assert ">1</p>" in page(alena)
    assert alena.asking.post("/sync-runs", {}, fragments=False).location == "/synchronization"
    alena.desk.synchronizer.wait(60)
    text = page(alena)
    assert "Poslední proběhla dnes" in text
    assert "1 dokument" in text
    assert alena.asking.get("/synchronization/progress").status == 200


@pytest.mark.parametrize(
    ("outcome", "code", "sentence"),
    [
        ("rejected", "too_large", "Zkraťte poznámky"),
        ("rejected", "partner_ended", "Zkopírujte ho pod současného partnera"),
        ("conflict", "number_taken", "kopie dostane nové číslo"),
        ("conflict", "stale", "Vaše verze zůstala zachována"),
    ],
)
def test_a_document_that_was_not_taken_says_why_everywhere_and_can_be_copied(
    alena: Advisor, outcome: str, code: str, sentence: str
) -> None:
    document = completed(alena)
    answered(alena, outcome, code)
    alena.synchronize()
    assert state_of(alena, document) is State.RETURNED
    text = page(alena)
    assert "Server ho nepřijal" in text
    assert sentence in text
    assert f'action="/documents/{document}/copies"' in text
    for place in ("/documents", f"/documents/{document}/sections/policyholder"):
        told = alena.asking.get(place).text.replace("\u00a0", " ")
        assert "Vráceno k opravě: " in told
        assert sentence in told
    assert "told=copied" in alena.asking.post(f"/documents/{document}/copies", {}, fragments=False).location


def test_a_document_in_conflict_needs_alena_once(time: Clock, insurer: Insurer, alena: Advisor) -> None:
    document = completed(alena)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    surname(alena, document, "Nováková")
    assert alena.asking.post(f"/documents/{document}/completion", {}, fragments=False).status == 303
    time.set(23, 21, 1)
    insurer.endpoint.run_due_exports()
    alena.synchronize()
    assert state_of(alena, document) is State.CONFLICT
    assert 'Potřebuje vás</p><p class="big">1</p>' in page(alena)


def test_a_document_that_the_export_left_says_why(alena: Advisor) -> None:
    noticed(alena, LEFT, "left_behind:2026-11-23T200000.000000Z:N26-000002:later_revision",
            "left_behind:2026-11-23T20:00:00:N26-000003:evaluation_differs")  # fmt: skip
    text = page(alena)
    assert "Dokument N26-000001 neodešel s exportem 23. 11. 2026: pojišťovna ho do uzávěrky nestihla přepočítat" in text
    assert "Dokument N26-000002 neodešel s exportem 23. 11. 2026: po uzávěrce přišla jeho novější verze" in text
    assert "Dokument N26-000003 neodešel s exportem 23. 11. 2026: pojišťovna ho nemohla převzít (evaluation_d" in text
    in_english(alena)
    assert "Document N26-000001 did not go with the export of 23 November 2026" in page(alena)


def test_the_night_that_nobody_evaluated_is_told_the_next_morning(
    time: Clock, insurer: Insurer, alena: Advisor
) -> None:
    completed(alena)
    alena.synchronize()
    time.set(23, 21, 15)
    (run,) = insurer.endpoint.run_due_exports()
    assert (run.count, run.left_behind) == (0, 1)
    time.set(24, 8)
    alena.synchronize()
    assert "neodešel s exportem 23. 11. 2026: pojišťovna ho do uzávěrky nestihla přepočítat" in page(alena)
    insurer.endpoint.evaluate_waiting()
    time.set(24, 21, 1)
    insurer.endpoint.run_due_exports()
    alena.synchronize()
    assert "neodešel s exportem" not in page(alena)


def test_another_computer_in_alenas_name_is_told_until_it_is_linked(insurer: Insurer, alena: Advisor) -> None:
    second = insurer.new_computer("notebook")
    second.activate()
    alena.synchronize()
    assert "Další počítač se hlásí vaším jménem" in page(alena)
    assert "Další počítač se hlásí" not in page(second)
    in_english(alena)
    assert "Another computer names you" in page(alena)


@pytest.mark.parametrize("notice", ["of_the_future", "left_behind", "left_behind:x", "", "installation_unlinked:x"])
def test_a_notice_of_a_newer_insurer_is_passed_over(alena: Advisor, notice: str) -> None:
    noticed(alena, notice)
    assert "Na co si dát pozor" not in page(alena)


@pytest.mark.parametrize(
    ("ahead", "told"),
    [({"minutes": 12}, "12 min"), ({"hours": -3, "minutes": -5}, "3 h 5 min"), ({"days": 2}, "2 dny")],
)
def test_a_wrong_clock_is_told_with_its_difference(alena: Advisor, ahead: dict[str, float], told: str) -> None:
    enrolment = alena.sync.enrolment()
    assert enrolment is not None
    alena.sync.welcome(enrolment.id, welcomed(), ahead=timedelta(**ahead))
    text = page(alena)
    assert f"Hodiny počítače se liší od serveru o {told}." in text
    assert 'data-code="clock_wrong"' in text
    alena.synchronize()
    assert "clock_wrong" not in page(alena)


def test_a_clock_that_is_a_little_wrong_is_nobodys_concern(alena: Advisor) -> None:
    enrolment = alena.sync.enrolment()
    assert enrolment is not None
    alena.sync.welcome(enrolment.id, welcomed(), ahead=timedelta(minutes=10))
    assert "clock_wrong" not in page(alena)


def test_a_partner_that_has_ended_is_told(alena: Advisor) -> None:
    noticed(alena, partner_ended=True)
    assert "Spolupráce s partnerem 900001 skončila" in page(alena)


def test_a_library_whose_golden_case_fails_is_told_and_work_goes_on_with_the_old_one(
    alena: Advisor, published: Components
) -> None:
    published.publish_unchecked(NEXT_LIBRARY, wrong_library(published))
    alena.synchronize()
    text = page(alena)
    assert "Výpočtová knihovna flexi-demo 2026.2 nepočítá na tomto počítači správně" in text
    assert "Zůstává dosavadní verze." in text
    document = completed(alena)
    record = alena.desk.store.document(document)
    assert record is not None
    assert record.calculation.version == "2026.1"
    assert "2026.2" not in alena.asking.get("/settings").text
    alena.line.cut = True
    alena.synchronize()
    assert "nepočítá na tomto počítači správně" in page(alena)


def test_a_component_with_a_wrong_hash_is_told_and_work_goes_on(alena: Advisor, published: Components) -> None:
    published.publish(NEXT_LIBRARY)
    stored = published.stored(NEXT_LIBRARY)
    stored.write_bytes(stored.read_bytes()[::-1])
    alena.synchronize()
    assert "Soubor komponenty calc/flexi-demo/2026.2 neodpovídá podpisu pojišťovny" in page(alena)
    assert completed(alena)


def test_an_older_list_of_components_is_told_and_work_goes_on(alena: Advisor, published: Components) -> None:
    older = published.metadata("timestamp.json").read_bytes()
    published.publish(NEXT_LIBRARY)
    alena.synchronize()
    published.metadata("timestamp.json").write_bytes(older)
    alena.synchronize()
    assert "Server nabízí starší seznam komponent" in page(alena)
    assert completed(alena)


def test_an_endpoint_other_than_the_activated_one_is_told(alena: Advisor) -> None:
    def other(*_: object) -> None:
        raise TransportFailed("endpoint_other", activated="https://a.example.cz", asked="https://b.example.cz")

    alena.desk.connection.transport = other  # type: ignore[assignment,method-assign]
    alena.synchronize()
    assert "Tato složka je aktivována u serveru https://a.example.cz, ne u https://b.example.cz" in page(alena)


def test_a_run_that_ended_with_the_application_is_not_shown_as_going_on(alena: Advisor) -> None:
    alena.sync.begin_run("by_hand")
    alena.desk._synchronizer = None  # the application starts again
    text = page(alena)
    assert "Synchronizaci přerušilo ukončení aplikace" in text
    assert "Probíhá" not in text


def test_what_waits_says_why_it_was_not_sent(alena: Advisor) -> None:
    completed(alena)
    answered(alena, "deferred", "freeze_pending")
    alena.synchronize()
    text = page(alena)
    assert "Právě probíhá export dne" in text
    assert "Čeká na synchronizaci" in text
