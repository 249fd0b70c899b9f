"""The morning report: what went at night, what did not and why, exactly, until it is read – and found again later."""

import re
from dataclasses import replace

from localapp.store.nights import Night
from tests.journeys.conftest import Advisor, Clock, Insurer
from tests.journeys.test_first_days import completed, surname
from tests.web.test_synchronization import in_english


def first_page(advisor: Advisor, place: str = "/documents") -> str:
    return advisor.asking.get(place).text.replace("\u00a0", " ")


def report(advisor: Advisor) -> Night:
    (newest, *_) = advisor.desk.store.delivery.nights()
    return newest


def reasons(night: Night) -> dict[str, str]:
    return {each.document: each.reason for each in night.stayed}


def test_a_night_is_told_in_the_morning_with_each_reason(time: Clock, insurer: Insurer, alena: Advisor) -> None:
    went = completed(alena)
    returned = completed(alena)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    pending = completed(alena)
    alena.synchronize()  # nobody evaluates it in time
    waits = completed(alena)
    alena.asking.post("/documents", {"kind": "offer"}, fragments=False)
    time.set(23, 21, 15)
    (run,) = insurer.endpoint.run_due_exports()
    assert (run.count, run.left_behind) == (2, 1)
    time.set(24, 8)
    after = completed(alena)
    alena.synchronize()
    night = report(alena)
    assert {each.document for each in night.went} == {went, returned}
    assert reasons(night) == {pending: "evaluation_pending", waits: "late"}
    assert after not in reasons(night)
    assert night.drafts == 1
    text = first_page(alena)
    assert "Export 23. 11. 2026: odešly 2 dokumenty, 2 neodešly." in text
    page = first_page(alena, "/nights/2026-11-23")
    assert "Pojišťovna ho do uzávěrky nestihla přepočítat; odejde při příštím exportu." in page
    assert "Na server došel až po uzávěrce, odejde při příštím exportu." in page
    assert "1 dokument nebyl dokončen." in page
    assert len(re.findall("data-went", page)) == 2


def test_what_never_left_the_computer_is_told_too(time: Clock, insurer: Insurer, alena: Advisor) -> None:
    document = completed(alena)
    time.set(23, 21, 1)
    insurer.endpoint.run_due_exports()
    time.set(24, 8)
    ask = alena.line.ask

    def no_push(method: str, target: str, *rest: object, **more: object) -> object:
        if target.endswith("/push"):
            raise AssertionError
        return ask(method, target, *rest, **more)  # type: ignore[arg-type]

    asked = alena.desk.store.sync.before_hello
    alena.desk.store.sync.before_hello = lambda enrolment: replace(asked(enrolment), waiting=0)  # type: ignore[method-assign]
    alena.line.ask = no_push  # type: ignore[method-assign,assignment]
    alena.synchronize()
    assert reasons(report(alena)) == {document: "waits"}
    assert "Před uzávěrkou neodešel z tohoto počítače" in first_page(alena, "/nights/2026-11-23")


def test_it_is_told_until_it_is_read_and_is_found_later(time: Clock, insurer: Insurer, alena: Advisor) -> None:
    completed(alena)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    time.set(23, 21, 1)
    insurer.endpoint.run_due_exports()
    assert "Export 23. 11." not in first_page(alena)
    alena.synchronize()
    for place in ("/documents", "/synchronization"):
        assert "Export 23. 11. 2026: odešel 1 dokument, nic nezůstalo." in first_page(alena, place)
    assert alena.asking.post("/nights/2026-11-23/readings", {}, fragments=False).location == "/documents"
    assert "Export 23. 11." not in first_page(alena)
    assert 'href="/nights/2026-11-23"' in first_page(alena, "/nights")
    in_english(alena)
    assert "Export of 23 November 2026: 1 document went, nothing stayed behind." in first_page(alena, "/nights")
    assert alena.asking.get("/nights/2026-11-22").status == 404


def test_a_report_is_written_once_and_does_not_change(time: Clock, insurer: Insurer, alena: Advisor) -> None:
    document = completed(alena)
    time.set(23, 21, 1)
    insurer.endpoint.run_due_exports()
    time.set(24, 8)
    alena.synchronize()
    first = report(alena)
    assert reasons(first) == {document: "late"}
    time.set(24, 9)
    insurer.endpoint.evaluate_waiting()
    alena.synchronize()
    assert alena.desk.store.delivery.nights() == [first]
    time.set(24, 21, 1)
    insurer.endpoint.run_due_exports()
    alena.synchronize()
    newest, older = alena.desk.store.delivery.nights()
    assert older == first
    assert [each.document for each in newest.went] == [document]
    assert newest.stayed == ()


def test_days_without_the_computer_are_told_in_one_report(time: Clock, insurer: Insurer, alena: Advisor) -> None:
    first, second = completed(alena), completed(alena)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    surname(alena, second, "Nováková")
    for day in (23, 24):
        time.set(day, 21, 1)
        insurer.endpoint.run_due_exports()
    time.set(25, 8)
    alena.synchronize()
    night = report(alena)
    assert night.key == "2026-11-24"
    assert [(each.document, each.export, each.changed) for each in night.went] == [
        (first, "2026-11-23", False), (second, "2026-11-23", True),
    ]  # fmt: skip
    assert "pozdější úprava neodešla" in first_page(alena, "/nights/2026-11-24")


def test_a_night_in_which_nothing_concerned_alena_is_nothing_to_read(
    time: Clock, insurer: Insurer, alena: Advisor
) -> None:
    time.set(23, 21, 1)
    insurer.endpoint.run_due_exports()
    alena.synchronize()
    assert "Export 23. 11." not in first_page(alena)
    assert "nic neodešlo, nic nezůstalo" in first_page(alena, "/nights")


def test_what_was_exported_before_the_activation_is_nobodys_morning(time: Clock, insurer: Insurer) -> None:
    insurer.endpoint.run_due_exports()
    time.set(23, 21, 1)
    insurer.endpoint.run_due_exports()
    time.set(24, 8)
    late = insurer.new_computer("alena")
    late.activate()
    late.synchronize()
    assert late.desk.store.delivery.nights() == []
    assert "První přijde po nejbližším exportu." in first_page(late, "/nights")


def test_a_network_that_breaks_before_all_is_heard_brings_no_half_report(
    time: Clock, insurer: Insurer, alena: Advisor
) -> None:
    completed(alena)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    time.set(23, 21, 1)
    insurer.endpoint.run_due_exports()
    ask = alena.line.ask

    def no_changes(method: str, target: str, *rest: object, **more: object) -> object:
        alena.line.cut = target.endswith("/changes")
        return ask(method, target, *rest, **more)  # type: ignore[arg-type]

    alena.line.ask = no_changes  # type: ignore[method-assign,assignment]
    alena.synchronize()
    assert alena.desk.store.delivery.nights() == []
    alena.line.ask, alena.line.cut = ask, False  # type: ignore[method-assign]
    alena.synchronize()
    assert len(report(alena).went) == 1
