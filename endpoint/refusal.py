"""A whole request refused: a code of ``localapp.domain.sync.refusals``, its facts and a status."""

from localapp.domain.sync.messages import Refusal

_STATUS = {
    "partner_number_invalid": 422,
    "partner_unknown": 404,
    "partner_blocked": 403,
    "partner_ended": 403,
    "installation_unknown": 401,
    "installation_blocked": 403,
    "installation_forked": 409,
    "signature_wrong": 401,
    "session_ended": 401,
    "user_data_invalid": 422,
    "link_code_wrong": 403,
    "link_code_wait": 429,
    "not_linked": 403,
    "attachment_unknown": 404,
    "attachment_offset": 409,
    "malformed": 422,
    "too_large": 413,
    "endpoint_failed": 500,
    "endpoint_busy": 503,
}


class RequestRefused(Exception):  # noqa: N818 - a refusal
    """The request is refused; nothing of it was done. ``retry_after`` are seconds."""

    def __init__(self, code: str, *, status: int | None = None, retry_after: int | None = None, **facts: str) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, facts)
        self.status = status or _STATUS[code]
        self.retry_after = retry_after
