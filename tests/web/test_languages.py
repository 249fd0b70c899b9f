"""The whole interface in Czech and in English: every text there is, found in the files, not listed."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import nodes

from localapp.contacts import contacts
from tests.running import ROOT
from tests.spoken import (
    CZECH_LETTERS,
    PROGRAM,
    Said,
    catalogues,
    czech_outside_texts,
    everything,
    facts,
    in_program,
    words,
)
from tests.web.language_use import TEMPLATES, can_be_made, known_keys, tree_of, uses

NAMES = ("SmartClient", "Help Desk PČS", "Help Desk", "Caps Lock", "FLEXI", "Wi-Fi", "smartclient@pojistovnacs.cz",
         "podpora@pojistovnacs.cz", "name@domain.cz", "keys.json", "root.json", "endpoint-ca.pem",
         "proxy.firma.cz", "launcher.py --help", "demo-passphrase",
         "Alt L", "make window")  # fmt: skip
"""Names of products, companies, keys, files and addresses, which are the same in every language."""

SHARED = words(
    "HIV KID a by do i on s ten to v "  # words of both languages that mean something else in each
    "antivirus data disk e-mail export hotel minus ok partner pin port program proxy role root server sha sport text "
    "hr iban ppz sipo svk cz crs fatca d demo data-dir endpoint ii iii iv m t "
    "cm h kg min mb pdf qr symbol tls basic kerberos ntlm windows"
)
"""Words that both languages may use: the same in both, abbreviations of the field, units, options of the launcher."""

ONLY_CZECH = words(
    "aby ale bez bude budou byl dokument dokumenty ho je jeho jen jsou kde klient kopie na nad nabidka nebo nelze od "
    "pak po pod podle pro se smazat smlouva stornovat synchronizace tato tuto u upravit z za ze znovu"
)
ONLY_ENGLISH = words(
    "again an and are be cannot cancel copy delete edit for from has have is it not of open or save that the this was "
    "with you your"
)
IN_THE_OTHER = {"frame.other_language"}
"""The switch on the pages before Nastavení can be reached is written in the language that it leads to."""

BOTH_AT_ONCE = ("localapp/app.py: SmartClient se nepodařilo otevřít.", "localapp/instance.py: Ukázka SmartClient.")
"""Sentences that stand in both languages one after the other, because nobody's choice is known."""

MADE_UP = ("endpoint/demo.py: ", "localapp/domain/fields/amounts.py: ", "localapp/domain/typography.py: ",
           "localapp/domain/fields/bank_codes.py: ", "localapp/domain/fields/countr",
           "localapp/domain/czech_order.py: ")  # fmt: skip
"""Names of the demonstration's companies, the currency as it is typed, the rules of typography, banks and countries,
the alphabet.
"""


def plain(texts: tuple[str, ...]) -> list[str]:
    """The texts without names and without facts."""
    found = [re.sub(r"\{[^{}]*\}", " ", text) for text in texts]
    for name in NAMES:
        found = [text.replace(name, " ") for text in found]
    return found


def in_own_language() -> list[Said]:
    return [said for said in everything() if said.where not in IN_THE_OTHER]


def spoken_words(language: str) -> set[str]:
    halves = [getattr(said, language) for said in in_own_language()]
    return {word for half in halves for text in plain(half) for word in words(text)}


def test_every_text_is_there_in_both_languages() -> None:
    lacking = [said.where for said in everything() for half in (said.cs, said.en) if not half or not all(half)]
    assert lacking == []


def test_both_languages_tell_the_same_facts() -> None:
    differing = {
        said.where: facts(said.cs) ^ facts(said.en) for said in everything() if facts(said.cs) != facts(said.en)
    }
    assert [names for names in differing.values() if names != {"problem", "problem_en"}] == []  # a reason, in words


def test_a_text_with_a_number_of_things_has_every_plural_form() -> None:
    for area, texts in catalogues().items():
        for key, text in texts.items():
            kinds = {name: set(half) for name, half in text.items() if isinstance(half, dict)}
            assert kinds in ({}, {"cs": {"one", "few", "other"}, "en": {"one", "other"}}), f"{area}.{key}"


def test_no_english_text_has_a_czech_word() -> None:
    found = {}
    for said in in_own_language():
        texts = plain(said.en)
        czech = {word for text in texts for word in words(text) if CZECH_LETTERS & set(word) or word in ONLY_CZECH}
        if czech or any("„" in text for text in texts):
            found[said.where] = czech
    assert found == {}


