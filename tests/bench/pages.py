"""The pages of the list and of the search over HTTP, from a real desk with 100,000 documents."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from localapp import config
from localapp.app import demo_keys
from localapp.store.store import Store
from tests.activating import put_activated_desk
from tests.asking import OverHttp, Page
from tests.bench.store import DOCUMENTS, LIST_TARGET, SEARCH_TARGET, fill
from tests.bench.table import Row, measured
from tests.running import OFFLINE, started

COUNT = 100
SETTLED_AFTER = 4.0
"""Seconds from the start on in which the scheduler and its first synchronization begin; p95 is then up to 20 ms."""


def rows() -> list[Row]:
    """Whole pages for the list, what the search field gets for the search; 50 documents on each."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "desk"
        prepare(place)
        with started(place, *OFFLINE) as running:
            asking = OverHttp(running)
            time.sleep(SETTLED_AFTER)
            try:
                return [*_list_rows(asking), *_search_rows(asking)]
            finally:
                asking.close()


def prepare(folder: Path) -> None:
    """An activated demonstration desk with 100,000 documents."""
    put_activated_desk(folder)
    store = Store.open(folder / config.DATABASE, demo_keys(folder))
    try:
        fill(store, DOCUMENTS)
    finally:
        store.close()


def _list_rows(asking: OverHttp) -> list[Row]:
    places = {
        "first page": "/documents",
        "deep page": "/documents?before=5000",
        "page of exported": "/documents?shelf=exported",
        "page of cancelled": "/documents?shelf=cancelled",
    }
    return [
        measured(f"HTTP: list, {what}", _seen(lambda to=target: asking.get(to)), count=COUNT, target_p95=LIST_TARGET)  # type: ignore[misc]
        for what, target in places.items()
    ]


def _search_rows(asking: OverHttp) -> list[Row]:
    typed = {"one letter": "n", "one word": "nova", "two words": "dvor ma", "number": "N25-054321", "no hit": "xyzxyz"}
    return [
        measured(
            f"HTTP: search, {what}",
            _seen(lambda words=words: asking.post("/documents/search", {"q": words})),  # type: ignore[misc]
            count=COUNT,
            target_p95=SEARCH_TARGET,
        )
        for what, words in typed.items()
    ]


def _seen(ask: Callable[[], Page]) -> Callable[[], None]:
    def see() -> None:
        page = ask()
        assert page.status == 200, page.text

    return see
