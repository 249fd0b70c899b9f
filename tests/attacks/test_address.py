"""Attacks 1, 2, 12: reaching the desk under another name, through a proxy's headers, from the network."""

from pathlib import Path

import pytest

from tests.running import RunningDesk

PAGE = "/static/tokens.css"


def test_the_address_of_this_run_answers(target: RunningDesk) -> None:
    assert target.ask("GET", PAGE).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:{port}",
        "127.0.0.1.nip.io:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1.:{port}",
        "2130706433:{port}",
        "a@127.0.0.1:{port}",
        "localhost:{port}",
        "0.0.0.0:{port}",
        "[::1]:{port}",
        "127.1:{port}",
        "127.0.0.1:{port}:1",
        "127.0.0.1:0{port}",
        "127.0.0.1 :{port}",
        "sc-00000000.localhost:{port}",
    ],
)
def test_1_another_host_is_misdirected(target: RunningDesk, host: str) -> None:
    assert target.ask("GET", PAGE, host=host.format(port=target.port)).status == 421


def test_1_no_host_an_empty_host_and_two_hosts_are_misdirected(target: RunningDesk) -> None:
    assert target.ask("GET", PAGE, host=None).status == 421
    assert target.ask("GET", PAGE, [("Host", "")], host=None).status == 421
    assert target.ask("GET", PAGE, [("Host", "evil.example")]).status == 421
    assert target.ask("GET", PAGE, [("Host", target.authority)]).status == 421


@pytest.mark.parametrize(
    "uri", ["http://evil.example/static/tokens.css", "http://{own}/static/tokens.css", "//evil.example/x"]
)
def test_1_an_absolute_target_is_refused_even_with_our_host(target: RunningDesk, uri: str) -> None:
    assert target.ask("GET", uri.format(own=target.authority)).status == 400


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "X-Original-Host"])
def test_2_forwarding_headers_do_not_stand_in_for_the_host(target: RunningDesk, name: str) -> None:
    assert target.ask("GET", PAGE, [(name, target.authority)], host="evil.example").status == 421


def test_2_forwarding_headers_do_not_appear_in_where_the_desk_leads(target: RunningDesk) -> None:
    lies = [("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"), ("Forwarded", "host=evil.example")]
    answer = target.ask("GET", "/", lies)
    assert answer.status == 303
    assert "evil" not in answer.headers["location"]


def test_12_all_sockets_of_the_desk_listen_on_the_loopback_interface_alone(target: RunningDesk) -> None:
    listening = _listening_addresses(target.process.pid)
    assert {address for address, _ in listening} == {"0100007F"}  # 127.0.0.1 as the kernel writes it
    assert target.port in {port for _, port in listening}
    assert len(listening) == 2  # pages, and second starts; no debugger


def _listening_addresses(pid: int) -> set[tuple[str, int]]:
    inodes = {link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            address, _, port = columns[1].partition(":")
            if columns[3] == "0A" and f"socket:[{columns[9]}]" in inodes:
                found.add((address, int(port, 16)))
    return found
