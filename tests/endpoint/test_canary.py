"""A client's health, whatever field it stands in, lies in no plain byte of the endpoint's folder, log or export."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from endpoint.application import Endpoint
from endpoint.keys import CORE_PRIVATE
from endpoint.serving import log_to
from localapp import paths
from localapp.domain.canonical import Pinned
from localapp.domain.forms.answers import duplicate
from localapp.domain.forms.parser import parse_form
from localapp.domain.sync.operations import health_context
from localapp.output.sealing import open_sealed
from tests.endpoint.conftest import NOON
from tests.endpoint.made_up import Desk, with_all_health
from tests.health_canaries import WORD, health_fields, traces_in

FORM = parse_form((paths.components() / "forms" / "flexi-offer" / "1" / "form.json").read_text("utf-8"), "form.json")


@pytest.fixture
def logged(endpoint: Endpoint) -> Iterator[Path]:
    """The endpoint writes its log."""
    place = endpoint.parts.layout.log
    handler = log_to(place)
    yield place
    logging.getLogger().removeHandler(handler)
    handler.close()


@pytest.fixture
def told(endpoint: Endpoint, alena: Desk, logged: Path) -> Endpoint:  # noqa: ARG001 - it is on from the beginning
    """An endpoint that has taken in, returned, refused, kept and exported what holds a canary."""
    revision = with_all_health(endpoint.parts.layout.versions, Pinned("flexi-offer", "1"), NOON.date())
    offer, wrong = alena.completion(revision), alena.completion(revision)
    assert wrong.completion is not None
    wrong = replace(wrong, completion=replace(wrong.completion, premium=None))
    lacking = duplicate(revision.health)
    del lacking["persons"][0]["height_cm"]
    alena.push(offer, wrong, alena.completion(replace(revision, health=lacking)))
    alena.push(alena.completion(revision, number="N26-999999"))
    endpoint.evaluate_waiting()
    endpoint.run_export()
    alena.push(alena.next_revision(offer, revision))
    alena.ask(f"/v1/sync/push?z05={quote(WORD)}", {"operations": [WORD]})
    return endpoint


def plain(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file but the versions of the components, whose forms name their fields."""
    for path in folder.rglob("*"):
        if path.is_file() and "versions" not in path.parts:
            yield path.name, path.read_bytes()


def test_no_file_holds_a_health_answer_in_plain(told: Endpoint) -> None:
    files = dict(plain(told.parts.layout.folder))
    assert {"endpoint.db", "endpoint.db-wal", "endpoint.log"} <= files.keys()
    for name, content in files.items():
        assert not traces_in(content, FORM), name


def test_nor_does_it_after_the_file_was_closed(told: Endpoint) -> None:
    told.close()
    for name, content in plain(told.parts.layout.folder):
        assert not traces_in(content, FORM), name


def test_but_the_core_system_can_read_it(told: Endpoint) -> None:
    (data,) = told.parts.layout.exports.glob("*.jsonl")
    line = json.loads(data.read_text(encoding="utf-8"))
    key = (told.parts.layout.keys / CORE_PRIVATE).read_bytes()
    health = open_sealed(key, line["health"], health_context(line["document"], line["revision"]))
    assert health.count(WORD) > len(health_fields(FORM))


def test_the_log_has_calls_without_bodies_and_queries(told: Endpoint) -> None:
    log = told.parts.layout.log.read_text(encoding="utf-8")
    assert "POST /v1/sync/push 200" in log
    assert "z05" not in log
    assert "Příhodová" not in log
