"""The answer to one change: only the fragments that differ from what the page showed before."""

from collections.abc import Iterator

from flask import render_template

from localapp.domain.forms.evaluator import FieldState
from localapp.web.known import Told
from localapp.web.presenting import Shown
from localapp.web.sections import SectionPage


def fragments(
    before: SectionPage, after: SectionPage, *, removed: str = "", focus: str = "", told: Told | None = None
) -> str:
    """The changed fields, rows, list of sections, error summary and premium, each as a partial."""
    after.from_card = frozenset(told.filled if told else ())
    whole = _structure(before) != _structure(after)
    return render_template(
        "offer/_answer.html",
        page=after,
        whole=whole,
        fields=[] if whole else list(_changed_fields(before, after)),
        rows=[] if whole else list(_changed_rows(before, after)),
        removed=removed,
        focus=focus,
        moves=_ways(before) != _ways(after),
        filled=told,
    )


def _ways(page: SectionPage) -> tuple[bool, bool]:
    return page.opened.can_go_back, page.opened.can_go_again


def _structure(page: SectionPage) -> list[str]:
    """The rows on the page, and what hangs on their number."""
    rows = [row.path for row in page.shown_rows()]
    cover = [row.path for row in page.coverages()] if page.shows_cover else []
    return [*rows, *cover, *(person.path for person in page.persons), page.person.path]


def _seen(page: SectionPage, state: FieldState) -> tuple[FieldState, list[Shown]]:
    return state, page.problems.at(state.path)


def _changed_fields(before: SectionPage, after: SectionPage) -> Iterator[FieldState]:
    """Fields outside the table of cover that look different now."""
    rows = [state for row in after.shown_rows() for state in row.fields.values() if after.is_here(state)]
    for state in (*after.fields(), *after.placed(), *rows):
        old = before.evaluation.fields.get(state.path)
        if old is None or _seen(before, old) != _seen(after, state):
            yield state


def _changed_rows(before: SectionPage, after: SectionPage) -> Iterator[int]:
    """The numbers of the rows of cover that look different now."""
    if not after.shows_cover:
        return
    for index, (old, new) in enumerate(zip(before.coverages(), after.coverages(), strict=True)):
        same = old == new and before.row_problems(old) == after.row_problems(new)
        if not same or before.until_age(old) != after.until_age(new):
            yield index
