import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from localapp import config, instance, server
from localapp.config import Config, Refused
from tests.running import LAUNCHER, LINE, RunningDesk, launch, started


def test_it_prints_one_line_with_an_address_that_answers(running_desk: RunningDesk) -> None:
    assert running_desk.ask("GET", urlsplit(running_desk.url).path, session=False).status == 200
    running_desk.process.send_signal(signal.SIGTERM)
    more, errors = running_desk.process.communicate(timeout=10)
    assert (more, errors) == ("", "")
    assert running_desk.process.returncode == 0


def test_ctrl_c_ends_it_quietly(running_desk: RunningDesk) -> None:
    running_desk.process.send_signal(signal.SIGINT)
    more, errors = running_desk.process.communicate(timeout=10)
    assert (more, errors, running_desk.process.returncode) == ("", "", 0)


def test_ctrl_c_reaches_the_worker_too_and_still_ends_it_quietly(running_desk: RunningDesk) -> None:
    form = [("Origin", running_desk.origin), ("Content-Type", "application/x-www-form-urlencoded")]
    offer = running_desk.ask("POST", "/documents", form, b"kind=offer").headers["location"]
    assert running_desk.ask("GET", f"{offer}/sections/cover").status == 200
    os.killpg(running_desk.process.pid, signal.SIGINT)  # as a terminal sends it: to all processes at once
    more, errors = running_desk.process.communicate(timeout=10)
    assert (more, errors, running_desk.process.returncode) == ("", "", 0)


def windowed(folder: Path, **environment: str) -> "subprocess.Popen[str]":
    """A start that may open a tab, with nothing of the screen of whoever runs the test."""
    command = [sys.executable, str(LAUNCHER), "--demo", "--data-dir", str(folder)]
    bare = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"}}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**bare, **environment})


def test_without_a_screen_the_address_is_printed(tmp_path: Path) -> None:
    process = windowed(tmp_path / "desk")
    assert process.stdout is not None
    line = process.stdout.readline()
    process.terminate()
    process.communicate(timeout=10)
    assert LINE.fullmatch(line)


def test_the_browser_is_given_a_file_and_no_address_in_its_command_line(tmp_path: Path) -> None:
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(
        f'#!/bin/sh\necho "$@" > {seen}.part\ncat "${{1#file://}}" >> {seen}.part\nmv {seen}.part {seen}\n'
    )
    browser.chmod(0o700)
    process = windowed(tmp_path / "desk", DISPLAY=":9", BROWSER=str(browser))
    deadline = time.monotonic() + 20
    while not seen.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.terminate()
    printed, _ = process.communicate(timeout=10)
    command_line, page = seen.read_text(encoding="utf-8").split("\n", 1)
    assert command_line == (tmp_path / "desk" / "open.html").as_uri()
    assert "/open/" in page
    assert printed == ""
    assert not (tmp_path / "desk" / "open.html").exists()


def test_it_starts_from_any_folder_and_keeps_its_data_where_asked(tmp_path: Path) -> None:
    elsewhere = tmp_path / "složka s mezerou"
    elsewhere.mkdir()
    with started(tmp_path / "data ěšč", "--demo", cwd=elsewhere) as running:
        assert running.ask("GET", "/").status == 303
    assert not list(elsewhere.iterdir())
    assert (tmp_path / "data ěšč" / "documents.db").is_file()


