"""Attack 48: lines forged in the log, and secrets in it."""

import json
import re
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.running import RunningDesk

LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} smartclient\.\w+ (INFO|WARNING|ERROR) .+")
FORGED = "2026-11-25 10:00:00,000 smartclient.access INFO FORGED"


def log_of(desk: RunningDesk) -> str:
    return (desk.folder / "smartclient.log").read_text(encoding="utf-8")


def test_48_no_request_writes_a_line_of_its_own(running_desk: RunningDesk) -> None:
    breaks = ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\x00", "\x1b[2J")
    for one in breaks:
        for encoded in (quote(f"/x{one}{FORGED}"), quote(f"/documents?q={one}{FORGED}")):
            assert running_desk.ask("GET", encoded).status in {200, 303, 400, 404}
        raw = f"GET /x{one}{FORGED} HTTP/1.1\r\nHost: {running_desk.authority}\r\nConnection: close\r\n\r\n"
        assert running_desk.send(raw.encode("utf-8", "surrogateescape")).status >= 400
    written = log_of(running_desk)
    assert written.count("FORGED") >= len(breaks)
    assert all(LINE.fullmatch(line) for line in written.splitlines() if line)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", written)


def test_48_no_secret_of_the_desk_stands_in_the_log(running_desk: RunningDesk) -> None:
    name, _, session = running_desk.cookie.partition("=")
    running_desk.ask("GET", f"/documents/{session}")  # a secret in an address would be the asker's own doing
    running_desk.ask("POST", "/documents", [("Origin", "http://elsewhere.example")], b"kind=offer")
    running_desk.ask("GET", "/no-such-page")
    contact = json.loads((running_desk.folder / "instance.json").read_text())
    passphrase = (running_desk.folder / "demo-passphrase").read_text().strip()
    written = re.sub(rf".*GET /documents/{re.escape(session)}.*\n", "", log_of(running_desk))
    opening = urlsplit(running_desk.url).path.rpartition("/")[2]
    for secret in (session, name, contact["secret"], passphrase, opening, *_wrapped(running_desk.folder)):
        assert secret not in written


def _wrapped(folder: Path) -> list[str]:
    document = json.loads((folder / "keys.json").read_text())
    return [document["check"], document["passphrase"]["sealed"], document["recovery"]["sealed"]]


def test_48_who_is_looked_for_and_who_was_found_stand_neither_in_the_log_nor_in_an_address(
    running_desk: RunningDesk,
) -> None:
    headers = [("Origin", running_desk.origin), ("Content-Type", "application/x-www-form-urlencoded")]
    made = running_desk.ask("POST", "/documents", headers, b"kind=offer")
    typed = "policyholder.last_name=Prezvykavec&policyholder.first_name=Jan&policyholder.birth_number=7801011230"
    assert (
        running_desk.ask("POST", f"{made.headers['location']}/sections/policyholder", headers, typed.encode()).status
        == 303
    )
    found = running_desk.ask("POST", "/clients/search", headers, b"q=prezvykavec")
    asked = f"{made.headers['location']}/known"
    assert running_desk.ask("POST", asked, headers, b"person=policyholder&last_name=prezvykavec").status == 200
    address = re.findall(r'href="(/clients/[^"]+)"', found.text)[-1]
    assert running_desk.ask("GET", address).status == 200
    assert "Prezvykavec" in found.text
    for part in ("prezvykavec", "7801011230", "780101"):
        assert part not in log_of(running_desk).lower() + address.lower()
