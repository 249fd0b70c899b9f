"""The last run of the export, as a welcome tells of it: a desk reports a night once it knows that there was one."""

from dataclasses import dataclass

from localapp.domain.sync.parts import a_moment, a_text, an_object


@dataclass(frozen=True)
class ExportRun:
    """``key`` is the business day or the moment of a run by hand. Times are ISO 8601 in UTC, by the server's clock.

    What was acknowledged before ``cutoff_at`` was to go; what went bears ``frozen_at`` as its ``exported_at``.
    """

    key: str
    cutoff_at: str
    frozen_at: str


def read_export_run(found: object) -> ExportRun | None:
    """Read the run; None when there has been none. Raises MessageRefused."""
    if found is None:
        return None
    part = an_object(found)
    return ExportRun(a_text(part, "key"), a_moment(part, "cutoff_at"), a_moment(part, "frozen_at"))
