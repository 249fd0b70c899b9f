"""Conflicts in which nothing is to be decided: two computers made the same change. They end by themselves.

The store compares bytes; what is computed of other answers stands in a completed revision and not yet in a working
copy, so the same change may look like two. Here the two are compared as the page would show them.
"""

import logging

from localapp.store.conflicting import Conflict
from localapp.web.desk import Desk
from localapp.web.merging import three_of

_LOG = logging.getLogger("smartclient.conflicts")


def settle_equal(desk: Desk) -> int:
    """End the open conflicts whose two sides differ in no answer that somebody gave; how many. Never raises."""
    try:
        return sum([_settle(desk, each) for each in desk.store.conflicts.open() if each.reason.is_edit])
    except Exception as failure:  # noqa: BLE001 - a conflict stays for the advisor; a message may hold a client's data
        _LOG.error("conflicts were not compared: %s", type(failure).__name__)
        return 0


def _settle(desk: Desk, conflict: Conflict) -> bool:
    sides = desk.store.conflicts.sides(conflict.document)
    three = three_of(desk, sides)
    if sides is None or sides.mine is None or three is None or three.merged().differences:
        return False
    return desk.store.conflicts.settle(sides.conflict, sides.mine)
