"""The keys of a desk in the keyring of the operating system: GNOME Keyring, KWallet, Keychain, Credential Manager.

Each question runs in a thread of its own with a limit, because a locked keyring may wait for a person for ever. The
library is imported there too: it costs a tenth of a second that no first page shall wait for. Only keyrings that
encrypt are used, by an allow-list; the library would take any that is installed.
"""

import hashlib
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from localapp.store.key_failures import (
    ChangedKeyring,
    ForeignEntry,
    KeyringFailed,
    KeyringGone,
    LockedKeyring,
    MissingEntry,
    NoKeyring,
    SilentKeyring,
    UnsafeKeyring,
)
from localapp.store.records import Keys

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SECONDS = 5.0
SERVICE = "SmartClient"
_FORMAT = "1:"
_NONE = frozenset({"keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"})
_LINUX = {
    "keyring.backends.SecretService.Keyring": "Secret Service",
    "keyring.backends.libsecret.Keyring": "libsecret",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
}
_SAFE = {
    "linux": _LINUX,
    "darwin": {"keyring.backends.macOS.Keyring": "Keychain"},
    "win32": {"keyring.backends.Windows.WinVaultKeyring": "Credential Manager"},
}.get(sys.platform, _LINUX)
_LOCKED = frozenset({"KeyringLocked", "InitError", "LockedException", "PromptDismissedException"})

Answer = TypeVar("Answer")


class SystemKeys:
    """The entry of one data folder in the keyring of whoever runs this process."""

    def __init__(self, folder: Path, seconds: float = SECONDS) -> None:
        self._folder = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self._seconds = seconds

    def probe(self) -> str:
        """The name of the keyring that would take keys now. Raises KeyringFailure."""

        def work() -> str:
            backend = _best()
            _read(backend, "probe")
            return _name(backend)

        return self._within_the_limit(work)

    def keep(self, key_id: str, keys: Keys) -> str:
        """Put the keys in and read them back; the name of the keyring. Raises KeyringFailure."""

        def work() -> str:
            backend, entry = _best(), self._entry(key_id)
            with _said_plainly(backend):
                backend.set_password(SERVICE, entry, _FORMAT + (keys.database + keys.health).hex())
            if _parsed(_read(backend, entry), backend) != keys:
                raise KeyringFailed(keyring=title(_name(backend)), reason="read back")
            return _name(backend)

        return self._within_the_limit(work)

    def fetch(self, key_id: str, keyring: str) -> Keys:
        """The keys that ``keyring`` holds. Raises KeyringFailure."""

        def work() -> Keys:
            backend = _remembered(keyring)
            return _parsed(_read(backend, self._entry(key_id)), backend)

        return self._within_the_limit(work)

    def forget(self, key_id: str, keyring: str) -> None:
        """Remove the entry if there is one. Raises KeyringFailure."""

        def work() -> None:
            backend, entry = _remembered(keyring), self._entry(key_id)
            if _read(backend, entry) is not None:
                with _said_plainly(backend):
                    backend.delete_password(SERVICE, entry)

        self._within_the_limit(work)

    def _entry(self, key_id: str) -> str:
        """Named for keys and folder: a copy of the folder has an entry of its own and cannot take this one away."""
        return f"{key_id} {self._folder}"

    def _within_the_limit(self, work: Callable[[], Answer]) -> Answer:
        """What ``work`` answers. A thread that hangs is left behind: nothing can wake it but the keyring."""
        answers: queue.SimpleQueue[tuple[Answer, None] | tuple[None, Exception]] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put((work(), None))
            except Exception as problem:  # noqa: BLE001 - raised again in the thread that asked
                answers.put((None, problem))

        threading.Thread(target=ask, name="keyring", daemon=True).start()
        try:
            answer, problem = answers.get(timeout=self._seconds)
        except queue.Empty:
            raise SilentKeyring(seconds=f"{self._seconds:g}") from None
        if problem is not None:
            raise problem
        return answer  # type: ignore[return-value] # an answer comes without a problem


def title(keyring: str) -> str:
    """How people call the keyring of this name."""
    return _SAFE.get(keyring, keyring)


def _best() -> "KeyringBackend":
    """The keyring that the person has set, else the safe one that the system prefers."""
    chosen = _configured()
    if chosen is not None:
        if _name(chosen) in _NONE:
            raise NoKeyring
        if _name(chosen) not in _SAFE:
            raise UnsafeKeyring(keyring=_name(chosen))
        return chosen
    found = [backend for backend in map(_loaded, _SAFE) if backend is not None]
    if not found:
        raise NoKeyring
    return max(found, key=lambda backend: float(backend.priority))


def _remembered(keyring: str) -> "KeyringBackend":
    """The keyring that holds the keys."""
    if keyring not in _SAFE:
        raise UnsafeKeyring(keyring=keyring)
    chosen = _configured()
    backend = _loaded(keyring) if chosen is None else chosen
    if backend is not None and _name(backend) == keyring:
        return backend
    try:
        now = _name(_best())
    except NoKeyring:
        raise KeyringGone(keyring=title(keyring)) from None
    raise ChangedKeyring(before=title(keyring), now=title(now))


def _configured() -> "KeyringBackend | None":
    """The keyring set by the environment or the library's own file of settings."""
    from keyring import core  # noqa: PLC0415 - heavy, see above

    try:
        return core.load_env() or core.load_config()
    except Exception as problem:
        raise NoKeyring from problem


def _loaded(name: str) -> "KeyringBackend | None":
    """The keyring if it can be used now, asked anew each time: it may have been started meanwhile."""
    from keyring import core  # noqa: PLC0415 - heavy, see above

    try:
        return core.load_keyring(name)
    except Exception:  # noqa: BLE001 - each system fails in its own way where it has not this one
        return None


def _name(backend: "KeyringBackend") -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _read(backend: "KeyringBackend", entry: str) -> str | None:
    with _said_plainly(backend):
        return backend.get_password(SERVICE, entry)


def _parsed(text: str | None, backend: "KeyringBackend") -> Keys:
    if text is None:
        raise MissingEntry(keyring=title(_name(backend)))
    try:
        plain = bytes.fromhex(text.removeprefix(_FORMAT))
    except ValueError:
        plain = b""
    if not text.startswith(_FORMAT) or len(plain) != 64:
        raise ForeignEntry(keyring=title(_name(backend)))
    return Keys(plain[:32], plain[32:])


@contextmanager
def _said_plainly(backend: "KeyringBackend") -> Iterator[None]:
    """Within the block the backend's own errors become a KeyringFailure. Never their text: it may name other things."""
    try:
        yield
    except Exception as problem:
        name = title(_name(backend))
        if type(problem).__name__ in _LOCKED:
            raise LockedKeyring(keyring=name) from problem
        raise KeyringFailed(keyring=name, reason=type(problem).__name__) from problem
