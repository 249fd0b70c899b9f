"""Ranní hlášení: what went at night, what did not and why; told until it is read, and found again later."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from localapp import clock
from localapp.store.nights import Night, Stayed
from localapp.web.desk import Desk
from localapp.web.wording import day, t, time_of_day, told

_KNOWN = frozenset({"late", "left", "returned", "waits", "to_sign", "evaluation_pending", "later_revision"})
MOST_LISTED = 200


@dataclass(frozen=True)
class Told:
    """The sentence above a page. ``fine``: nothing stayed."""

    key: str
    text: str
    fine: bool


def make_blueprint(desk: Desk) -> Blueprint:
    """The reports and their reading."""
    blueprint = Blueprint("nights", __name__)
    blueprint.add_url_rule("/nights", "index", lambda: _index(desk))
    blueprint.add_url_rule("/nights/<key>", "one", lambda key: _one(desk, key))
    blueprint.add_url_rule("/nights/<key>/readings", "read", lambda key: _read(desk, key), methods=["POST"])
    return blueprint


def night_told(desk: Desk) -> Told | None:
    """What has not been read yet."""
    night = desk.store.delivery.unread_night()
    if night is None:
        return None
    return Told(night.key, sentence(night), not night.stayed)


def sentence(night: Night) -> str:
    """How many went and how many did not."""
    went = t("nights.went", count=len(night.went)) if night.went else t("nights.none_went")
    stayed = t("nights.stayed", count=len(night.stayed)) if night.stayed else t("nights.none_stayed")
    return f"{t('nights.export', day=day_of(night))} {went}, {stayed}."


def day_of(night: Night) -> str:
    """The day of the cut-off in Prague; a run by hand has its time too."""
    local = night.cutoff_at.astimezone(clock.PRAGUE)
    return day(local.date()) if _is_day(night.key) else f"{day(local.date())} {time_of_day(night.cutoff_at)}"


def _is_day(key: str) -> bool:
    try:
        return bool(date.fromisoformat(key)) and len(key) == len("2026-11-23")
    except ValueError:
        return False


def _index(desk: Desk) -> str:
    reports = desk.store.delivery.nights()
    return render_template("nights/index.html", tab="synchronization", nights=reports, sentence=sentence)


def _one(desk: Desk, key: str) -> str:
    night = desk.store.delivery.night(key)
    if night is None:
        raise NotFound
    shown = {each.document for each in night.went[:MOST_LISTED]} | {
        each.document for each in night.stayed[:MOST_LISTED]
    }
    records = {document: desk.store.document(document) for document in shown}
    return render_template(
        "nights/one.html", tab="synchronization", night=night, sentence=sentence(night), records=records,
        most=MOST_LISTED, why=why, day=day_of(night),
    )  # fmt: skip


def why(stayed: Stayed) -> str:
    """The reason in words; a code of a newer insurer is named."""
    known = stayed.reason if stayed.reason in _KNOWN else "other"
    reason = t(f"nights.why_{known}", code=stayed.reason)
    return f"{reason} {told(stayed.refusal)}" if stayed.refusal is not None else reason


def _read(desk: Desk, key: str) -> Response:
    desk.store.delivery.read_night(key)
    return redirect("/synchronization" if request.form.get("back") == "synchronization" else "/documents", 303)
