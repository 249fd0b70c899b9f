"""Numbers that the insurer and the Czech National Bank give: policy, partner (HR), registration of an advisor (PPZ)."""

import re

from localapp.domain.fields.companies import is_company_id
from localapp.domain.fields.parsed import Parsed, doubtful, refused, value, without_blanks

_POLICY = re.compile(r"7[0-9]{5,11}")
_DIGITS = re.compile(r"[0-9]+")
_PARTNER = re.compile(r"9[0-9]{4,8}")
_REGISTRATION = re.compile(r"[0-9]{6}(PPZ|[A-Z]{2,3})")
_COMPANY_ID = re.compile(r"[0-9]{8}")


def parse_policy_number(text: str) -> Parsed:
    """The number of a policy that can be changed on-line: 6 to 12 digits from 7 on; the insurer knows it or not.

    Refuses with ``policy_number_unreadable`` or ``policy_number_not_seven``.
    """
    compact = without_blanks(text)
    if _POLICY.fullmatch(compact):
        return value(compact)
    starts_wrong = _DIGITS.fullmatch(compact) and not compact.startswith("7")
    return refused("policy_number_not_seven" if starts_wrong else "policy_number_unreadable", typed=text)


def parse_partner_number(text: str) -> Parsed:
    """The partner number (HR): 5 to 9 digits from 9 on. Refuses with ``partner_number_invalid``."""
    compact = without_blanks(text)
    return value(compact) if _PARTNER.fullmatch(compact) else refused("partner_number_invalid", typed=text)


def parse_cnb_registration_number(text: str) -> Parsed:
    """The registration at the Czech National Bank: ``012345PPZ``, since 2018 also a company id.

    An unusual one is kept with the warning ``cnb_number_doubtful``: it never blocks an advisor (DOMAIN.md).
    """
    compact = without_blanks(text).upper()
    is_usual = _REGISTRATION.fullmatch(compact) or (_COMPANY_ID.fullmatch(compact) and is_company_id(compact))
    return value(compact) if is_usual else doubtful(compact, "cnb_number_doubtful", typed=text)
