"""The pages of an offer: one section a page, every change saved and judged at once, only what changed swapped."""

import re
from collections.abc import Callable, Iterable

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from localapp import clock
from localapp.domain.fields.parsed import Value
from localapp.domain.forms import editing as rules
from localapp.domain.forms.answers import UnknownPath
from localapp.domain.forms.definition import Group, Section
from localapp.domain.forms.editing import Changed, RowLimit
from localapp.domain.forms.reading import options_of
from localapp.domain.forms.remedies import carry_out
from localapp.web import editing, naming
from localapp.web.correcting import ties_of
from localapp.web.desk import Desk
from localapp.web.editing import Done, Opened
from localapp.web.fragments import fragments
from localapp.web.known import Filling
from localapp.web.late_edits import to_ask_about
from localapp.web.leaving_behind import lacking
from localapp.web.moving import moved_in_words
from localapp.web.pages import late
from localapp.web.presenting import section_of
from localapp.web.sections import SectionPage

How = Callable[[Opened], Changed]
_PREFILLED = "prefilled"


def make_blueprint(desk: Desk) -> Blueprint:
    """The pages and commands of one document's form."""
    blueprint = Blueprint("offer", __name__, url_prefix="/documents/<document>")
    pages = _Pages(desk)
    section = "/sections/<section>"
    blueprint.add_url_rule("", "start", pages.start)
    blueprint.add_url_rule(section, "section", pages.section)
    blueprint.add_url_rule(section, "change", pages.change, methods=["POST"])
    blueprint.add_url_rule(f"{section}/rows", "add_row", pages.add_row, methods=["POST"])
    blueprint.add_url_rule(f"{section}/removals", "remove_row", pages.remove_row, methods=["POST"])
    blueprint.add_url_rule(f"{section}/restorations", "restore_row", pages.restore_row, methods=["POST"])
    blueprint.add_url_rule(f"{section}/shares", "split", pages.split, methods=["POST"])
    blueprint.add_url_rule(f"{section}/filling", "fill", pages.fill, methods=["POST"])
    blueprint.add_url_rule(f"{section}/remedies", "remedy", pages.remedy, methods=["POST"])
    blueprint.add_url_rule("/offers", "prefill", pages.prefill, methods=["POST"])
    blueprint.add_url_rule("/completion", "complete", pages.complete, methods=["POST"])
    blueprint.add_url_rule("/completion", "completion", pages.completion)
    blueprint.register_error_handler(UnknownPath, _bad)
    return blueprint


