"""What an advisor does all day, as requests: writes offers, slips, repairs, completes, edits again, copies, deletes."""

import random
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import date

from tests import family
from tests.asking import Page

REMEDY = re.compile(r'name="remedy" value="([^"]+)"')


@dataclass(frozen=True)
class Move:
    """One request below the address of the current document. ``opens``: the answer leads to a new current document."""

    where: str
    form: Mapping[str, str] | None = field(default_factory=dict)  # None: only look
    opens: bool = False
    fragments: bool = True


Script = Generator[Move, Page | None, None]  # the answer is None where it was lost with the desk

CREATE = Move("", {"kind": "offer"}, opens=True, fragments=False)
COMPLETE = Move("/completion", fragments=False)
COPY = Move("/copies", opens=True, fragments=False)


def day(chance: random.Random, today: date) -> Script:
    """Moves without end, none of which the desk may refuse."""
    while True:
        yield CREATE
        yield from _write(chance, today)
        yield COMPLETE
        for _ in range(chance.randint(1, 3)):
            yield from _edit_again(chance)
        if chance.random() < 0.3:
            yield Move("/cancellation", fragments=False)
        yield COPY
        yield Move("/sections/policyholder", {"policyholder.city": f"Ústí {chance.randint(1, 99)}"})
        yield from _delete(chance)


def _write(chance: random.Random, today: date) -> Script:
    for step in family.steps(today):
        if "rows" in step.where:
            yield Move(step.where, step.form)
            continue
        for path, text in step.form.items():  # field by field, as a person types
            if chance.random() < 0.2:
                yield Move(step.where, {path: f"{text}?"})
            yield Move(step.where, {path: text})
        if "cover" in step.where:
            yield from chance.choice([_slip, _extra_premium, _second_thoughts, _nothing])()


def _slip() -> Script:
    """A term that is too long, mended by the remedy that the page offers."""
    where = "/sections/cover{}?person=p1"
    yield Move(where.format("/rows"), {"add": "persons[p1].coverages|code=SU"})
    row = "persons[p1].coverages[c{}]"
    page = yield Move(where.format(""), None)
    number = max(map(int, re.findall(r"coverages\[c(\d+)\]", page.text)), default=0) if page else 0
    if number > 1:
        path = row.format(number)
        yield Move(where.format(""), {f"{path}.sum_insured": "200 000", f"{path}.term": "70"})
        page = yield Move(where.format(""), None)
        for key in REMEDY.findall(page.text if page else "")[:1]:
            yield Move(where.format("/remedies"), {"remedy": key})
        yield Move(where.format("/removals"), {"row": path})


def _extra_premium() -> Script:
    where = "/sections/investment{}"
    yield Move(where.format("/rows"), {"add": "extra_premiums"})
    page = yield Move(where.format(""), None)
    for row in re.findall(r"(extra_premiums\[\w+\])\.month", page.text if page else "")[:1]:
        yield Move(where.format(""), {f"{row}.month": "12", f"{row}.sum_insured": "50 000"})
        yield Move(where.format("/removals"), {"row": row})


def _second_thoughts() -> Script:
    for what in ("removals", "restorations"):
        yield Move(f"/sections/cover/{what}?person=p1", {"row": "persons[p1].coverages[c1]"})


def _nothing() -> Script:
    yield Move("/sections/summary", None)


def _edit_again(chance: random.Random) -> Script:
    """Typing in a completed offer makes a working copy; it is thrown away or completed."""
    typed = {"policyholder.phone": f"777 {chance.randint(100, 999)} 456"}
    yield Move("/sections/policyholder", typed)
    weight = str(chance.randint(55, 80))  # for the rate and in the questionnaire, which have to agree
    yield Move("/sections/insured", {"persons[p1].weight_kg": weight})
    yield Move("/sections/health", {"persons[p1].z01_weight_kg": weight})
    yield chance.choice([COMPLETE, Move("/discards", fragments=False)])


def _delete(chance: random.Random) -> Script:
    yield Move("/deletion", fragments=False)
    if chance.random() < 0.5:
        yield Move("/restoration", fragments=False)
