"""Doklad says what is known of each step, over a whole day at the insurer's own endpoint, and nothing more."""

import json
from unittest import mock

from endpoint import counting
from localapp.domain.lifecycle import State
from localapp.sync.transport import Reply, checked
from tests.journeys.conftest import Advisor, Clock, Insurer
from tests.journeys.test_first_days import completed, state_of, surname
from tests.store.made_up import plant_fact
from tests.web.test_synchronization import in_english
from tests.web.test_unsent import refuse


def receipt(advisor: Advisor, document: str) -> str:
    return advisor.asking.get(f"/documents/{document}/receipt").text.replace("\u00a0", " ")


def grouped(digest: str) -> str:
    return " ".join(digest[start : start + 8] for start in range(0, 64, 8))


def test_a_day_of_an_offer_from_the_desk_into_the_batch(time: Clock, insurer: Insurer, alena: Advisor) -> None:
    time.set(23, 14, 2)
    document = completed(alena)
    text = receipt(alena, document)
    assert "<dd>23. 11. 2026 14:02</dd>" in text
    assert "Verze 1 na server zatím nedošla, čeká na synchronizaci." in text
    assert "Zatím ne. Nejprve musí dojít na server." in text
    time.set(23, 14, 30)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    text = receipt(alena, document)
    assert "23. 11. 2026 14:30 <span" in text
    assert "Zatím ne. Odejde verze, která je na serveru." in text
    assert "Odešle se dnes ve 21:00 (za 6 h 30 min)." in text
    time.set(23, 21, 1)
    insurer.endpoint.run_due_exports()
    assert "Měl odejít při minulém exportu, server to ještě nepotvrdil." in receipt(alena, document)
    alena.synchronize()
    text = receipt(alena, document)
    (line,) = (insurer.folder / "endpoint" / "exports" / "2026-11-23.jsonl").read_text(encoding="utf-8").splitlines()
    record = json.loads(line)
    assert f"<dd>{record['position']}</dd>" in text
    assert "<dd>2026-11-23</dd>" in text
    assert text.count(grouped(record["digest"])) == 3  # saved, on the server, exported: one and the same
    assert "23. 11. 2026 21:01" in text
    assert "další systémy pojišťovny, aplikace neví" in text


def test_a_change_that_came_too_late_leaves_the_receipt_of_what_went(
    time: Clock, insurer: Insurer, alena: Advisor
) -> None:
    document = completed(alena)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    surname(alena, document, "Nováková")
    assert "Od 23. 11. 2026 9:00 je rozpracovaná další změna" in receipt(alena, document)
    assert alena.asking.post(f"/documents/{document}/completion", {}, fragments=False).status == 303
    text = receipt(alena, document)
    assert "Všechny dokončené verze" in text
    assert "Odejde verze dokončená 23. 11. 2026 9:00, pozdější změna ne." in text
    time.set(23, 21, 1)
    insurer.endpoint.run_due_exports()
    alena.synchronize()
    line = json.loads((insurer.folder / "endpoint" / "exports" / "2026-11-23.jsonl").read_text(encoding="utf-8"))
    text = receipt(alena, document)
    assert grouped(line["digest"]) in text
    assert "Exportována" in text
    assert line["revision"] == 1


def test_a_draft_and_a_document_that_was_not_taken_say_so(alena: Advisor) -> None:
    draft = alena.asking.post("/documents", {"kind": "offer"}, fragments=False).location.rpartition("/")[2]
    assert "Dokument ještě nebyl dokončen, nikam neodchází." in receipt(alena, draft)
    document = completed(alena)
    refuse(alena, size="9", limit="8")
    text = receipt(alena, document)
    assert "Verzi 1 server 23. 11. 2026 9:00 nepřijal. Dokument má 9 bajtů" in text
    assert "Dokument je vrácen k opravě a bez ní neodejde." in text


def test_a_cancelled_document_says_that_it_does_not_go(alena: Advisor) -> None:
    document = completed(alena)
    assert alena.asking.post(f"/documents/{document}/cancellation", {}, fragments=False).status == 303
    assert "Neodejde, dokument byl 23. 11. 2026 9:00 stornován." in receipt(alena, document)


def test_the_toolbar_leads_to_it_and_it_is_there_in_english(alena: Advisor) -> None:
    document = completed(alena)
    assert f'href="/documents/{document}/receipt"' in alena.asking.get(f"/documents/{document}/toolbar").text
    in_english(alena)
    assert "It has to reach the server first." in receipt(alena, document)
    assert alena.asking.get("/documents/of-another-world/receipt").status == 404


def check(advisor: Advisor, document: str) -> str:
    """Ověřit stav, and the page that comes of it."""
    answer = advisor.asking.post(f"/documents/{document}/receipt", {}, fragments=False)
    assert answer.status == 200
    return answer.text.replace("\u00a0", " ")


def test_a_check_brings_the_state_of_this_document_without_a_synchronization(
    time: Clock, insurer: Insurer, alena: Advisor
) -> None:
    document, other = completed(alena), completed(alena)
    assert "server tento dokument nemá" in check(alena, document)
    alena.synchronize()
    insurer.endpoint.evaluate_waiting()
    time.set(23, 21, 1)
    insurer.endpoint.run_due_exports()
    alena.line.asked.clear()
    text = check(alena, document)
    assert "Ověřeno u pojišťovny 23. 11. 2026 21:01: tento doklad odpovídá tomu, co má server." in text
    assert "<dd>2026-11-23</dd>" in text
    assert state_of(alena, document) is State.EXPORTED
    assert state_of(alena, other) is State.BACKED_UP
    assert alena.line.asked == ["/v1/sync/hello", f"/v1/documents/{document}/state"]
    alena.synchronize()
    assert [state_of(alena, each) for each in (document, other)] == [State.EXPORTED] * 2


def test_a_check_without_a_network_says_so_and_changes_nothing(alena: Advisor) -> None:
    document = completed(alena)
    before = alena.desk.store.delivery.receipt(document)
    alena.line.cut = True
    assert "Server SmartClient není dostupný" in check(alena, document)
    assert alena.desk.store.delivery.receipt(document) == before


def test_an_endpoint_that_wants_to_be_left_alone_is_not_asked(alena: Advisor) -> None:
    document = completed(alena)

    def busy(*_: object) -> Reply:
        return checked(503, {"SmartClient-Endpoint": "1", "Retry-After": "120"}, b"{}")

    with mock.patch.object(alena.line, "ask", side_effect=busy) as asked:
        assert "nejpozději za 2 min" in check(alena, document)
        assert "nejpozději za 2 min" in check(alena, document)
    assert asked.call_count == 1


def test_after_the_insurer_was_restored_a_synchronization_comes_first(alena: Advisor, insurer: Insurer) -> None:
    document = completed(alena)
    alena.synchronize()
    with insurer.endpoint.parts.database.write() as connection:
        counting.begin_stream(connection)
    assert "nejprve musí doběhnout synchronizace" in check(alena, document)


def test_a_version_that_another_computer_sent_and_that_has_not_come_yet_is_not_told_as_never_completed(
    alena: Advisor,
) -> None:
    draft = alena.asking.post("/documents", {"kind": "offer"}, fragments=False).location.rpartition("/")[2]
    plant_fact(alena.desk.store, draft, "backed_up")
    text = receipt(alena, draft)
    assert "Dokončená verze v tomto počítači není, server ji má z jiného." in text
    assert "nikam neodchází" not in text
