"""Klienti: everybody whom the documents name, found by a few letters; one client with all documents.

What is searched for and who was found travel in the body of a request only; an address holds a random id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from localapp import clock
from localapp.domain import written
from localapp.domain.clients import CONTACTS, NAMES, Facts, next_birthday
from localapp.domain.czech_order import sort_key
from localapp.domain.lifecycle import Kind, state
from localapp.store.clients import Client, ClientPage, Entry
from localapp.web import known, wording
from localapp.web.desk import Desk
from localapp.web.pages.documents import sought

_BEGUN = (Kind.OFFER, Kind.ILLUSTRATION)
_COMPARED = (*NAMES, "birth_number", "birth_date", *CONTACTS)


@dataclass(frozen=True)
class Other:
    """What an earlier document says otherwise."""

    fact: str
    value: str
    entry: Entry


def make_blueprint(desk: Desk) -> Blueprint:
    """The list of clients and the page of one."""
    blueprint = Blueprint("clients", __name__)
    blueprint.add_url_rule("/clients", "index", lambda: _index(desk))
    blueprint.add_url_rule("/clients/search", "search", lambda: _search(desk), methods=["POST"])
    blueprint.add_url_rule("/clients/<client>", "one", lambda client: _one(desk, client))
    blueprint.add_url_rule(
        "/clients/<client>/documents", "begin", lambda client: _begin(desk, client), methods=["POST"]
    )
    return blueprint


def _index(desk: Desk) -> str:
    after = request.args.get("after", "")[:40]
    page = desk.store.clients.page(after or None)
    count = desk.store.clients.count()
    return _render("clients/index.html", page=page, q="", count=count, after=after, is_cut=False)


def _search(desk: Desk) -> str:
    """Like the search of documents: the fragment for a page that listens, the whole page without scripts."""
    q = request.form.get("q", "").strip()[:200]
    template = "clients/_list.html" if "HX-Request" in request.headers else "clients/index.html"
    if not q:
        clients = desk.store.clients
        return _render(template, page=clients.page(), q="", count=clients.count(), after="", is_cut=False)
    found = desk.store.clients.search(sought(q))
    rows = sorted(found.rows, key=_place)
    return _render(template, page=ClientPage(rows, None), q=q, count=len(rows), after="", is_cut=found.is_cut)


def _place(client: Client) -> str:
    return sort_key(*(str(client.facts.get(name, "")) for name in NAMES[:2]))


def _render(template: str, **shown: object) -> str:
    return render_template(template, tab="documents", fact=fact_written, **shown)


def _one(desk: Desk, client: str) -> str:
    clients = desk.store.clients
    found = clients.find(client)
    if found is None:
        raise NotFound
    before = request.args.get("before", "")
    if before and not (before.isascii() and before.isdecimal() and len(before) < 16):
        raise BadRequest
    born = str(found.facts.get("birth_date", ""))
    return _render(
        "clients/one.html",
        client=found,
        name=full_name(found.facts),
        birthday=next_birthday(born, clock.today()),
        age=_age(born),
        others=differing(found.facts, clients.entries(client)),
        documents=clients.documents(client, int(before) if before else None),
        before=before,
        state=state,
    )


def _begin(desk: Desk, client: str) -> Response:
    """A new document with the client as the policyholder."""
    kind = next((each for each in _BEGUN if each == request.form.get("kind")), None)
    if kind is None:
        raise BadRequest
    made = known.start_document(desk, kind, client)
    if made is None:
        raise NotFound
    return redirect(f"/documents/{made}", 303)


def full_name(facts: Facts) -> str:
    """As in a sentence: title, first name, surname."""
    return " ".join(str(facts[name]) for name in ("title", "first_name", "last_name") if facts.get(name))


def fact_written(facts: Facts, name: str) -> str:
    """A fact as people write it; empty where it is not known."""
    value = facts.get(name)
    if value is None:
        return ""
    if name == "birth_date":
        return wording.day(str(value))
    return written.phone(str(value)) if name == "phone" else str(value)


def differing(card: Facts, entries: Sequence[Entry]) -> list[Other]:
    """What documents say otherwise than the card, each value once, of the newest document that says it."""
    seen = {(name, str(card.get(name, ""))) for name in _COMPARED}
    found = []
    for entry in entries:
        for name in _COMPARED:
            value = str(entry.facts.get(name, ""))
            if value and (name, value) not in seen:
                seen.add((name, value))
                found.append(Other(name, fact_written(entry.facts, name), entry))
    return sorted(found, key=lambda other: _COMPARED.index(other.fact))


def _age(born: str) -> int | None:
    coming = next_birthday(born, clock.today())
    if coming is None:
        return None
    on, age = coming
    return age if on == clock.today() or date.fromisoformat(born) > clock.today() else age - 1