class _Pages:
    """The views. Each command first takes along whatever was typed in the same form, so nothing typed is lost."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def _opened(self, document: str) -> Opened:
        opened = editing.open_document(self.desk, document)
        if opened is None:
            raise NotFound
        return opened

    def start(self, document: str) -> Response:
        """The address of a document leads to its first section."""
        first = self._opened(document).assessor.form.definition.sections[0]
        return redirect(f"/documents/{document}/sections/{first.id}", 303)

    def section(self, document: str, section: str) -> str | Response:
        """One section of the form. What may have been exported meanwhile is asked about before it is edited."""
        opened = self._opened(document)
        if to_ask_about(self.desk, opened.record) is not None:
            return redirect(f"/documents/{document}/late", 303)
        page = self._page(opened, section, with_missing="check" in request.args)
        told = request.args.get("told", "")
        moved = moved_in_words(self.desk, opened, told)
        return self._render(page, told=told, moved=moved, prefilled=told == _PREFILLED)

    def _render(self, page: SectionPage, **more: object) -> str:
        ties, soon = ties_of(self.desk, page.record), late.soon(self.desk, page.record)
        left, is_read = lacking(self.desk, page.opened)
        more |= {"left": left, "shows_left": bool(left) and (not is_read or "not-copied" in request.args)}
        return render_template("offer/section.html", tab="documents", page=page, ties=ties, **soon, **more)

    def _page(self, opened: Opened, section: str, *, with_missing: bool = False) -> SectionPage:
        found = opened.assessor.form.definition.section(section)
        if found is None:
            raise NotFound
        return SectionPage(opened, found, request.args.get("person"), with_missing=with_missing)

    def change(self, document: str, section: str) -> str | Response:
        """Save what was typed."""
        return self._carry(document, section, _as_it_is)

    def add_row(self, document: str, section: str) -> str | Response:
        """Add a person, a coverage, a beneficiary or an extra premium: ``add`` is ``group|field=value``."""
        path, _, given = request.form.get("add", "").partition("|")

        def how(opened: Opened) -> Changed:
            definition = opened.assessor.form.definition
            group_id = re.sub(r"\[\w+\]", "", path)
            group = definition.group(group_id)
            if group is None:
                raise UnknownPath(path)
            start = naming.start_of(opened, path) if group_id == naming.GROUP else _kind_of_row(opened, group, given)
            return rules.add_row(definition, opened.tree, path, start, opened.assessment.evaluation)[0]

        return self._carry(document, section, how)

    def remove_row(self, document: str, section: str) -> str | Response:
        """Take a row away; the toast offers to bring it back."""
        path = request.form.get("row", "")

        def how(opened: Opened) -> Changed:
            return rules.remove_row(opened.assessor.form.definition, opened.tree, path, clock.stamp())

        return self._carry(document, section, how, removed=path)

    def restore_row(self, document: str, section: str) -> str | Response:
        """Bring a removed row back."""
        path = request.form.get("row", "")

        def how(opened: Opened) -> Changed:
            return rules.restore_row(opened.assessor.form.definition, opened.tree, path)

        return self._carry(document, section, how)

    def split(self, document: str, section: str) -> str | Response:
        """Split the shares of a coverage's beneficiaries equally."""
        coverage = request.form.get("row", "")
        return self._carry(document, section, lambda opened: naming.split(opened, coverage))

    def fill(self, document: str, section: str) -> str | Response:
        """Fill a person's fields with what is known of whoever was chosen."""
        filling = Filling(self.desk, request.form.get("fill", ""))
        return self._carry(document, section, filling.how, filling=filling)

    def remedy(self, document: str, section: str) -> str | Response:
        """Carry out one offered remedy; one that is offered no longer changes nothing."""
        key = request.form.get("remedy", "")

        def how(opened: Opened) -> Changed:
            remedy = opened.assessment.remedy(key)
            if remedy is None:
                return Changed(opened.tree, ())
            definition, assessment = opened.assessor.form.definition, opened.assessment
            return carry_out(
                definition, opened.tree, remedy.changes, assessment.mapped, assessment.evaluation, clock.stamp()
            )

        return self._carry(document, section, how)

    def _carry(
        self, document: str, section: str, how: How, *, removed: str = "", filling: Filling | None = None
    ) -> str | Response:
        typed = _typed()
        try:
            done = editing.change(self.desk, document, lambda opened: _both(self.desk, opened, typed, how))
        except RowLimit as limit:
            raise BadRequest(limit.code) from limit
        if "HX-Request" in request.headers:
            before = self._page(done.before, section)
            after = self._page(done.after, section)
            return fragments(
                before, after, removed=removed, focus=_new_row(done), told=filling.told(done.after) if filling else None
            )
        return redirect(self._next(document, section, done, removed), 303)

    def _next(self, document: str, section: str, done: Done, removed: str) -> str:
        target = request.form.get("go") or section
        person = request.args.get("person", "")
        query = f"?person={person}" if person and target == section else ""
        if removed:
            query += ("&" if query else "?") + f"told=removed:{removed}"
        definition = done.after.assessor.form.definition
        if definition.section(target) is None:
            raise BadRequest
        return f"/documents/{document}/sections/{target}{query}"

    def prefill(self, document: str) -> Response:
        """Předvyplnit do nabídky PS/PS, with what was typed last; the offer opens at what is still to be answered."""
        typed = _typed()
        if typed:
            editing.change(self.desk, document, lambda opened: _both(self.desk, opened, typed, _as_it_is))
        offer = editing.prefill_offer(self.desk, document)
        if offer is None:
            raise NotFound
        section = _where(self._opened(offer)).id
        return redirect(f"/documents/{offer}/sections/{section}?check=1&told={_PREFILLED}", 303)

    def completion(self, document: str) -> Response:
        """A reload of the refused completion: what hinders it, without trying again."""
        return redirect(f"/documents/{document}/sections/{_where(self._opened(document)).id}?check=1", 303)

    def complete(self, document: str) -> str | Response | tuple[str, int]:
        """Dokončit: freeze the revision, or show what hinders it. Two versions are brought together before."""
        if any(each.document == document and each.reason.is_edit for each in self.desk.store.conflicts.open()):
            return redirect(f"/conflicts/{document}", 303)
        try:
            editing.complete(self.desk, document)
        except editing.Incomplete:
            opened = self._opened(document)
            page = self._page(opened, _where(opened).id, with_missing=True)
            return self._render(page, told="", moved="", failed=True), 422
        return redirect(f"/documents?selected={document}&told=completed&about={document}", 303)


def _typed() -> dict[str, str]:
    """The answers in the request: only their names have a dot."""
    return {name: text for name, text in request.form.items() if "." in name}


def _as_it_is(opened: Opened) -> Changed:
    return Changed(opened.tree, ())


def _both(desk: Desk, opened: Opened, typed: dict[str, str], how: How) -> Changed:
    """What was typed, then the command itself on the answers after it."""
    definition, catalogues = opened.assessor.form.definition, opened.assessor.catalogues
    first = rules.type_in(definition, opened.tree, typed, today=clock.today(), catalogues=catalogues, now=clock.stamp())
    if first.changes:
        assessment = desk.calculations.assess(opened.record.id, opened.assessor, first.tree, clock.today())
        opened = Opened(opened.record, opened.assessor, first.tree, assessment, opened.last_quote)
    then = how(opened)
    return Changed(then.tree, (*first.changes, *then.changes))


def _kind_of_row(opened: Opened, group: Group, given: str) -> dict[str, Value]:
    """What a new row is: one of the options of the choice that the form adds it by, from the button or beside it."""
    if group.added_by is None:
        return {}
    name, _, text = given.partition("=")
    if name != group.added_by:
        text = request.form.get(f"add_{group.added_by}", "")
    field = next(each for each in group.fields if each.id == group.added_by)
    for option in options_of(field, {}, opened.assessor.catalogues):
        if str(option.value) == text:
            return {group.added_by: option.value}
    raise UnknownPath(text)


def _new_row(done: Done) -> str:
    """The path of the row that the change added, to put the focus there."""
    return next((each.path for each in done.changes if each.old is None and each.path.endswith("]")), "")


def _where(opened: Opened) -> Section:
    """The summary shows everything that hinders a completion at once."""
    definition = opened.assessor.form.definition
    summaries: Iterable[Section] = (section for section in definition.sections if section.is_summary)
    return next(iter(summaries), section_of(definition, ""))


def _bad(_: Exception) -> Response:
    raise BadRequest
