"""The documents in the pictures: made-up people, each document in another state, at fixed times."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from localapp import clock
from localapp.store.store import Store
from tests import family
from tests.asking import Asking
from tests.store.made_up import plant_fact

NOW = datetime(2026, 11, 25, 18, 42, tzinfo=clock.PRAGUE)

Finish = Callable[[Asking, Store, str], None]


def leave(_: Asking, __: Store, ___: str) -> None:
    """A draft stays one."""


def complete(asking: Asking, _: Store, address: str) -> None:
    """Completed, waits for synchronization."""
    family.complete(asking, address)


def edit_again(asking: Asking, store: Store, address: str) -> None:
    """A working copy over the completed revision."""
    complete(asking, store, address)
    asking.post(f"{address}/sections/policyholder", {"policyholder.phone": "777 654 321"})


def cancel(asking: Asking, store: Store, address: str) -> None:
    """Cancelled before it left."""
    complete(asking, store, address)
    asking.post(f"{address}/cancellation", {}, fragments=False)


def delete(asking: Asking, _: Store, address: str) -> None:
    """A draft in Smazané."""
    asking.post(f"{address}/deletion", {}, fragments=False)


def learn(*facts: str) -> Finish:
    """Facts that come from the insurer."""

    def finish(asking: Asking, store: Store, address: str) -> None:
        complete(asking, store, address)
        for fact in facts:
            plant_fact(store, address.rpartition("/")[2], fact)

    return finish


def break_rules(asking: Asking, _: Store, address: str) -> None:
    """A term that is too long for the policy and for the age, and a sum that is no amount."""
    row = "persons[p1].coverages[c{}]"
    typed = {f"{row.format(2)}.term": "38", f"{row.format(4)}.sum_insured": "čtyři"}
    asking.post(f"{address}/sections/cover?person=p1", typed)


def ask_much(asking: Asking, _: Store, address: str) -> None:
    """A sum that asks for the full questionnaire, and a question answered by yes."""
    asking.post(f"{address}/sections/cover?person=p1", {"persons[p1].coverages[c1].sum_insured": "2 500 000"})
    asking.post(f"{address}/sections/health", {"persons[p1].z05": "true"})


@dataclass(frozen=True)
class Made:
    """One document: its name in the table of pictures, how long ago, whose with which relatives, what became of it."""

    name: str
    ago: timedelta
    client: tuple[str, str, str]
    relatives: tuple[str, str]
    finish: Finish


def _ago(days: int, hours: int = 0, minutes: int = 0) -> timedelta:
    return timedelta(days=days, hours=hours, minutes=minutes)


LONG_NAME = ("Nejneobhospodařovávatelnější Přemyslovská-Kratochvílová", "Maxmiliána Bartolomějka", "prof. MUDr. Ing.")
"""Longer than any place for a name, with a word that must be broken."""

DOCUMENTS = (
    Made("long_names", _ago(20), LONG_NAME, (LONG_NAME[0], LONG_NAME[0]), ask_much),
    Made(
        "exported",
        _ago(9, 3),
        ("Svobodová", "Ludmila", "Mgr."),
        ("Svoboda", "Svobodová"),
        learn("backed_up", "exported"),
    ),
    Made(
        "exported_too",
        _ago(7, 1, 12),
        ("Řehořová-Dvořáčková", "Markéta", "MUDr."),
        ("Řehoř", "Řehořová"),
        learn("backed_up", "exported"),
    ),
    Made("cancelled", _ago(6, 5, 40), ("Čermák", "Přemysl", ""), ("Čermák", "Čermáková"), cancel),
    Made("deleted", _ago(3, 2, 5), ("Žižka", "Hynek", ""), ("Žižka", "Žižková"), delete),
    Made(
        "backed_up",
        _ago(1, 2, 31),
        ("Nepomucká z Hvězdonic", "Anežka", "JUDr."),
        ("Nepomucký", "Nepomucká"),
        learn("backed_up"),
    ),
    Made(
        "to_sign",
        _ago(1, 1, 7),
        ("Kadeřábek", "Vojtěch", ""),
        ("Kadeřábek", "Kadeřábková"),
        learn("signature_requested"),
    ),
    Made(
        "signed",
        _ago(0, 6, 2),
        ("Šťovíčková", "Růžena", ""),
        ("Šťovíček", "Šťovíčková"),
        learn("signature_requested", "signed"),
    ),
    Made("working_copy", _ago(0, 4, 48), ("Jeřábek", "Řehoř", "Bc."), ("Jeřábek", "Jeřábková"), edit_again),
    Made("waiting", _ago(0, 2, 20), ("Vlček", "Bohuslav", "Ing."), ("Vlček", "Vlčková"), complete),
    Made("wrong", _ago(0, 0, 55), ("Ďurišová-Krýslová", "Tereza", ""), ("Ďuriš", "Ďurišová"), break_rules),
    Made("family", _ago(0, 0, 3), ("Příhodová-Šťastná", "Kateřina", "Ing."), ("Příhoda", "Příhodová"), leave),
)


def write_all(asking: Asking, store: Store) -> dict[str, str]:
    """Write every document at its time; the id of each by its name."""
    found = _write_the_empty(asking)
    for number, made in enumerate(DOCUMENTS, 1):
        if made.name == "wrong":  # the list has the order of writing
            found["illustration"] = _write_illustration(asking)
        with clock.moved_to(NOW - made.ago):
            address = family.write(asking, clock.today(), _client(made.client), made.relatives)
            if made.name not in {"family", "long_names"}:
                _make_different(asking, address, number)
            made.finish(asking, store, address)
            found[made.name] = address.rpartition("/")[2]
    return found | _read_ids(asking, found["family"])


def _write_the_empty(asking: Asking) -> dict[str, str]:
    """A document of each kind into which nothing was written."""
    with clock.moved_to(NOW - _ago(21)):
        return {f"empty_{kind}": _new(asking, kind).rpartition("/")[2] for kind in ("offer", "illustration")}


def _write_illustration(asking: Asking) -> str:
    """A priced illustration of somebody who has not given a name."""
    with clock.moved_to(NOW - _ago(0, 1, 14)):
        address = _new(asking, "illustration")
        asking.post(f"{address}/sections/policyholder", {"policyholder.birth_date": "12. 5. 1988"})
        cover = {f"persons[p1].coverages[c1].{name}": text for name, text in (("sum_insured", "1,5m"), ("term", "30"))}
        asking.post(f"{address}/sections/cover", cover)
        asking.post(
            f"{address}/sections/investment", {"investment.regular": "1 500", "investment.strategy": "balanced"}
        )
    return address.rpartition("/")[2]


def _new(asking: Asking, kind: str) -> str:
    return asking.post("/documents", {"kind": kind}, fragments=False).location


def _read_ids(asking: Asking, document: str) -> dict[str, str]:
    """A client and an earlier state of a document, as their pages are linked to."""
    client = re.search(r'"/clients/([0-9a-f-]{36})"><b>Příhodová-Šťastná', asking.get("/clients").text)
    lines = re.findall(r"/history/(\d+)", asking.get(f"/documents/{document}/history").text)
    assert client is not None  # noqa: S101 - the family was written
    return {"client": client[1], "line": lines[len(lines) // 2]}


def _make_different(asking: Asking, address: str, number: int) -> None:
    """Another sum and now and then another frequency, so that no two premiums are the same."""
    # Above 1,500,000 more would be asked about health.
    death = {"persons[p1].coverages[c1].sum_insured": str(400_000 + number * 90_000)}
    asking.post(f"{address}/sections/cover?person=p1", death)
    times = (12, 12, 4, 1)[number % 4]
    asking.post(f"{address}/sections/investment", {"investment.regular": str(12_000 // times)})
    asking.post(f"{address}/sections/payment", {"payment.payments_per_year": str(times)})


def _client(name: tuple[str, str, str]) -> Mapping[str, str]:
    last, first, title = name
    return {**family.CLIENT, "last_name": last, "first_name": first, "title": title, "email": ""}
