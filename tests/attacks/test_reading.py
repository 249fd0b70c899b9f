"""Attacks 14, 20, 21, 22, 24: reading changes nothing, and no search or cursor breaks the list."""

import hashlib
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from localapp.web.desk import Desk

NAMES = ("Alena", "Bořek", "Cyril", "100%", "Under_score")


def fingerprint(desk: Desk) -> dict[str, str]:
    """The bytes of the database and of its write-ahead log."""
    files = (desk.data_dir / name for name in ("documents.db", "documents.db-wal"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.exists()}


@pytest.fixture
def documents(client: FlaskClient) -> list[str]:
    """The addresses of one offer per name; the last one is deleted."""
    found = []
    for name in NAMES:
        location = client.post("/documents", data={"kind": "offer"}).location
        assert location is not None
        client.post(f"{location}/sections/policyholder", data={"policyholder.last_name": name})
        found.append(location)
    assert client.post(f"{found[-1]}/deletion").status_code == 303
    return found


def every_address(app: Flask, documents: list[str]) -> Iterator[str]:
    """Every GET rule for a document that is there, one that is deleted and one that never was; every section."""
    identities = [documents[0].rpartition("/")[2], documents[-1].rpartition("/")[2], "never-was"]
    sections = ["policyholder", "policy", "insured", "cover", "investment", "payment", "summary", "never-was"]
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()):
            continue
        for identity in identities:
            for section in sections if "<section>" in rule.rule else [""]:
                address = rule.rule.replace("<document>", identity).replace("<section>", section)
                yield address.replace("<path:filename>", "tokens.css")


def assert_disposition(found: str | None, address: str) -> None:
    """Attack 24: only a print is a file, and its name has plain letters and nothing of a client in it."""
    if found is not None:
        assert "/pdf" in address
        assert re.fullmatch(r'(inline|attachment); filename="[A-Za-z0-9-]+\.pdf"', found)


def test_14_reading_every_page_changes_nothing(
    app: Flask, client: FlaskClient, desk: Desk, documents: list[str]
) -> None:
    before = fingerprint(desk)
    seen: set[str] = set()
    waiting = set(every_address(app, documents))
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code in {200, 204, 303, 404, 405, 409}, address
        assert_disposition(answer.headers.get("Content-Disposition"), address)
        found = re.findall(r'(?:href|src|hx-get)="(/[^"#]*)"', answer.text) if answer.mimetype == "text/html" else []
        waiting |= {link.replace("&amp;", "&") for link in found} - seen
    assert len(seen) > 30
    assert fingerprint(desk) == before


def test_14_a_link_with_the_address_of_a_command_does_nothing(
    app: Flask, client: FlaskClient, desk: Desk, documents: list[str]
) -> None:
    before = fingerprint(desk)
    read = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    for rule in app.url_map.iter_rules():
        if rule.rule in read:
            continue
        address = rule.rule.replace("<document>", documents[0].rpartition("/")[2]).replace("<section>", "policyholder")
        assert client.get(address).status_code in {404, 405}, address
    assert fingerprint(desk) == before


SEARCHES = [
    *(
        '"',
        '""',
        '" OR 1=1 --',
        '" OR * NEAR( ^',
        "NEAR(a b)",
        "a AND",
        "NOT",
        "*",
        "^a",
        "a:b",
        "{a b}",
        "-a",
        "+",
        "(",
    ),
    *("\x00", "a\x00b", "\u202e", "'; DROP TABLE document; --", "\\", "%", "_", "%%", "🙂", "ﬀ", "\n\r\t", "\x1b[31m"),
    *("a" * 10_000, "a " * 5_000, '"' * 1000),
]


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_20_no_words_break_the_search(client: FlaskClient, documents: list[str], headers: dict[str, str]) -> None:
    assert documents
    for words in SEARCHES:
        answer = client.post("/documents/search", data={"q": words}, headers=headers)
        assert answer.status_code == 200, words[:40]


def shown(client: FlaskClient, words: str) -> set[str]:
    text = client.post("/documents/search", data={"q": words}).text
    return {name for name in NAMES if f"<b>{name}</b>" in text}


def test_20_search_still_finds_what_it_should(client: FlaskClient, documents: list[str]) -> None:
    assert documents
    assert shown(client, "borek") == {"Bořek"}
    assert shown(client, '"cyr') == {"Cyril"}


@pytest.mark.parametrize("wildcard", ["%", "_", "%%", "%lena", "_lena", "Al%na", "Al_na"])
def test_22_wildcards_of_sql_are_no_wildcards(client: FlaskClient, documents: list[str], wildcard: str) -> None:
    assert documents
    assert shown(client, wildcard) in (set(), shown(client, ""))  # nothing to look for shows the whole list


CURSORS = ["zzz", "-1", "1.5", "1e9", "0x10", "١٢", " 1", "1 OR 1=1", "9" * 30, "\x00", "1\x00", "null", "٪"]


@pytest.mark.parametrize("name", ["before", "shelf", "kind"])
def test_21_garbage_for_a_cursor_or_a_filter_is_a_bad_request(client: FlaskClient, name: str) -> None:
    for cursor in CURSORS:
        assert client.get("/documents", query_string={name: cursor}).status_code == 400, cursor
        assert client.post("/documents/search", data={"q": "a", name: cursor}).status_code == 400, cursor


GARBAGE = ["x", "\x00", "{{7*7}}", "<b>", "a" * 5_000, "../x", "%"]


@pytest.mark.parametrize("name", ["selected", "told", "about", "person", "check", "q"])
def test_21_garbage_in_any_other_parameter_is_no_failure(client: FlaskClient, documents: list[str], name: str) -> None:
    real = documents[0].rpartition("/")[2]
    list_of_one = {"about": real, "told": "copied"}
    for address in ("/documents", f"{documents[0]}/sections/insured", f"{documents[0]}/sections/cover"):
        for garbage in GARBAGE:
            given = {**(list_of_one if address == "/documents" else {}), name: garbage}
            answer = client.get(address, query_string=given)
            assert answer.status_code in {200, 400, 404}, (address, garbage)
