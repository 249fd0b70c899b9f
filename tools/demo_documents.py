"""The documents in the pictures: made-up people, each document in another state, at fixed times."""

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


DOCUMENTS = (
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
    found = {}
    for number, made in enumerate(DOCUMENTS, 1):
        with clock.moved_to(NOW - made.ago):
            address = family.write(asking, clock.today(), _client(made.client), made.relatives)
            if made.name != "family":
                _make_different(asking, address, number)
            made.finish(asking, store, address)
            found[made.name] = address.rpartition("/")[2]
    return found


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
