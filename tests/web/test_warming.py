"""What the first document of a run would wait for is ready before it is opened, and failing at it harms nothing."""

from pathlib import Path

import pytest

from localapp.calculation.components import ComponentKind, PlainFolders
from localapp.web.application import create_app
from localapp.web.desk import Desk
from localapp.web.guard import Guard
from localapp.web.warming import warm
from tests.connecting import Offline


def test_the_first_document_finds_its_form_its_library_and_its_templates(desk: Desk, guard: Guard) -> None:
    pages = create_app(desk, guard)
    warm(pages, desk)
    kept = {key[1] for key in pages.jinja_env.cache or {}}
    assert {"offer/section.html", "offer/_body.html", "offer/_answer.html", "offer/_cover.html"} <= kept
    assert desk.calculations.sandbox.worker_pid is not None


class _Changed(PlainFolders):
    """Components whose files are not what they were."""

    def folder_of(self, kind: ComponentKind, name: str, version: str) -> Path:
        raise OSError(f"{kind} {name} {version}")


def test_a_component_that_cannot_be_read_is_told_when_a_document_needs_it(
    desk_dir: Path, guard: Guard, caplog: pytest.LogCaptureFixture
) -> None:
    connection = Offline()
    connection.folders = _Changed()
    harmed = Desk(desk_dir, connection, demo=True)
    warm(create_app(harmed, guard), harmed)
    harmed.close()
    assert "OSError" in caplog.text
