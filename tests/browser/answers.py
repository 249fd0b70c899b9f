"""All answers of a document, as its pages show them one after another."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_ANSWERS = """() => Object.fromEntries([...document.querySelector("#offer").elements]
    .filter((each) => each.name?.includes(".") && (each.type !== "radio" || each.checked))
    .map((each) => [each.name, each.value.replaceAll("\\u00a0", " ")]))"""
_SECTIONS = "all => all.map((each) => each.getAttribute('href'))"
PREMIUM = "#summary .tot dd"


def answers_of(page: "Page", document: str) -> dict[str, str]:
    """The text of each input of every part of a document, by its name, and the premium. The page ends in the last part.

    ``document``: the address of the document or of any of its parts.
    """
    origin = document.partition("/documents/")[0]
    page.goto(origin + "/documents/" + document.partition("/documents/")[2].partition("/")[0])
    found: dict[str, str] = {}
    for address in page.locator("#sections a").evaluate_all(_SECTIONS):
        page.goto(origin + address)
        found |= page.evaluate(_ANSWERS)
        for person in page.locator("#persons a:not([aria-current])").evaluate_all(_SECTIONS):
            page.goto(origin + person)
            found |= page.evaluate(_ANSWERS)
    return found | {"premium": page.locator(PREMIUM).inner_text()}
