"""Decides how the person sees the desk, and tells on the terminal what is not as asked."""

import sys
import threading
from collections.abc import Callable

from localapp.config import Config
from localapp.window import reasons
from localapp.window.process import Texts, Window
from localapp.window.tab import open_tab


class Showing:
    """The window of one run, or what takes its place. ``reason`` is why there is no window, once there is none."""

    def __init__(self, chosen: Config, closing: Callable[[], Texts | None], stop: Callable[[], None]) -> None:
        self.reason = self._untold = ""
        self._chosen = chosen
        self._stop = stop
        self._fresh: Callable[[], str] | None = None
        self._window: Window | None = None
        self._falling = threading.Lock()
        self._fell_back = False
        if chosen.window:
            self._begin(Window(chosen.data_dir, closing, stop, self._lost))

    def _begin(self, window: Window) -> None:
        """Start the window's process first of all: it has more to import than the desk."""
        self.reason = reasons.against() or ""
        if self.reason:
            return
        try:
            window.start()
        except OSError:
            self.reason = reasons.CRASHED
        else:
            self._window = window

    def show(self, fresh: Callable[[], str]) -> None:
        """Show the desk, which answers now; ``fresh`` makes an opening address."""
        self._fresh = fresh
        if not self._chosen.window:
            _print_address(fresh, asked=True)
        elif self._window is not None and not self.reason:
            self._window.open(fresh())
            _print_address(fresh, asked=False)
        else:
            self._fall_back()

    def bring_forward(self) -> bool:
        """Bring the window to the front; False where there is none."""
        return self._window is not None and self._window.bring_forward()

    def reason_for_page(self) -> str:
        """Why there is no window, once, for the page in the tab."""
        told, self._untold = self._untold, ""
        return told

    def stop(self) -> None:
        """Close the window."""
        if self._window is not None:
            self._window.stop()

    def _lost(self, reason: str) -> None:
        self.reason = reason
        if self._fresh is not None:
            self._fall_back()

    def _fall_back(self) -> None:
        assert self._fresh is not None  # noqa: S101 - set before
        with self._falling:
            if self._fell_back:
                return
            self._fell_back = True
            sys.stderr.write(reasons.on_terminal(self.reason))
            sys.stderr.flush()
            if self.reason != reasons.NO_DISPLAY:  # whoever opens the printed address knows that
                self._untold = self.reason
            tab = open_tab(self._chosen.data_dir, self._fresh())
            _print_address(self._fresh, asked=tab is None)


def _print_address(fresh: Callable[[], str], *, asked: bool) -> None:
    """Print an address where a script waits for it or a person at a terminal reads it."""
    if asked or sys.stdout.isatty():
        sys.stdout.write(f"SmartClient: {fresh()}\n")
        sys.stdout.flush()


def show_running(chosen: Config, fresh: Callable[[], str]) -> None:
    """Show a desk that another process runs and that has no window to bring forward."""
    tab = open_tab(chosen.data_dir, fresh()) if chosen.window else None
    _print_address(fresh, asked=tab is None)
    if tab is not None:
        tab.join()
