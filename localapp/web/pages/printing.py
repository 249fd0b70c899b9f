"""Zobrazit: the pages of a document's print as pictures, and its PDF. Both are made when asked for and kept nowhere."""

import base64
import re

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from localapp.output.blocks import Printout
from localapp.output.typesetter import Typesetter
from localapp.store.records import DocumentRecord
from localapp.web.desk import Desk
from localapp.web.printing import printed

_DRAFT = "draft"


def make_blueprint(desk: Desk) -> Blueprint:
    """The preview, its pages, and the PDF."""
    blueprint = Blueprint("printing", __name__, url_prefix="/documents/<document>")
    pages = _Pages(desk)
    blueprint.add_url_rule("/preview", "preview", pages.preview)
    blueprint.add_url_rule("/preview/pages", "pages", pages.pages)
    blueprint.add_url_rule("/pdf", "pdf", pages.pdf)
    return blueprint


class _Pages:
    """The views. ``?version=draft`` asks for the working copy over a completed revision."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.typesetter = Typesetter()

    def preview(self, document: str) -> str:
        """The frame around the pictures, at once; they follow. ``?pages`` waits for them, for who has no scripts."""
        record = self._record(document)
        pictures = self._pictures(document) if "pages" in request.args else None
        return render_template(
            "printing/index.html", tab="documents", record=record, draft=_asks_for_draft(), pictures=pictures
        )

    def pages(self, document: str) -> str:
        """The pictures."""
        return render_template("printing/_pages.html", pictures=self._pictures(document))

    def pdf(self, document: str) -> Response:
        """The PDF, to be read in the browser or, with ``?save``, to be saved."""
        found = self._printed(document)
        response = Response(self.typesetter.pdf(found), mimetype="application/pdf")
        way = "attachment" if "save" in request.args else "inline"
        response.headers["Content-Disposition"] = f'{way}; filename="{file_name(found)}"'
        return response

    def _pictures(self, document: str) -> list[str]:
        return [base64.b64encode(page).decode("ascii") for page in self.typesetter.pages(self._printed(document))]

    def _printed(self, document: str) -> Printout:
        found = printed(self.desk, document, draft=_asks_for_draft())
        if found is None:
            raise NotFound
        return found

    def _record(self, document: str) -> DocumentRecord:
        record = self.desk.store.document(document)
        if record is None or record.facts.deleted_at:
            raise NotFound
        return record


def _asks_for_draft() -> bool:
    return request.args.get("version") == _DRAFT


def file_name(found: Printout) -> str:
    """The document's number, in plain letters: no name of a client lies in a folder of downloads."""
    plain = re.sub(r"[^A-Za-z0-9-]", "", found.number) if re.match(r"[A-Z]\d", found.number) else ""
    return f"{plain or 'SmartClient'}.pdf"
