"""A family of two adults and two children with twelve coverages: as typed, and as the contract it amounts to."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from localapp import clock


@dataclass(frozen=True)
class Line:
    """One coverage: ``name`` as the page says it, ``term`` None where the term of the policy stands."""

    code: str
    name: str
    sum_insured: int
    term: int | None = None
    waiting_days: int | None = None


@dataclass(frozen=True)
class Person:
    """One insured person."""

    id: str
    first_name: str
    last_name: str
    age: int
    lines: tuple[Line, ...]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def role(self) -> str:
        """Adult or child."""
        return "adult" if self.id.startswith("D") else "child"

    @property
    def born(self) -> date:
        """The date of birth that gives the age at the start."""
        return date(start().year - self.age, 4, 3)

    @property
    def born_as_typed(self) -> str:
        """The date as an advisor types it."""
        return f"{self.born.day}.{self.born.month}.{self.born.year}"


DEATH = "Smrt z jakýchkoliv příčin"
DISABILITY = "Invalidita III. stupně"
ILLNESS = "Závažná onemocnění – základ"
INJURY = "Trvalé následky úrazu, progrese 4×"
SICK_LEAVE = "Pracovní neschopnost"
HOSPITAL = "Hospitalizace – nemoc nebo úraz"
CHILD_INJURY = "Dítě – trvalé následky úrazu, progrese 4×"
CHILD_BENEFIT = "Dítě – denní odškodné – úraz"

POLICY_TERM = 30
FAMILY = (
    Person("D1", "Kateřina", "Šťastná-Vondráčková", 38, (
        Line("S", DEATH, 2_000_000),
        Line("I3", DISABILITY, 1_000_000, 27),
        Line("ZZ", ILLNESS, 500_000),
        Line("T4", INJURY, 400_000),
        Line("PN", SICK_LEAVE, 300, 27, waiting_days=14),
    ), {"net_monthly_income": 52_000, "height_cm": 168, "weight_kg": 64}),
    Person("D2", "Thị Hồng Hạnh", "Nguyễn", 36, (
        Line("S", DEATH, 1_000_000),
        Line("I3", DISABILITY, 800_000, 25),
        Line("T4", INJURY, 300_000),
        Line("HO", HOSPITAL, 500),
    ), {"smoker": True, "height_cm": 158, "weight_kg": 51}),
    Person("C1", "Bartoloměj", "Wagner-Černohorský", 8, (
        Line("DT", CHILD_INJURY, 500_000, 18),
        Line("DD", CHILD_BENEFIT, 200, 18),
    )),
    Person("C2", "Žofie", "Vondráčková", 5, (Line("DT", CHILD_INJURY, 500_000, 18),)),
)  # fmt: skip
INVESTMENT = {"regular": 1_000, "strategy": "balanced"}


def start() -> date:
    """When the policy of a new offer starts unless the advisor says otherwise: the first of the next month."""
    year, month = divmod(clock.today().year * 12 + clock.today().month, 12)
    return date(year, month + 1, 1)


def contract(persons: tuple[Person, ...] = FAMILY) -> dict[str, Any]:
    """What the library is asked for the same family."""
    return {
        "tariff": "FLEXI-DEMO-2026.1",
        "start_date": start().isoformat(),
        "policy_term": POLICY_TERM,
        "payments_per_year": 12,
        "payment_method": "transfer",
        "persons": [
            {"id": each.id, "role": each.role, "birth_date": each.born.isoformat(), **each.facts}
            | {"coverages": [_line(line) for line in each.lines]}
            for each in persons
        ],
        "investment": INVESTMENT,
    }


def _line(line: Line) -> dict[str, Any]:
    asked = {"code": line.code, "sum_insured": line.sum_insured, "term": line.term or POLICY_TERM}
    return asked | ({"waiting_days": line.waiting_days} if line.waiting_days else {})
