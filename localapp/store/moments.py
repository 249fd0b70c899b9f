"""Times as the tables hold them: the text of ``clock.stamp()``, which sorts as time does."""

from datetime import UTC, datetime


def as_text(moment: datetime) -> str:
    """The stored text of an aware moment."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def as_moment(text: str) -> datetime:
    """The aware moment of a stored text."""
    return datetime.fromisoformat(text)


def as_moment_or_none(text: str | None) -> datetime | None:
    """The same for a fact that may not have happened."""
    return None if text is None else datetime.fromisoformat(text)
