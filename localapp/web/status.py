"""The frame of every page: how it stands with the insurer in words, for whom the desk works, how many conflicts."""

import zlib
from dataclasses import dataclass
from datetime import datetime

from localapp import clock
from localapp.domain.sync.line_refusals import NO_CONNECTION
from localapp.domain.sync.messages import Refusal
from localapp.store.delivery import Overview
from localapp.sync.progress import Standing
from localapp.web.desk import Desk
from localapp.web.wording import moment_said, t, time_of_day

SOON, SELDOM = "1s", "5s"  # how often a page asks: while something is being sent, and else


@dataclass(frozen=True)
class Indicator:
    """The quiet sentence: its icon, and ``urgent`` when the advisor has to do something.

    ``seen`` names what is shown, so that a page which shows it already is answered with nothing.
    """

    text: str
    icon: str
    urgent: bool = False
    every: str = SELDOM

    @property
    def seen(self) -> str:
        """A short name of this text."""
        return f"{zlib.crc32(f'{self.icon} {self.every} {self.text}'.encode()):08x}"


@dataclass(frozen=True)
class Status:
    """``who`` is the advisor with the partner; ``conflicts`` is the number of open ones."""

    indicator: Indicator
    who: str
    conflicts: int


def status_line(desk: Desk) -> Status:
    """What the frame of the page says."""
    found = desk.store.delivery.overview()
    enrolment, who = found.enrolment, ""
    if enrolment is not None:
        name = f"{enrolment.advisor.first_name} {enrolment.advisor.last_name}"
        who = f"{name}, {enrolment.partner_name} (HR {enrolment.partner_number})"
    return Status(indicator(found, desk.synchronizer.standing()), who, found.conflicts)


def indicator(found: Overview, standing: Standing) -> Indicator:
    """What waits or was not taken goes first; all is sent only when the outbox says so."""
    waiting, refused = found.open.waiting, found.open.refused
    if standing.running and standing.phase == "push" and waiting:
        total = standing.sent + waiting
        text = t("status.sending", position=min(standing.sent + 1, total), count=total)
        return Indicator(text, "sync", every=SOON)
    if refused:
        text = t("status.refused", count=refused)
        more = t("status.and_waiting", count=waiting) if waiting else ""
        return Indicator(text + more, "warn", urgent=True)
    trouble = _trouble(found.last.refusal if found.last else None)
    if waiting:
        text = t("status.waiting", count=waiting)
        return Indicator(f"{trouble}, {text}" if trouble else _begun(text), "offline" if trouble else "clock")
    text = t("status.all_sent", time=_at(found.went_at)) if found.went_at else t("status.not_yet")
    return Indicator(f"{trouble}, {text}" if trouble else _begun(text), "offline" if trouble else "ok")


def _trouble(refusal: Refusal | None) -> str:
    """Why nothing goes at the moment, from the last ended run; empty when nothing hinders."""
    if refusal is None or refusal.is_about_components:
        return ""
    return t("status.no_connection" if refusal.code in NO_CONNECTION else "status.failed")


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _at(moment: datetime) -> str:
    """The time alone on the same day."""
    same_day = moment.astimezone(clock.PRAGUE).date() == clock.today()
    return t("status.at", time=time_of_day(moment)) if same_day else moment_said(moment)
