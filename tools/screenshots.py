"""Pictures of every page, light and dark, into docs/screenshots/: ``make screenshots``."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import ViewportSize, sync_playwright

from localapp import clock
from tests.running import ROOT
from tools.demo_documents import NOW
from tools.served_desks import Served, serving
from tools.small_png import shrink

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = ROOT / "docs" / "screenshots"
SIZE: ViewportSize = {"width": 1440, "height": 900}
LOOKS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
MOST_BYTES = 4_000_000
GOING_ON = {"fetching", "synchronizing"}  # their pages ask again and again


@dataclass(frozen=True)
class Picture:
    """A desk's page, with what is typed into it and the button pressed; {name} is a document of the open desk."""

    name: str
    desk: str
    address: str
    typed: Mapping[str, str] = field(default_factory=dict)
    press: str = ""
    in_docs: bool = True
    """False for a page that the tests look at and the documentation does without."""


PICTURES = (
    Picture("unlock-keyring", "keyring", "/unlock/choose"),
    Picture("unlock-keyring-locked", "keyring_locked", "/unlock"),
    Picture("unlock-choose", "new", "/unlock/choose"),
    Picture("unlock-code", "choosing", "/unlock/code"),
    Picture("unlock", "locked", "/unlock"),
    Picture("unlock-recover", "locked", "/unlock/recover"),
    Picture("unlock-lost", "lost", "/unlock/choose"),
    Picture("unlock-passphrase", "keyring", "/unlock/passphrase", in_docs=False),
    Picture("lock", "screen_locked", "/lock"),
    Picture("lock-passphrase", "screen_locked", "/lock/passphrase"),
    Picture("lock-code", "screen_locked", "/lock/code", in_docs=False),
    Picture("opening-used", "new", "/open/used"),
    Picture("activation", "activating", "/activation"),
    Picture("activation-wrong", "activating", "/activation", {"partner_number": "900003"}, "Ověřit"),
    Picture("activation-verified", "verified", "/activation", in_docs=False),
    Picture("activation-user", "verified", "/activation/user"),
    Picture("activation-user-problems", "verified", "/activation/user", {"first_name": "Alena"}, "OK"),
    Picture("first-synchronization", "fetching", "/activation/first-synchronization"),
    Picture("documents", "open", "/documents?selected={family}"),
    Picture("documents-empty", "empty", "/documents"),
    Picture("documents-nothing", "open", "/documents?kind=illustration", in_docs=False),
    Picture("documents-deleted", "open", "/documents/deleted"),
    Picture("documents-deleted-none", "empty", "/documents/deleted", in_docs=False),
    Picture("documents-leaving", "open", "/documents/leaving", in_docs=False),
    Picture("clients", "open", "/clients"),
    Picture("client", "open", "/clients/{client}"),
    Picture("clients-none", "empty", "/clients", in_docs=False),
    Picture("documents-cancel", "open", "/documents/{waiting}/cancellation"),
    Picture("offer-policyholder", "open", "/documents/{family}/sections/policyholder"),
    Picture("offer-policy", "open", "/documents/{family}/sections/policy", in_docs=False),
    Picture("offer-insured", "open", "/documents/{family}/sections/insured"),
    Picture("offer-cover", "open", "/documents/{family}/sections/cover"),
    Picture("offer-cover-child", "open", "/documents/{family}/sections/cover?person=p3", in_docs=False),
    Picture("offer-cover-problems", "open", "/documents/{wrong}/sections/cover?person=p1"),
    Picture("offer-beneficiaries", "open", "/documents/{family}/sections/death_benefit"),
    Picture("offer-health", "open", "/documents/{family}/sections/health"),
    Picture("offer-investment", "open", "/documents/{family}/sections/investment"),
    Picture("offer-payment", "open", "/documents/{family}/sections/payment", in_docs=False),
    Picture("offer-summary", "open", "/documents/{family}/sections/summary"),
    Picture("offer-summary-problems", "open", "/documents/{wrong}/sections/summary?check=1"),
    Picture("illustration", "open", "/documents/{illustration}/sections/summary"),
    Picture("history", "open", "/documents/{family}/history"),
    Picture("history-state", "open", "/documents/{family}/history/{line}", in_docs=False),
    Picture("values", "open", "/documents/{family}/values"),
    Picture("values-none", "open", "/documents/{empty_offer}/values", in_docs=False),
    Picture("print", "open", "/documents/{family}/preview?pages=1"),
    Picture("print-working-copy", "open", "/documents/{working_copy}/preview", in_docs=False),
    Picture("print-illustration", "open", "/documents/{illustration}/preview?pages=1", in_docs=False),
    Picture("offer-working-copy", "open", "/documents/{working_copy}/sections/cover", in_docs=False),
    Picture("offer-exported", "open", "/documents/{exported}/sections/cover", in_docs=False),
    Picture("synchronization", "open", "/synchronization"),
    Picture("synchronization-none", "empty", "/synchronization", in_docs=False),
    Picture("synchronization-report", "open", "/unsent/{operation}/report", in_docs=False),
    Picture("receipt-exported", "open", "/documents/{conflict}/receipt"),
    Picture("receipt-waiting", "open", "/documents/{waiting}/receipt", in_docs=False),
    Picture("night", "open", "/nights/2026-11-24"),
    Picture("nights", "open", "/nights", in_docs=False),
    Picture("tonight", "open", "/tonight"),
    Picture("synchronization-running", "synchronizing", "/synchronization", in_docs=False),
    Picture("conflicts", "open", "/conflicts"),
    Picture("conflicts-none", "empty", "/conflicts", in_docs=False),
    Picture("conflict", "open", "/conflicts/{conflict}"),
    Picture("conflict-discard", "open", "/conflicts/{conflict}/discard"),
    Picture("conflict-cancellation", "open", "/conflicts/{too_late}", in_docs=False),
    Picture("conflict-withdrawal", "open", "/conflicts/withdrawals/{letter}", in_docs=False),
    Picture("edit-late", "open", "/documents/{backed_up}/late"),
    Picture("settings", "open", "/settings"),
    Picture("connection", "open", "/connection", in_docs=False),
    Picture("settings-keys", "keys", "/settings#keys"),
    Picture("settings-keys-code", "keys", "/settings/keys/confirmation", in_docs=False),
    Picture("help", "open", "/help"),
    Picture("help-states", "open", "/help/states"),
    Picture("failure", "open", "/no/such/page"),
)


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
                {"name": desk.guard.cookie_name, "value": desk.guard.sessions.issue(), "url": desk.guard.origin}
                for desk in desks.values()
            ]
        )
        self._look, self._desks = look, desks
        self._page = context.new_page()
        self._blank = context.new_page()

    def take(self, picture: Picture) -> int:
        """Take one picture and write it; its size in bytes."""
        show(self._page, self._desks[picture.desk], picture)
        shrunk = shrink(self._blank, self._page.screenshot(animations="disabled", caret="hide"))
        (FOLDER / f"{picture.name}-{self._look}.png").write_bytes(shrunk)
        return len(shrunk)


