"""List and search beside datasette: its table page and its full-text search over the same 100,000 rows, in one run.

The rows are those of our list, in a plain SQLite file with FTS5: without encryption and with its suggestion of facets
off, both in datasette's favour. Each is asked over one kept connection on the loopback interface, in turns, for 50 rows
in the order of the last change.
"""

import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from localapp import config
from localapp.app import demo_keys
from localapp.store.records import ListedDocument
from localapp.store.store import Store
from tests.asking import OverHttp
from tests.bench.pages import SETTLED_AFTER, prepare
from tests.bench.table import Row
from tests.running import OFFLINE, started

COUNT, WARM_UP = 100, 10
PART_OF_PEER = 3
"""Ours has to take less than a third of the peer's time, at p50 and at p95."""

_COLUMNS = "id, rank, number, kind, last_name, first_name, title, premium, payments_per_year, changed_at"
_WORDS = ("nova", "dvor ma", "n")

Ask = Callable[[], None]


def rows() -> list[Row]:
    """Each pair of ours and the peer's; the target of ours is a third of the peer's p95, and its p50 of the p50."""
    with tempfile.TemporaryDirectory() as folder:
        place, plain = Path(folder) / "desk", Path(folder) / "documents.db"
        prepare(place)
        _copy_list(place, plain)
        with started(place, *OFFLINE) as running, _datasette(plain) as peer, closing(OverHttp(running)) as ours:
            time.sleep(SETTLED_AFTER)
            pairs = [_pair("list", partial(_ours, ours), partial(_theirs, peer))]
            pairs += [
                _pair(f"search „{words}“", partial(_ours, ours, words), partial(_theirs, peer, words))
                for words in _WORDS
            ]
    return [row for pair in pairs for row in pair]


def _pair(what: str, ours: Ask, theirs: Ask) -> list[Row]:
    times: dict[Ask, list[float]] = {ours: [], theirs: []}
    for turn in range(WARM_UP + COUNT):
        for ask, taken in times.items():
            began = time.perf_counter()
            ask()
            if turn >= WARM_UP:
                taken.append((time.perf_counter() - began) * 1000)
    peer = _row(f"datasette: {what}", times[theirs], None, None)
    return [peer, _row(f"SmartClient: {what}", times[ours], peer.p50 / PART_OF_PEER, peer.p95 / PART_OF_PEER)]


def _row(what: str, times: list[float], target_p50: float | None, target_p95: float | None) -> Row:
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    return Row(what, p50, p95, len(times), target_p95, target_p50)


def _ours(asking: OverHttp, words: str = "") -> None:
    page = asking.post("/documents/search", {"q": words}) if words else asking.get("/documents")
    assert page.status == 200
    assert page.text.count("<tr") > 1


def _theirs(connection: HTTPConnection, words: str = "") -> None:
    more = {"_search": _query(words)} if words else {}
    connection.request("GET", f"/documents/document?{urlencode({'_size': '50', '_sort_desc': 'rank', **more})}")
    answer = connection.getresponse()
    text = answer.read().decode()
    assert answer.status == 200
    assert text.count("<tr") > 1


def _query(words: str) -> str:
    """The same search in FTS5's own words: each word the beginning of one."""
    return " ".join(f'"{word}"*' for word in words.split())


def _copy_list(place: Path, plain: Path) -> None:
    store = Store.open(place / config.DATABASE, demo_keys(place))
    with closing(store), closing(sqlite3.connect(plain)) as connection:
        connection.execute(f"CREATE TABLE document ({_COLUMNS}, PRIMARY KEY (id))")
        connection.executemany(f"INSERT INTO document VALUES ({','.join('?' * 10)})", map(_values, _all(store)))  # noqa: S608 - only marks
        connection.executescript(
            "CREATE INDEX document_rank ON document (rank);"
            "CREATE VIRTUAL TABLE document_fts USING fts5 (last_name, first_name, number, content='document',"
            " tokenize='unicode61 remove_diacritics 2', prefix='1 2 3');"
            "INSERT INTO document_fts (document_fts) VALUES ('rebuild');"
        )
        connection.commit()


def _all(store: Store) -> Iterator[ListedDocument]:
    before: int | None = None
    while True:
        page = store.page(shelf=None, kind=None, before=before, limit=200)
        yield from page.rows
        before = page.next
        if before is None:
            return


def _values(row: ListedDocument) -> tuple[object, ...]:
    client = (row.client_last_name, row.client_first_name, row.client_title)
    changed = row.changed_at.isoformat()
    return (row.id, row.rank, row.number, row.kind, *client, row.premium, row.payments_per_year, changed)


@contextmanager
def _datasette(plain: Path) -> Iterator[HTTPConnection]:
    metadata = (
        '{"databases": {"documents": {"tables": {"document": {"fts_table": "document_fts", "searchmode": "raw"}}}}}'
    )
    (plain.parent / "metadata.json").write_text(metadata)
    command = [str(Path(sys.executable).with_name("datasette")), "serve", str(plain), "--port", "0"]
    process = subprocess.Popen(
        [*command, "--metadata", str(plain.parent / "metadata.json"), "--setting", "suggest_facets", "off"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "running on http" in line)
        port = int(line.split("running on http://127.0.0.1:")[1].split()[0].strip("/"))
        with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            yield connection
    finally:
        process.terminate()
        process.communicate(timeout=10)
