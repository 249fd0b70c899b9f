"""One module a page. ``register`` adds them all to the application."""

from contextlib import suppress
from typing import Any

from flask import Flask, g

from localapp.domain.sync.activation import Step
from localapp.domain.written import with_unit
from localapp.store.failures import StoreFailure
from localapp.web import presenting, wording
from localapp.web.desk import Desk
from localapp.web.pages import (
    backups,
    clients,
    conflicts,
    connection,
    documents,
    history,
    information,
    key_settings,
    known,
    late,
    leaving,
    lock,
    lock_settings,
    nights,
    offer,
    printing,
    receipt,
    settings,
    steps,
    synchronization,
    tonight,
    unsent,
    values,
)
from localapp.web.status import status_line

_MODULES = (
    documents,
    clients,
    known,
    offer,
    steps,
    history,
    late,
    leaving,
    synchronization,
    tonight,
    nights,
    printing,
    receipt,
    unsent,
    values,
    conflicts,
    settings,
    backups,
    information,
    lock,
    lock_settings,
    key_settings,
    connection,
)


def register(app: Flask, desk: Desk) -> None:
    """Add the pages, the advisor's choice of language and look, and the words that templates use."""
    for module in _MODULES:
        app.register_blueprint(module.make_blueprint(desk))
    _set_up_words(app)
    _set_up_frame(app, desk)
    _set_up_look(app, desk)


def _set_up_words(app: Flask) -> None:
    app.jinja_env.filters.update(
        czk=wording.czk, number=wording.number, years=wording.years, percent=wording.percent, day=wording.day,
        moment=wording.moment, time_of_day=wording.time_of_day, dom_id=presenting.dom_id, told=wording.told,
        written=presenting.written, read_out=presenting.read_out, label_of=presenting.label_of, size=wording.size,
        said=wording.said, moment_alone=wording.moment_alone, moment_said=wording.moment_said,
        with_unit=with_unit, entry_of=presenting.entry_of, explained=presenting.explained,
    )  # fmt: skip
    app.jinja_env.globals.update(country_names=wording.country_names)


def _set_up_frame(app: Flask, desk: Desk) -> None:
    """What the frame of a whole page asks for; fragments never do."""
    app.jinja_env.globals.update(
        day_ruler=lambda: synchronization.ruler_of(desk),
        screen_lock=desk.screen_lock,
        lock_section=lambda: lock_settings.shown(desk),
        key_section=lambda: key_settings.shown(desk),
        status_line=lambda: status_line(desk),
        no_window=desk.no_window,
        leaving_count=lambda: len(leaving.announced(desk)),
        night_told=lambda: nights.night_told(desk),  # as above
        care_told=lambda: backups.care_told(desk),
        backup_state=lambda: backups.backup_state(desk),
    )


def _set_up_look(app: Flask, desk: Desk) -> None:
    @app.before_request
    def apply_choices() -> None:
        g.chosen = {}
        if desk.is_open:
            with suppress(StoreFailure):  # the look is nothing to fail for; what the page itself reads is told
                g.chosen = settings.chosen(desk)

    @app.context_processor
    def look() -> dict[str, Any]:
        found = g.get("chosen", {})
        in_activation = desk.is_open and g.get("step", Step.DONE) is not Step.DONE
        return {
            "theme": found.get("theme"),
            "density": found.get("density"),
            "shortcuts": found.get("shortcuts"),
            "bare_steps": in_activation,
        }