def show(page: "Page", served: Served, picture: Picture) -> None:
    """Bring the page of a picture on the screen."""
    page.bring_to_front()
    page.goto(served.guard.origin + picture.address.format(**served.documents))
    for name, text in picture.typed.items():
        page.fill(f"#{name}", text)
    if picture.press:
        page.get_by_role("button", name=picture.press).click()
    if picture.desk not in GOING_ON:
        page.wait_for_load_state("networkidle")


def main() -> int:
    """Take all pictures, or those whose names are given; 1 when they are too large together."""
    chosen = [each for each in PICTURES if (each.name in sys.argv[1:] if sys.argv[1:] else each.in_docs)]
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not sys.argv[1:]:
        for old in FOLDER.glob("*.png"):
            if not old.name.startswith("window-"):  # that of the window is taken by window_screenshot.py
                old.unlink()
    with tempfile.TemporaryDirectory() as folder, clock.moved_to(NOW), ExitStack() as stack:
        kinds = {picture.desk for picture in chosen}
        desks = {kind: stack.enter_context(serving(kind, Path(folder) / kind)) for kind in sorted(kinds)}
        browser = stack.enter_context(_browser())
        for look in LOOKS:
            photographer = Photographer(browser, look, desks)
            for picture in chosen:
                size = photographer.take(picture)
                sys.stdout.write(f"{picture.name}-{look}.png {size // 1000} kB\n")
    total = sum(path.stat().st_size for path in FOLDER.glob("*.png"))
    sys.stdout.write(f"{total / 1e6:.1f} MB in {FOLDER.relative_to(ROOT)}\n")
    return 1 if total > MOST_BYTES else 0


if __name__ == "__main__":
    sys.exit(main())
