"""Waitress with our headers on the answers that it gives by itself, and each answer sent in one piece."""

from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask, WSGITask

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


class _WholeTask(WSGITask):  # type: ignore[misc]  # as above
    """Sends head and body at once: sent apart, the head wakes the browser for nothing and costs a second call."""

    wrote_header: bool  # waitress sets it in its instances

    def write(self, data: bytes) -> None:
        """Write a part of the body, the first one with the head before it."""
        is_first = self.complete and not self.wrote_header
        if not (is_first and data and self.has_body and len(data) <= (self.content_length or 0)):
            super().write(data)
            return
        head = self.build_response_header()
        self.wrote_header = True
        self.content_bytes_written += len(data)
        self.channel.write_soon(head + data)


class Channel(HTTPChannel):  # type: ignore[misc]  # as above
    """One connection."""

    task_class = _WholeTask
    error_task_class = _RefusalTask
