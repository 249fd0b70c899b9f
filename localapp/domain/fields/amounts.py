"""Whole numbers, amounts in CZK and decimal numbers, as Czech advisors type them."""

import re
from decimal import Decimal

from localapp.domain.fields.parsed import Parsed, refused, value

_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_CURRENCY = re.compile(r"(kč|czk|,-{1,2}|,–)$", re.IGNORECASE)
_PLAIN = re.compile(r"[+-]?\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")
_SCALED = re.compile(r"([+-]?\d+(?:[.,]\d+)?)(tis\.?|t|k|mil\.?|m)", re.IGNORECASE)
_DECIMAL = re.compile(r"[+-]?\d{1,12}([.,]\d{1,10})?")
_LONGEST = 15  # digits; no amount on a policy comes near it


def parse_integer(text: str) -> Parsed:
    """A whole number: ``30``, ``-2``, ``1 000``. Refuses with ``number_unreadable``."""
    compact = _SPACES.sub("", text).replace("\u2212", "-")
    if _PLAIN.fullmatch(compact) and len(compact) <= _LONGEST:
        return value(int(compact))
    return refused("number_unreadable", typed=text)


def parse_money(text: str) -> Parsed:
    """An amount in whole CZK: ``1 500 000``, ``1.500.000 Kč``, ``1,5m``, ``500t``; else ``amount_unreadable``."""
    compact = _CURRENCY.sub("", _SPACES.sub("", text).replace("\u2212", "-"))
    if _GROUPED.fullmatch(compact):
        compact = compact.replace(".", "")
    if _PLAIN.fullmatch(compact) and len(compact) <= _LONGEST:
        return value(int(compact))
    scaled = _SCALED.fullmatch(compact)
    if scaled and len(compact) <= _LONGEST:
        amount = Decimal(scaled[1].replace(",", ".")) * (1_000_000 if scaled[2].lower().startswith("m") else 1000)
        if amount == amount.to_integral_value():
            return value(int(amount))
    return refused("amount_unreadable", typed=text)


def parse_decimal(text: str) -> Parsed:
    """A decimal number kept as canonical text: ``4,5`` is ``"4.5"``. Refuses with ``number_unreadable``."""
    compact = _SPACES.sub("", text).replace("\u2212", "-").rstrip("%")
    if not _DECIMAL.fullmatch(compact):
        return refused("number_unreadable", typed=text)
    plain = format(Decimal(compact.replace(",", ".")), "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return value("0" if plain in {"-0", "0"} else plain)
