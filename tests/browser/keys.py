"""Hands on the keyboard: where the focus is, that it is seen, and that no other hand takes part."""

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

_NAME = """() => {
    const at = document.activeElement;
    const said = at.getAttribute("aria-label") || [...(at.labels ?? [])].map((label) => label.innerText).join(" ");
    return (said || at.innerText || "").replace(/\\s+/g, " ").replace(" *", "").trim();
}"""

_SEEN = """() => {
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const near = [at, ...(at.labels ?? [])].some((each) => each.contains(met) || met?.contains(each));
    return near && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""
"""Whether what has the focus says so by an outline and lies in sight, under no bar."""

_OTHER_HANDS = """
for (const name of ["pointerdown", "mousedown", "touchstart", "wheel"])
    addEventListener(name, (event) => sessionStorage.setItem("other-hands", `${name} ${event.isTrusted}`), true);
"""


class Keys:
    """Hands on the keyboard. The page is only looked at, never touched in another way."""

    def __init__(self, page: "Page") -> None:
        self.page = page

    def work_alone(self) -> None:
        """From now on the window remembers whatever a mouse, a pen or a finger does in it."""
        self.page.context.add_init_script(_OTHER_HANDS)
        self.page.reload()

    def others(self) -> str | None:
        """What another hand did last since ``work_alone``; None when there was none."""
        found: str | None = self.page.evaluate("sessionStorage.getItem('other-hands')")
        return found

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str | int) -> None:
        """Type a text."""
        self.page.keyboard.type(str(text))

    def focused(self) -> str:
        """The name of what has the focus."""
        return str(self.page.evaluate(_NAME))

    def tab_to(self, name: str, key: str = "Tab") -> None:
        """Go on until the focus is on what has this name."""
        passed = []
        for _ in range(90):
            self.press(key)
            passed.append(self.focused())
            if passed[-1] == name:
                assert self.page.evaluate(_SEEN), f"the focus on {name} is not seen"
                return
        raise AssertionError(f"{name} is not reached by {key}: {passed}")

    def choose(self, option: str, key: str = "ArrowDown") -> None:
        """Go through the options of the focused choice."""
        chosen = "() => document.activeElement.selectedOptions[0].text"
        for _ in range(30):
            if " ".join(self.page.evaluate(chosen).split()) == option:  # a no-break space reads as a space
                return
            self.press(key)
        raise AssertionError(f"{option} is not among the options")

    def to_section(self, number: int, name: str) -> None:
        """A section by its shortcut."""
        self.press(f"Alt+{number}")
        expect_section(self.page, f"{number}. {name}")

    def expect_focus(self, name: str | re.Pattern[str]) -> None:
        """The focus gets here by itself."""
        expect(self.page.locator(":focus")).to_have_accessible_name(name)


def expect_section(page: "Page", heading: str) -> None:
    """The section is open and its script listens."""
    expect(page.get_by_role("heading", level=2, name=heading)).to_be_visible()
    page.wait_for_load_state("load")
