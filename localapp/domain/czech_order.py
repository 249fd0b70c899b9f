"""The Czech alphabetical order (ČSN 97 6030) as a text that sorts by code points: ch after h, č after c.

á ď é ě í ň ó ť ú ů ý count as their letters and decide only between words that are otherwise alike.
"""

import unicodedata

_LETTERS = (*"abcč", *"defgh", "ch", *"ijklmnopqrř", *"sš", *"tuvwxyz", "ž")
_PLACES = {letter: chr(ord("A") + place) for place, letter in enumerate(_LETTERS)}
_SPELT = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "-": " ", "–": " ", "'": "", "’": ""}
)
_ACCENTS = {"\u0301": "1", "\u030c": "2", "\u030a": "3"}
_LAST = "~"
_THEN = "\x02"  # before every letter and the space between words


def sort_key(*parts: str) -> str:
    """The key of ``parts``, the first of which decides before the others, as a surname before a first name."""
    return "\x01".join(_key(part) for part in parts)


def _key(text: str) -> str:
    words = " ".join(unicodedata.normalize("NFC", text).lower().translate(_SPELT).split())
    letters, accents = [], []
    at = 0
    while at < len(words):
        letter = "ch" if words.startswith("ch", at) else words[at]
        at += len(letter)
        plain, accent = (letter, "0") if letter in _PLACES else _apart(letter)
        letters.append(_PLACES.get(plain) or (plain if plain.isdecimal() or plain == " " else _LAST))
        accents.append(accent)
    return "".join(letters) + _THEN + "".join(accents).rstrip("0")


def _apart(letter: str) -> tuple[str, str]:
    """A letter without its accent, and the accent's rank."""
    apart = unicodedata.normalize("NFD", letter)
    return apart[0], _ACCENTS.get(apart[1], "4") if apart[1:] else "0"
