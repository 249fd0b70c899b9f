"""The quiet indicator says in words how it stands, exactly as the outbox and the last synchronization have it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask, g

from localapp import clock
from localapp.domain.sync.messages import Refusal
from localapp.store.delivery import Overview
from localapp.store.runs import SyncRun
from localapp.store.unsent import Open
from localapp.sync.progress import Standing
from localapp.web.status import SELDOM, SOON, indicator
from tests.journeys.conftest import Advisor, Clock
from tests.journeys.test_first_days import completed
from tests.web.test_synchronization import answered

NOW = datetime(2026, 11, 25, 15, tzinfo=clock.PRAGUE)
WENT = NOW.replace(hour=14, minute=2)
FINE = Overview(None, SyncRun("schedule", WENT, WENT, None, 0, 0), WENT, 0, Open(0, 0))
IDLE, PUSHING = Standing(), Standing(running=True, phase="push")


def failed(code: str) -> SyncRun:
    return SyncRun("schedule", NOW, NOW, Refusal(code, {}), 0, 0)


@pytest.mark.parametrize(
    ("found", "standing", "czech", "english", "icon"),
    [
        (FINE, IDLE, "Vše odesláno ve 14:02", "All sent at 14:02", "ok"),
        (replace(FINE, went_at=WENT - timedelta(days=1)), IDLE,
         "Vše odesláno včera ve 14:02", "All sent yesterday at 14:02", "ok"),
        (replace(FINE, last=None, went_at=None), IDLE, "Zatím nesynchronizováno", "Not synchronized yet", "ok"),
        (replace(FINE, open=Open(1, 0)), IDLE, "1 dokument čeká", "1 document waiting", "clock"),
        (replace(FINE, open=Open(2, 0)), IDLE, "2 dokumenty čekají", "2 documents waiting", "clock"),
        (replace(FINE, open=Open(5, 0)), IDLE, "5 dokumentů čeká", "5 documents waiting", "clock"),
        (replace(FINE, open=Open(3, 0)), PUSHING, "Odesílá se 1 ze 3", "Sending 1 of 3", "sync"),
        (replace(FINE, open=Open(2, 0)), replace(PUSHING, sent=3), "Odesílá se 4 z 5", "Sending 4 of 5", "sync"),
        (FINE, PUSHING, "Vše odesláno ve 14:02", "All sent at 14:02", "ok"),
        (replace(FINE, open=Open(1, 0)), Standing(running=True, phase="hello"),
         "1 dokument čeká", "1 document waiting", "clock"),
        (replace(FINE, last=failed("endpoint_unreachable"), open=Open(3, 0)), IDLE,
         "Bez spojení, 3 dokumenty čekají", "No connection, 3 documents waiting", "offline"),
        (replace(FINE, last=failed("endpoint_unreachable")), IDLE,
         "Bez spojení, vše odesláno ve 14:02", "No connection, all sent at 14:02", "offline"),
        (replace(FINE, last=failed("installation_blocked"), open=Open(1, 0)), IDLE,
         "Synchronizace se nedaří, 1 dokument čeká", "Synchronization fails, 1 document waiting", "offline"),
        (replace(FINE, last=failed("component_golden_failed")), IDLE,
         "Vše odesláno ve 14:02", "All sent at 14:02", "ok"),
        (replace(FINE, open=Open(0, 1)), IDLE, "1 dokument server nepřijal",
         "1 document not taken by the server", "warn"),
        (replace(FINE, open=Open(2, 5)), IDLE, "5 dokumentů server nepřijal, 2 čekají",
         "5 documents not taken by the server, 2 waiting", "warn"),
    ],
)  # fmt: skip
def test_each_condition_has_its_sentence(
    app: Flask, found: Overview, standing: Standing, czech: str, english: str, icon: str
) -> None:
    with app.test_request_context(), clock.moved_to(NOW):
        shown = indicator(found, standing)
        assert shown.text.replace("\u00a0", " ") == czech
        assert (shown.icon, shown.urgent) == (icon, bool(found.open.refused))
        assert shown.every == (SOON if icon == "sync" else SELDOM)
        g.language = "en"
        assert indicator(found, standing).text.replace("\u00a0", " ") == english


def shown_to(advisor: Advisor) -> str:
    return advisor.asking.get("/delivery").text.replace("\u00a0", " ")


def test_every_page_has_it_and_a_page_that_shows_it_already_is_answered_with_nothing(alena: Advisor) -> None:
    for place in ("/documents", "/synchronization", "/settings", "/help", "/conflicts"):
        assert 'hx-get="/delivery?seen=' in alena.asking.get(place).text
    first = shown_to(alena)
    seen = first.partition("seen=")[2][:8]
    assert alena.asking.get(f"/delivery?seen={seen}").status == 204
    completed(alena)
    assert alena.asking.get(f"/delivery?seen={seen}").status == 200


def test_it_follows_a_document_from_the_desk_to_the_insurer(time: Clock, alena: Advisor) -> None:
    assert "Vše odesláno v 9:00" in shown_to(alena)
    completed(alena)
    assert "1 dokument čeká" in shown_to(alena)
    alena.line.cut = True
    alena.synchronize()
    assert "Bez spojení, 1 dokument čeká" in shown_to(alena)
    alena.line.cut = False
    time.pass_by(minutes=30)
    alena.synchronize()
    assert "Vše odesláno v 9:30" in shown_to(alena)


def test_it_asks_for_nobody_to_be_there(alena: Advisor) -> None:
    alena.desk.screen_lock._last = -1.0
    alena.asking.get("/delivery")
    assert alena.desk.screen_lock._last == -1.0
    alena.asking.get("/documents")
    assert alena.desk.screen_lock._last != -1.0


def test_what_was_not_taken_is_never_all_sent(time: Clock, alena: Advisor) -> None:
    completed(alena)
    answered(alena, "rejected", "too_large")
    alena.synchronize()
    time.pass_by(days=60)
    assert "1 dokument server nepřijal" in shown_to(alena)
