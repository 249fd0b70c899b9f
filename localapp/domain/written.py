"""How numbers, amounts, days and telephones are written for people, on pages and on paper, in Czech or English."""

from datetime import date, datetime
from decimal import Decimal

from localapp.domain.cutoff import PRAGUE
from localapp.domain.typography import NBSP

MINUS = "\u2212"


def plural_form(count: int, lang: str) -> str:
    """The CLDR plural category of a whole number."""
    if lang == "cs":
        return "one" if count == 1 else "few" if 2 <= count <= 4 else "other"
    return "one" if count == 1 else "other"


def number(value: Decimal | int | str, lang: str) -> str:
    """Groups of three by a no-break space, decimal comma, true minus; English with its own separators."""
    plain = f"{Decimal(value):,f}"
    if lang == "cs":
        plain = plain.replace(",", NBSP).replace(".", ",")
    return plain.replace("-", MINUS)


def czk(value: Decimal | int | str, lang: str) -> str:
    """An amount in Czech crowns."""
    return f"{number(value, lang)}{NBSP}Kč" if lang == "cs" else f"CZK{NBSP}{number(value, lang)}"


def with_unit(written: str, unit: str) -> str:
    """A number with its unit after it; an amount in English has the currency before it: CZK 300/day."""
    if unit.startswith("CZK"):
        return f"CZK{NBSP}{written}{unit[3:]}"
    return f"{written}{NBSP}{unit}"


def percent(value: Decimal | int | str, lang: str) -> str:
    """A percentage; Czech puts a space before the sign."""
    return f"{number(value, lang)}{NBSP if lang == 'cs' else ''}%"


def phone(value: str) -> str:
    """A telephone number as it is read out: a Czech or Slovak one in threes; a foreign one as it is."""
    if value.startswith(("+420", "+421")) and len(value) == 13:
        return NBSP.join((value[:4], value[4:7], value[7:10], value[10:]))
    return value


def in_fours(iban: str) -> str:
    """An IBAN in groups of four."""
    return NBSP.join(iban[at : at + 4] for at in range(0, len(iban), 4))


def years(value: int, lang: str) -> str:
    """A number of years with the right plural."""
    words = {"cs": {"one": "rok", "few": "roky", "other": "let"}, "en": {"one": "year", "other": "years"}}[lang]
    return f"{number(value, lang)}{NBSP}{words[plural_form(value, lang)]}"


def day(value: date | str, lang: str) -> str:
    """A day as 23. 11. 2026, in English as 23 November 2026."""
    value = date.fromisoformat(value) if isinstance(value, str) else value
    if lang == "cs":
        return f"{value.day}.{NBSP}{value.month}.{NBSP}{value.year}"
    return f"{value.day}{NBSP}{MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime, lang: str) -> str:
    """A moment in Prague with day and time: 23. 11. 2026 17:46."""
    local = value.astimezone(PRAGUE)
    return f"{day(local.date(), lang)}{NBSP}{local.hour}:{local.minute:02}"


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
