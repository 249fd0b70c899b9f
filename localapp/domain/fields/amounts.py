"""Whole numbers, amounts in CZK and decimal numbers, as Czech advisors type them and as the pages write them."""

import re
from decimal import Decimal

from localapp.domain.fields.parsed import Parsed, refused, value

_SPACES = re.compile(r"\s+")
_CURRENCY = re.compile(r"(kč|kc|czk|,-{1,2}|,–)$", re.IGNORECASE)
_PLAIN = re.compile(r"[+-]?[0-9]+")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([.,])[0-9]{3}(\1[0-9]{3})*")
_SCALED = re.compile(r"([+-]?[0-9]+(?:[.,][0-9]+)?)(tis\.?|t|k|mil\.?|m)", re.IGNORECASE)
_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}([.,][0-9]{1,10})?")
_LONGEST = 15  # digits; no amount on a policy comes near it, and every engine keeps so many exactly


def parse_integer(text: str) -> Parsed:
    """A whole number: ``30``, ``-2``, ``1 000``. Refuses with ``number_unreadable``."""
    whole = _whole(_compact(text))
    return refused("number_unreadable", typed=text) if whole is None else value(whole)


def parse_money(text: str) -> Parsed:
    """An amount in whole CZK: ``1 500 000``, ``1.500.000 Kč``, ``1,5m``, ``500t``; else ``amount_unreadable``."""
    compact = _CURRENCY.sub("", _compact(text))
    whole = _whole(compact)
    if whole is None:
        whole = _scaled(compact)
    return refused("amount_unreadable", typed=text) if whole is None else value(whole)


def parse_decimal(text: str) -> Parsed:
    """A decimal number kept as canonical text: ``4,5`` is ``"4.5"``. Refuses with ``number_unreadable``."""
    compact = _compact(text).rstrip("%")
    if not _DECIMAL.fullmatch(compact):
        return refused("number_unreadable", typed=text)
    plain = format(Decimal(compact.replace(",", ".")), "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return value("0" if plain in {"-0", "0"} else plain)


def _compact(text: str) -> str:
    return _SPACES.sub("", text).replace("\u2212", "-")


def _whole(compact: str) -> int | None:
    if _GROUPED.fullmatch(compact):
        compact = compact.replace(".", "").replace(",", "")
    if not _PLAIN.fullmatch(compact) or len(compact.lstrip("+-")) > _LONGEST:
        return None
    return int(compact)


def _scaled(compact: str) -> int | None:
    scaled = _SCALED.fullmatch(compact)
    if not scaled or len(compact) > _LONGEST:
        return None
    amount = Decimal(scaled[1].replace(",", ".")) * (1_000_000 if scaled[2].lower().startswith("m") else 1000)
    whole = int(amount)
    return whole if whole == amount and abs(whole) < 10**_LONGEST else None
