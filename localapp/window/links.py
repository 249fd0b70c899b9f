"""Where a link leads: into the desk, to the system's browser, or nowhere. Inside the window only the desk is shown."""

from urllib.parse import urlsplit

INSIDE, OUTSIDE, NOWHERE = "inside", "outside", "nowhere"
_FOR_THE_SYSTEM = {"http", "https", "mailto", "tel"}
_OF_THE_NETWORK = {"http", "https", "ws", "wss", "ftp", "file"}


def origin_of(address: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def leads(address: str, origin: str) -> str:
    """What becomes of a link that was followed on a page of ``origin``."""
    try:
        scheme, found = urlsplit(address).scheme, origin_of(address)
    except ValueError:
        return NOWHERE
    if found == origin or address == "about:blank" or address.startswith(f"blob:{origin}/"):
        return INSIDE
    return OUTSIDE if scheme in _FOR_THE_SYSTEM else NOWHERE


def is_foreign(address: str, origin: str) -> bool:
    """Whether a request, whoever makes it inside the window, would leave the desk."""
    try:
        return urlsplit(address).scheme in _OF_THE_NETWORK and origin_of(address) != origin
    except ValueError:
        return True
