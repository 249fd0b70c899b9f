"""Documents in every condition that a page can show, made by requests past the browser."""

from collections.abc import Mapping
from dataclasses import dataclass

from localapp import clock
from tests import family
from tests.asking import Asking

LONG_NAMES = (
    ("Wagner-Černohorský", "Bartoloměj", "JUDr. Ing. MBA"),
    ("Nguyễn", "Thị Hồng Hạnh", ""),
    ("Hruškovská-Löwenbachová", "Bernardeta", ""),
)


@dataclass(frozen=True)
class Prepared:
    """Addresses of documents: a written family, an empty draft, one full of mistakes, one in each later state."""

    family: str
    empty: str
    wrong: str
    completed: str
    working_copy: str
    cancelled: str
    deleted: str


def prepare(asking: Asking) -> Prepared:
    """Make one of each."""
    found = Prepared(
        family=written(asking, *LONG_NAMES[0]),
        empty=blank(asking),
        wrong=blank(asking),
        completed=written(asking, *LONG_NAMES[1]),
        working_copy=written(asking, *LONG_NAMES[2]),
        cancelled=written(asking, "Kučera", "Jiří ml.", ""),
        deleted=blank(asking),
    )
    for document in (found.completed, found.working_copy, found.cancelled):
        family.complete(asking, document)
    send(asking, f"{found.working_copy}/sections/payment", {"payment.payments_per_year": "1"})
    send(asking, f"{found.cancelled}/cancellation", {})
    send(asking, f"{found.deleted}/deletion", {})
    spoil(asking, found.wrong)
    return found


def written(asking: Asking, last_name: str, first_name: str, title: str) -> str:
    """The family offer of a policyholder of this name."""
    client = family.CLIENT | {"last_name": last_name, "first_name": first_name, "title": title}
    return family.write(asking, clock.today(), client)


def blank(asking: Asking) -> str:
    """An offer into which nothing has been written."""
    return asking.post("/documents", {"kind": "offer"}, fragments=False).location


def send(asking: Asking, address: str, form: Mapping[str, str]) -> None:
    """Post a plain form. Raises AssertionError when it is refused."""
    answer = asking.post(address, form, fragments=False)
    assert answer.acknowledged, (address, answer.status, answer.text)


def spoil(asking: Asking, document: str) -> None:
    """Something wrong in every section that can hold it."""
    send(asking, f"{document}/sections/insured/rows", {"add": "persons|role=child"})
    person = "persons[p1].coverages"
    for code in ("I3", "T4"):
        send(asking, f"{document}/sections/cover/rows?person=p1", {"add": f"{person}|code={code}"})
    send(asking, f"{document}/sections/investment/rows", {"add": "extra_premiums|"})
    for section, answers in _mistakes(person).items():
        send(asking, f"{document}/sections/{section}", answers)


def _mistakes(cover: str) -> dict[str, dict[str, str]]:
    return {
        "policyholder": {
            "policyholder.birth_date": "3. 4. 1988",
            "policyholder.email": "a@",
            "policyholder.phone": "1",
        },
        "policy": {"policy.start_date": "1. 1. 2020", "policy.policy_term": "70"},
        "insured": {"persons[p1].height_cm": "vysoký", "persons[p2].birth_date": "31. 2. 2018"},
        "cover": {
            f"{cover}[c1].sum_insured": "milion",
            f"{cover}[c2].sum_insured": "1 000 000",
            f"{cover}[c3].sum_insured": "405 000",
        },
        "investment": {"investment.regular": "1 000", "extra_premiums[e1].sum_insured": "málo"},
    }
