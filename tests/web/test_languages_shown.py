"""Every page of a desk in every condition, in Czech and in English: found by following its links, read word by word."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from localapp import clock
from localapp.domain.typography import typeset
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from tests.conftest import AUTHORITY
from tests.connecting import Offline
from tests.domain.test_typography import WRONG
from tests.running import ROOT
from tests.spoken import CZECH_LETTERS, words
from tests.web.crawling import Heard, Visitor, pages_of
from tests.web.pressing import answers_of
from tests.web.test_languages import plain, spoken_words
from tools.demo_documents import NOW
from tools.screenshots import GOING_ON, PICTURES
from tools.served_desks import serving

KINDS = sorted({picture.desk for picture in PICTURES} - {"synchronizing"})  # that one is an open desk besides
CLIENTS = ("tools/demo_documents.py", "tools/demo_synchronization.py", "tools/served_desks.py", "tests/family.py",
           "tests/store/made_up.py", "endpoint/demo.py")  # fmt: skip
"""Where the people of the pictures come from: their names and towns are Czech in every language."""

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(500),  # the first test waits for the desks of all: half a minute, on a busy computer more
]

Shown = dict[str, list[tuple[str, Heard]]]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """By language: where a page was met, and what it says."""
    found: Shown = {"cs": [], "en": []}
    folder = tmp_path_factory.mktemp("desks")
    (folder / "none").mkdir()
    app = create_app(Desk(folder / "none", Offline()), Guard(AUTHORITY))
    with clock.moved_to(NOW):
        for number, kind in enumerate(KINDS):
            with serving(kind, folder / str(number)) as served:
                for language in found:
                    visitor = Visitor(served)
                    visitor.ask("/language", {"language": language})
                    visitor.close()
                    found[language] += [(f"{kind} {where}", heard) for where, heard in pages_of(served, app, kind)]
    return found


@cache
def clients() -> tuple[str, ...]:
    """Every made-up text with Czech letters, with and without no-break spaces, the longest first."""
    trees = [ast.parse((ROOT / name).read_text(encoding="utf-8")) for name in CLIENTS]
    consts = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    names = {text for text in consts if isinstance(text, str) and CZECH_LETTERS & set(text)}
    spelled = names | {name.replace(" ", "\u00a0") for name in names} | {typeset(name) for name in names}
    return tuple(sorted(spelled, key=len, reverse=True))


@cache  # hundreds of pages say the same
def without_clients(text: str) -> str:
    """The text without names of clients and of folders."""
    text = re.sub(r"(?<!\S)/\S+", "◆", text)
    for name in clients():
        text = text.replace(name, "◆")
    return text


def in_one_language(pages: list[tuple[str, Heard]]) -> list[tuple[str, str]]:
    """What the pages say, without those that a stranger gets in both languages at once."""
    return [(where, without_clients(text)) for where, heard in pages if " /open/" not in where for text in heard.texts]


@pytest.mark.parametrize("kind", sorted({*KINDS} - GOING_ON))
def test_the_answer_to_every_button_is_in_the_language_too(tmp_path: Path, kind: str) -> None:
    foreign = {"cs": spoken_words("en") - spoken_words("cs"), "en": spoken_words("cs") - spoken_words("en")}
    app = create_app(Desk(tmp_path, Offline()), Guard(AUTHORITY))
    with clock.moved_to(NOW), serving(kind, tmp_path / "1") as served:
        for language, rule, heard in answers_of(served, app, kind):
            assert heard.language in {language, ""}, rule
            for text in map(without_clients, heard.texts):
                assert not words(*plain((text,))) & foreign[language], (rule, text)
                czech = [word for word in words(*plain((text,))) if CZECH_LETTERS & set(word)]
                assert language == "cs" or not czech, (rule, text)
                if language == "cs":
                    assert [name for name, wrong in WRONG.items() if re.search(wrong, text)] == [], (rule, text)


def test_every_page_names_the_language_that_was_chosen(shown: Shown) -> None:
    for language, pages in shown.items():
        assert len(pages) > 100
        for where, heard in pages:
            assert heard.language in {language, ""} or " /open/" in where, where  # a fragment has no <html>


def test_both_languages_have_the_same_pages(shown: Shown) -> None:
    assert [where for where, _ in shown["cs"]] == [where for where, _ in shown["en"]]


def test_in_english_no_page_says_a_czech_word(shown: Shown) -> None:
    czech = spoken_words("cs") - spoken_words("en")
    for where, text in in_one_language(shown["en"]):
        found = {word for word in words(*plain((text,))) if word in czech or CZECH_LETTERS & set(word)}
        assert not found, (where, text)


def test_in_czech_no_page_says_an_english_word(shown: Shown) -> None:
    english = spoken_words("en") - spoken_words("cs")
    for where, text in in_one_language(shown["cs"]):
        assert not words(*plain((text,))) & english, (where, text)


@pytest.mark.parametrize("name", WRONG)
def test_no_czech_page_shows(shown: Shown, name: str) -> None:
    wrong = re.compile(WRONG[name])
    for where, text in in_one_language(shown["cs"]):
        assert not wrong.search(text), (where, text)


def test_every_page_of_the_program_was_met(shown: Shown) -> None:
    """A page that no condition of the pictures reaches would go unread: give it a picture in tools/screenshots.py."""
    app: Flask = create_app(Desk(ROOT / "none", Offline()), Guard(AUTHORITY))
    met = {where.partition(" ")[2].partition("?")[0] for where, _ in shown["cs"]}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in {
            "static",
            "start",
            "information.favicon",
            "offer.start",
            "lock.state",  # not for people
        }:
            pattern = re.compile(re.sub(r"<[^>]*>", "[^/]+", rule.rule))
            assert any(pattern.fullmatch(address) for address in met), rule.rule
