"""The component repository as it is served: plain files, with ranges, and no way out of their folder."""

import pytest
from flask.testing import FlaskClient

from endpoint.application import Endpoint

CONTENT = bytes(range(256)) * 8


@pytest.fixture
def published(endpoint: Endpoint) -> None:
    """A small repository, and things around it that nobody may fetch."""
    folder = endpoint.parts.layout.components
    (folder / "metadata").mkdir(parents=True)
    (folder / "targets" / "calc" / "flexi-demo").mkdir(parents=True)
    (folder / "metadata" / "1.root.json").write_bytes(b'{"signed": {}}')
    (folder / "metadata" / ".hidden").write_bytes(b"hidden")
    (folder / "targets" / "calc" / "flexi-demo" / "abc.2026.1.zip").write_bytes(CONTENT)
    (folder / "publishing.lock").write_bytes(b"")
    (folder / "targets" / "link").symlink_to(endpoint.parts.layout.keys / "intake.key")
    (folder / "targets" / "folder").symlink_to(endpoint.parts.layout.keys)


TARGET = "/components/targets/calc/flexi-demo/abc.2026.1.zip"


@pytest.mark.usefixtures("published")
def test_metadata_and_targets_are_served(http: FlaskClient) -> None:
    assert http.get("/components/metadata/1.root.json").data == b'{"signed": {}}'
    answer = http.get(TARGET)
    assert (answer.data, answer.content_type) == (CONTENT, "application/octet-stream")


@pytest.mark.usefixtures("published")
def test_a_target_goes_on_where_it_broke_off(http: FlaskClient) -> None:
    answer = http.get(TARGET, headers={"Range": "bytes=1000-"})
    assert (answer.status_code, answer.data) == (206, CONTENT[1000:])
    assert answer.headers["Content-Range"] == f"bytes 1000-{len(CONTENT) - 1}/{len(CONTENT)}"
    beyond = http.get(TARGET, headers={"Range": f"bytes={len(CONTENT)}-"})
    assert (beyond.status_code, beyond.get_json()["problem"]) == (416, "malformed")


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "path",
    [
        "metadata/nothing.json",
        "metadata/.hidden",
        "metadata/..",
        "metadata/%2e%2e",
        "metadata/..%2fpublishing.lock",
        "targets/../publishing.lock",
        "targets/%2e%2e/publishing.lock",
        "targets/calc/../../publishing.lock",
        "targets/calc/..%2f..%2f..%2fkeys/intake.key",
        "targets/calc",
        "targets/calc/",
        "targets/calc//flexi-demo/abc.2026.1.zip",
        "targets//etc/passwd",
        "targets/%2fetc%2fpasswd",
        "targets/link",
        "targets/folder/intake.key",
        "targets/calc\\flexi-demo",
        "targets/%00",
        "targets/" + "a/" * 2000 + "b",
        "targets/" + "a" * 5000,
        "publishing.lock",
        "keys/intake.key",
    ],
)
def test_there_is_no_way_out(http: FlaskClient, path: str) -> None:
    answer = http.get(f"/components/{path}")
    assert (answer.status_code, answer.get_json()["problem"]) == (404, "malformed")


def test_without_a_repository_nothing_is_found(http: FlaskClient) -> None:
    assert http.get("/components/metadata/1.root.json").status_code == 404
