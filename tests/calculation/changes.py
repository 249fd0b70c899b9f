"""Applies a remedy's changes to a contract, as the form does."""

import copy
from typing import Any

Contract = dict[str, Any]


def applied(contract: Contract, changes: list[Contract]) -> Contract:
    """The contract after the changes, one after the other."""
    changed = copy.deepcopy(contract)
    for change in changes:
        _apply(changed, change)
    return changed


def _apply(contract: Contract, change: Contract) -> None:
    if change["target"] == "policy":
        contract[change["field"]] = change["value"]
        return
    if change["target"] == "investment":
        contract.setdefault("investment", {})[change["field"]] = change["value"]
        return
    place = next(j for j, person in enumerate(contract["persons"]) if person["id"] == change["person"])
    if change["target"] == "person" and change["op"] == "remove":
        del contract["persons"][place]
        return
    person = contract["persons"][place]
    if change["target"] == "person":
        person[change["field"]] = change["value"]
    elif change["op"] == "add":
        person["coverages"].append(change["value"])
    elif change["op"] == "remove":
        del person["coverages"][change["line"]]
    else:
        person["coverages"][change["line"]][change["field"]] = change["value"]
