"""The insurer's side of component tests: a seeded repository, ways to publish what no publisher would, and serving."""

import io
import json
import shutil
import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from werkzeug.test import Client
from werkzeug.utils import send_file
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import ClosingIterator

from endpoint.publishing.publisher import Publisher
from localapp import clock, paths
from localapp.calculation.archives import pack
from localapp.calculation.components import Component, ComponentKind
from localapp.calculation.seal import seal
from localapp.sync.transport import LARGEST_ANSWER, Reply, checked

CALC = ComponentKind.CALCULATION
FORM = ComponentKind.FORM
LIBRARY = Component(CALC, "flexi-demo", "2026.1")
NEXT_LIBRARY = Component(CALC, "flexi-demo", "2026.2")
OFFER = Component(FORM, "flexi-offer", "1")
ILLUSTRATION = Component(FORM, "flexi-illustration", "1")
ALL = (LIBRARY, ILLUSTRATION, OFFER)
"""What an insurer begins with, in the order in which a desk takes it."""
NEXT_OFFER = Component(FORM, "flexi-offer", "2")
MARK = {"SmartClient-Endpoint": "1"}

Change = Callable[[Reply], Reply]


class Insurer:
    """A repository that may be published to in every way, also in those that a publisher refuses."""

    def __init__(self, data_dir: Path, drafts: Path) -> None:
        self.data_dir, self.drafts = data_dir, drafts
        self.publisher = Publisher(data_dir)
        self.repository = self.publisher.repository
        self.root = self.publisher.first_root.read_bytes()

    @property
    def served(self) -> Path:
        """What is served under ``/components``."""
        return self.data_dir / "components"

    def draft(self, component: Component) -> Path:
        """A component's folder to be changed: the one of the checkout under another version, with few golden cases."""
        folder = self.drafts / component.place
        source = LIBRARY if component.kind is CALC else OFFER
        shutil.copytree(paths.components() / source.place, folder)
        told = folder / ("manifest.json" if component.kind is CALC else "form.json")
        content = json.loads(told.read_text()) | {"version": component.version, "name": component.name}
        told.write_text(json.dumps(content, ensure_ascii=False))
        if component.kind is CALC:
            cases = folder / "golden.jsonl"
            cases.write_text("".join(f"{line}\n" for line in cases.read_text().splitlines()[:3]))
            seal(folder)
        return folder

    def publish(self, component: Component) -> None:
        """Publish as it should be done."""
        self.publisher.publish(component.kind, self.draft(component))

    def publish_unchecked(self, component: Component, packed: bytes, role: str | None = None) -> None:
        """Sign and list whatever it is, as a publisher without checks or with a stolen key would."""
        role = role or component.kind.role
        custom = {"kind": component.kind.role, "name": component.name, "version": component.version}
        self.repository.add(role, component.target, packed, custom)
        self.repository.make_visible()

    def stored(self, component: Component) -> Path:
        """The file that is served for a published component."""
        target = self.repository.targets(component.kind.role).targets[component.target]
        return self.repository.targets_folder / self.repository.stored_as(target)

    def metadata(self, name: str) -> Path:
        """A served metadata file."""
        return self.repository.metadata / name

    def version(self, role: str) -> int:
        """The newest version of a role."""
        return int(self.repository.open(role).signed.version)


def wrong_library(insurer: Insurer) -> bytes:
    """The next library with a golden case that it does not meet."""
    folder = insurer.draft(NEXT_LIBRARY)
    cases = folder / "golden.jsonl"
    changed = cases.read_text().replace('"annual_gross":"5571.60"', '"annual_gross":"5571.61"', 1)
    assert changed != cases.read_text()
    cases.write_text(changed)
    seal(folder)
    return pack(folder)


def archive(*entries: tuple[str, bytes], mode: int = stat.S_IFREG | 0o644, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of whatever names."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as made:
        for name, content in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = method
            made.writestr(entry, content)
    return whole.getvalue()


class Folder:
    """A WSGI application that serves a repository as docs/sync-protocol.md has it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, environ: dict[str, Any], start: Any) -> ClosingIterator:  # noqa: ANN401 - WSGI
        path = Request(environ).path
        if path == "/v1/":
            response = Response(json.dumps({"service": "smartclient-endpoint", "server_time": clock.stamp()}))
        else:
            file = self._folder / path.removeprefix("/components/")
            response = send_file(file, environ, conditional=True) if file.is_file() else Response(status=404)
        response.headers.update(MARK)
        return ClosingIterator(response(environ, start), response.close)


class Served:
    """A Transport over the repository in this process. ``changes`` alter the answers whose target holds their key."""

    address = "http://127.0.0.1:1"

    def __init__(self, folder: Path) -> None:
        self._client = Client(Folder(folder), Response)
        self.changes: dict[str, Change] = {}
        self.asked: list[str] = []
        self.ranges: list[str] = []

    def ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"", *, most: int = LARGEST_ANSWER
    ) -> Reply:
        """See Transport."""
        assert (method, body) == ("GET", b"")
        self.asked.append(target)
        self.ranges += [headers["Range"]] if "Range" in headers else []
        response = self._client.get(target, headers=dict(headers), buffered=True)
        reply = Reply(response.status_code, dict(response.headers), response.get_data())
        for part, change in self.changes.items():
            if part in target:
                reply = change(reply)
        assert len(reply.body) <= most
        return checked(reply.status, reply.headers, reply.body)


def with_body(change: Callable[[bytes], bytes]) -> Change:
    """A change of an answer's body."""
    return lambda reply: Reply(reply.status, reply.headers, change(reply.body))
