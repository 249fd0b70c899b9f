"""Where taking back or doing again leads, and how the page says it: „Vráceno: Telefon …“."""

import re
from urllib.parse import urlencode

from localapp.store.steps import Cause
from localapp.web.desk import Desk
from localapp.web.editing import Opened
from localapp.web.presenting import dom_id, section_of
from localapp.web.recounting import Teller
from localapp.web.wording import moment_said, t

_TOLD = re.compile(r"(undone|redone|restored):(\d{1,15})")


def place_of(desk: Desk, opened: Opened, section: str, person: str, cause: Cause, line: int | None) -> str:
    """The page that shows what changed, at the field; of health, the page where one was."""
    address = f"/documents/{opened.record.id}/sections/"
    if line is None:
        return f"{address}{section}" + (f"?{urlencode({'person': person})}" if person else "")
    _, path = Teller(opened).in_short(desk.store.histories.changes(opened.record.id, line))
    anchor = ""
    if path:
        shown = section_of(opened.assessor.form.definition, path)
        owner = re.match(r"persons\[(\w+)\]", path)
        person = owner[1] if owner and "persons.coverages" in shown.shows else ""
        section, anchor = shown.id, f"#{dom_id(path)}" if path in opened.assessment.evaluation.fields else ""
    query = {"told": f"{cause}:{line}"} | ({"person": person} if person else {})
    return f"{address}{section}?{urlencode(query)}{anchor}"


def moved_in_words(desk: Desk, opened: Opened, told: str) -> str:
    """What was taken back, done again or restored; empty where nothing was."""
    found = _TOLD.fullmatch(told)
    if not found:
        return ""
    line = int(found[2])
    if found[1] == "restored":
        at = desk.store.histories.time_of(opened.record.id, line)
        return "" if at is None else t("history.told_restored", time=moment_said(at))
    lines = desk.store.histories.changes(opened.record.id, line)
    if not lines or lines[0].cause != found[1]:
        return ""
    return t(f"history.told_{found[1]}", what=Teller(opened).in_short(lines)[0])
