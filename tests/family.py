"""The Novák family, as it is typed: two adults, two children, twelve coverages, nothing wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from tests.asking import Asking

COVERAGES = {
    "p1": {"S": "1 500 000", "I3": "1 000 000", "ZZ": "500 000", "T4": "400 000", "PN": "300"},
    "p2": {"S": "1 000 000", "I3": "800 000", "T4": "300 000", "HO": "500"},
    "p3": {"DT": "500 000", "DD": "200"},
    "p4": {"DT": "500 000"},
}
LIFE = "persons[p1].coverages[c1]"
"""The cover on death that has beneficiaries of its own; the other one follows the order of the law."""
BENEFICIARIES = (("Ondřej", "Příhoda", "3. 4. 1990", "66,67"), ("Matyáš", "Příhoda", "3. 4. 2018", "33,33"))
SUITABILITY = {
    "investment.suitability": "suitable",
    "investment.knowledge": "basic",
    "investment.horizon": "long",
    "investment.loss_capacity": "to_30",
    "investment.sustainability": "none",
}
IDENTIFICATION = {
    "identification.pep": "false",
    "identification.sanctions": "clear",
}
AGREEMENTS = {f"consents[c{number}].given": answer for number, answer in enumerate(("true", "true", "false"), 1)} | {
    f"handed_documents[h{number}].handed": "true" for number in (1, 2, 3)
}
AGREEMENTS |= {f"persons[{person}].health_consent": "true" for person in ("p2", "p3", "p4")}
CLIENT = {
    "last_name": "Příhodová-Šťastná",
    "first_name": "Kateřina",
    "title": "Ing.",
    "birth_date": "12. 5. 1991",
    "sex": "female",
    "email": "katerina.prihodova@example.cz",
    "phone": "777 123 456",
    "birthplace": "Žďár nad Sázavou",
    "document_kind": "identity_card",
    "document_number": "123 456 789",
    "document_expires_on": "1. 1. 2190",
    "street": "Nad Šárkou 1842/7",
    "city": "Žďár nad Sázavou",
    "postal_code": "591 01",
}


@dataclass(frozen=True)
class Step:
    """One request on a document: where to, below its address, and what is sent."""

    where: str
    form: Mapping[str, str] = field(default_factory=dict)


def steps(today: date, client: Mapping[str, str] = CLIENT, relatives: tuple[str, str] | None = None) -> Iterator[Step]:
    """All requests from an empty draft to a complete offer. ``relatives``: surnames of the men and of the women."""
    yield Step("/sections/policyholder", {f"policyholder.{name}": text for name, text in client.items()})
    for role in ("adult", "child", "child"):
        yield Step("/sections/insured/rows", {"add": f"persons|role={role}"})
    yield Step("/sections/insured", _persons(today, relatives or (client["last_name"],) * 2))
    for person, sums in COVERAGES.items():
        cover = f"/sections/cover{{}}?person={person}"
        for code in sums:
            if (person, code) != ("p1", "S"):  # the form starts with it
                yield Step(cover.format("/rows"), {"add": f"persons[{person}].coverages|code={code}"})
        yield Step(cover.format(""), _cover(person, sums))
    for _ in BENEFICIARIES:
        yield Step("/sections/death_benefit/rows", {"add": f"{LIFE}.beneficiaries|"})
    yield Step("/sections/death_benefit", _beneficiaries())
    yield Step("/sections/health", _health())
    yield Step("/sections/investment", {"investment.regular": "1 000", "investment.strategy": "balanced"} | SUITABILITY)
    yield Step("/sections/identification", IDENTIFICATION)
    yield Step("/sections/agreements", AGREEMENTS)


def asked_anew(today: date) -> Iterator[Step]:
    """What has to be answered in a copy of the complete offer before it is complete as well."""
    sections = {"insured", "health", "investment", "identification", "agreements"}
    yield from (step for step in steps(today) if step.where.removeprefix("/sections/") in sections)


def _persons(today: date, relatives: tuple[str, str]) -> dict[str, str]:
    typed = {
        "persons[p1].net_monthly_income": "52 000",
        "persons[p1].height_cm": "168",
        "persons[p1].weight_kg": "64",
        "persons[p2].height_cm": "184",
        "persons[p2].weight_kg": "88",
        "persons[p2].smoker": "true",
    }
    man, woman = relatives
    names = {"p2": ("Ondřej", man, 36), "p3": ("Matyáš", man, 8), "p4": ("Žofie", woman, 5)}
    for person, (name, surname, age) in names.items():
        typed[f"persons[{person}].first_name"] = name
        typed[f"persons[{person}].last_name"] = surname
        typed[f"persons[{person}].birth_date"] = f"3. 4. {today.year - age}"
    return typed


def _beneficiaries() -> dict[str, str]:
    typed = {}
    for number, answers in enumerate(BENEFICIARIES, 1):
        for name, text in zip(("first_name", "last_name", "birth_date", "share"), answers, strict=True):
            typed[f"{LIFE}.beneficiaries[b{number}].{name}"] = text
    return typed


def _health() -> dict[str, str]:
    """The short questionnaire of the adults, with nothing to tell, and the questions about children."""
    typed = {f"persons[p1].{name}": text for name, text in (("z01_height_cm", "168"), ("z01_weight_kg", "64"))}
    typed |= {f"persons[p2].{name}": text for name, text in (("z01_height_cm", "184"), ("z01_weight_kg", "88"))}
    typed |= {"persons[p1].z02": "false", "persons[p2].z02": "true"}
    for person, letter, last in (("p1", "z", 7), ("p2", "z", 7), ("p3", "c", 5), ("p4", "c", 5)):
        first = 3 if letter == "z" else 1
        typed |= {f"persons[{person}].{letter}{number:02}": "false" for number in range(first, last + 1)}
    return typed


def _cover(person: str, sums: Mapping[str, str]) -> dict[str, str]:
    typed = {}
    for number, (code, amount) in enumerate(sums.items(), 1):
        row = f"persons[{person}].coverages[c{number}]"
        typed[f"{row}.sum_insured"] = amount
        typed[f"{row}.term"] = "18" if code.startswith("D") else "28"
    return typed


def write(
    asking: Asking, today: date, client: Mapping[str, str] = CLIENT, relatives: tuple[str, str] | None = None
) -> str:
    """A new offer with the family in it; its address. Raises AssertionError when a request is refused."""
    created = asking.post("/documents", {"kind": "offer"}, fragments=False)
    assert created.status == 303, created.text
    document = created.location
    for step in steps(today, client, relatives):
        page = asking.post(document + step.where, step.form)
        assert page.acknowledged, (step, page.status, page.text)
    return document


def complete(asking: Asking, document: str) -> None:
    """Complete the offer. Raises AssertionError when something hinders it."""
    page = asking.post(f"{document}/completion", {}, fragments=False)
    assert page.status == 303, page.text
