"""The parts of the window that need no screen."""

import io
import json
import stat
from pathlib import Path

import pytest

from localapp.window import downloads, geometry, links, protocol
from localapp.window.geometry import Place

ORIGIN = "http://sc-00000000.localhost:7000"
SCREENS = [(0, 0, 1920, 1040), (1920, 0, 1280, 1024)]


def test_a_message_comes_back_as_it_was_said() -> None:
    stream = io.BytesIO(protocol.line("show") + protocol.line("ask", text={"cs": "Příliš"}))
    assert [(word, facts.get("text")) for word, facts in protocol.messages(stream)] == [
        ("show", None),
        ("ask", {"cs": "Příliš"}),
    ]


@pytest.mark.parametrize(
    "said",
    [b"\n", b"loaded\n", b"[]\n", b'{"say": 1}\n', b'{"say": "loaded"}', b"\xff\xfe\n", b"[" * 60_000 + b"\n",
     b'{"say": "' + b"x" * protocol.LONGEST + b'"}\n'],
)  # fmt: skip
def test_what_is_no_message_ends_the_conversation(said: bytes) -> None:
    assert list(protocol.messages(io.BytesIO(said + protocol.line("closed")))) == []


def test_a_place_is_remembered_for_its_owner_alone(tmp_path: Path) -> None:
    place = Place(10, 20, 900, 700, maximized=True, language="en")
    geometry.write(tmp_path, place)
    assert geometry.read(tmp_path) == place
    assert stat.S_IMODE((tmp_path / geometry.FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "written",
    ["", "[]", "null", "{}", '{"x": 1, "y": 1, "width": 900}', '{"x": 1, "y": 1, "width": 1, "height": 700}',
     '{"x": true, "y": 1, "width": 900, "height": 700}', '{"x": 1e9, "y": 1, "width": 900, "height": 700}',
     '{"x": 99999999, "y": 1, "width": 900, "height": 700}', '{"x": "1", "y": 1, "width": 900, "height": 700}'],
)  # fmt: skip
def test_a_place_that_makes_no_sense_is_forgotten(tmp_path: Path, written: str) -> None:
    (tmp_path / geometry.FILE).write_text(written)
    assert geometry.read(tmp_path) is None


def test_a_planted_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_text(json.dumps({"x": 1, "y": 1, "width": 900, "height": 700}))
    (tmp_path / geometry.FILE).symlink_to(tmp_path / "other")
    assert geometry.read(tmp_path) is None


def test_a_window_opens_where_it_was_or_where_it_can_be_reached() -> None:
    assert geometry.fitted(Place(100, 50, 900, 700), SCREENS) == Place(100, 50, 900, 700)
    assert geometry.fitted(Place(2000, 50, 900, 700), SCREENS) == Place(2000, 50, 900, 700)
    lost = geometry.fitted(Place(5000, 50, 900, 700, maximized=True), SCREENS)
    assert lost == Place(510, 170, 900, 700, maximized=True)
    assert geometry.fitted(Place(0, -300, 900, 700), SCREENS).y >= 0
    assert geometry.fitted(Place(0, 0, 3000, 2000), SCREENS) == Place(0, 24, 1920, 992)
    assert geometry.fitted(None, SCREENS) == Place(320, 90, 1280, 860)
    assert geometry.fitted(None, [(0, 0, 1024, 700)]) == Place(0, 24, 1024, 652)
    assert geometry.fitted(None, []).width == 1280


@pytest.mark.parametrize(
    ("address", "where"),
    [
        (f"{ORIGIN}/documents", links.INSIDE),
        (f"blob:{ORIGIN}/0-1", links.INSIDE),
        ("about:blank", links.INSIDE),
        ("https://www.example.cz/", links.OUTSIDE),
        ("http://127.0.0.1:7000/", links.OUTSIDE),
        (f"{ORIGIN.replace('7000', '7001')}/", links.OUTSIDE),
        (f"{ORIGIN}@evil.example/", links.OUTSIDE),
        ("mailto:podpora@pojistovnacs.cz", links.OUTSIDE),
        ("tel:958888888", links.OUTSIDE),
        ("file:///etc/passwd", links.NOWHERE),
        ("javascript:alert(1)", links.NOWHERE),
        ("data:text/html,x", links.NOWHERE),
        ("chrome://gpu", links.NOWHERE),
        ("blob:http://evil.example/0", links.NOWHERE),
        ("http://[", links.NOWHERE),
    ],
)
def test_a_link_leads_into_the_desk_or_to_the_system_or_nowhere(address: str, where: str) -> None:
    assert links.leads(address, ORIGIN) == where


@pytest.mark.parametrize(
    ("proposed", "name"),
    [
        ("Nabídka Nováková.pdf", "Nabídka Nováková.pdf"),
        ("../../.ssh/authorized_keys", "authorized_keys"),
        ("..\\..\\start.pdf", "start.pdf"),
        ("/etc/cron.d/job", "job"),
        (".bashrc", None),
        ("..", None),
        ("", None),
        ("CON", None),
        ("nul.pdf", None),
        ("COM¹.txt", None),
        ("nabidka.pdf.", None),
        ("nabidka\u202efdp.exe", None),
        ("a\x00b.pdf", None),
        ("a:b.pdf", None),
        ("x" * 200 + ".pdf", None),
    ],
)
def test_a_download_has_a_name_of_its_own_or_is_refused(proposed: str, name: str | None) -> None:
    assert downloads.clean_name(proposed) == name


def test_a_download_never_takes_the_place_of_another_file(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").touch()
    (tmp_path / "a (2).pdf").symlink_to(tmp_path / "nowhere")
    assert downloads.free_name(tmp_path, "a.pdf") == "a (3).pdf"
    assert downloads.free_name(tmp_path, "b.pdf") == "b.pdf"
