"""Pages that tell: help and contacts, what the states mean."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from localapp.domain.lifecycle import State
from localapp.web.desk import Desk


def make_blueprint(_desk: Desk) -> Blueprint:
    """The pages; none of them changes anything."""
    blueprint = Blueprint("information", __name__)

    @blueprint.get("/help")
    def help_page() -> str:
        return render_template("help/index.html", tab="help")

    @blueprint.get("/help/states")
    def states() -> str:
        shown = [state for state in State if state is not State.DELETED]
        return render_template("help/states.html", tab="help", states=shown)

    @blueprint.get("/favicon.ico")
    def favicon() -> Response:
        return redirect("/static/mark.svg", 303)

    return blueprint
