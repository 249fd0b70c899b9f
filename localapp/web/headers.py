"""The security headers of every response, errors and redirects included."""

from secrets import token_urlsafe

# hx-csp signs what it inserts as the Trusted Types policy "htmx"; nothing else may write HTML from script.
_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types htmx"
)
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def new_nonce() -> str:
    """The nonce of one response."""
    return token_urlsafe(16)


def security_headers(nonce: str, *, page: bool = False, cached: bool = False) -> dict[str, str]:
    """The headers of one response.

    ``page`` is a page of the desk: its plain forms need the browser to name our origin, which ``no-referrer`` forbids
    (the browser then sends ``Origin: null``); the referrer still never leaves our origin. ``cached`` is a static file,
    kept by the browser but asked about each time.
    """
    return {
        "Content-Security-Policy": _POLICY.format(nonce=nonce),
        "Referrer-Policy": "same-origin" if page else "no-referrer",
        "Cache-Control": "private, no-cache" if cached else "no-store",
        **_FIXED,
    }
