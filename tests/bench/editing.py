"""One field changed in a family offer of 12 coverages, until the changed fragments are back."""

import os
import tempfile

from tests.asking import Asking
from tests.bench.desks import changing, open_family, running_family
from tests.bench.table import Row, measured

CHANGE_TARGET = 30.0
COUNT = 200
_C2 = "persons[p1].coverages[c2]"
_CHANGES = (
    ("a sum", "cover?person=p1", f"{_C2}.sum_insured", ["900 000", "1 000 000"]),
    ("a sum that is wrong and right", "cover?person=p1", f"{_C2}.sum_insured", ["900 001", "1 000 000"]),
    ("a term that is too long and right", "cover?person=p1", f"{_C2}.term", ["60", "28"]),
    ("a name", "policyholder", "policyholder.first_name", ["Eva", "Anna"]),
    ("a weight (health)", "insured", "persons[p1].weight_kg", ["64", "65"]),
    ("the frequency", "payment", "payment.payments_per_year", ["4", "12"]),
)


def rows() -> list[Row]:
    """In this process (the WSGI application) and over HTTP to a real desk; a static file is the peer of the latter."""
    with open_family() as family:
        found = _rows("in process", family.asking, family.address)
    with running_family() as (asking, address):
        found += _rows("HTTP", asking, address)
        what = "HTTP: whole page of the cover"
        found.append(measured(what, lambda: asking.get(f"{address}/sections/cover?person=p1"), count=COUNT))
        found.append(measured("peer: a static file over HTTP", lambda: asking.get("/static/mark.svg"), count=COUNT))
    return [*found, _disk_row()]


def _disk_row() -> Row:
    """What the disk alone costs: each acknowledged change is on it."""
    with tempfile.TemporaryFile(buffering=0) as file:

        def save() -> None:
            file.write(bytes(8192))
            os.fsync(file.fileno())

        return measured("peer: 8 kB written and synced to the disk", save, count=COUNT)


def _rows(where: str, asking: Asking, address: str) -> list[Row]:
    return [
        measured(
            f"{where}: change of {what} → fragments",
            changing(asking, address, section, path, texts),
            count=COUNT,
            target_p95=CHANGE_TARGET,
        )
        for what, section, path, texts in _CHANGES
    ]
