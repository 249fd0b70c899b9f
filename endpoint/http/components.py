"""The component repository as files, looked up part by part and never joined from what was asked. With ranges."""

import stat
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, send_file

from endpoint.parts import Parts
from endpoint.refusal import RequestRefused


def components(parts: Parts) -> Blueprint:
    """The routes under ``/components``."""
    routes = Blueprint("components", __name__, url_prefix="/components")

    @routes.get("/metadata/<name>")
    def metadata(name: str) -> Response:
        return _send(look_up(parts.layout.components / "metadata", name))

    @routes.get("/targets/<path:name>")
    def target(name: str) -> Response:
        return _send(look_up(parts.layout.components / "targets", name))

    return routes


def look_up(folder: Path, name: str) -> Path:
    """The plain file of that name below the folder, found among the folder's own entries.

    Raises RequestRefused (404) for anything else: a link, a folder, a hidden file, a way out.
    """
    found = folder
    for part in name.split("/"):
        entries = {each.name: each for each in found.iterdir()} if _is(found, stat.S_ISDIR) else {}
        if part.startswith(".") or part not in entries:
            raise RequestRefused("malformed", status=404, reason="address")
        found = entries[part]
    if not _is(found, stat.S_ISREG):
        raise RequestRefused("malformed", status=404, reason="address")
    return found


def _is(path: Path, kind: Callable[[int], bool]) -> bool:
    try:
        return kind(path.lstat().st_mode)
    except OSError:
        return False


def _send(path: Path) -> Response:
    return send_file(path, mimetype="application/octet-stream", conditional=True, max_age=0)
