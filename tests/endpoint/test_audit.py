"""The audit is a chain: whoever changes, removes or moves a line, with whatever tool, is found (attack 44)."""

import sqlite3
from collections.abc import Iterator

import pytest

from endpoint import audit
from endpoint.application import Endpoint
from endpoint.cli import main

EVENTS = ("partner_blocked", "partner_unblocked", "version_withdrawn", "version_permitted", "exported")


@pytest.fixture
def file(endpoint: Endpoint) -> Iterator[sqlite3.Connection]:
    """The endpoint's file in the hands of somebody who has lifted its guards; its audit has five lines."""
    with endpoint.parts.database.write() as connection:
        for event in EVENTS:
            audit.note(connection, event, "900001")
    opened = sqlite3.connect(endpoint.parts.layout.database, isolation_level=None)
    for what in ("update", "delete"):
        opened.execute(f"DROP TRIGGER audit_stays_on_{what}")
    yield opened
    opened.close()


def verified(endpoint: Endpoint, *words: str) -> int:
    return main(["verify-audit", "--data-dir", str(endpoint.parts.layout.folder), *words])


def test_an_audit_that_nobody_touched_verifies_and_says_its_head(
    endpoint: Endpoint, file: sqlite3.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified(endpoint) == 0
    line, chain = file.execute("SELECT id, chain FROM audit ORDER BY id DESC").fetchone()
    assert capsys.readouterr().out.startswith(f"{line}:{chain}: ")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE audit SET subject = '900002' WHERE id = 2", "line 2: it was changed"),
        ("UPDATE audit SET at = '2020-01-01T00:00:00+00:00' WHERE id = 1", "line 1: it was changed"),
        ("DELETE FROM audit WHERE id = 3", "line 3: it is missing"),
        ("DELETE FROM audit WHERE id = 1", "line 1: it is missing"),
        ("DELETE FROM audit WHERE id = 5", "the audit ends at 4 and not at 5"),
        ("DELETE FROM audit", "the audit ends at 0 and not at 5"),
        ("UPDATE audit SET event = (SELECT event FROM audit WHERE id = 2) WHERE id = 3", "line 3: it was changed"),
        (
            "INSERT INTO audit SELECT 6, at, event, subject, chain FROM audit WHERE id = 5",
            "line 6: it was changed",
        ),
    ],
)
def test_a_changed_removed_or_added_line_is_found(
    endpoint: Endpoint, file: sqlite3.Connection, capsys: pytest.CaptureFixture[str], change: str, found: str
) -> None:
    file.execute(change)
    assert verified(endpoint) == 1
    assert found in capsys.readouterr().err


def test_two_lines_that_have_changed_places_are_found(
    endpoint: Endpoint, file: sqlite3.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    for before, after in ((2, 99), (3, 2), (99, 3)):
        file.execute("UPDATE audit SET id = ? WHERE id = ?", (after, before))
    assert verified(endpoint) == 1
    assert "line 2: it was changed" in capsys.readouterr().err


def test_a_chain_made_anew_from_the_beginning_does_not_hold_the_head_that_was_noted(
    endpoint: Endpoint, file: sqlite3.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    with endpoint.parts.database.read() as connection:
        noted = str(audit.head(connection))
    assert verified(endpoint, "--noted", noted) == 0
    file.execute("DELETE FROM audit")
    file.execute("DELETE FROM meta WHERE name = 'audit_head'")
    with endpoint.parts.database.write() as connection:
        for event in EVENTS:
            audit.note(connection, event, "900002")
    assert verified(endpoint) == 0
    assert verified(endpoint, "--noted", noted) == 1
    assert "line 5: it was another one when it was noted" in capsys.readouterr().err


def test_the_head_stays_in_the_chain_when_more_is_noted(endpoint: Endpoint, file: sqlite3.Connection) -> None:
    with endpoint.parts.database.write() as connection:
        noted = str(audit.head(connection))
        audit.note(connection, "exported", "later")
    assert file.execute("SELECT count(*) FROM audit").fetchone() == (6,)
    assert verified(endpoint, "--noted", noted) == 0
