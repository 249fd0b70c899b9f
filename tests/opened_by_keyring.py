"""A real desk whose keys lie in a real keyring, as its advisor works with it."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from localapp.store.records import Keys
from localapp.store.store import Store
from tests.activating import put_activated_desk
from tests.asking import OverHttp, Page
from tests.own_keyring import OwnKeyring
from tests.running import started
from tests.store.made_up import enrolled


@contextmanager
def desk(folder: Path, keyring: OwnKeyring) -> Iterator[OverHttp]:
    """Alena's browser on her desk."""
    with started(folder, environment=keyring.environment) as running:
        asking = OverHttp(running)
        try:
            yield asking
        finally:
            asking.close()


def send(asking: OverHttp, target: str, **form: str) -> Page:
    return asking.post(target, form, fragments=False)


def read(asking: OverHttp, target: str) -> str:
    """A page with plain spaces."""
    return asking.get(target).text.replace("\u00a0", " ")


def recovery_code(page: Page) -> str:
    shown = re.search(r'id="recovery-code">(.*?)</p>', page.text, re.DOTALL)
    assert shown
    return "".join(re.findall(r"[0-9A-Z-]+", re.sub("<[^>]+>", "", shown[1])))


def first_start(folder: Path, keyring: OwnKeyring) -> str:
    """Let the keyring keep the keys, and write down the recovery code."""
    before = keyring.entries()
    with desk(folder, keyring) as asking:
        assert asking.get("/documents").location == "/unlock"
        assert "Klíče pohlídá klíčenka systému" in asking.get("/unlock/choose").text
        assert send(asking, "/unlock/choose", way="keyring").location == "/unlock/code"
        code = recovery_code(asking.get("/unlock/code"))
        assert keyring.entries() == before, "kept before the code was copied out"
        assert not (folder / "keys.json").exists()
        assert send(asking, "/unlock/code", last_group=code[-4:]).location == "/documents"
        assert is_open(asking)
    return code


def activate(folder: Path, keyring: OwnKeyring) -> None:
    """Let the desk be activated long ago, so that its Nastavení can be reached."""
    (secret,) = keyring.entries().values()
    plain = bytes.fromhex(secret.removeprefix("1:"))
    store = Store.open(folder / "documents.db", Keys(plain[:32], plain[32:]))
    enrolled(store)
    store.close()
    if not (folder / "components").exists():
        put_activated_desk(folder.with_name("activated"))
        shutil.copytree(folder.with_name("activated") / "components", folder / "components")


def is_open(asking: OverHttp) -> bool:
    return asking.get("/documents").location != "/unlock"
