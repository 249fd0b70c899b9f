"""What comes from other machines is believed only after it was verified, and is wanted until it is here."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from endpoint.application import Endpoint
from localapp.domain.sync.bodies import MOST_BODIES
from localapp.store import body_store
from localapp.store.store import Store
from localapp.sync.linking import enter_code, make_code
from tests.copied import put_store
from tests.store.made_up import KEYS, change, complete, completed_offer, new_offer
from tests.sync.answering import Computer, Line, html, refuses, says, with_json


@pytest.fixture
def notebook(endpoint: Endpoint, alena: Computer, tmp_path: Path) -> Iterator[Computer]:
    """A further computer of Alena's, linked, with nothing on it."""
    (tmp_path / "notebook").mkdir(mode=0o700)
    put_store(tmp_path / "notebook")
    store = Store.open(tmp_path / "notebook" / "documents.db", KEYS)
    computer = Computer(store, Line(endpoint))
    computer.enrol()
    code, _ = make_code(alena.store.sync, alena.line, alena.enrolment)
    enter_code(store.sync, computer.line, computer.enrolment, code)
    assert computer.synchronize().refusal is None
    yield computer
    store.close()


@pytest.fixture
def offer(alena: Computer, notebook: Computer) -> str:  # noqa: ARG001 - both are there before
    """A completed offer of the first computer, acknowledged."""
    document = completed_offer(alena.store)
    assert alena.synchronize().refusal is None
    return document


def refusals(computer: Computer) -> list[str | None]:
    return [refusal.code if refusal else None for _, refusal in computer.store.sync.bodies.lacking()]


def envelope(change_of: Callable[[dict[str, Any]], None]) -> Callable[[Any], Any]:
    """The answer with its first envelope changed."""

    def changed(answer: Any) -> Any:  # noqa: ANN401 - JSON
        content = json.loads(answer["bodies"][0]["envelope"])
        change_of(content)
        answer["bodies"][0]["envelope"] = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return answer

    return changed


def swap_answers(content: dict[str, Any]) -> None:
    content["completion"]["answers"] = content["completion"]["answers"].replace("Novák", "Horák")


def other_document(content: dict[str, Any]) -> None:
    content["document"] = "0" * 8 + "-0000-7000-8000-" + "0" * 12


def other_advisor(content: dict[str, Any]) -> None:
    content["advisor_code"] = "borek"


def other_partner(content: dict[str, Any]) -> None:
    content["partner_number"] = "900002"


def other_number(content: dict[str, Any]) -> None:
    content["number"] = "N26-999999"


def no_content(content: dict[str, Any]) -> None:
    content["kind"] = "cancellation"
    del content["completion"]


@pytest.mark.parametrize(
    "wrong", [swap_answers, other_document, other_advisor, other_partner, other_number, no_content]
)
def test_a_content_that_does_not_fit_is_not_applied_and_told_and_asked_for_again(
    notebook: Computer, offer: str, wrong: Callable[[dict[str, Any]], None]
) -> None:
    changed = with_json(envelope(wrong))
    notebook.line.answers("/bodies", changed, changed)
    assert notebook.synchronize().refusal is None
    assert (notebook.store.document(offer), refusals(notebook)) == (None, ["body_not_verified"])
    notebook.synchronize()
    assert (notebook.store.content(offer).answers, refusals(notebook)) == ({"last_name": "Novák"}, [])


def test_an_earlier_revision_in_place_of_the_wanted_one_is_not_applied(
    alena: Computer, notebook: Computer, offer: str
) -> None:
    kept: list[Any] = []

    def keeping(answer: Any) -> Any:  # noqa: ANN401 - JSON
        kept.append(answer)
        return answer

    notebook.line.answers("/bodies", with_json(keeping))
    notebook.synchronize()
    change(alena.store, offer, "a", 1)
    complete(alena.store, offer)
    alena.synchronize()

    def older(answer: Any) -> Any:  # noqa: ANN401 - JSON
        answer["bodies"][0]["envelope"] = kept[0]["bodies"][0]["envelope"]
        return answer

    notebook.line.answers("/bodies", with_json(older), with_json(older))
    notebook.synchronize()
    record = notebook.store.document(offer)
    assert record is not None
    assert (record.revision, refusals(notebook)) == (1, ["body_not_verified"])
    assert notebook.synchronize().refusal is None
    assert notebook.store.content(offer).answers == {"last_name": "Novák", "a": 1}


