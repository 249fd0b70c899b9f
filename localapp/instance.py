"""One desk per data folder: the folder itself, the lock, and how a second start reaches the running desk.

The lock belongs to the process, so a killed desk leaves none behind. The running desk listens on a loopback port for
second starts; port and secret lie in ``instance.json`` (0600), which the next holder of the lock removes first of all.
"""

import contextlib
import hmac
import json
import os
import secrets
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from localapp import private_files
from localapp.config import DATABASE, DEMO_MARK, KEY_FILE, Config, Refused
from localapp.system_reasons import reason

LOCK = "lock"
CONTACT = "instance.json"
OPEN_PAGE = "open.html"
SHOWN = "shown"
PATIENCE = 10.0  # seconds a second start waits for the first to become reachable
_SLOWEST_CALLER = 1.0

_DEMO_TEXT = """Ukázka SmartClient. Data v této složce nejsou skutečná.
A SmartClient demonstration. The data here are not real.
"""


def prepare_folder(config: Config) -> None:
    """Make the data folder the advisor's own (0700) and of the right kind. Raises Refused ``folder.*``."""
    folder = config.data_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_private(folder)
        _settle_kind(config)
    except OSError as problem:
        raise _unusable(folder, problem) from problem


def _unusable(folder: Path, problem: OSError) -> Refused:
    why = problem.strerror or str(problem)
    return Refused(
        "folder.unusable",
        f"Složku {folder} nelze použít pro data ({reason(why, 'cs')}). Zvolte jinou volbou --data-dir.",
        f"The folder {folder} cannot hold the data ({reason(why, 'en')}). Choose another with --data-dir.",
    )


def _make_private(folder: Path) -> None:
    if os.name != "posix":
        return  # a profile folder on Windows is private by its access list
    state = folder.stat()
    if state.st_uid != os.getuid() or state.st_mode & stat.S_ISVTX or folder == Path.home():
        raise Refused(
            "folder.shared",
            f"Složka {folder} není jen vaše, data v ní by nebyla v bezpečí. Zvolte jinou volbou --data-dir.",
            f"The folder {folder} is not yours alone, data in it would not be safe. Choose another with --data-dir.",
        )
    folder.chmod(0o700)


def _settle_kind(config: Config) -> None:
    folder, mark = config.data_dir, config.data_dir / DEMO_MARK
    private_files.refuse_planted(mark)
    holds_desk = (folder / KEY_FILE).exists() or (folder / DATABASE).exists()
    if config.demo and holds_desk and not mark.exists():
        raise Refused(
            "folder.not_demo",
            f"Ve složce {folder} jsou skutečná data, ukázku v ní nelze spustit. Vynechte --demo nebo zvolte jinou.",
            f"The folder {folder} holds real data, no demonstration may run in it. Leave out --demo or choose another.",
        )
    if not config.demo and mark.exists():
        raise Refused(
            "folder.is_demo",
            f"Ve složce {folder} je ukázka. Přidejte --demo, nebo zvolte jinou složku volbou --data-dir.",
            f"The folder {folder} holds a demonstration. Add --demo, or choose another folder with --data-dir.",
        )
    if config.demo and not mark.exists():
        private_files.replace(mark, _DEMO_TEXT.encode())  # in one step: another start may be doing the same


class Lock:
    """The right to be the one desk of a folder, held until ``release`` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        self._file: IO[bytes] | None = None

    def acquire(self) -> bool:
        """Whether the lock is ours now. Never waits. Raises Refused ``folder.unusable``."""
        try:
            private_files.refuse_planted(self._path)
            file = self._path.open("ab")
        except OSError as problem:
            raise _unusable(self._path.parent, problem) from problem
        try:
            _lock_file(file)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Give the lock up; harmless when not held."""
        if self._file is not None:
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock_file(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock_file(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def claim(folder: Path, *, show: bool = False) -> Lock | str:
    """The lock of the folder, or what the desk that holds it answers: see ``ask_running``.

    Raises Refused ``instance.silent``.
    """
    lock = Lock(folder)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if lock.acquire():
            for stale in (CONTACT, OPEN_PAGE):
                (folder / stale).unlink(missing_ok=True)
            return lock
        answer = ask_running(folder, show=show)
        if answer:
            return answer
        time.sleep(0.05)
    raise Refused(
        "instance.silent",
        f"SmartClient nad složkou {folder} už běží, ale neodpovídá. Ukončete ho a spusťte znovu.",
        f"SmartClient already runs on the folder {folder} but does not answer. End it and start again.",
    )


def ask_running(folder: Path, *, show: bool = False) -> str:
    """A fresh opening address from the running desk, empty when it cannot be reached (yet).

    With ``show`` it is ``SHOWN`` instead when the desk has a window and has brought it to the front.
    """
    try:
        contact = json.loads(private_files.read(folder / CONTACT))
        with socket.create_connection(("127.0.0.1", contact["port"]), timeout=2) as line:
            line.sendall(contact["secret"].encode() + (b" show\n" if show else b"\n"))
            return line.makefile("r", encoding="ascii").readline().strip()
    except (OSError, ValueError, KeyError, TypeError):
        return ""


class Reception:
    """Answers second starts that know the secret, with a fresh address or with the window, and nobody else at all."""

    def __init__(self, folder: Path, fresh_address: Callable[[], str], bring_forward: Callable[[], bool]) -> None:
        self._contact = folder / CONTACT
        self._fresh_address = fresh_address
        self._bring_forward = bring_forward
        self._secret = secrets.token_urlsafe(32)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._answer_all, name="reception", daemon=True)

    def start(self) -> None:
        """Listen, and tell where in ``instance.json``."""
        contact = {"pid": os.getpid(), "port": self._socket.getsockname()[1], "secret": self._secret}
        private_files.write_new(self._contact, json.dumps(contact).encode())
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and take ``instance.json`` away."""
        self._contact.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the waiting thread; closing alone does not
        self._socket.close()

    def _answer_all(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            with caller, contextlib.suppress(OSError):
                caller.settimeout(_SLOWEST_CALLER)
                self._answer(caller)

    def _answer(self, caller: socket.socket) -> None:
        secret, _, wish = caller.recv(200).strip().partition(b" ")
        if not hmac.compare_digest(secret, self._secret.encode()):
            return
        shown = wish == b"show" and self._bring_forward()
        caller.sendall((SHOWN if shown else self._fresh_address()).encode("ascii") + b"\n")
