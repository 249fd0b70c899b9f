"""Who may ask the desk for anything: decided from the request alone, before any page is looked for.

A web server on the loopback interface can be reached by every page in every browser and by every program of the
computer. Each request therefore has to name our exact address, come from our own pages and carry the session of this
run. Reasons and measurements: ``docs/threat-model.md``, ``docs/adr/0004-request-guard.md``.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localapp.web.sessions import Session, Sessions

SAFE_METHODS = frozenset({"GET", "HEAD"})
METHODS = SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True)
class Asked:
    """What the guard looks at. ``target`` is the request target as sent; absent headers are None."""

    method: str
    target: str
    host: str | None
    origin: str | None = None
    fetch_site: str | None = None
    fetch_mode: str | None = None
    cookies: str = ""

    @classmethod
    def from_environ(cls, environ: Mapping[str, Any]) -> "Asked":
        """Read a WSGI environment. Forwarding headers are not looked at."""
        return cls(
            method=environ["REQUEST_METHOD"],
            target=environ.get("REQUEST_URI", ""),
            host=environ.get("HTTP_HOST"),
            origin=environ.get("HTTP_ORIGIN"),
            fetch_site=environ.get("HTTP_SEC_FETCH_SITE"),
            fetch_mode=environ.get("HTTP_SEC_FETCH_MODE"),
            cookies=environ.get("HTTP_COOKIE", ""),
        )


@dataclass(frozen=True)
class Verdict:
    """200 lets the request pass; any other status refuses it for the reason ``code``."""

    status: int
    code: str

    @property
    def passed(self) -> bool:
        """Whether the request may go on."""
        return self.status == 200


PASSED = Verdict(200, "guard.passed")
ABSOLUTE_TARGET = Verdict(400, "guard.target")
FOREIGN_HOST = Verdict(421, "guard.host")
UNKNOWN_METHOD = Verdict(405, "guard.method")
FOREIGN_ORIGIN = Verdict(403, "guard.origin")
FOREIGN_SITE = Verdict(403, "guard.site")
UNPROVEN_ORIGIN = Verdict(403, "guard.unproven")
NO_SESSION = Verdict(401, "guard.session")


@dataclass(frozen=True)
class Guard:
    """The guard of one run: ``authority`` is our exact ``host:port``; the name of the cookie is random."""

    authority: str
    cookie_name: str = field(default_factory=lambda: f"sc_{secrets.token_hex(4)}")
    sessions: Sessions = field(default_factory=Sessions, repr=False)

    @property
    def origin(self) -> str:
        """The origin of our own pages."""
        return f"http://{self.authority}"

    def cookie(self, value: str) -> str:
        """The ``Set-Cookie`` value that gives a browser the session of this value."""
        return f"{self.cookie_name}={value}; Path=/; HttpOnly; SameSite=Strict"

    def session_of(self, cookies: str) -> Session | None:
        """The session that the browser brings, None without one of this run."""
        given = (part.strip().partition("=") for part in cookies.split(";"))
        found = [self.sessions.find(value) for name, _, value in given if name == self.cookie_name]
        return next((session for session in found if session is not None), None)

    def decide(self, asked: Asked) -> Verdict:
        """Whether the request may reach a page. The first broken rule names the verdict."""
        addressed = self.decide_opening(asked, any_method=True)
        if not addressed.passed:
            return addressed
        if asked.origin is not None and asked.origin != self.origin:
            return FOREIGN_ORIGIN
        if not _own_site(asked):
            return FOREIGN_SITE
        if asked.method not in SAFE_METHODS and asked.origin is None and asked.fetch_site != "same-origin":
            return UNPROVEN_ORIGIN
        return NO_SESSION if self.session_of(asked.cookies) is None else PASSED

    def decide_opening(self, asked: Asked, *, any_method: bool = False) -> Verdict:
        """Whether a request may try an opening address: it is followed from elsewhere and brings no session yet."""
        if not asked.target.startswith("/") or asked.target.startswith("//"):
            return ABSOLUTE_TARGET
        if asked.host != self.authority:
            return FOREIGN_HOST
        allowed = METHODS if any_method else {"GET"}
        return PASSED if asked.method in allowed else UNKNOWN_METHOD


def _own_site(asked: Asked) -> bool:
    """``none`` is a person's own navigation; a browser without Sec-Fetch-Site is judged by Origin and session alone."""
    if asked.fetch_site is None or asked.fetch_site == "same-origin":
        return True
    navigation = asked.fetch_mode is None or asked.fetch_mode == "navigate"
    return asked.fetch_site == "none" and asked.method in SAFE_METHODS and navigation
