"""A fresh Anki collection pushes the documents of a file as notes to its own server: ``python -m tests.bench.anki_push
FILE`` prints milliseconds. Collection and server are linked before, so that the push is an ordinary synchronization.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anki.collection import AddNoteRequest, Collection

_NEXT_SECOND = 1.1  # it tells changes apart by whole seconds


def main() -> None:
    """Push once."""
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder) / "server") as address:
        collection: Any = Collection(str(Path(folder) / "desk.anki2"))
        login = collection.sync_login("alena", "heslo", address)
        collection.sync_collection(login, False)
        collection.close_for_full_sync()
        collection.full_upload_or_download(auth=login, server_usn=None, upload=True)
        collection.reopen(after_full_sync=True)
        time.sleep(_NEXT_SECOND)
        collection.add_notes([_note(collection, json.loads(line)) for line in lines])
        began = time.perf_counter()
        told = collection.sync_collection(login, False)
        took = (time.perf_counter() - began) * 1000
        if told.required != 0:
            raise AssertionError(told)
        collection.close()
    sys.stdout.write(f"{took}\n")


def _note(collection: Any, line: dict[str, Any]) -> AddNoteRequest:  # noqa: ANN401 - the peer's own
    note = collection.new_note(collection.models.by_name("Basic"))
    note["Front"], note["Back"] = line["id"], json.dumps(line["doc"], ensure_ascii=False)
    return AddNoteRequest(note=note, deck_id=collection.decks.id("Default"))


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = {"SYNC_USER1": "alena:heslo", "SYNC_BASE": str(folder), "SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(port)}
    command = [sys.executable, "-m", "anki.syncserver"]
    process = subprocess.Popen(command, env={**os.environ, **told, "RUST_LOG": "error"}, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    main()
