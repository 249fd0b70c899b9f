"""Who enrols: the partner number and the advisor's data of activation. Source: DOMAIN.md, "First start"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from localapp.domain.fields.insurer_numbers import parse_cnb_registration_number, parse_partner_number

LONGEST = 100

REQUIRED = ("first_name", "last_name", "advisor_code", "cnb_registration_number")
OPTIONAL = ("title", "phone", "email")


@dataclass(frozen=True)
class Advisor:
    """The advisor's data. ``advisor_code`` is a user name or commission number in the partner's company."""

    first_name: str
    last_name: str
    advisor_code: str
    cnb_registration_number: str
    title: str = ""
    phone: str = ""
    email: str = ""

    def as_json(self) -> dict[str, str]:
        """The data as they travel and are stored."""
        return {name: getattr(self, name) for name in (*REQUIRED, *OPTIONAL)}

    @property
    def identity(self) -> str:
        """What makes two enrolments the same advisor of a partner: the code, whatever its case and spaces."""
        return advisor_identity(self.advisor_code)


class AdvisorRefused(Exception):  # noqa: N818 - a refusal
    """The data are not an advisor's; ``field`` names the first wrong one."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def advisor_identity(code: str) -> str:
    """The advisor's code without spaces, in lower case."""
    return re.sub(r"\s+", "", code).casefold()


def clean_partner_number(typed: str) -> str | None:
    """The partner number (HR) without spaces, or None: it has 5 to 9 digits and starts with 9."""
    found = parse_partner_number(typed).value
    return None if found is None else str(found)


def is_doubtful_cnb_number(number: str) -> bool:
    """Whether a registration number has an unusual form (``012345PPZ``, or a company id); it warns, never blocks."""
    return parse_cnb_registration_number(number).code is not None


def advisor_from(data: Mapping[str, object]) -> Advisor:
    """Read an advisor's data, trimmed. Raises AdvisorRefused for a missing, overlong, unprintable or unknown field."""
    unknown = data.keys() - {*REQUIRED, *OPTIONAL}
    if unknown:
        raise AdvisorRefused(min(unknown))
    cleaned = {name: _clean(name, data.get(name, "")) for name in (*REQUIRED, *OPTIONAL)}
    for name in REQUIRED:
        if not cleaned[name]:
            raise AdvisorRefused(name)
    return Advisor(**cleaned)


def _clean(name: str, found: object) -> str:
    if not isinstance(found, str):
        raise AdvisorRefused(name)
    text = " ".join(found.split())
    if len(text) > LONGEST or not text.isprintable():
        raise AdvisorRefused(name)
    return text