def test_it_serves_on_the_asked_port(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with started(tmp_path / "desk", "--demo", "--port", str(port)) as running:
        assert running.port == port
        taken = launch(["--demo", "--no-window", "--data-dir", str(tmp_path / "other"), "--port", str(port)])
    assert taken.returncode == 1
    assert f"Port {port} nelze použít" in taken.stderr
    assert "[server.port]" in taken.stderr


def test_a_second_start_hands_out_a_fresh_address_of_the_first(running_desk: RunningDesk) -> None:
    second = running_desk.second_start()
    assert second.returncode == 0
    fresh = LINE.fullmatch(second.stdout)
    assert fresh
    assert fresh[1] != running_desk.url
    assert urlsplit(fresh[1]).netloc == running_desk.authority
    for address in (running_desk.url, fresh[1]):
        assert running_desk.ask("GET", urlsplit(address).path, session=False).status == 200


def test_46_two_starts_at_once_make_one_desk(tmp_path: Path) -> None:
    command = [sys.executable, str(LAUNCHER), "--demo", "--no-window", "--data-dir", str(tmp_path / "desk")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    lines = [process.stdout.readline() for process in both if process.stdout]
    addresses = {urlsplit(found[1]).netloc for found in map(LINE.fullmatch, lines) if found}
    for process in both:
        process.terminate()
        process.communicate(timeout=10)
    assert len(lines) == 2
    assert len(addresses) == 1


def test_46_a_killed_desk_is_no_obstacle_to_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    with started(folder, "--demo") as first:
        first.process.kill()
        first.process.wait()
        stale = json.loads((folder / instance.CONTACT).read_text())
        with started(folder, "--demo") as second:
            assert second.ask("GET", "/").status == 303
            assert json.loads((folder / instance.CONTACT).read_text())["pid"] != stale["pid"]


def test_46_a_process_number_used_again_is_not_taken_for_the_desk(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    with started(folder, "--demo") as first:
        first.process.kill()
        first.process.wait()
    stale = {"pid": os.getpid(), "port": _port_of_a_stranger(), "secret": "of the one that was killed"}
    (folder / instance.CONTACT).write_text(json.dumps(stale))
    with started(folder, "--demo") as second:
        assert second.ask("GET", "/").status == 303
        assert json.loads((folder / instance.CONTACT).read_text())["pid"] == second.process.pid


def _port_of_a_stranger() -> int:
    with socket.create_server(("127.0.0.1", 0)) as line:
        return int(line.getsockname()[1])


def test_a_demonstration_and_a_real_desk_never_share_a_folder(tmp_path: Path) -> None:
    with started(tmp_path / "demo", "--demo"):
        pass
    not_demo = launch(["--no-window", "--data-dir", str(tmp_path / "demo")])
    assert (not_demo.returncode, not_demo.stdout) == (1, "")
    assert "je ukázka. Přidejte --demo" in not_demo.stderr
    assert "[folder.is_demo]" in not_demo.stderr
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "keys.json").write_text("{}")
    demo = launch(["--demo", "--no-window", "--data-dir", str(tmp_path / "real")])
    assert (demo.returncode, demo.stdout) == (1, "")
    assert "jsou skutečná data" in demo.stderr
    assert "[folder.not_demo]" in demo.stderr


def test_a_demonstration_says_so_and_opens_again_with_its_own_passphrase(tmp_path: Path) -> None:
    for _ in range(2):
        with started(tmp_path / "demo", "--demo") as running:
            answer = running.ask("GET", "/activation")
            assert answer.status == 200
            assert "Ukázka" in answer.text


def test_a_real_desk_asks_for_a_passphrase_first(tmp_path: Path) -> None:
    with started(tmp_path / "desk") as running:
        assert running.ask("GET", "/documents").headers["location"] == "/unlock"
        assert "Ukázka" not in running.ask("GET", "/unlock/choose").text
    assert not (tmp_path / "desk" / "documents.db").exists()


def test_a_demonstration_that_cannot_open_its_data_says_so_with_a_code(tmp_path: Path) -> None:
    with started(tmp_path / "demo", "--demo") as running:
        assert running.ask("GET", "/").status == 303
    (tmp_path / "demo" / "keys.json").write_text("{}")
    with started(tmp_path / "demo", "--demo") as running:
        answer = running.ask("GET", "/documents")
    assert answer.status == 503
    assert "SC-" in answer.text


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--no-such-option"], "--no-such-option"),
        (["--port", "eighty"], "'eighty'"),
        (["--port", "70000"], "'70000'"),
        (["--port", "-1"], "--port"),
        (["--dem"], "--dem"),
        (["documents"], "documents"),
        (["--endpoint", "http://insurer.example"], "http:// to this computer itself"),
    ],
)
def test_an_unknown_option_gets_a_sentence_in_both_languages(options: list[str], named: str) -> None:
    with pytest.raises(Refused) as refused:
        config.parse(options)
    assert refused.value.status == 2
    assert named in refused.value.cs
    assert named in refused.value.en


def test_the_options_say_what_to_start(tmp_path: Path) -> None:
    asked = config.parse(["--demo", "--no-window", "--port", "8080", "--data-dir", str(tmp_path)])
    assert asked == Config(tmp_path, demo=True, window=False, port=8080)
    assert config.parse([]).data_dir.is_absolute()
    assert config.parse(["--demo"]).data_dir == LAUNCHER.parent / ".demo"


def test_the_launcher_stays_thin() -> None:
    lines = LAUNCHER.read_text(encoding="utf-8").splitlines()
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    assert len(lines) <= 40
    assert imports == ["import sys", "from localapp.app import main"]


def test_a_desk_that_holds_the_lock_but_does_not_answer_is_named(
    desk_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = instance.Lock(desk_dir)
    assert silent.acquire()
    monkeypatch.setattr(instance, "PATIENCE", 0.1)
    try:
        with pytest.raises(Refused) as refused:
            instance.claim(desk_dir)
    finally:
        silent.release()
    assert refused.value.code == "instance.silent"


def test_a_name_of_our_own_is_used_only_where_the_system_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolving_to(*addresses: str) -> None:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)

    resolving_to("127.0.0.1")
    assert server.choose_host().startswith("sc-")
    assert server.choose_host().endswith(".localhost")
    resolving_to("127.0.0.1", "10.0.0.1")
    assert server.choose_host() == "127.0.0.1"
    monkeypatch.setattr(socket, "getaddrinfo", _unknown)
    assert server.choose_host() == "127.0.0.1"


def _unknown(*_: object) -> None:
    raise socket.gaierror


def test_it_stops_within_moments_while_connections_are_open(running_desk: RunningDesk) -> None:
    with socket.create_connection(("127.0.0.1", running_desk.port), timeout=5) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-a: ")
        os.kill(running_desk.process.pid, signal.SIGTERM)
        deadline = time.monotonic() + 8
        while running_desk.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
    assert running_desk.process.returncode == 0
