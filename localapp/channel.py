"""Waitress with our headers on the answers that it gives by itself (malformed, too large, failed)."""

from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from localapp.web.guard import Verdict
from localapp.web.opening import refusal_page

__all__ = ["Channel", "create_server"]


class _RefusalTask(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """Answers without naming the server, in words for people."""

    def execute(self) -> None:
        """Write the whole answer and close the connection."""
        self.status, headers, body = refusal_page(Verdict(self.request.error.code, "server.refused"))
        self.response_headers.extend(headers)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]  # as above
    """One connection."""

    error_task_class = _RefusalTask
