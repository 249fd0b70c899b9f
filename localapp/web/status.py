"""The status line at the foot of every page: when the last synchronization ended, and for whom the desk works."""

from dataclasses import dataclass

from localapp.web.desk import Desk
from localapp.web.wording import moment, t


@dataclass(frozen=True)
class Status:
    """``fine`` is false when the last synchronization did not finish."""

    text: str
    fine: bool
    who: str


def status_line(desk: Desk) -> Status:
    """What the foot of the page says."""
    sync = desk.store.sync
    enrolment = sync.enrolment()
    ended = next((run for run in sync.runs(2) if run.ended_at), None)
    who = ""
    if enrolment is not None:
        name = f"{enrolment.advisor.first_name} {enrolment.advisor.last_name}"
        who = f"{name}, {enrolment.partner_name} (HR {enrolment.partner_number})"
    if ended is None or ended.ended_at is None:
        return Status(t("synchronization.not_yet"), fine=False, who=who)
    key = "synchronize_failed" if ended.refusal else "synchronized"
    return Status(t(f"synchronization.{key}", time=moment(ended.ended_at)), fine=not ended.refusal, who=who)
