"""What the first document of a run would have to wait for: done once the first page is on the screen."""

import logging

from flask import Flask

from localapp import clock
from localapp.domain.canonical import Pinned
from localapp.domain.forms.editing import empty_answers
from localapp.web.desk import Desk

DOCUMENT_TEMPLATES = "offer/"
_LOG = logging.getLogger("smartclient.warming")


def warm(app: Flask, desk: Desk) -> None:
    """Load forms, libraries and the templates of a document. What fails here is told when somebody asks for it."""
    try:
        for form in desk.calculations.forms.all():
            library = desk.calculations.calculator_for(form).library
            assessor = desk.calculations.assessor(form.pinned, Pinned(library.name, library.version))
            assessor.assess(empty_answers(form.definition, clock.today()), clock.today())
        for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(DOCUMENT_TEMPLATES)):
            app.jinja_env.get_template(name)
    except Exception as failure:  # noqa: BLE001 - nobody has asked for this yet
        _LOG.warning("not ready beforehand: %s", type(failure).__name__)
