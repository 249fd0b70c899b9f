"""Attack 7: the one-time address – used twice, late, guessed, found in logs, command lines or referrers."""

import hmac
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

from localapp.web.opening import OpeningAddresses
from tests.running import LINE, RunningDesk


def path_of(address: str) -> str:
    return urlsplit(address).path


def test_7_an_address_opens_once_and_only_then_gives_the_session(running_desk: RunningDesk) -> None:
    first = running_desk.ask("GET", path_of(running_desk.url), session=False)
    assert first.status == 200
    again = running_desk.ask("GET", path_of(running_desk.url), session=False)
    assert again.status == 401
    assert "set-cookie" not in again.headers


def test_7_a_session_at_hand_does_not_make_a_used_address_work(running_desk: RunningDesk) -> None:
    assert running_desk.cookie
    assert running_desk.ask("GET", path_of(running_desk.url)).status == 401


def test_7_guesses_and_other_methods_neither_open_nor_use_up_the_address(running_desk: RunningDesk) -> None:
    path = path_of(running_desk.url)
    for guess in (path[:-1], f"{path}x", "/open/", path.swapcase(), f"{path}/", f"/open/{'A' * 43}"):
        assert running_desk.ask("GET", guess, session=False).status == 401
    for method in ("HEAD", "POST", "OPTIONS", "PUT"):
        assert running_desk.ask(method, path, session=False).status == 405
    assert running_desk.ask("GET", path, session=False, host="evil.example").status == 421
    assert running_desk.ask("GET", path, session=False).status == 200


def test_7_it_may_come_from_a_file_or_another_site(running_desk: RunningDesk) -> None:
    from_a_file = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Origin", "null")]
    assert running_desk.ask("GET", path_of(running_desk.url), from_a_file, session=False).status == 200


def test_7_after_five_minutes_it_is_worth_nothing() -> None:
    passed = 0.0
    addresses = OpeningAddresses("http://127.0.0.1:7000", lambda: passed)
    token = addresses.issue().rpartition("/")[2]
    passed = 300.0
    assert not addresses.redeem(token)


def test_7_it_is_compared_in_constant_time() -> None:
    addresses = OpeningAddresses("http://127.0.0.1:7000")
    addresses.issue()
    addresses.issue()
    with patch("hmac.compare_digest", wraps=hmac.compare_digest) as compared:
        addresses.redeem("guess")
    assert compared.call_count == 2
    assert {len(part) for call in compared.call_args_list for part in call.args} == {32}


def test_7_it_is_in_no_file_and_in_no_command_line(running_desk: RunningDesk) -> None:
    fresh = LINE.fullmatch(running_desk.second_start().stdout)
    assert fresh
    tokens = [address.rpartition("/")[2].encode() for address in (running_desk.url, fresh[1])]
    assert running_desk.ask("GET", path_of(running_desk.url), session=False).status == 200
    places = [path for path in running_desk.folder.iterdir() if path.is_file()]
    places += [path / "cmdline" for path in Path("/proc").iterdir() if path.name.isdecimal()]
    for place in places:
        content = _content(place)
        assert not [token for token in tokens if token in content], place
    assert b"GET /open/" in (running_desk.folder / "smartclient.log").read_bytes()


def test_7_the_browser_is_told_to_keep_it_out_of_the_referrer(running_desk: RunningDesk) -> None:
    answer = running_desk.ask("GET", path_of(running_desk.url), session=False)
    assert answer.headers["referrer-policy"] == "no-referrer"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # a process that has ended meanwhile
        return b""
