"""Zobrazit konflikty: what was changed too late, beside what the insurer has; nothing of it is lost."""

import pytest

from localapp.domain.lifecycle import State
from tests.journeys.conftest import Advisor, Clock, Insurer
from tests.journeys.test_first_days import completed, state_of, surname


@pytest.fixture
def alena(insurer: Insurer) -> Advisor:
    """Alena's activated computer."""
    computer = insurer.new_computer("alena")
    computer.activate()
    return computer


@pytest.fixture
def exported(time: Clock, insurer: Insurer, alena: Advisor) -> str:
    """A document that the insurer took this night; the desk does not know it yet."""
    document = completed(alena)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    time.set(23, 21, 1)
    insurer.endpoint.run_due_exports()
    return document


def text_of(advisor: Advisor, address: str) -> str:
    return advisor.asking.get(address).text.replace("\u00a0", " ")


def test_without_a_conflict_the_page_says_so(alena: Advisor) -> None:
    assert "<table" not in text_of(alena, "/conflicts")
    assert alena.asking.get("/conflicts/unknown").status == 404


def test_the_difference_names_part_field_and_both_texts(alena: Advisor, exported: str) -> None:
    surname(alena, exported, "Nováková")
    form = {"policyholder.email": "ne e-mail"}
    alena.asking.post(f"/documents/{exported}/sections/policyholder", form)
    alena.synchronize()
    text = text_of(alena, f"/conflicts/{exported}")
    assert "<ins>Nováková</ins></td><td>Příhodová-Šťastná" in text
    assert "<ins>ne e-mail</ins></td><td>katerina.prihodova@example.cz" in text
    assert f'href="/conflicts/{exported}"' in text_of(alena, "/conflicts")
    assert "Žďár nad Sázavou" not in text


def test_the_exported_document_stays_locked_and_the_copy_takes_the_later_text(alena: Advisor, exported: str) -> None:
    surname(alena, exported, "Nováková")
    alena.synchronize()
    form = {"policyholder.last_name": "Malá"}
    assert not alena.asking.post(f"/documents/{exported}/sections/policyholder", form).acknowledged
    copied = alena.asking.post(f"/documents/{exported}/copies", {}, fragments=False).location
    document = copied.partition("selected=")[2].partition("&")[0]
    assert 'value="Nováková"' in text_of(alena, f"/documents/{document}/sections/policyholder")


def test_a_row_added_later_is_only_mine(alena: Advisor, exported: str) -> None:
    address = f"/documents/{exported}/sections/cover/rows?person=p1"
    assert alena.asking.post(address, {"add": "persons[p1].coverages|code=HO"}).acknowledged
    alena.synchronize()
    assert '<span class="mut">není</span>' in text_of(alena, f"/conflicts/{exported}")


def test_a_cancellation_that_missed_the_cut_off_is_told_and_not_shown_as_done(alena: Advisor, exported: str) -> None:
    assert alena.asking.post(f"/documents/{exported}/cancellation", {}, fragments=False).status == 303
    assert state_of(alena, exported) is State.CANCELLED
    alena.synchronize()
    assert state_of(alena, exported) is State.CONFLICT
    text = text_of(alena, f"/conflicts/{exported}")
    assert "Storno nestihlo uzávěrku" in text
    assert "Zavolejte Help Desk" in text
