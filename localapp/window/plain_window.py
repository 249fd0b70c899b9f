"""The window on Windows (WebView2) and macOS: pywebview as it is, with all off that it offers beyond showing pages.

Not tried yet on either.
"""

import sys
import threading
from typing import TYPE_CHECKING, Any

import webview

from localapp.window import geometry, links

if TYPE_CHECKING:
    from localapp.window.child import Line

_OPENING = "/open/"


def show(line: "Line") -> None:
    """Show the window and return when it is closed."""
    first = line.first()
    place = geometry.fitted(geometry.checked(first.get("place") or {}), [])
    webview.settings.update(ALLOW_DOWNLOADS=False, ALLOW_FILE_URLS=False, REMOTE_DEBUGGING_PORT=None)
    window = webview.create_window(
        "SmartClient", first["address"], width=place.width, height=place.height, min_size=geometry.SMALLEST
    )
    plain = _PlainWindow(window, line, first)
    webview.start(plain.obey, gui="edgechromium" if sys.platform == "win32" else "cocoa", debug=False)


class _PlainWindow:
    """What is said to and by one window."""

    def __init__(self, window: Any, line: "Line", first: Any) -> None:  # noqa: ANN401 - pywebview's window has no types here
        self._window, self._line = window, line
        self._texts = first["texts"]
        self._origin = links.origin_of(first["address"])
        self._asked = self._may_close = False
        window.events.loaded += self._loaded
        window.events.closing += self._closing

    def obey(self) -> None:
        """Do what the desk says until it ends."""
        for word, facts in self._line.orders():
            if word == "show":
                self._window.restore()
                self._window.show()
            elif word == "ask":
                if self._window.create_confirmation_dialog("SmartClient", facts["text"]["cs"]):
                    self._close()
                self._asked = False
            elif word in {"leave", "quit"}:
                self._close()

    def _loaded(self) -> None:
        address = self._window.get_current_url() or ""
        if links.origin_of(address) == self._origin and _OPENING not in address:
            self._line.tell("loaded")

    def _closing(self) -> bool:
        """Asked before the window closes; False keeps it open."""
        if self._may_close or self._asked:
            return True
        self._asked = True
        threading.Thread(target=self._line.tell, args=("closing",), daemon=True).start()
        return False

    def _close(self) -> None:
        self._may_close = True
        self._window.destroy()
