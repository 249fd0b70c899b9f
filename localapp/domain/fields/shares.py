"""Shares in per cent, kept as whole hundredths of a per cent, so that shares add up to exactly 100.00."""

import re
from decimal import Decimal

from localapp.domain.fields.parsed import Parsed, refused, value

WHOLE = 10_000
"""100.00 % in hundredths of a per cent."""
_SHARE = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?")


def parse_share(text: str) -> Parsed:
    """A share of 0.01 to 100 per cent: ``50``, ``33,34 %``. Refuses with ``share_unreadable``."""
    compact = re.sub(r"\s", "", text).removesuffix("%")
    hundredths = int(Decimal(compact.replace(",", ".")) * 100) if _SHARE.fullmatch(compact) else 0
    return value(hundredths) if 0 < hundredths <= WHOLE else refused("share_unreadable", typed=text)


def as_text(hundredths: int) -> str:
    """The number without the sign of per cent, with a decimal comma: ``33,34``, ``50``."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02}".rstrip("0") if rest else str(whole)


def equal_shares(count: int) -> list[int]:
    """The whole in ``count`` equal parts; what does not divide belongs to the first."""
    each, rest = divmod(WHOLE, count)
    return [each + rest, *([each] * (count - 1))]
