"""Activation: each failure has its sentence and a way on, each step its address, and nothing is done twice."""

import base64
from collections.abc import Callable

import pytest

from localapp.sync.transport import Reply, TransportFailed, checked
from tests.activating import ALENA
from tests.asking import Page
from tests.journeys.conftest import Advisor, Insurer

PARTNER, USER, FIRST = "/activation", "/activation/user", "/activation/first-synchronization"
Wrong = Callable[[], Reply]


@pytest.fixture
def fresh(insurer: Insurer) -> Advisor:
    """A computer on which nothing was done yet."""
    return insurer.new_computer("alena")


def verify(advisor: Advisor, number: str = "900001") -> Page:
    return advisor.asking.post(PARTNER, {"partner_number": number}, fragments=False)


def confirm(advisor: Advisor, **data: str) -> Page:
    return advisor.asking.post(USER, ALENA | data, fragments=False)


def answering(advisor: Advisor, wrong: Wrong, end: str = "") -> Callable[[], None]:
    """From now on calls that end so are answered wrong; what is returned makes them right again."""
    ask = advisor.line.ask

    def instead(method: str, target: str, *rest: object, **more: object) -> Reply:
        return wrong() if target.endswith(end) else ask(method, target, *rest, **more)  # type: ignore[arg-type]

    advisor.line.ask = instead  # type: ignore[method-assign]
    return lambda: setattr(advisor.line, "ask", ask)


def hotel() -> Reply:
    return checked(200, {"Content-Type": "text/html"}, b"<html>Wi-Fi</html>")


def failed() -> Reply:
    return checked(500, {"SmartClient-Endpoint": "1"}, b"{}")


def elsewhere() -> Reply:
    raise TransportFailed("endpoint_other", activated="https://a.example.cz", asked="https://b.example.cz")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("800001", "„800001“ není identifikace partnera. Má jen číslice a začíná devítkou"),
        ("", "„“ není identifikace partnera"),
        ("900009", "Partnera 900009 neznáme. Ověřte číslo na vaší centrále"),
        ("900003", "Partner 900003 má přístup pozastavený. Pracujte dál"),
    ],
)
def test_a_wrong_number_is_told_and_a_right_one_goes_on(fresh: Advisor, typed: str, sentence: str) -> None:
    page = verify(fresh, typed)
    assert page.status == 422
    assert sentence in page.text.replace("\u00a0", " ")
    assert f'value="{typed}"' in page.text
    assert fresh.asking.get(USER).location == PARTNER
    assert verify(fresh).location == PARTNER
    assert "Identifikace partnera byla úspěšně ověřena" in fresh.asking.get(PARTNER).text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (hotel, "Síť chce, abyste se k ní nejdřív přihlásili (hotel, veřejná Wi-Fi)."),
        (failed, "Server SmartClient hlásí chybu 500. Zkuste to znovu za chvíli"),
        (elsewhere, "Tato složka je aktivována u serveru https://a.example.cz, ne u https://b.example.cz"),
    ],
)
def test_a_network_that_answers_wrong_is_told_in_both_steps_and_the_next_try_goes_on(
    fresh: Advisor, wrong: Wrong, sentence: str
) -> None:
    right = answering(fresh, wrong)
    assert sentence in verify(fresh).text.replace("\u00a0", " ")
    right()
    verify(fresh)
    right = answering(fresh, wrong, "/enrolments")
    page = confirm(fresh)
    assert (page.status, sentence in page.text.replace("\u00a0", " ")) == (422, True)
    assert 'value="Nováková"' in page.text
    right()
    assert confirm(fresh).location == FIRST
    fresh.desk.synchronizer.wait(60)
    assert fresh.asking.get("/documents").status == 200


def test_without_a_network_each_step_says_so_and_keeps_what_was_typed(fresh: Advisor) -> None:
    fresh.line.cut = True
    assert "Server SmartClient není dostupný" in verify(fresh, "900 001").text.replace("\u00a0", " ")
    fresh.line.cut = False
    verify(fresh)
    fresh.line.cut = True
    page = confirm(fresh, phone="777 123 456")
    assert (page.status, 'value="777 123 456"' in page.text) == (422, True)
    assert 'value="anovakova"' in fresh.asking.get(USER).text  # after a reload or a crash
    fresh.line.cut = False
    assert confirm(fresh).location == FIRST


def test_each_step_answers_at_its_own_address_and_others_lead_to_it(fresh: Advisor) -> None:
    assert fresh.asking.get(PARTNER).status == 200
    for other in (USER, FIRST, "/documents", "/synchronization", "/settings"):
        assert fresh.asking.get(other).location == PARTNER
    verify(fresh)
    assert fresh.asking.get(USER).status == 200
    for other in (FIRST, "/documents"):
        assert fresh.asking.get(other).location == USER
    fresh.line.cut = True
    confirm(fresh)
    fresh.line.cut = False
    right = answering(fresh, hotel, ".json")
    confirm(fresh)
    fresh.desk.synchronizer.wait(60)
    assert fresh.asking.get(FIRST).status == 200
    for other in (PARTNER, USER, "/documents"):
        assert fresh.asking.get(other).location == FIRST
    right()
    assert fresh.asking.post(FIRST, {}, fragments=False).location == FIRST
    fresh.desk.synchronizer.wait(60)
    for step in (PARTNER, USER, FIRST):
        assert fresh.asking.get(step).location == "/documents"


def test_a_first_synchronization_that_failed_says_why_and_can_be_started_again(fresh: Advisor) -> None:
    verify(fresh)
    right = answering(fresh, hotel, ".json")
    confirm(fresh)
    fresh.desk.synchronizer.wait(60)
    text = fresh.asking.get(FIRST).text.replace("\u00a0", " ")
    assert "První synchronizace se nedokončila." in text
    assert "Síť chce, abyste se k ní nejdřív přihlásili" in text
    right()
    assert "HX-Redirect" not in fresh.asking.post(FIRST, {}).text
    fresh.desk.synchronizer.wait(60)
    assert fresh.asking.get("/documents").status == 200


