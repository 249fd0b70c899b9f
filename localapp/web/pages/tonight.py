"""Co odejde dnes: what goes with the next export, what does not and why, and how much time is left."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, render_template, request

from localapp import clock
from localapp.domain.cutoff import PRAGUE
from localapp.domain.tonight import GOING, STAYING, Fate, LastExport
from localapp.store.tonight import Evening, Tonight
from localapp.web.desk import Desk
from localapp.web.ruler import in_words
from localapp.web.wording import day, t, time_of_day

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Countdown:
    """``sentence`` says when the next export is and how far off; ``certain``: by the server's clock, heard today."""

    sentence: str
    left: str
    certain: bool


def make_blueprint(desk: Desk) -> Blueprint:
    """The page, and its body for a page that asks by itself."""
    blueprint = Blueprint("tonight", __name__)
    blueprint.add_url_rule("/tonight", "index", lambda: _index(desk))
    blueprint.add_url_rule("/tonight/body", "body", lambda: _body(desk))
    return blueprint


def evening_of(desk: Desk) -> Evening:
    """How it stands now, by the server's clock."""
    return desk.store.delivery.evening(_last_export(desk))


def fate_of(desk: Desk, document: str) -> Tonight | None:
    """The same of one document."""
    return desk.store.delivery.fate(document, _last_export(desk))


def countdown_of(desk: Desk) -> Countdown:
    """The countdown to the next export."""
    server = desk.store.sync.server_clock
    return countdown(server.now(), server.cutoff(), certain=server.is_heard)


def _last_export(desk: Desk) -> LastExport:
    server, went_at = desk.store.sync.server_clock, desk.store.delivery.overview().went_at
    heard_at = None if went_at is None else server.now() - (clock.now() - went_at)
    return LastExport(server.cutoff() - DAY, heard_at)


def countdown(now: datetime, cutoff: datetime, *, certain: bool) -> Countdown:
    """The sentence of the design: ``odešle se dnes ve 21:00 (za 24 min)``."""
    left = in_words(cutoff - now)
    days = (cutoff.astimezone(PRAGUE).date() - now.astimezone(PRAGUE).date()).days
    name = {0: "today", 1: "tomorrow"}.get(days)
    when = t(f"tonight.{name}") if name else day(cutoff.astimezone(PRAGUE).date())
    return Countdown(t("tonight.countdown", day=when, time=time_of_day(cutoff), left=left), left, certain)


def _facts(desk: Desk) -> dict[str, object]:
    return {
        "evening": evening_of(desk),
        "going": GOING,
        "staying": STAYING,
        "Fate": Fate,
        "countdown": countdown_of(desk),
        "seen": _seen(desk),
    }


def _seen(desk: Desk) -> str:
    """Names what the page shows: what the store holds, and the minutes that are left."""
    server = desk.store.sync.server_clock
    minutes = (server.cutoff() - server.now()) // timedelta(minutes=1)
    return f"{desk.store.delivery.version}-{minutes}-{server.is_heard:d}"


def _index(desk: Desk) -> str:
    return render_template("tonight/index.html", tab="synchronization", **_facts(desk))


def _body(desk: Desk) -> Response | str:
    if request.args.get("seen") == _seen(desk):
        return Response(status=204)
    return render_template("tonight/_body.html", **_facts(desk))
