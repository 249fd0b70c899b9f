"""Every make target, command, option and code of a refused start stands in README.md or docs/operations.md."""

import ast
import re
import subprocess
import sys

import pytest

from localapp.calculation import failures as calculation
from localapp.store.failures import StoreFailure
from tests.running import ROOT, launch

DOCUMENTS = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/operations.md"))
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def _helped(*command: str) -> str:
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=60, check=True, cwd=ROOT)
    return done.stdout


def _refusals() -> set[str]:
    """The codes that ``config.Refused`` is raised with anywhere in the desk."""
    found = set()
    for path in (ROOT / "localapp").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if path.name != "config.py" and not re.search(r"from localapp.config import .*\bRefused\b", source):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                first = node.args[0]
                assert isinstance(first, ast.Constant), f"{path}:{node.lineno} names no code"
                found.add(str(first.value))
    return found


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_is_described(target: str) -> None:
    assert f"`make {target}`" in DOCUMENTS


def test_help_lists_every_make_target() -> None:
    command = ["make", "--no-print-directory", "help"]  # inside `make test` it would name its folder too
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=ROOT)
    assert [line.split()[0] for line in done.stdout.splitlines()] == TARGETS


def test_every_make_target_that_is_described_exists() -> None:
    assert set(re.findall(r"`make ([a-z]+)`", DOCUMENTS)) == set(TARGETS)


def test_every_command_is_described() -> None:
    commands = re.search(r"\{([a-z,-]+)\}", _helped("-m", "localapp", "--help"))
    assert commands
    for command in commands[1].split(","):
        assert re.search(rf"`(python -m localapp )?{command} ", DOCUMENTS), command


def test_every_option_of_the_launcher_is_described() -> None:
    options = set(re.findall(r"--[a-z-]+", launch(["--help"]).stdout))
    assert {"--demo", "--help"} <= options
    assert options <= set(re.findall(r"--[a-z-]+", DOCUMENTS))


@pytest.mark.parametrize("code", sorted(_refusals()))
def test_every_code_of_a_refused_start_is_described(code: str) -> None:
    assert f"`{code}`" in DOCUMENTS


def test_every_code_of_store_and_calculation_is_described() -> None:
    failures = [each for each in vars(calculation).values() if isinstance(each, type)]
    codes = {each.code for each in [*_below(StoreFailure), *failures] if hasattr(each, "code")} - {"store.failure"}
    assert len(codes) > 10
    assert {code for code in codes if f"`{code}`" not in DOCUMENTS} == set()


def _below(kind: type[StoreFailure]) -> list[type[StoreFailure]]:
    return [found for each in kind.__subclasses__() for found in [each, *_below(each)]]


@pytest.mark.parametrize("name", ["README.md", "README.cs.md", "CONTRIBUTING.md", "SECURITY.md", "docs/operations.md"])
def test_every_link_leads_to_a_file(name: str) -> None:
    path = ROOT / name
    links = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if not link.startswith("http")]
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_readme_shows_the_two_commands_and_a_picture_in_its_first_screen() -> None:
    first = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:20])
    assert "make demo" in first
    assert "make test" in first
    assert "](docs/screenshots/" in first
