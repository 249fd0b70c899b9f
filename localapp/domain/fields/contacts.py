"""How to reach somebody: e-mail, telephone, postal code."""

import re

from localapp.domain.fields.parsed import Parsed, doubtful, refused, value, without_blanks

_LOCAL = re.compile(r"[^@\s,;:<>\"()\[\]\\]{1,64}")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.ASCII)
_LONGEST_DOMAIN = 253
_WELL_KNOWN = (
    "seznam.cz", "gmail.com", "email.cz", "centrum.cz", "volny.cz", "atlas.cz", "outlook.com", "hotmail.com",
    "icloud.com", "yahoo.com", "tiscali.cz",
)  # fmt: skip
_REAL_TOO = frozenset({"atlas.sk", "centrum.sk", "email.com", "gmx.cz", "mail.com", "ymail.com", "outlook.cz"})
_SWAPPED = {"gmail.cz": "gmail.com", "seznam.com": "seznam.cz", "gmail.con": "gmail.com", "icloud.cz": "icloud.com"}
_PHONE = re.compile(r"(?P<prefix>\+|00)?(?P<digits>[0-9]{8,15})")
_POSTAL_CODE = re.compile(r"(?:CZ|SK)?-?((?!00)[0-9]{5})", re.IGNORECASE)  # Czech: 1 to 7, Slovak: 0, 8, 9


def parse_email(text: str) -> Parsed:
    """An e-mail address with its domain in small letters, also one with letters beyond ASCII (IDNA).

    Refuses with ``email_invalid``; ``email_mistyped`` is a warning that names the well-known domain it is close to.
    """
    local, at, domain = text.strip().rpartition("@")
    readable = _readable_domain(domain)
    is_local = _LOCAL.fullmatch(local) and ".." not in local and not local.startswith(".") and not local.endswith(".")
    if not (at and is_local and readable):
        return refused("email_invalid", typed=text)
    address = f"{local}@{readable}"
    meant = _meant(readable)
    return doubtful(address, "email_mistyped", typed=readable, meant=meant) if meant else value(address)


def _readable_domain(domain: str) -> str | None:
    """The domain as people read it, or None: labels of letters, digits and hyphens, the last one no number."""
    try:
        ascii_form = domain.lower().encode("idna").decode("ascii").lower()
        readable = ascii_form.encode("ascii").decode("idna")
    except UnicodeError:
        return None
    labels = ascii_form.split(".")
    fits = len(ascii_form) <= _LONGEST_DOMAIN and len(labels) > 1 and all(_LABEL.fullmatch(each) for each in labels)
    return readable if fits and len(labels[-1]) > 1 and not labels[-1].isdigit() else None


def _meant(domain: str) -> str | None:
    """The well-known domain that differs by one slip: a letter too many, too few, another, or two swapped."""
    if domain in _WELL_KNOWN or domain in _REAL_TOO:
        return None
    return _SWAPPED.get(domain) or next((known for known in _WELL_KNOWN if _is_slip(domain, known)), None)


def _is_slip(typed: str, meant: str) -> bool:
    if abs(len(typed) - len(meant)) > 1:
        return False
    same = next((at for at, pair in enumerate(zip(typed, meant, strict=False)) if pair[0] != pair[1]), None)
    if same is None:
        return True
    left, right = typed[same:], meant[same:]
    return _are_swapped(typed, meant) or left[1:] == right[1:] or left[1:] == right or left == right[1:]


def _are_swapped(typed: str, meant: str) -> bool:
    """Whether two letters have changed places, neighbours or not: sezman, gmial."""
    wrong = [at for at, pair in enumerate(zip(typed, meant, strict=False)) if pair[0] != pair[1]]
    return (
        len(typed) == len(meant)
        and len(wrong) == 2
        and [typed[at] for at in wrong] == [meant[at] for at in reversed(wrong)]
    )


def parse_phone(text: str) -> Parsed:
    """A telephone number in E.164. Nine digits are Czech; a foreign one starts with + or 00. Else ``phone_invalid``."""
    found = _PHONE.fullmatch(re.sub(r"[()./-]", "", without_blanks(text)))
    if not found:
        return refused("phone_invalid", typed=text)
    digits = found["digits"]
    if not found["prefix"]:
        digits = digits if len(digits) == 12 and digits.startswith(("420", "421")) else "420" + digits
    is_ours = digits.startswith(("420", "421"))
    is_wrong = is_ours and (len(digits) != 12 or digits[3] == "0" or digits[:4] == "4201")
    if is_wrong or digits.startswith("0"):
        return refused("phone_invalid", typed=text)
    return value("+" + digits)


def parse_postal_code(text: str) -> Parsed:
    """A Czech or Slovak postal code as ``110 00``. Refuses with ``postal_code_invalid``."""
    found = _POSTAL_CODE.fullmatch(without_blanks(text))
    if not found:
        return refused("postal_code_invalid", typed=text)
    return value(f"{found[1][:3]} {found[1][3:]}")
