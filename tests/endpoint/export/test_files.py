"""The file of a run: the same bytes each time, and as docs/export-format.md says."""

import hashlib
import json
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from endpoint.application import Endpoint, create_endpoint
from endpoint.export.files import Lines, manifest, places
from localapp import clock, paths
from localapp.domain.canonical import Pinned, canonical_text, digest_of, revision_digest
from localapp.domain.correction import Corrects
from tests.endpoint.made_up import Desk, family

FORMAT = paths.root() / "docs" / "export-format.md"


def exported(endpoint: Endpoint) -> tuple[str, bytes, dict[str, Any]]:
    """Key, bytes and manifest of a run now."""
    key = endpoint.run_export().key
    files = places(endpoint.parts.layout.exports, key)
    return key, files.data.read_bytes(), json.loads(files.manifest.read_text(encoding="utf-8"))


def test_the_same_run_gives_the_same_bytes(endpoint: Endpoint, alena: Desk, cyril: Desk, tmp_path: Path) -> None:
    alena.push(*(alena.completion() for _ in range(3)))
    cyril.push(cyril.completion())
    key, content, told = exported(endpoint)
    endpoint.close()
    shutil.copytree(endpoint.parts.layout.folder, tmp_path / "copy")
    copy = create_endpoint(tmp_path / "copy")
    with copy.parts.database.read() as connection:
        lines = Lines(connection, key)
        assert b"".join(lines) == content
        assert json.loads(manifest(connection, key, lines)) == told
    copy.close()


def test_the_manifest_counts_and_digests_the_file(endpoint: Endpoint, alena: Desk) -> None:
    alena.push(alena.completion(), alena.completion())
    key, content, told = exported(endpoint)
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert (told["count"], told["bytes"], told["export"]) == (2, len(content), key)
    assert content.count(b"\n") == 2


def test_each_line_is_canonical_and_its_digests_hold(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    _, content, _ = exported(endpoint)
    text = content.decode().rstrip("\n")
    line = json.loads(text)
    assert canonical_text(line) == text
    assert digest_of(line["answers"]) == line["answers_digest"]
    whole = revision_digest(
        line["answers_digest"], line["health_digest"], Pinned(*line["form"]), Pinned(*line["calculation"])
    )
    assert whole == line["digest"]
    assert (line["number"], line["advisor"]["advisor_code"], line["verified"]) == (offer.number, "alena", True)


def test_a_correcting_document_names_the_line_in_whose_place_it_stands(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    _, content, _ = exported(endpoint)
    assert json.loads(content)["corrects"] is None
    alena.push(alena.correction(offer))
    with clock.moved_to(clock.now() + timedelta(minutes=1)):
        _, content, _ = exported(endpoint)
    line = json.loads(content)
    assert line["corrects"] == {"document": offer.document, "number": offer.number, "revision": 1}
    form, calculation = Pinned(*line["form"]), Pinned(*line["calculation"])
    corrects = Corrects(**line["corrects"])
    whole = revision_digest(line["answers_digest"], line["health_digest"], form, calculation, corrects)
    assert whole == line["digest"]


def test_what_stayed_behind_is_told_with_its_reason(endpoint: Endpoint, alena: Desk) -> None:
    unknown = replace(family(clock.today()), form=Pinned("flexi-offer", "99"))
    wrong = alena.completion(unknown)
    alena.push(wrong)
    _, content, told = exported(endpoint)
    assert content == b""
    assert told["left_behind"] == [{"number": wrong.number, "reason": "evaluation_impossible", "revision": 1}]


def test_an_unlinked_installation_is_told_as_not_verified(endpoint: Endpoint, impostor: Desk) -> None:
    impostor.push(impostor.completion())
    _, content, _ = exported(endpoint)
    assert json.loads(content)["verified"] is False


def test_the_documentation_names_every_field(endpoint: Endpoint, alena: Desk) -> None:
    alena.push(alena.completion())
    _, content, told = exported(endpoint)
    sections = FORMAT.read_text(encoding="utf-8").split("\n## ")
    documented = {
        section.partition("\n")[0]: set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) for section in sections
    }
    assert documented["Lines"] == set(json.loads(content))
    assert documented["Manifest"] == set(told)
