"""The desk as a process: claim the data folder, answer at once, load the pages, serve until told to stop."""

import gc
import logging
import os
import secrets
import signal
import sys
import threading
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from localapp import config, instance, paths, private_files, server
from localapp.config import Config, Refused
from localapp.demo_endpoint import ROOT_FILE, DemoEndpoint
from localapp.web.guard import Guard
from localapp.web.opening import Door, OpeningAddresses
from localapp.window.showing import Showing, show_running
from localapp.window.unsent import unsent_text

if TYPE_CHECKING:
    from flask import Flask

    from localapp.scheduler import Schedule
    from localapp.store.records import Keys
    from localapp.sync.connection import Connection
    from localapp.web.desk import Desk

LOG = "smartclient.log"
AUTHORITY_FILE = "endpoint-ca.pem"
AFTER_THE_FIRST_PAGE = 1.0  # seconds
GIVE_WAY = 0.0005
"""Seconds after which a thread that computes lets the others go on. A save asks the store some thirty times; with the
interpreter's own five milliseconds each answer could wait that long for a synchronization that packs documents."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the desk for the launcher's options. Exit status 0, 1 for a refused start, 2 for unknown options."""
    os.umask(0o077)
    try:
        chosen = config.parse(sys.argv[1:] if arguments is None else arguments)
        instance.prepare_folder(chosen)
        claimed = instance.claim(chosen.data_dir, show=chosen.window)
        if isinstance(claimed, str):
            _join_running(chosen, claimed)
            return 0
        try:
            Running(chosen).serve()
        finally:
            claimed.release()
    except Refused as refusal:
        sys.stderr.write(f"{refusal.cs}\n{refusal.en} [{refusal.code}]\n")
        return refusal.status
    return 0


