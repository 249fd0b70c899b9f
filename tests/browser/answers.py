"""All answers of a document, as its pages say them one after another in the session of the window."""

import re
from typing import TYPE_CHECKING

from tests.web.reading import read_text

if TYPE_CHECKING:
    from playwright.sync_api import Page

PREMIUM = "#summary .tot dd"


def answers_of(page: "Page", document: str) -> dict[str, str]:
    """The text of each input of every part of a document, by its name, and the premium.

    The window ends in the first part. ``document``: the address of the document or of any of its parts.
    """
    origin, _, rest = document.partition("/documents/")
    page.goto(f"{origin}/documents/{re.split('[/?]', rest)[0]}")
    found: dict[str, str] = {"premium": page.locator(PREMIUM).inner_text()}
    addresses = page.locator("#sections a").evaluate_all("all => all.map((each) => each.pathname)")
    for address in addresses:
        addresses += sorted(set(_read(page, origin + address, found)) - set(addresses))
    return found


def _read(page: "Page", address: str, found: dict[str, str]) -> list[str]:
    """Add the answers of one part; the addresses of the covers of all persons, where it shows one."""
    answer = page.request.get(address)
    assert answer.ok, (address, answer.status)
    shown = read_text(answer.text())
    found |= {name: text.replace("\u00a0", " ") for name, text in shown.fields.items() if "." in name}
    return [link for link in shown.links.values() if "/cover?person=" in link and "#" not in link]