def test_a_health_part_under_another_key_is_not_applied_and_not_asked_for_for_ever(
    endpoint: Endpoint, alena: Computer, tmp_path: Path
) -> None:
    (tmp_path / "third").mkdir(mode=0o700)
    store = Store.open(tmp_path / "third" / "documents.db", KEYS)
    third = Computer(store, Line(endpoint))
    third.enrol()
    third.synchronize()
    document = completed_offer(store)  # before it is linked: under a key of its own
    third.synchronize()
    alena.synchronize()
    assert (alena.store.document(document), refusals(alena)) == (None, ["body_not_opened"])
    alena.line.asked.clear()
    alena.synchronize()
    assert "/v1/sync/bodies" not in alena.line.asked
    store.close()


def test_a_content_that_is_gone_is_told_and_not_asked_for_again(notebook: Computer, offer: str) -> None:
    gone = {"bodies": [], "left_out": [], "unknown": [[offer, 1]]}
    notebook.line.answers("/bodies", says(gone))
    assert notebook.synchronize().refusal is None
    assert refusals(notebook) == ["body_gone"]
    notebook.line.asked.clear()
    notebook.synchronize()
    assert "/v1/sync/bodies" not in notebook.line.asked


@pytest.mark.parametrize(
    "strange",
    [html, says([]), says({"bodies": []}), says({"bodies": [1], "left_out": [], "unknown": []}),
     says({"bodies": [], "left_out": [], "unknown": []}), refuses("malformed", 422)],
)  # fmt: skip
def test_a_broken_answer_ends_the_run_and_the_content_stays_wanted(
    notebook: Computer, offer: str, strange: Any  # noqa: ANN401 - a change of the answer
) -> None:  # fmt: skip
    notebook.line.answers("/bodies", strange)
    assert notebook.synchronize().refusal is not None
    assert refusals(notebook) == [None]
    assert notebook.synchronize().refusal is None
    assert notebook.store.document(offer) is not None


def test_what_was_not_asked_for_is_not_stored(alena: Computer, notebook: Computer, offer: str) -> None:
    other = completed_offer(alena.store)
    alena.synchronize()

    def crossed(answer: Any) -> Any:  # noqa: ANN401 - JSON
        for body in answer["bodies"]:
            body["document"] = "0" * 8 + "-0000-7000-8000-" + "0" * 12
        return answer

    notebook.line.answers("/bodies", with_json(crossed))
    assert notebook.synchronize().refusal is not None
    assert notebook.store.counts(None)[None] == 0
    notebook.synchronize()
    assert notebook.store.document(offer) is not None
    assert notebook.store.document(other) is not None


def test_many_documents_come_in_several_requests_in_the_order_of_their_last_change(
    alena: Computer, notebook: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_store, "MOST_BODIES", 2)
    documents = [completed_offer(alena.store) for _ in range(5)]
    alena.synchronize()
    notebook.line.asked.clear()
    assert notebook.synchronize().refusal is None
    assert notebook.line.asked.count("/v1/sync/bodies") == 3
    assert [row.id for row in notebook.store.page(shelf=None, kind=None, before=None).rows] == documents[::-1]
    assert MOST_BODIES > 2  # what one request may ask for in truth


def test_nothing_is_asked_for_when_nothing_is_wanted(notebook: Computer, offer: str) -> None:
    notebook.synchronize()
    notebook.line.asked.clear()
    notebook.synchronize()
    assert (notebook.line.asked, notebook.store.document(offer) is not None) == (["/v1/sync/hello"], True)


def test_a_document_whose_form_is_not_here_is_listed_and_found(alena: Computer, notebook: Computer) -> None:
    eva = {"last_name": "Příhodová", "first_name": "Eva", "birth_date": "1991-05-12", "phone": "+420777123456"}
    document = alena.store.create_document(new_offer(answers={"policyholder": eva, "persons": []}))
    complete(alena.store, document)
    alena.synchronize()
    notebook.synchronize()
    (row,) = notebook.store.page(shelf=None, kind=None, before=None).rows
    assert (row.id, row.client_last_name, row.client_first_name) == (document, "Příhodová", "Eva")
    assert [each.id for each in notebook.store.search("prihod 777123").rows] == [document]
    assert [each.document for each in notebook.store.clients.search("prihod").rows] == [document]
    assert notebook.store.clients.faults() == []
