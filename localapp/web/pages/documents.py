"""Dokumenty: the list, its search and filters, and the actions on one document."""

import re
from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from localapp.domain.lifecycle import Action, Kind, Shelf, permitted, state
from localapp.store.edit import Edit
from localapp.store.failures import NotPermitted
from localapp.store.records import DocumentRecord, Page
from localapp.web import correcting, editing, listed_rows
from localapp.web.desk import Desk

PAGE_SIZE = 50
_FRAGMENT = "documents/_list.html"
_T = TypeVar("_T")


class _Asked:
    """The filter, the words and the place in the list that a request asks for. Anything else is a bad request."""

    def __init__(self) -> None:
        self.shelf = self._one_of("shelf", Shelf)
        self.kind = self._one_of("kind", Kind)
        self.q = request.form.get("q", "").strip()[:200]
        self.before = self._cursor()
        self.selected = request.values.get("selected", "")

    def _one_of(self, name: str, allowed: Callable[[str], _T]) -> _T | None:
        text = request.values.get(name, "")
        try:
            return allowed(text) if text else None
        except ValueError:
            raise BadRequest from None

    @staticmethod
    def _cursor() -> int | None:
        text = request.values.get("before", "")
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) < 16):
            raise BadRequest
        return int(text)


def make_blueprint(desk: Desk) -> Blueprint:
    """The list and the commands on one document."""
    blueprint = Blueprint("documents", __name__)
    blueprint.add_url_rule("/documents", "index", lambda: _index(desk))
    blueprint.add_url_rule("/documents/search", "search", lambda: _search(desk), methods=["POST"])
    blueprint.add_url_rule("/documents", "create", lambda: _create(desk), methods=["POST"])
    blueprint.add_url_rule("/documents/deleted", "deleted", lambda: _deleted(desk))
    blueprint.add_url_rule("/documents/<document>/toolbar", "toolbar", lambda document: _toolbar(desk, document))
    blueprint.add_url_rule(
        "/documents/<document>/copies", "copy", lambda document: _copy(desk, document), methods=["POST"]
    )
    blueprint.add_url_rule(
        "/documents/<document>/corrections", "correct", lambda document: _correct(desk, document), methods=["POST"]
    )
    blueprint.add_url_rule(
        "/documents/<document>/cancellation",
        "cancel",
        lambda document: _cancel(desk, document),
        methods=["GET", "POST"],
    )
    for name, address, command, said in _COMMANDS:
        view = _command(desk, command, said)
        blueprint.add_url_rule(f"/documents/<document>/{address}", name, view, methods=["POST"])
    return blueprint


def _found(desk: Desk, asked: _Asked) -> Page:
    if asked.q:
        return desk.store.search(
            sought(asked.q), shelf=asked.shelf, kind=asked.kind, before=asked.before, limit=PAGE_SIZE
        )
    return desk.store.page(shelf=asked.shelf, kind=asked.kind, before=asked.before, limit=PAGE_SIZE)


def sought(words: str) -> str:
    """A telephone number may be written in groups and with the country's code; the list knows it without."""
    digits = re.sub(r"\s", "", words)
    return digits.removeprefix("+420") if re.fullmatch(r"\+?\d{6,}", digits) else words


def _index(desk: Desk) -> str:
    return _list(desk, "documents/index.html")


def _search(desk: Desk) -> str:
    fragment = "HX-Request" in request.headers
    return _list(desk, _FRAGMENT if fragment else "documents/index.html")


def _list(desk: Desk, template: str) -> str:
    asked = _Asked()
    chosen = _record(desk, asked.selected) if asked.selected else None
    told = request.args.get("told", "")
    told = told if told in _TOLD else ""
    about = _record(desk, request.args.get("about", ""), deleted=True) if told else None
    found = _found(desk, asked)
    rows = listed_rows.written(found.rows, asked.shelf, asked.kind, chosen)
    counts = {} if asked.q and template == _FRAGMENT else desk.store.counts(asked.kind)  # what was found shows none
    return render_template(
        template, tab="documents", asked=asked, page=found, written_rows=rows, counts=counts,
        selected=chosen, may=permitted(chosen.facts) if chosen else frozenset(), Action=Action, shelves=list(Shelf),
        kinds=list(Kind), told=told, about=about,
    )  # fmt: skip


def _record(desk: Desk, document: str, *, deleted: bool = False) -> DocumentRecord | None:
    record = desk.store.document(document)
    return None if record is None or (record.facts.deleted_at and not deleted) else record


def _toolbar(desk: Desk, document: str) -> str:
    record = _record(desk, document)
    if record is None:
        raise NotFound
    return render_template("documents/_toolbar.html", selected=record, may=permitted(record.facts), Action=Action)


def _create(desk: Desk) -> Response:
    kind = request.form.get("kind")
    if kind not in {Kind.OFFER, Kind.ILLUSTRATION}:
        raise BadRequest
    return redirect(f"/documents/{editing.create_document(desk, Kind(kind))}", 303)


def _copy(desk: Desk, document: str) -> Response:
    copied = editing.copy_document(desk, document)
    if copied is None:
        raise NotFound
    return redirect(f"/documents?selected={copied}&told=copied&about={copied}", 303)


def _correct(desk: Desk, document: str) -> Response:
    """A document has one correction at a time; an edit that came too late is corrected where it is shown."""
    if any(each.document == document for each in desk.store.conflicts.open()):
        return redirect(f"/conflicts/{document}", 303)
    made = correcting.correct(desk, document)
    if made is None:
        raise NotFound
    return redirect(f"/documents?selected={made}&told=correcting&about={made}", 303)


def _deleted(desk: Desk) -> str:
    return render_template("documents/deleted.html", tab="documents", rows=desk.store.deleted())


def _cancel(desk: Desk, document: str) -> str | Response:
    """Stornovat can't be undone: a page asks first."""
    record = _record(desk, document)
    if record is None:
        raise NotFound
    if Action.CANCEL not in permitted(record.facts):
        raise NotPermitted(Action.CANCEL, state(record.facts))
    if request.method == "GET":
        return render_template("documents/cancel.html", tab="documents", record=record)
    editing.act(desk.store, document, lambda edit: edit.cancel())
    return redirect(f"/documents?selected={document}&told=cancelled&about={document}", 303)


def _command(desk: Desk, command: Callable[[Edit], None], said: str) -> Callable[[str], Response]:
    def view(document: str) -> Response:
        in_conflict = any(each.document == document and each.reason.is_edit for each in desk.store.conflicts.open())
        if said == "discarded" and in_conflict:  # where it is kept for a while
            return redirect(f"/conflicts/{document}/discard", 303)
        editing.act(desk.store, document, command)
        select = "" if said == "deleted" else f"selected={document}&"
        return redirect(f"/documents?{select}told={said}&about={document}", 303)

    return view


_TOLD = frozenset({"copied", "deleted", "restored", "discarded", "cancelled", "completed", "correcting"})

_COMMANDS: tuple[tuple[str, str, Callable[[Edit], None], str], ...] = (
    ("delete", "deletion", lambda edit: edit.delete(), "deleted"),
    ("restore", "restoration", lambda edit: edit.restore(), "restored"),
    ("discard", "discards", lambda edit: edit.discard(), "discarded"),
)
