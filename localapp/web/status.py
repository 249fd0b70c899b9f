"""The frame of every page: the last synchronization, for whom the desk works, how many conflicts there are."""

from dataclasses import dataclass

from localapp.web.desk import Desk
from localapp.web.wording import moment_said, t


@dataclass(frozen=True)
class Status:
    """``fine`` is false when the last synchronization did not finish; ``conflicts`` is the number of open ones."""

    text: str
    fine: bool
    who: str
    conflicts: int


def status_line(desk: Desk) -> Status:
    """What the frame of the page says."""
    found = desk.store.delivery.overview()
    enrolment, last, who = found.enrolment, found.last, ""
    if enrolment is not None:
        name = f"{enrolment.advisor.first_name} {enrolment.advisor.last_name}"
        who = f"{name}, {enrolment.partner_name} (HR {enrolment.partner_number})"
    if last is None or last.ended_at is None:
        return Status(t("synchronization.not_yet"), fine=False, who=who, conflicts=found.conflicts)
    key = "synchronize_failed" if last.refusal else "synchronized"
    text = t(f"synchronization.{key}", time=moment_said(last.ended_at))
    return Status(text, fine=not last.refusal, who=who, conflicts=found.conflicts)
