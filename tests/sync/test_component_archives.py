"""Archives that would harm the desk: names, links, sizes, duplicates. And packing that gives the same bytes."""

import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from localapp import paths
from localapp.calculation import archives
from localapp.calculation.archives import MOST_FILES, contents, digests_of, pack, unpack
from localapp.calculation.components import Component
from localapp.calculation.failures import ComponentRefused
from localapp.sync.components import Components
from tests.sync.component_insurer import FORM, LIBRARY, NEXT_OFFER, Insurer, Served, archive

BAD_NAMES = [
    "../evil",
    "/etc/evil",
    "tables/../../evil",
    "C:/evil",
    "C:evil",
    "tables\\evil",
    "\\\\server\\evil",
    ".hidden",
    "tables/.hidden",
    "con",
    "tables/NUL.csv",
    "name.",
    "name ",
    "",
    "a/b/c/d/e",
    "a//b",
    "./a",
    "ř.json",
    "x" * 101,
    "a:stream",
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_is_no_components_file_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    into = tmp_path / "into"
    with pytest.raises(ComponentRefused):
        unpack(archive(("form.json", b"{}"), (name, b"evil")), into)
    assert list(tmp_path.iterdir()) == []


def test_without_the_check_of_names_the_file_would_lie_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_refuse_name", lambda _name: None)
    unpack(archive(("../evil", b"evil")), tmp_path / "into")
    assert (tmp_path / "evil").read_bytes() == b"evil"


@pytest.mark.parametrize(
    "mode", [stat.S_IFLNK | 0o777, stat.S_IFDIR | 0o755, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644], ids=oct
)
def test_links_folders_and_devices_are_refused(mode: int) -> None:
    with pytest.raises(ComponentRefused, match="plain file"):
        contents(archive(("form.json", b"/etc/passwd"), mode=mode))


@pytest.mark.parametrize(
    "names", [("a", "a"), ("a", "A"), ("a", "a/b"), ("a/b", "a")], ids=["same", "case", "below", "above"]
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    packed = archive(*((name, b"x") for name in names))
    with pytest.raises((ComponentRefused, OSError)):
        unpack(packed, tmp_path / "into")


def test_too_many_files_and_none_are_refused() -> None:
    for count in (0, MOST_FILES + 1):
        with pytest.raises(ComponentRefused, match=f"has {count} files"):
            contents(archive(*((f"f{number}", b"") for number in range(count))))


def test_a_bomb_is_stopped_at_the_limit_whatever_it_says_of_its_size() -> None:
    bomb = archive(("bomb", b"0" * 40_000_000))
    with pytest.raises(ComponentRefused, match="limit"):
        contents(bomb)
    lying = bytearray(bomb)
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = lying.index(mark)
        lying[start + place : start + place + 4] = struct.pack("<I", 10)
    with pytest.raises(ComponentRefused):
        contents(bytes(lying))


def test_overlapping_entries_do_not_multiply() -> None:
    whole = bytearray(archive(("a", b"0" * 900_000), ("b", b"1")))
    first, second = whole.index(b"PK\x01\x02"), whole.rindex(b"PK\x01\x02")
    whole[second + 42 : second + 46] = whole[first + 42 : first + 46]
    with pytest.raises(ComponentRefused):
        contents(bytes(whole))


@pytest.mark.parametrize(
    "packed", [b"", b"PK", b"<html></html>", os.urandom(2000)], ids=["none", "PK", "html", "noise"]
)
def test_what_is_no_archive_is_refused(packed: bytes) -> None:
    with pytest.raises(ComponentRefused, match="cannot be read"):
        contents(packed)


def test_an_encrypted_or_damaged_file_is_refused() -> None:
    whole = bytearray(archive(("a", b"text" * 100)))
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        whole[whole.index(mark) + place] |= 1
    with pytest.raises(ComponentRefused):
        contents(bytes(whole))
    damaged = bytearray(archive(("a", os.urandom(100)), method=zipfile.ZIP_STORED))
    damaged[60] ^= 1
    with pytest.raises(ComponentRefused):
        contents(bytes(damaged))


def test_a_folder_is_packed_to_the_same_bytes_whenever_and_wherever(tmp_path: Path) -> None:
    source = paths.components() / LIBRARY.place
    copy = tmp_path / "copy"
    for path in sorted(source.rglob("*"), reverse=True):
        if path.is_file():
            target = copy / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            os.utime(target, (1, 1))
            target.chmod(0o600)
    packed = pack(source)
    assert pack(copy) == packed
    with zipfile.ZipFile(io.BytesIO(packed)) as read:
        assert {entry.date_time for entry in read.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert [entry.filename for entry in read.infolist()] == sorted(entry.filename for entry in read.infolist())


def test_what_is_unpacked_is_what_was_packed(tmp_path: Path) -> None:
    source = paths.components() / LIBRARY.place
    assert unpack(pack(source), tmp_path / "into") == digests_of(source) == digests_of(tmp_path / "into")


def test_a_link_is_not_packed(tmp_path: Path) -> None:
    (tmp_path / "form.json").symlink_to("/etc/passwd")
    with pytest.raises(ComponentRefused, match="plain file"):
        pack(tmp_path)


@pytest.mark.parametrize(
    "packed",
    [archive(("../../evil", b"x")), archive(("form.json", b"0" * 3_000_000)), archive(("form.json", b"{"))],
    ids=["slip", "bomb", "no form"],
)
def test_a_signed_archive_that_would_harm_is_told_and_leaves_no_trace(
    components: Components, served: Served, insurer: Insurer, desk_folder: Path, packed: bytes
) -> None:
    components.update(served)
    insurer.publish_unchecked(NEXT_OFFER, packed)
    before = {path for path in desk_folder.parent.rglob("*") if "trust" not in path.parts}
    report = components.update(served)
    assert [each.refusal.code for each in report.refused if each.refusal] == ["component_unusable"]
    assert components.active(FORM) == {"flexi-illustration": "1", "flexi-offer": "1"}
    assert {path for path in desk_folder.parent.rglob("*") if "trust" not in path.parts} == before


@pytest.mark.parametrize(
    "path", ["forms/../x/1.zip", "forms/X/1.zip", "forms/x/1", "forms/x/1.0.zip.exe", "app/x/1.zip", "forms/con/1.zip",
             "forms/x/01.zip", "forms/x/1.1.1.1.1.zip", "forms/x/-1.zip", "forms/x/١.zip", "forms//1.zip"],
)  # fmt: skip
def test_a_path_that_is_no_components_is_refused(path: str) -> None:
    with pytest.raises(ComponentRefused):
        Component.from_target(path)