class Running:
    """One run of the desk."""

    def __init__(self, chosen: Config) -> None:
        self._config = chosen
        self._stop = threading.Event()
        self._desk: Desk | None = None
        self._schedule: Schedule | None = None
        self._ended_by_signal = False
        self._listener = server.bind(chosen.port)
        self._showing = Showing(chosen, lambda: unsent_text(self._desk), self._stop.set)
        _log_to(chosen.data_dir)
        self._guard = Guard(f"{server.choose_host()}:{self._listener.getsockname()[1]}")
        self._addresses = OpeningAddresses(self._guard.origin)
        self._door = Door(self._guard, self._addresses)
        self._endpoint = _demo_endpoint(chosen) if chosen.demo and chosen.endpoint is None else None

    def serve(self) -> None:
        """Answer until SIGTERM or SIGINT."""
        sys.setswitchinterval(GIVE_WAY)
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, self._told_to_stop)
        web = server.Server(self._listener, self._door)
        reception = instance.Reception(self._config.data_dir, self._addresses.issue, self._showing.bring_forward)
        web.start()
        loading = threading.Thread(target=self._load, name="loading", daemon=True)
        loading.start()
        reception.start()
        try:
            self._showing.show(self._addresses.issue)
            while not self._stop.wait(0.5):  # a wait without end could not be interrupted on Windows
                pass
        finally:
            reception.stop()
            self._showing.stop()  # while its pages can still save what was typed
            web.stop()
            loading.join(timeout=2)
            self._close()
            (self._config.data_dir / instance.OPEN_PAGE).unlink(missing_ok=True)

    def _close(self) -> None:
        if self._schedule is not None:
            self._schedule.stop()
        if self._desk is not None:
            self._tell_unsent(self._desk)
            self._desk.close()
        if self._endpoint is not None:
            self._endpoint.stop()

    def _tell_unsent(self, desk: "Desk") -> None:
        """Say on the terminal what the window says before it closes."""
        text = unsent_text(desk) if self._ended_by_signal else None
        if text:
            sys.stderr.write(f"{text['cs']}\n{text['en']} [window.unsent]\n")

    def _told_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._ended_by_signal = True
        self._stop.set()

    def _load(self) -> None:
        """Import the pages and, in a demonstration, open the store, while the opening page is on the screen."""
        gc.disable()  # what the pages are made of stays: nothing of it is garbage while they load, nor later
        from localapp.store import key_search  # noqa: PLC0415 - heavy imports come after the first answer

        found = None if self._config.demo else key_search.begin(self._config.data_dir)
        from localapp.web import failures  # noqa: PLC0415 - heavy, as above
        from localapp.web.application import create_app  # noqa: PLC0415 - as above
        from localapp.web.desk import Desk  # noqa: PLC0415 - as above

        try:
            shown = self._showing.reason_for_page
            self._desk = Desk(self._config.data_dir, self._connection(), demo=self._config.demo, no_window=shown)
            pages = create_app(self._desk, self._guard)
            if found is None:
                self._desk.unlock(demo_keys(self._config.data_dir))
            else:
                self._desk.keyholder.take(found())
            self._door.ready(pages)
            gc.freeze()
            gc.enable()
            self._run_by_itself(self._desk, pages)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the person in front has to be told
            code = failures.note(failure)
            sys.stderr.write(f"SmartClient se nepodařilo otevřít. SmartClient could not be opened. [{code}]\n")
            self._door.broken(code)
        finally:
            gc.enable()

    def _connection(self) -> "Connection":
        """The way to the endpoint: the demonstration's own, or the one that this start or the activation names."""
        from localapp.sync.connection import EndpointConnection  # noqa: PLC0415 - heavy, as above

        folder = self._config.data_dir
        if self._endpoint is not None:
            own = self._endpoint
            return EndpointConnection(folder / "components", own.address, own.root, follows=True)
        return EndpointConnection(
            folder / "components",
            lambda: self._config.endpoint,
            lambda: delivered(folder, ROOT_FILE),
            authority=lambda: delivered(folder, AUTHORITY_FILE),
        )

    def _run_by_itself(self, desk: "Desk", pages: "Flask") -> None:
        """Start what nobody waits for, once the first page has had its time."""
        if self._stop.wait(AFTER_THE_FIRST_PAGE):
            return
        if self._endpoint is not None:
            self._endpoint.start()
        from localapp.scheduler import Schedule  # noqa: PLC0415 - heavy, and nobody waits for it
        from localapp.web.warming import warm  # noqa: PLC0415 - as above

        self._schedule = Schedule(desk)
        self._schedule.start()
        warm(pages, desk)


def delivered(folder: Path, name: str) -> bytes | None:
    """A file of the installation: in the data folder, or delivered with the program. None where there is none."""
    for place in (folder / name, paths.root() / "installation" / name):
        if place.is_file():
            return place.read_bytes()
    return None


def _demo_endpoint(chosen: Config) -> DemoEndpoint:
    return DemoEndpoint(chosen.data_dir / "endpoint", chosen.data_dir / ROOT_FILE)


def demo_keys(folder: Path) -> "Keys":
    """The keys of a demonstration, made on its first start; its passphrase lies beside them (0600)."""
    from localapp.store.keys import KeyFile  # noqa: PLC0415 - heavy, as above

    key_file, place = KeyFile(folder / config.KEY_FILE), folder / config.DEMO_PASSPHRASE
    if key_file.exists:
        return key_file.unlock(private_files.read(place).decode("ascii").strip())
    passphrase = secrets.token_urlsafe(24)
    private_files.replace(place, f"{passphrase}\n".encode("ascii"))
    return key_file.create(passphrase)[0]


def _join_running(chosen: Config, answer: str) -> None:
    """Leave it to the desk that already runs on the folder: to its window, or to an address that it handed out."""
    if answer == instance.SHOWN:
        return
    unused = [answer]
    show_running(chosen, lambda: unused.pop() if unused else instance.ask_running(chosen.data_dir))


def _log_to(folder: Path) -> None:
    """Log to a file of the data folder, one million characters and one older file at most."""
    handler = RotatingFileHandler(folder / LOG, maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("smartclient").setLevel(logging.INFO)


if __name__ == "__main__":
    sys.exit(main())
