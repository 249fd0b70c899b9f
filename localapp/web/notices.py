"""What an advisor has to know after a synchronization, in words: notices of the insurer, the clock, components."""

from dataclasses import dataclass
from datetime import date, timedelta

from localapp.domain.sync.messages import Refusal
from localapp.store.sync_store import SyncStore
from localapp.web.wording import day, t, told

CLOCK_TOLERANCE = timedelta(minutes=10)
_LEFT, _PLAIN = "left_behind", frozenset({"installation_unlinked", "installation_succeeded"})
_LEFT_WORDS = frozenset({"attachments_missing", "evaluation_pending", "later_revision"})


@dataclass(frozen=True)
class Told:
    """One sentence with its stable code; ``urgent`` when the advisor has to do something."""

    code: str
    text: str
    urgent: bool = True


def told_notices(sync: SyncStore) -> list[Told]:
    """What there is to tell now, the most pressing first."""
    found, enrolment = sync.notices(), sync.enrolment()
    lines = []
    if found.partner_ended and enrolment is not None:
        lines.append(_refused(Refusal("partner_ended", {"partner_number": enrolment.partner_number})))
    if abs(found.ahead) > CLOCK_TOLERANCE:
        lines.append(_refused(Refusal("clock_wrong", {"difference": _in_words(abs(found.ahead))})))
    lines += [_refused(each) for each in found.components]
    return lines + [each for code in found.codes if (each := _noticed(code)) is not None]


def _refused(refusal: Refusal) -> Told:
    return Told(refusal.code, told(refusal))


def _noticed(notice: str) -> Told | None:
    """None for a notice of a newer insurer that this version has no words for."""
    if notice in _PLAIN:
        return Told(notice, t(f"notices.{notice}"))
    name, _, rest = notice.partition(":")
    parts = rest.rsplit(":", 2)  # the key of a run by hand is a moment, with colons of its own
    if name != _LEFT or len(parts) != 3:
        return None
    export, number, code = parts
    known = code in _LEFT_WORDS
    reason = t(f"notices.left_{code if known else 'other'}", code=code)
    return Told(_LEFT, t("notices.left_behind", number=number, day=_run(export), reason=reason), urgent=not known)


def _run(key: str) -> str:
    """The day of a run, also of one by hand, whose key is a moment; a key of another kind as it is."""
    try:
        return day(date.fromisoformat(key[:10]))
    except ValueError:
        return key


def _in_words(difference: timedelta) -> str:
    if difference.days:
        return t("notices.days", count=difference.days)
    hours, minutes = divmod(int(difference.total_seconds()) // 60, 60)
    return t("synchronization.hours_minutes" if hours else "synchronization.minutes", hours=hours, minutes=minutes)