def test_no_czech_text_has_an_english_word() -> None:
    for said in in_own_language():
        assert {word for text in plain(said.cs) for word in words(text)} & ONLY_ENGLISH == set(), said.where


def test_no_word_is_used_in_both_languages_unless_it_belongs_to_both() -> None:
    """A new word of both languages is added to ``SHARED``; anything else is a text that was not translated."""
    assert spoken_words("cs") & spoken_words("en") - SHARED == set()


def test_no_czech_stands_in_the_program_without_its_english() -> None:
    alone = [text for path in PROGRAM for text in in_program(path).alone]
    assert [text for text in alone if not text.startswith((*BOTH_AT_ONCE, *MADE_UP))] == []
    assert all(any(text.startswith(start) for text in alone) for start in BOTH_AT_ONCE)


def test_no_czech_stands_in_a_component_without_its_english() -> None:
    assert czech_outside_texts() == []


def test_every_text_that_is_asked_for_exists() -> None:
    keys = known_keys()
    missing = [use for use in uses() if not any(use.pattern.fullmatch(key) for key in keys)]
    assert missing == []


def test_every_text_is_asked_for_somewhere() -> None:
    used = set()
    for use in uses():
        for key in known_keys():
            found = use.pattern.fullmatch(key)
            if found and all(can_be_made(part) for part in found.groups()):
                used.add(key)
    assert known_keys() - used == set()


def test_every_fact_of_a_text_is_handed_over() -> None:
    texts = {said.where: said for said in everything()}
    for use in uses():
        if use.key in texts and use.facts is not None:
            said = texts[use.key]
            needed = facts(said.cs) | facts(said.en) | ({"count"} if len(said.cs) > 1 else set())
            assert needed <= use.facts | set(contacts("cs")), use


HUMAN = {
    "title",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "aria-valuetext",
    "placeholder",
    "alt",
    "label",
    "data-label",
}
WITHOUT_TEXT = {"script", "style", "kbd", "code"}  # keys are named as they stand on the keyboard
NOT_TRANSLATED = {"SmartClient", "HR", "–", "h", "min"}


class _Literals(HTMLParser):
    """The words that a template writes out itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = tag
        given = dict(attrs)
        for name, text in given.items():
            if name in HUMAN or (name == "value" and given.get("type") in {"submit", "button", "reset"}):
                self._note(text or "")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's signature
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open not in WITHOUT_TEXT:
            self._note(
                re.sub(r'(?:^|\s)[\w-]+="[^"]*"|\S*/\S*|\bdisabled\b', " ", data)
            )  # a macro may write attributes only

    def _note(self, text: str) -> None:
        self.found += [word for word in re.findall(r"[^\W\d_]+", text) if word not in NOT_TRANSLATED]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_a_template_says_nothing_but_texts_of_the_catalogues(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    reader = _Literals()
    reader.feed(re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\$\w+", "", source, flags=re.DOTALL))
    reader.close()
    assert reader.found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_a_template_writes_no_sentence_inside_an_expression(path: Path) -> None:
    outputs = tree_of(path).find_all(nodes.Output)
    consts = [
        const.value for output in outputs for const in output.find_all(nodes.Const) if isinstance(const.value, str)
    ]
    sentences = [text for text in consts if CZECH_LETTERS & set(text) or re.search(r"[A-Z][a-z]+ [a-z]+ [a-z]+", text)]
    assert sentences == []


SCRIPTS = tuple(sorted(path for path in ROOT.glob("static/*") if path.suffix in {".js", ".css", ".svg"}))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_styles_and_pictures_say_nothing(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|(?<![:\"'])//[^\n]*|<!--.*?-->", "", source, flags=re.DOTALL)
    pairs = re.findall(r'"([^"\n]*)"|\'([^\'\n]*)\'|`([^`]*)`', code) if path.suffix == ".js" else []
    literals = ["".join(found) for found in pairs]
    sentence = re.compile(r"[A-Z][a-z]+( [a-z]+)+|[a-z]+( [a-z]+)*[.!?…]")
    assert [text for text in literals if sentence.fullmatch(text) or CZECH_LETTERS & set(text)] == []
    assert not re.search(r"<(?:title|text|desc)\b", code)
    assert not re.search(r"content:\s*[\"'][^\"'\\]*[A-Za-z]", code)
