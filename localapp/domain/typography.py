"""Czech typography of a finished sentence: what belongs together stays on one line. Source: design, "Czech".

Standard library only: this is on the way to the first page too. Shared by pages and prints.
"""

import re

NBSP = "\u00a0"

_UNITS = (
    r"Kč|CZK|%|‰|h|min|s|kB|MB|GB|cm|kg|rok|roky|roků|let|den|dny|dní|dnů|týden|týdny|týdnů|minut[auy]?|sekund[auy]?"
    r"|znak[ůy]?|měsíc[eů]?"
)
_GLUED = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![^\s(„])([ksvzouaiKSVZOUAI]) ",  # one-letter words
        r"(\d) (?=\d{2,3}\b)",  # groups of a number, a telephone, a postal code
        r"(\d\.) (?=[\da-záčďéěíňóřšťúůýž])",  # a day and its month, an ordinal and its noun
        rf"(\d) (?=(?:{_UNITS})(?!\w))",  # a number and its unit
        r"(\b(?:č|čl|str|tel|např|tzv|resp|Ing|Bc|Mgr|JUDr|MUDr|RNDr|PhDr)\.) (?=\S)",  # abbreviations and titles
        r"(\S) (?=–)",  # never a dash at the beginning of a line
    )
)


def typeset(text: str, lang: str = "cs") -> str:
    """The text with no-break spaces where Czech wants them; another language stays as it is."""
    if lang != "cs":
        return text
    for glued in _GLUED:
        text = glued.sub(r"\1" + NBSP, text)
    return text
