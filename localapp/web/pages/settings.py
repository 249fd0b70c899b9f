"""Nastavení: activation and user data, linking of further computers, language, look and keys, what is installed."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from localapp.store.enrolments import Enrolment
from localapp.sync.conversation import Refused
from localapp.sync.linking import enter_code, make_code
from localapp.sync.transport import TransportFailed
from localapp.web.desk import Desk
from localapp.web.language import LANGUAGES
from localapp.web.wording import told

CHOICES = {"language": LANGUAGES, "theme": ("", "light", "dark"), "density": ("", "compact"), "shortcuts": ("", "off")}

Page = str | Response | tuple[str, int]


def chosen(desk: Desk) -> dict[str, str]:
    """What the advisor has chosen; an empty text is the system's own."""
    found = desk.store.settings("look.")
    return {name: found.get(f"look.{name}", "") for name in CHOICES} | {"language": desk.language.now}


def make_blueprint(desk: Desk) -> Blueprint:
    """The page and its commands."""
    blueprint = Blueprint("settings", __name__)
    blueprint.add_url_rule("/settings", "index", lambda: show(desk))
    blueprint.add_url_rule("/settings/look", "save_look", lambda: _save_look(desk), methods=["POST"])
    blueprint.add_url_rule("/settings/link-codes", "make_code", lambda: _make_code(desk), methods=["POST"])
    blueprint.add_url_rule("/settings/links", "link", lambda: _link(desk), methods=["POST"])
    return blueprint


def show(desk: Desk, *, code: str = "", code_problem: str = "", link_problem: str = "", refused: bool = False) -> Page:
    """The page; ``refused`` when a form of one of its other sections was."""
    libraries = [each.library for each in desk.calculations.calculators.values()]
    body = render_template(
        "settings/index.html", tab="settings", choices=CHOICES, chosen=chosen(desk), libraries=libraries,
        forms=desk.calculations.forms.all(), data_dir=desk.data_dir, done=request.args.get("done", ""),
        enrolment=desk.store.sync.enrolment(), link_code=code, code_problem=code_problem, link_problem=link_problem,
    )  # fmt: skip
    return body, 422 if code_problem or link_problem or refused else 200


def _save_look(desk: Desk) -> Response:
    for name, allowed in CHOICES.items():
        value = request.form.get(name)
        if value is not None:
            if value not in allowed:
                raise BadRequest
            _choose(desk, name, value)
    return redirect("/settings?done=saved", 303)


def _choose(desk: Desk, name: str, value: str) -> None:
    if name == "language":
        desk.language.choose(value)
    else:
        desk.store.set_setting(f"look.{name}", value)


def _make_code(desk: Desk) -> Page:
    """A one-time code for a further computer; it is shown once and kept nowhere."""
    enrolment = _enrolled(desk)
    try:
        code, _ = make_code(desk.store.sync, desk.transport(), enrolment)
    except (Refused, TransportFailed) as failure:
        return show(desk, code_problem=told(failure.refusal))
    return show(desk, code=code)


def _link(desk: Desk) -> Page:
    """Link this computer with the code of a linked one."""
    enrolment = _enrolled(desk)
    try:
        enter_code(desk.store.sync, desk.transport(), enrolment, request.form.get("code", ""))
    except (Refused, TransportFailed) as failure:
        return show(desk, link_problem=told(failure.refusal))
    desk.synchronizer.start("linked")
    return redirect("/settings?done=linked", 303)


def _enrolled(desk: Desk) -> Enrolment:
    enrolment = desk.store.sync.enrolment()
    if enrolment is None:
        raise BadRequest
    return enrolment
