"""QR platba: the Czech standard's short payment descriptor (SPAYD 1.0) and its QR code."""

import re
import unicodedata

import segno

_QUIET = 4  # light modules around a code. Source: ISO/IEC 18004


def spayd(iban: str, amount: int, variable_symbol: str, message: str) -> str:
    """The descriptor of a payment in whole CZK. Source: qr-platba.cz, "Specifikace formátu".

    An asterisk separates fields and a message is of plain letters, so that every bank's reader reads it.
    """
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", message).upper() if re.fullmatch(r"[A-Z0-9 .,/:+-]", letter)
    )
    fields = ["SPD*1.0", f"ACC:{iban}", f"AM:{amount}.00", "CC:CZK"]
    if variable_symbol:
        fields.append(f"X-VS:{variable_symbol}")
    return "*".join([*fields, f"MSG:{plain[:60]}"])


def variable_symbol(number: str) -> str:
    """The digits of a document's number, at most ten: N26-000123 is paid under 26000123."""
    return re.sub(r"\D", "", number)[-10:]


def qr_svg(text: str) -> str:
    """The text as a QR code of correction level M, one path: black on white, sharp at every size."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    size = len(rows) + 2 * _QUIET
    dark = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}" '
        f'shape-rendering="crispEdges"><path d="M0 0h{size}v{size}h-{size}z" fill="#fff"/><path d="{dark}"/></svg>'
    )
