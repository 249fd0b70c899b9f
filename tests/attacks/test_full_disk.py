"""Attack 41: the disk is full, or may only be read. On a file system of its own, which takes root to mount."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from localapp.store.failures import NotWritable, StoreFull
from localapp.store.records import Keys
from localapp.store.store import Store
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from tests.conftest import AUTHORITY, client_of
from tests.connecting import enrolled_desk
from tests.store.made_up import change, new_offer, open_store

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NBSP = "\u00a0"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 6 MB. Where none can be mounted the test is reported as not run, with the reason."""
    place = tmp_path / "disk"
    place.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", "size=6m,mode=0700", "none", str(place)]
    if not ROOT or subprocess.run(line, check=False, capture_output=True).returncode:
        pytest.skip("NOT RUN: only root may mount a small disk; run the tests once as root")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def _fill(place: Path, leave: int = 0) -> Path:
    """Take all room but ``leave`` bytes."""
    ballast = place / "ballast"
    free = os.statvfs(place)
    with ballast.open("wb") as file:
        file.write(bytes(max(0, free.f_bavail * free.f_frsize - leave)))
    return ballast


def _save_again_and_again(store: Store, document: str, saved: list[int]) -> None:
    for number in range(1, 600):
        change(store, document, "note", f"{number} " + "ab" * 4000)
        saved.append(number)


def test_41_a_full_disk_is_told_nothing_saved_is_lost_and_saving_goes_on_with_room(small_disk: Path) -> None:
    store = open_store(small_disk)
    document = store.create_document(new_offer(answers={"n": 0}))
    ballast = _fill(small_disk, leave=100_000)
    saved: list[int] = []
    with pytest.raises(StoreFull) as caught:
        _save_again_and_again(store, document, saved)
    assert "není místo" in caught.value.text("cs")
    with pytest.raises(StoreFull):
        store.backups.make()
    assert store.content(document).answers.get("note", "0 ").split()[0] == str(saved[-1])
    ballast.unlink()
    change(store, document, "n", 1)
    store.backups.make()
    store.close()
    again = open_store(small_disk)
    assert again.content(document).answers["n"] == 1
    assert again.content(document).answers.get("note", "0 ").split()[0] == str(saved[-1])
    assert again.integrity() == []
    assert again.repairs() == []
    again.close()


def test_41_a_start_on_a_full_disk_says_so_and_succeeds_once_there_is_room(small_disk: Path) -> None:
    store = open_store(small_disk)
    document = store.create_document(new_offer(answers={"n": 7}))
    store.close()
    _fill(small_disk)
    with pytest.raises(StoreFull) as caught:
        open_store(small_disk)
    assert "Uvolněte místo" in caught.value.text("cs")
    (small_disk / "ballast").unlink()
    at_last = open_store(small_disk)
    assert at_last.content(document).answers["n"] == 7
    assert at_last.repairs() == []
    at_last.close()


def test_41_a_folder_that_may_only_be_read_is_told_in_one_sentence(small_disk: Path) -> None:
    desk = enrolled_desk(small_disk, Keys(bytes(range(32)), bytes(32)))
    document = desk.store.create_document(new_offer(answers={"n": 7}))
    desk.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(NotWritable) as caught:
        open_store(small_disk)
    assert "Ověřte disk a oprávnění" in caught.value.text("cs")
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    again = enrolled_desk(small_disk, Keys(bytes(range(32)), bytes(32)))
    assert again.store.content(document).answers["n"] == 7
    again.close()


def test_41_a_full_disk_is_a_page_with_the_remedy_and_the_desk_goes_on(small_disk: Path) -> None:
    desk = enrolled_desk(small_disk, Keys(bytes(range(32)), bytes(32)))
    client = _client(desk)
    assert client.post("/documents", data={"kind": "offer"}).status_code == 303
    ballast = _fill(small_disk)
    statuses = set()
    for _ in range(30):
        answer = client.post("/documents", data={"kind": "offer"})
        statuses.add(answer.status_code)
    assert statuses <= {303, 503}
    assert answer.status_code == 503
    assert "Uvolněte místo" in answer.text.replace(NBSP, " ")
    assert client.get("/documents").status_code == 200
    assert client.post("/backups").status_code == 303
    assert "není místo" in client.get("/settings").text.replace(NBSP, " ")
    ballast.unlink()
    assert client.post("/documents", data={"kind": "offer"}).status_code == 303
    assert client.post("/backups").location == "/settings?done=backed_up#backups"
    assert "není místo" not in client.get("/settings").text.replace(NBSP, " ")
    desk.close()


def test_41_a_folder_that_disappears_is_named_with_the_remedy_and_the_desk_goes_on_when_it_is_back(
    desk: Desk, client: FlaskClient
) -> None:
    away = desk.data_dir.with_name("away")
    desk.data_dir.rename(away)
    answer = client.post("/documents", data={"kind": "offer"})
    assert answer.status_code == 503
    said = answer.text.replace(NBSP, " ")
    assert str(desk.data_dir) in said
    assert "Vraťte jej na místo" in said
    assert client.get("/documents").status_code in {200, 503}
    assert client.post("/backups").status_code == 303
    away.rename(desk.data_dir)
    assert client.post("/documents", data={"kind": "offer"}).status_code == 303
    assert client.post("/backups").location == "/settings?done=backed_up#backups"


def _client(desk: Desk) -> FlaskClient:
    guard = Guard(AUTHORITY)
    return client_of(create_app(desk, guard), guard)
