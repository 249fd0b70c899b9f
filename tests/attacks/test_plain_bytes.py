"""Attack 42: what a client has told the advisor lies in no plain byte on the disk, in no log and in no address."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.activating import put_activated_desk
from tests.running import OFFLINE, Answer, RunningDesk, started

NAME, BIRTH_NUMBER, WEIGHT = "Kanárková", "945318/0018", "137"


def post(desk: RunningDesk, address: str, **fields: str) -> Answer:
    form = [("Origin", desk.origin), ("Content-Type", "application/x-www-form-urlencoded")]
    return desk.ask("POST", address, form, urlencode(fields).encode())


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[RunningDesk, list[str]]]:
    """A desk that has been told a name, a birth number and a weight, and the addresses that were used."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    put_activated_desk(tmp_path / "desk")
    with started(tmp_path / "desk", *OFFLINE) as desk:
        offer = post(desk, "/documents", kind="offer").headers["location"]
        policyholder = {"policyholder.last_name": NAME, "policyholder.birth_number": BIRTH_NUMBER}
        used = [offer, post(desk, f"{offer}/sections/policyholder", **policyholder).headers["location"]]
        page = desk.ask("GET", f"{offer}/sections/insured").text
        weight = re.search(r'name="(persons[^"]*weight_kg)"', page)
        assert weight
        used.append(post(desk, f"{offer}/sections/insured", **{weight[1]: WEIGHT}).headers["location"])
        assert NAME in post(desk, "/documents/search", q=NAME).text
        assert f'value="{WEIGHT}"' in desk.ask("GET", f"{offer}/sections/insured").text
        yield desk, used


def spellings() -> list[bytes]:
    """The canaries as they might lie about."""
    texts = [NAME, NAME.lower(), "kanarkova", BIRTH_NUMBER, BIRTH_NUMBER.replace("/", ""), '"weight_kg"', "weight_kg="]
    encodings = ("utf-8", "utf-16-le", "cp1250")
    return [text.encode(encoding) for text in texts for encoding in encodings] + [quote(NAME).encode()]


PRODUCT = {"components", "versions"}
"""Forms and calculation libraries: published by the insurer, the same for everybody."""


def assert_nowhere(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file() and not PRODUCT.intersection(path.parts)]
    assert len(files) > 4
    for path in files:
        content = path.read_bytes()
        assert not [spelling for spelling in spellings() if spelling in content], path.name


def test_42_nothing_is_readable_while_the_desk_runs(told: tuple[RunningDesk, list[str]], tmp_path: Path) -> None:
    desk, used = told
    assert_nowhere(tmp_path)
    log = (desk.folder / "smartclient.log").read_text(encoding="utf-8")
    assert "POST /documents/search 200" in log
    assert WEIGHT not in re.sub(r"\d+ ms|^\S+ \S+|[0-9a-f-]{36}|persons[^ ]*", "", log, flags=re.MULTILINE)
    assert not [address for address in used if NAME in address or WEIGHT in re.sub(r"[0-9a-f-]{36}", "", address)]


def test_42_nothing_is_readable_after_a_crash(told: tuple[RunningDesk, list[str]], tmp_path: Path) -> None:
    desk, _ = told
    desk.process.kill()
    desk.process.wait()
    assert_nowhere(tmp_path)


def test_42_nothing_stands_in_the_environment_or_command_line(told: tuple[RunningDesk, list[str]]) -> None:
    desk, _ = told
    for name in ("cmdline", "environ"):
        content = Path(f"/proc/{desk.process.pid}/{name}").read_bytes()
        assert not [spelling for spelling in spellings() if spelling in content]
    assert os.fsencode(desk.folder) in Path(f"/proc/{desk.process.pid}/cmdline").read_bytes()
