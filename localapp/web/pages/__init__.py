"""One module a page. ``register`` adds them all to the application."""

from flask import Flask, g

from localapp.web import presenting, wording
from localapp.web.desk import Desk
from localapp.web.pages import documents, information, offer, settings

CHOICES = {"language": wording.LANGUAGES, "theme": ("light", "dark"), "density": ("compact",)}


def register(app: Flask, desk: Desk) -> None:
    """Add the pages, the advisor's choice of language and look, and the words that templates use."""
    for module in (documents, offer, settings, information):
        app.register_blueprint(module.make_blueprint(desk))
    app.jinja_env.filters.update(
        czk=wording.czk, number=wording.number, years=wording.years, percent=wording.percent, day=wording.day,
        moment=wording.moment, time_of_day=wording.time_of_day, dom_id=presenting.dom_id,
        written=presenting.written, read_out=presenting.read_out, label_of=presenting.label_of,
    )  # fmt: skip

    @app.before_request
    def apply_choices() -> None:
        g.chosen = settings.chosen(desk) if desk.is_open else {}
        g.language = g.chosen.get("language") or "cs"

    @app.context_processor
    def look() -> dict[str, str | None]:
        found = g.get("chosen", {})
        return {"theme": found.get("theme"), "density": found.get("density")}
