"""Which letters the print's font has. PDF/A and PDF/UA allow no text that cannot be shown, so others are replaced."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path

MISSING = "□"
_WORD, _PIECE = 28, 10  # a longer word than fits into a narrow column may be broken after so many letters
_LONG_WORD = re.compile(rf"\S{{{_WORD},}}")
_WITHOUT_A_PLACE = re.compile(rf"[^\s@./_-]{{{_WORD},}}")  # after a hyphen a line breaks anyway
_ADDRESS = 48  # a shorter e-mail fits where it is printed: whoever copies it out of the file gets no letter more
_BREAK = "\u200b"
_JOINERS = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f")  # nothing is seen where they are left out


class Letters:
    """The letters of one TrueType font."""

    def __init__(self, font: Path) -> None:
        """Read the font's own table. Raises OSError, ValueError when it has none in the usual form."""
        self._known = frozenset(_characters(font.read_bytes()))
        self._plain = {ord(" "), ord("\n")}

    def printable(self, text: str) -> str:
        """The text with a square for each letter that the font lacks; what nothing would break may be broken."""
        if not (text.isascii() and text.isprintable()):
            text = "".join(self._shown(letter) for letter in text)
        return _LONG_WORD.sub(_broken, text) if len(text) >= _WORD else text

    def _shown(self, letter: str) -> str:
        if letter == "\t":
            return " "
        if letter in _JOINERS:
            return ""
        return letter if ord(letter) in self._known or ord(letter) in self._plain else MISSING


def _broken(word: re.Match[str]) -> str:
    if "@" in word[0] and len(word[0]) <= _ADDRESS:
        return word[0]
    return re.sub(r"([@./_])(?=.)", rf"\1{_BREAK}", _WITHOUT_A_PLACE.sub(_cut, word[0]))


def _cut(word: re.Match[str]) -> str:
    return _BREAK.join(word[0][at : at + _PIECE] for at in range(0, len(word[0]), _PIECE))


def _characters(font: bytes) -> Iterator[int]:
    """The characters of a ``cmap`` subtable of format 4. Source: the OpenType specification, "cmap"."""
    start = _table(font, b"cmap")
    count = struct.unpack_from(">H", font, start + 2)[0]
    for record in range(count):
        at = start + struct.unpack_from(">HHI", font, start + 4 + record * 8)[2]
        if struct.unpack_from(">H", font, at)[0] == 4:
            segments = struct.unpack_from(">H", font, at + 6)[0] // 2
            ends = struct.unpack_from(f">{segments}H", font, at + 14)
            starts = struct.unpack_from(f">{segments}H", font, at + 16 + segments * 2)
            for first, last in zip(starts, ends, strict=True):
                yield from range(first, min(last, 0xFFFE) + 1)
            return
    raise ValueError("the font has no cmap of format 4")


def _table(font: bytes, tag: bytes) -> int:
    for number in range(struct.unpack_from(">H", font, 4)[0]):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + number * 16)
        if name == tag:
            return int(offset)
    raise ValueError(f"the font has no table {tag!r}")
