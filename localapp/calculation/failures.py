"""What can go wrong when calculating. Each failure has a stable ``code`` that people's texts hang on."""

from localapp.domain.canonical import Pinned


class CalculationError(Exception):
    """A calculation did not give an answer. ``code`` is stable; the message names the program and the reason."""

    code = "calculation_failed"


class CalculationFailed(CalculationError):  # noqa: N818 - the name says what happened
    """The program ran and failed, gave something else than text, or ended its worker."""


class SourceRefused(CalculationError):  # noqa: N818 - the name says what happened
    """The program's source does not parse, does not load, or reaches for what it may not have."""

    code = "calculation_source_refused"


class DeadlineExceeded(CalculationError):  # noqa: N818 - the name says what happened
    """The program did not end within its limit and was stopped."""

    code = "calculation_deadline_exceeded"


class CalculationUnavailable(CalculationError):  # noqa: N818 - the name says what happened
    """No worker can be started at present; it is tried again after a pause."""

    code = "calculation_unavailable"


class ComponentRefused(CalculationError):  # noqa: N818 - the name says what happened
    """A component's files are not those of its manifest. The message names the file and the reason."""

    code = "calculation_component_refused"


class VersionMissing(KeyError):  # noqa: N818 - a state, not a defect
    """A document was made, on another computer, with a form or a calculation library that has not come here yet."""

    def __init__(self, pinned: Pinned) -> None:
        super().__init__(f"{pinned.name}/{pinned.version}")
        self.pinned = pinned
