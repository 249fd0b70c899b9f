"""Activation at the endpoint: what it says is checked, and a crash goes on with the same installation."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from localapp.domain.sync.messages import Refusal
from localapp.sync.conversation import Refused
from localapp.sync.enrolling import begin, confirm, verify_partner
from localapp.sync.transport import TransportFailed
from tests.sync.answering import ALENA, Change, Computer, html, raw, says, with_json


@pytest.mark.parametrize("typed", ["", "800001", "9", "HR 900001", "devět"])
def test_what_is_no_partner_number_is_told_before_anything_is_asked(fresh: Computer, typed: str) -> None:
    with pytest.raises(Refused) as found:
        verify_partner(fresh.line, typed)
    assert (found.value.refusal, fresh.line.asked) == (Refusal("partner_number_invalid", {"typed": typed}), [])


@pytest.mark.parametrize(("number", "code"), [("900009", "partner_unknown"), ("900003", "partner_blocked")])
def test_an_unknown_and_a_blocked_partner_are_told(fresh: Computer, number: str, code: str) -> None:
    with pytest.raises(Refused) as found:
        verify_partner(fresh.line, number)
    assert found.value.refusal == Refusal(code, {"partner_number": number})


@pytest.mark.parametrize("change", [html, raw(b""), says([]), says({}), says({"partner_name": 7}), says(None)])
def test_a_page_instead_of_an_endpoint_is_told(fresh: Computer, change: Change) -> None:
    fresh.line.answers("/partner-verifications", change)
    with pytest.raises(TransportFailed) as found:
        verify_partner(fresh.line, "900001")
    assert found.value.refusal.code == ("network_login" if change is html else "endpoint_not_recognized")


SHORT = base64.b64encode(b"short").decode()


@pytest.mark.parametrize(
    "wrong",
    [{"intake_key": SHORT}, {"intake_key": "?"}, {"intake_key": None}, {"linked": "false"}, {"known": None},
     {"partner_name": None}],
)  # fmt: skip
def test_a_key_that_nothing_can_be_sealed_to_is_not_kept(fresh: Computer, wrong: dict[str, Any]) -> None:
    fresh.line.answers("/enrolments", with_json(lambda answer: answer | wrong))
    with pytest.raises(TransportFailed):
        fresh.enrol()
    assert (fresh.enrolment.confirmed_at, fresh.enrolment.intake_key) == (None, None)
    fresh.enrol()
    assert fresh.synchronize().refusal is None


def test_a_lost_answer_is_asked_for_again_by_the_same_installation(fresh: Computer) -> None:
    fresh.line.answers("/enrolments", raw(b""))
    with pytest.raises(TransportFailed):
        fresh.enrol()
    before = fresh.enrolment
    assert fresh.enrol() is False  # the advisor was not known before this installation
    after = fresh.enrolment
    assert (after.installation, after.private_key) == (before.installation, before.private_key)
    assert after.linked_at is not None


def test_nothing_is_sent_before_the_keys_are_kept(fresh: Computer) -> None:
    enrolment = begin(fresh.store.sync, fresh.line, ("900001", "Demo"), ALENA)
    assert (fresh.line.asked, fresh.enrolment.private_key) == ([], enrolment.private_key)
    confirm(fresh.store.sync, fresh.line, enrolment)
    assert fresh.enrolment.confirmed_at is not None


def test_corrected_data_before_the_confirmation_are_taken(fresh: Computer) -> None:
    fresh.line.cut = True
    begin(fresh.store.sync, fresh.line, ("900001", "Demo"), ALENA)
    fresh.line.cut = False
    fresh.enrol(advisor=replace(ALENA, phone="777 123 456", advisor_code="A Novakova"))
    assert (fresh.enrolment.advisor.phone, fresh.synchronize().refusal) == ("777 123 456", None)
