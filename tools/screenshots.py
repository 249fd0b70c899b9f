"""Pictures of every page, light and dark, into docs/screenshots/: ``make screenshots``."""

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from unittest import mock

from flask import Flask
from playwright.sync_api import ViewportSize, sync_playwright

from localapp import clock, server
from localapp.store.keys import KeyFile
from localapp.store.records import Keys
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from localapp.web.opening import Door, OpeningAddresses
from tests.asking import InProcess
from tests.conftest import AUTHORITY, client_of
from tests.connecting import Offline
from tests.running import ROOT
from tests.store.made_up import enrolled
from tools.demo_documents import NOW, write_all
from tools.small_png import shrink

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = ROOT / "docs" / "screenshots"
SIZE: ViewportSize = {"width": 1440, "height": 900}
LOOKS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
MOST_BYTES = 4_000_000
SHOWN_DATA_DIR = Path("/home/alena/.local/share/smartclient")
PASSPHRASE = "Tři lípy u mlýna"  # noqa: S105 - made up for the pictures

# name of the picture, desk, address; {name} is a document of tools/demo_documents.py
PICTURES = (
    ("unlock-choose", "new", "/unlock/choose"),
    ("unlock-code", "choosing", "/unlock/code"),
    ("unlock", "locked", "/unlock"),
    ("unlock-recover", "locked", "/unlock/recover"),
    ("unlock-lost", "lost", "/unlock/choose"),
    ("opening-used", "new", "/open/used"),
    ("documents", "open", "/documents?selected={family}"),
    ("documents-empty", "empty", "/documents"),
    ("documents-nothing", "open", "/documents?kind=illustration"),
    ("documents-deleted", "open", "/documents/deleted"),
    ("documents-cancel", "open", "/documents/{waiting}/cancellation"),
    ("offer-policyholder", "open", "/documents/{family}/sections/policyholder"),
    ("offer-policy", "open", "/documents/{family}/sections/policy"),
    ("offer-insured", "open", "/documents/{family}/sections/insured"),
    ("offer-cover", "open", "/documents/{family}/sections/cover"),
    ("offer-cover-child", "open", "/documents/{family}/sections/cover?person=p3"),
    ("offer-cover-problems", "open", "/documents/{wrong}/sections/cover?person=p1"),
    ("offer-investment", "open", "/documents/{family}/sections/investment"),
    ("offer-payment", "open", "/documents/{family}/sections/payment"),
    ("offer-summary", "open", "/documents/{family}/sections/summary"),
    ("offer-summary-problems", "open", "/documents/{wrong}/sections/summary?check=1"),
    ("offer-working-copy", "open", "/documents/{working_copy}/sections/cover"),
    ("offer-exported", "open", "/documents/{exported}/sections/cover"),
    ("synchronization", "open", "/synchronization"),
    ("conflicts", "open", "/conflicts"),
    ("settings", "open", "/settings"),
    ("help", "open", "/help"),
    ("help-states", "open", "/help/states"),
    ("failure", "open", "/no/such/page"),
)


@dataclass(frozen=True)
class Served:
    """One desk that is being served, and the ids of its documents by name."""

    guard: Guard
    documents: dict[str, str]


@contextmanager
def serving(kind: str, folder: Path) -> Iterator[Served]:
    """Serve a desk of a kind on the loopback interface."""
    folder.mkdir(mode=0o700)
    listener = server.bind(0)
    guard = Guard(f"127.0.0.1:{listener.getsockname()[1]}")
    desk = Desk(folder, Offline(), demo=kind in {"open", "empty"})
    documents = _prepare(kind, desk)
    pages = create_app(desk, guard)
    if kind == "choosing":
        _choose_passphrase(pages, guard)
    if kind == "open":
        desk.data_dir = SHOWN_DATA_DIR
    door = Door(guard, OpeningAddresses(guard.origin))
    door.ready(pages)
    web = server.Server(listener, door)
    web.start()
    try:
        yield Served(guard, documents)
    finally:
        web.stop()
        desk.close()


def _prepare(kind: str, desk: Desk) -> dict[str, str]:
    """Bring the desk into its state; the documents in it."""
    if kind == "locked":
        KeyFile(desk.data_dir / "keys.json").create(PASSPHRASE)
    if kind == "lost":
        (desk.data_dir / "documents.db").touch()
    if kind in {"open", "empty"}:
        desk.unlock(Keys(bytes(32), bytes(range(32))))
        enrolled(desk.store)
    if kind != "open":
        return {}
    guard = Guard(AUTHORITY)
    return write_all(InProcess(client_of(create_app(desk, guard), guard)), desk.store)


def _choose_passphrase(pages: Flask, guard: Guard) -> None:
    """Go on to the recovery code, which is the same in each picture."""
    asked = {"passphrase": PASSPHRASE, "again": PASSPHRASE}
    always_same = random.Random(7).choice  # noqa: S311 - made up for the picture
    with mock.patch("localapp.store.recovery.secrets.choice", always_same):
        client = client_of(pages, guard)
        client.post("/unlock/choose", data=asked, base_url=guard.origin, headers={"Origin": guard.origin})


@contextmanager
def _browser() -> Iterator["Browser"]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for found in map(shutil.which, names) if found), None)
    options = ["--disable-gpu", "--force-color-profile=srgb", "--font-render-hinting=none"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        try:
            yield browser
        finally:
            browser.close()


class Photographer:
    """Takes the pictures of one look."""

    def __init__(self, browser: "Browser", look: Literal["light", "dark"], desks: Mapping[str, Served]) -> None:
        context = browser.new_context(viewport=SIZE, color_scheme=look, locale="cs-CZ", timezone_id="Europe/Prague")
        context.add_cookies(
            [
                {"name": desk.guard.cookie_name, "value": desk.guard.session, "url": desk.guard.origin}
                for desk in desks.values()
            ]
        )
        self._look, self._desks = look, desks
        self._page = context.new_page()
        self._blank = context.new_page()

    def take(self, name: str, desk: str, address: str) -> int:
        """Take one picture and write it; its size in bytes."""
        served = self._desks[desk]
        self._page.bring_to_front()
        self._page.goto(served.guard.origin + address.format(**served.documents))
        self._page.wait_for_load_state("networkidle")
        picture = shrink(self._blank, self._page.screenshot(animations="disabled", caret="hide"))
        (FOLDER / f"{name}-{self._look}.png").write_bytes(picture)
        return len(picture)


def main() -> int:
    """Take all pictures, or those whose names are given; 1 when they are too large together."""
    chosen = [picture for picture in PICTURES if not sys.argv[1:] or picture[0] in sys.argv[1:]]
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not sys.argv[1:]:
        for old in FOLDER.glob("*.png"):
            old.unlink()
    with tempfile.TemporaryDirectory() as folder, clock.moved_to(NOW), ExitStack() as stack:
        kinds = {desk for _, desk, _ in chosen}
        desks = {kind: stack.enter_context(serving(kind, Path(folder) / kind)) for kind in sorted(kinds)}
        browser = stack.enter_context(_browser())
        for look in LOOKS:
            photographer = Photographer(browser, look, desks)
            for picture in chosen:
                size = photographer.take(*picture)
                sys.stdout.write(f"{picture[0]}-{look}.png {size // 1000} kB\n")
    total = sum(path.stat().st_size for path in FOLDER.glob("*.png"))
    sys.stdout.write(f"{total / 1e6:.1f} MB in {FOLDER.relative_to(ROOT)}\n")
    return 1 if total > MOST_BYTES else 0


if __name__ == "__main__":
    sys.exit(main())
