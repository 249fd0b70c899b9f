"""Czech or English: chosen once for the folder and known before the documents are unlocked, so it lies beside them.

The file ``language`` holds two letters and says nothing about anybody. Without it, or with anything else in it, the
language is Czech whatever the browser prefers.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from localapp import private_files

if TYPE_CHECKING:
    from localapp.web.desk import Desk

LANGUAGES = ("cs", "en")
FILE = "language"
ENDPOINTS = frozenset({"language.choose"})
_OWN_ADDRESS = re.compile(r"/(?!/)[\w/-]*", re.ASCII)


class ChosenLanguage:
    """The choice for one data folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._chosen = self._read()

    @property
    def now(self) -> str:
        """``cs`` or ``en``."""
        return self._chosen

    def choose(self, language: str) -> None:
        """Keep the choice. A folder that cannot be written to keeps it until the desk ends."""
        self._chosen = language
        try:
            private_files.replace(self._path, language.encode())
        except OSError:
            return

    def _read(self) -> str:
        try:
            found = private_files.read(self._path).decode("ascii", "replace").strip()
        except OSError:
            return LANGUAGES[0]
        return found if found in LANGUAGES else LANGUAGES[0]


def make_blueprint(desk: "Desk") -> Blueprint:
    """The switch on the pages before Nastavení can be reached."""
    blueprint = Blueprint("language", __name__)

    @blueprint.post("/language")
    def choose() -> Response:
        asked, back = request.form.get("language", ""), request.form.get("back", "")
        if asked not in LANGUAGES:
            raise BadRequest
        desk.language.choose(asked)
        return redirect(back if _OWN_ADDRESS.fullmatch(back) else "/", 303)

    return blueprint
