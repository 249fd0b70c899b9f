"""Looking for the keys in the system's keyring at a start, beside the imports that take longer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from localapp.store.key_failures import KeyFailure
    from localapp.store.records import Keys


@dataclass(frozen=True)
class Found:
    """What a look into the keyring has shown: the keys; before there are any, the ``keyring`` that would take them;
    or the trouble. All empty where the desk does not keep its keys there.
    """

    keys: "Keys | None" = field(default=None, repr=False)
    keyring: str | None = None
    trouble: "KeyFailure | None" = None


def look(folder: Path) -> Found:
    """Look once. It takes as long as the keyring's limit at most."""
    from localapp.store.key_failures import ForeignEntry, KeyFailure  # noqa: PLC0415 - heavy, and not for the first page
    from localapp.store.keys import KeyFile  # noqa: PLC0415 - as above
    from localapp.store.rotation import first_to_answer, key_files  # noqa: PLC0415 - as above
    from localapp.store.system_keys import SystemKeys, title  # noqa: PLC0415 - as above

    system = SystemKeys(folder)

    def fetch(file: KeyFile) -> "Keys | None":
        ways = file.ways()
        if ways.keyring is None:
            return None
        keys = system.fetch(ways.id, ways.keyring)
        if not file.fits(keys):
            raise ForeignEntry(keyring=title(ways.keyring))
        return keys

    try:
        if not key_files(folder)[0].exists:
            return Found(keyring=system.probe())
        return Found(keys=first_to_answer(key_files(folder), fetch))
    except KeyFailure as trouble:
        return Found(trouble=trouble)


def begin(folder: Path) -> Callable[[], Found]:
    """Start to look in a thread; call the answer to wait for what was found."""
    found: list[Found] = []
    thread = threading.Thread(target=lambda: found.append(look(folder)), name="key search", daemon=True)
    thread.start()

    def wait() -> Found:
        thread.join()
        return found[0] if found else look(folder)

    return wait
