"""Nastavení: language and look, the data folder, what is installed."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from localapp.web.desk import Desk

CHOICES = {"language": ("cs", "en"), "theme": ("", "light", "dark"), "density": ("", "compact")}


def chosen(desk: Desk) -> dict[str, str]:
    """What the advisor has chosen; an empty text is the system's own."""
    return {name: desk.store.setting(f"look.{name}") or "" for name in CHOICES}


def make_blueprint(desk: Desk) -> Blueprint:
    """The page and its one command."""
    blueprint = Blueprint("settings", __name__)

    @blueprint.get("/settings")
    def index() -> str:
        libraries = [each.library for each in desk.calculations.calculators.values()]
        forms = desk.calculations.forms.all()
        return render_template(
            "settings/index.html", tab="settings", choices=CHOICES, chosen=chosen(desk),
            libraries=libraries, forms=forms, data_dir=desk.data_dir, saved="saved" in request.args,
        )  # fmt: skip

    @blueprint.post("/settings/look")
    def save_look() -> Response:
        for name, allowed in CHOICES.items():
            value = request.form.get(name)
            if value is not None:
                if value not in allowed:
                    raise BadRequest
                desk.store.set_setting(f"look.{name}", value)
        return redirect("/settings?saved=1", 303)

    return blueprint
