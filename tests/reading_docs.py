"""Tables and words of the documentation, read so that tests can hold them against the code."""

import re


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next of the same or a higher level."""
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    if not found:
        raise LookupError(heading)
    rest = text[found.end() :]
    following = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: following.start()] if following else rest


def table(text: str, heading: str) -> list[dict[str, str]]:
    """The first table under a heading: each row by the words of the table's head."""
    lines = [line for line in section(text, heading).splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    head = rows[0]
    return [dict(zip(head, row, strict=True)) for row in rows[2:]]


def codes(cell: str) -> set[str]:
    """The words of a cell that are set as code."""
    return set(re.findall(r"`([^`]+)`", cell))
