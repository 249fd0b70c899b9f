"""From a print to bytes, by typst, in memory: nothing is written to a disk, and nothing is fetched.

Typing never becomes markup: the template is a file of the program, and all text reaches it as JSON. While typst works,
the interpreter's lock is free, so that other pages are answered meanwhile. Reasons: docs/adr/0019.
"""

import hashlib
import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from localapp import paths
from localapp.output.blocks import Printout
from localapp.output.failures import PrintFailed
from localapp.output.letters import MISSING, Letters
from localapp.output.words import word

STANDARDS = ("a-3a", "ua-1")
TEMPLATE = "document.typ"
FONT = "SmartClientSans-Regular.ttf"
DENSITY = 110.0  # pixels per inch of a page as a picture: sharp at the width of the preview


def folder() -> Path:
    """Where the template lies; it can read nothing outside."""
    return paths.root() / "templates" / "print"


def fonts() -> Path:
    """Where the fonts lie, the only ones that a print uses."""
    return paths.root() / "static" / "fonts"


@cache
def template_digest() -> str:
    """The SHA-256 of the template."""
    return hashlib.sha256((folder() / TEMPLATE).read_bytes()).hexdigest()


class Typesetter:
    """Typesets one print at a time. Thread-safe. typst is loaded with the first one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._compiler: Any = None
        self._letters: Letters | None = None

    def pdf(self, printed: Printout) -> bytes:
        """The print as PDF/A-3a and PDF/UA-1 in one file: the same bytes for the same print."""
        at = datetime.fromtimestamp(printed.moment, UTC)
        found = self._compile(printed, format="pdf", pdf_standards=list(STANDARDS), timestamp=at)
        assert isinstance(found, bytes)  # noqa: S101 - typst's own promise for one file
        return found

    def pages(self, printed: Printout) -> list[bytes]:
        """The pages of the print as PNG pictures."""
        found = self._compile(printed, format="png", ppi=DENSITY)
        return [found] if isinstance(found, bytes) else list(found)

    def _compile(self, printed: Printout, **how: object) -> bytes | list[bytes]:
        with self._lock:
            compiler, letters = self._ready()
            inputs = {"print": self._data(printed, letters)}
            try:
                found: bytes | list[bytes] = compiler.compile(input=str(folder() / TEMPLATE), sys_inputs=inputs, **how)
            except RuntimeError as error:  # typst's own are of this class
                raise PrintFailed(str(error)) from None
            else:
                return found
            finally:
                compiler.compile(input=b"", sys_inputs=None)  # lets go of the client's data

    def _ready(self) -> tuple[Any, Letters]:
        if self._compiler is None or self._letters is None:
            try:
                import typst  # noqa: PLC0415 - a heavy import that only a print needs
            except ImportError:
                raise PrintFailed("typst is not installed") from None

            found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts())])
            nowhere = str(folder() / "no-packages")  # a template that asks for one fails, with a network too
            self._compiler = typst.Compiler(
                root=str(folder()), font_paths=found, package_path=nowhere, package_cache_path=nowhere
            )
            self._letters = Letters(fonts() / FONT)
        return self._compiler, self._letters

    @staticmethod
    def _data(printed: Printout, letters: Letters) -> str:
        content = _plain(asdict(printed), printed)
        attached = content.pop("attached")  # files keep every letter
        shown = _printable(content, letters)
        note = word("replaced", printed.lang) if MISSING in json.dumps(shown, ensure_ascii=False) else ""
        return json.dumps({**shown, "attached": attached, "replaced": note}, ensure_ascii=False)


def _plain(content: dict[str, Any], printed: Printout) -> dict[str, Any]:
    """Each block with its kind, which tells the template how to set it."""
    for part, made in zip(content["parts"], printed.parts, strict=True):
        for block, of in zip(part["blocks"], made.blocks, strict=True):
            block["kind"] = of.kind
    return content


def _printable(found: Any, letters: Letters) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(found, str):
        return letters.printable(found)
    if isinstance(found, dict):
        return {name: part if name == "svg" else _printable(part, letters) for name, part in found.items()}
    return [_printable(part, letters) for part in found] if isinstance(found, (list, tuple)) else found
