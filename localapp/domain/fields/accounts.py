"""Where money comes from: Czech bank accounts, IBAN, SIPO numbers.

Stricter than python-stdnum where measurements showed gaps: the whole text is matched (``…/0800abc``), a number has two
digits other than 0 (``00/0800``), and the Czech account inside an IBAN is checked too.
"""

import re

from stdnum import iban as foreign
from stdnum.exceptions import ValidationError

from localapp.domain.fields.bank_codes import BANKS
from localapp.domain.fields.parsed import Parsed, refused, value, without_blanks

_ACCOUNT = re.compile(r"(?:(?P<prefix>[0-9]{1,6})-)?(?P<number>[0-9]{2,10})(?:/(?P<bank>[0-9]{4}))?")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_CZECH = re.compile(r"CZ[0-9]{22}")
_SIPO = re.compile(r"[0-9]{10}")
_WEIGHTS = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)


def parse_bank_account(text: str) -> Parsed:
    """A Czech account as ``19-2000145399/0800``, also typed as a Czech IBAN.

    Refuses with ``bank_account_unreadable``, ``bank_code_missing``, ``bank_code_unknown``, ``bank_account_too_short``,
    ``bank_account_prefix_invalid`` or ``bank_account_invalid``.
    """
    compact = without_blanks(text).upper()
    if _CZECH.fullmatch(compact):
        read = parse_iban(compact)
        return value(account_of(str(read.value))) if read.value else read
    found = _ACCOUNT.fullmatch(compact)
    if not found:
        return refused("bank_account_unreadable", typed=text)
    if found["bank"] is None:
        return refused("bank_code_missing", typed=text)
    prefix, number = (found["prefix"] or "").lstrip("0"), found["number"].lstrip("0")
    wrong = _wrong_in(prefix, number, found["bank"])
    canonical = _written(prefix, number, found["bank"])
    return refused(wrong, typed=text, bank=found["bank"], prefix=found["prefix"]) if wrong else value(canonical)


def _wrong_in(prefix: str, number: str, bank: str) -> str | None:
    """The code of what is wrong in the parts of an account. Source: decree 169/2011, sections 2 to 4."""
    if bank not in BANKS:
        return "bank_code_unknown"
    if len(number.replace("0", "")) < 2:
        return "bank_account_too_short"
    if not _divides(prefix):
        return "bank_account_prefix_invalid"
    return None if _divides(number) else "bank_account_invalid"


def _divides(digits: str) -> bool:
    """Whether the weighted sum is divisible by 11; no digits are."""
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, reversed(digits), strict=False)) % 11 == 0


def _written(prefix: str, number: str, bank: str) -> str:
    return f"{prefix}-{number}/{bank}" if prefix else f"{number}/{bank}"


def parse_iban(text: str) -> Parsed:
    """An IBAN without blanks, also typed as a Czech account.

    Refuses with ``iban_unreadable``, ``iban_invalid`` (check digits, length) or ``iban_account_invalid`` (the Czech
    account inside), and with the codes of an account that was typed as one.
    """
    compact = without_blanks(text).upper().removeprefix("IBAN").lstrip(":")
    if "/" in compact:
        read = parse_bank_account(compact)
        return value(iban_of(str(read.value))) if read.value else read
    compact = compact.replace("-", "")
    if not _IBAN.fullmatch(compact):
        return refused("iban_unreadable", typed=text)
    if not _passes_stdnum(compact):
        return refused("iban_invalid", typed=text)
    account = account_of(compact)
    if account and parse_bank_account(account).value != account:
        return refused("iban_account_invalid", typed=text, account=account)
    return value(compact)


def _passes_stdnum(compact: str) -> bool:
    try:
        foreign.validate(compact)
    except ValidationError:
        return False
    return True


def account_of(iban: str) -> str | None:
    """The Czech account inside an IBAN; a foreign one has none."""
    if not _CZECH.fullmatch(iban):
        return None
    return _written(iban[8:14].lstrip("0"), iban[14:].lstrip("0"), iban[4:8])


def iban_of(account: str) -> str:
    """The IBAN of a Czech account that has been parsed."""
    left, _, bank = account.partition("/")
    prefix, _, number = left.rpartition("-")
    inner = f"{bank}{prefix.zfill(6)}{number.zfill(10)}"
    return f"CZ{98 - int(f'{inner}123500') % 97:02}{inner}"  # C is 12, Z is 35


def bank_of(account_or_iban: str) -> str | None:
    """The name of the Czech bank of a parsed account or IBAN."""
    code = account_or_iban[4:8] if account_or_iban.startswith("CZ") else account_or_iban.partition("/")[2]
    return BANKS.get(code)


def parse_sipo_number(text: str) -> Parsed:
    """A SIPO number of ten digits. Refuses with ``sipo_number_invalid``."""
    compact = without_blanks(text)
    return value(compact) if _SIPO.fullmatch(compact) else refused("sipo_number_invalid", typed=text)