@pytest.mark.parametrize("field", ["first_name", "last_name", "advisor_code", "cnb_registration_number"])
def test_a_missing_field_is_named_and_nothing_is_sent(fresh: Advisor, field: str) -> None:
    verify(fresh)
    fresh.line.asked.clear()
    page = confirm(fresh, **{field: "  "})
    assert (page.status, "vyplňte údaj" in page.text, fresh.line.asked) == (422, True, [])
    assert fresh.sync.enrolment() is None


def test_an_unusual_registration_number_warns_once_and_never_blocks(fresh: Advisor) -> None:
    verify(fresh)
    page = confirm(fresh, cnb_registration_number="XY1")
    assert (page.status, "Zkontrolujte registrační číslo" in page.text.replace("\u00a0", " ")) == (422, True)
    assert confirm(fresh, cnb_registration_number="XY1", doubt_seen="yes").location == FIRST


def test_data_that_the_insurer_does_not_take_are_named_as_the_page_names_them(fresh: Advisor) -> None:
    verify(fresh)

    def refused() -> Reply:
        body = b'{"problem":"user_data_invalid","cs":"-","en":"-","facts":{"field":"advisor_code"}}'
        return checked(422, {"SmartClient-Endpoint": "1"}, body)

    answering(fresh, refused, "/enrolments")
    assert "Údaj „Identifikace poradce“ server nepřijal" in confirm(fresh).text.replace("\u00a0", " ")


def test_a_key_of_the_insurer_that_seals_nothing_is_told_now_and_not_at_the_first_document(fresh: Advisor) -> None:
    verify(fresh)
    short = base64.b64encode(b"short")
    body = b'{"linked":true,"known":false,"partner_name":"Demo","intake_key":"' + short + b'"}'
    answering(fresh, lambda: checked(200, {"SmartClient-Endpoint": "1"}, body), "/enrolments")
    assert confirm(fresh).status == 422


def test_the_certificate_way_is_shown_and_says_that_it_comes_later(fresh: Advisor) -> None:
    text = fresh.asking.get(f"{PARTNER}?way=certificate").text.replace("\u00a0", " ")
    assert "Aktivace certifikátem přijde v některé z dalších verzí" in text


def test_back_leads_to_the_partner_number_again(fresh: Advisor) -> None:
    verify(fresh)
    assert fresh.asking.post("/activation/return", {}, fragments=False).location == PARTNER
    assert fresh.asking.get(USER).location == PARTNER


def test_all_of_it_works_without_javascript(fresh: Advisor) -> None:
    assert '<form class="stack-l" method="post" action="/activation"' in fresh.asking.get(PARTNER).text
    verify(fresh)
    assert 'href="/activation/user"' in fresh.asking.get(PARTNER).text
    assert 'method="post" action="/activation/user"' in fresh.asking.get(USER).text
    right = answering(fresh, hotel, ".json")
    confirm(fresh)
    fresh.desk.synchronizer.wait(60)
    assert '<form method="post" action="/activation/first-synchronization">' in fresh.asking.get(FIRST).text
    right()
    assert fresh.asking.post(FIRST, {}, fragments=False).location == FIRST
    fresh.desk.synchronizer.wait(60)
    assert fresh.asking.get(FIRST).location == "/documents"


def test_an_activation_that_was_only_begun_offers_no_return_to_a_former_one(fresh: Advisor) -> None:
    verify(fresh)
    answering(fresh, hotel, "/enrolments")
    confirm(fresh)
    fresh.asking.post("/activation/return", {}, fragments=False)
    assert "/activation/former" not in fresh.asking.get(PARTNER).text
    assert fresh.asking.post("/activation/former", {}, fragments=False).status == 303
    assert fresh.asking.get("/documents").location == PARTNER


def test_a_change_of_partner_that_was_begun_and_not_confirmed_can_be_taken_back(fresh: Advisor) -> None:
    fresh.activate()
    fresh.asking.post("/activation/restarts", {}, fragments=False)
    assert "/activation/former" in fresh.asking.get(PARTNER).text
    verify(fresh, "900002")
    right = answering(fresh, hotel, "/enrolments")
    assert confirm(fresh).status == 422
    right()
    assert fresh.asking.post("/activation/former", {}, fragments=False).location == "/documents"
    assert fresh.asking.get("/documents").status == 200
    enrolment = fresh.sync.enrolment()
    assert enrolment is not None
    assert (enrolment.partner_number, enrolment.confirmed_at is None) == ("900001", False)
    fresh.synchronize()
    assert fresh.sync.runs(1)[0].refusal is None


def test_a_change_of_partner_can_be_taken_back_before_anything_was_typed(fresh: Advisor) -> None:
    fresh.activate()
    before = fresh.sync.enrolment()
    fresh.asking.post("/activation/restarts", {}, fragments=False)
    assert fresh.asking.get("/documents").location == PARTNER
    fresh.asking.post("/activation/former", {}, fragments=False)
    assert fresh.asking.get("/documents").status == 200
    assert fresh.sync.enrolment() == before


def test_a_crash_after_the_confirmation_goes_on_with_the_first_synchronization(
    fresh: Advisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify(fresh)
    monkeypatch.setattr(fresh.desk.synchronizer, "start", lambda _: True)
    confirm(fresh)
    assert fresh.asking.get("/documents").location == FIRST
    assert 'hx-trigger="load"' in fresh.asking.get(FIRST).text
