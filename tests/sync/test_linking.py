"""Linking a further computer by a one-time code: only the right code does it, and a running synchronization no harm."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from endpoint import help_desk
from endpoint.application import Endpoint
from localapp.output.link_codes import clean_code, derived
from localapp.output.sealing import lock_with
from localapp.store.store import Store
from localapp.sync.conversation import Refused
from localapp.sync.linking import _context, enter_code, make_code
from localapp.sync.transport import TransportFailed
from tests.copied import put_store
from tests.store.made_up import KEYS
from tests.sync.answering import Change, Computer, Line, html, refuses, says


@pytest.fixture
def notebook(endpoint: Endpoint, alena: Computer, tmp_path: Path) -> Iterator[Computer]:
    """A further computer of Alena's, activated after the first."""
    (tmp_path / "notebook").mkdir(mode=0o700)
    put_store(tmp_path / "notebook")
    store = Store.open(tmp_path / "notebook" / "documents.db", KEYS)
    computer = Computer(store, Line(endpoint))
    assert computer.enrol() is True
    assert alena.enrolment.linked_at is not None
    yield computer
    store.close()


def code_of(alena: Computer) -> str:
    return make_code(alena.store.sync, alena.line, alena.enrolment)[0]


def enter(notebook: Computer, code: str) -> None:
    enter_code(notebook.store.sync, notebook.line, notebook.enrolment, code)


def test_the_right_code_links_and_hands_over_the_health_key(alena: Computer, notebook: Computer) -> None:
    assert notebook.enrolment.linked_at is None
    enter(notebook, f" {code_of(alena).lower().replace('-', ' ')} ")
    assert notebook.enrolment.linked_at is not None
    assert notebook.enrolment.health_key == alena.enrolment.health_key


@pytest.mark.parametrize("typed", ["", "AAAA-BBBB-CCCC", "žluťoučký kůň", "x" * 10_000])
def test_a_wrong_code_links_nothing(alena: Computer, notebook: Computer, typed: str) -> None:
    code_of(alena)
    with pytest.raises(Refused) as found:
        enter(notebook, typed)
    assert (found.value.refusal.code, notebook.enrolment.linked_at) == ("link_code_wrong", None)


def test_an_unlinked_computer_gives_no_code(alena: Computer, notebook: Computer) -> None:
    assert alena.enrolment.linked_at is not None
    with pytest.raises(Refused) as found:
        code_of(notebook)
    assert found.value.refusal.code == "not_linked"


def test_a_code_has_twelve_unmistakable_characters_and_the_endpoint_never_has_it(alena: Computer) -> None:
    code = code_of(alena)
    assert [len(part) for part in code.split("-")] == [4, 4, 4]
    assert not set(clean_code(code)) & set("01ILOU")
    assert clean_code(f" {code.lower()} ") == code.replace("-", "")


@pytest.mark.parametrize("end", ["/link-codes", "/links"])
def test_a_synchronization_that_begins_meanwhile_does_not_spoil_the_linking(
    alena: Computer, notebook: Computer, end: str
) -> None:
    for each in (alena, notebook):
        each.line.answers(end, refuses("session_ended", 401))
    enter(notebook, code_of(alena))
    assert notebook.enrolment.linked_at is not None


def test_two_ended_sessions_are_told(alena: Computer) -> None:
    alena.line.answers("/link-codes", refuses("session_ended", 401), refuses("session_ended", 401))
    with pytest.raises(Refused) as found:
        code_of(alena)
    assert found.value.refusal.code == "session_ended"


@pytest.mark.parametrize("end", ["/hello", "/links"])
@pytest.mark.parametrize("change", [html, says([]), says({}), says({"wrapped_key": "x"}), says({"wrapped_key": None})])
def test_a_broken_answer_links_nothing(notebook: Computer, end: str, change: Change) -> None:
    notebook.line.answers(end, change)
    with pytest.raises(TransportFailed) as found:
        enter(notebook, "AAAA-BBBB-CCCC")
    code = "network_login" if change is html else "endpoint_not_recognized"
    assert (found.value.refusal.code, notebook.enrolment.linked_at) == (code, None)


@pytest.mark.parametrize("key", ["?", base64.b64encode(b"short").decode(), "ž"])
def test_a_handed_over_key_that_can_lock_nothing_is_not_taken(notebook: Computer, key: str) -> None:
    code = "AAAABBBBCCCC"
    wrapped = lock_with(derived(code, _context(notebook.enrolment)).key, key, _context(notebook.enrolment))
    notebook.line.answers("/links", says({"linked": True, "wrapped_key": wrapped}))
    before = notebook.enrolment.health_key
    with pytest.raises(TransportFailed):
        enter(notebook, code)
    assert notebook.enrolment.health_key == before


def test_a_code_of_help_desk_links_and_leaves_the_computer_its_own_health_key(
    endpoint: Endpoint, alena: Computer, notebook: Computer
) -> None:
    before = notebook.enrolment.health_key
    with endpoint.parts.database.write() as connection:
        help_desk.block_installation(connection, alena.enrolment.installation, blocked=True)
        code = help_desk.make_link_code(connection, "900001", "anovakova")
    enter(notebook, code)
    assert (notebook.enrolment.linked_at is not None, notebook.enrolment.health_key) == (True, before)
    assert notebook.synchronize().refusal is None
