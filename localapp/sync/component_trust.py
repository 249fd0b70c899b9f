"""Which components the insurer offers: the signed list, read through TUF, or a reason in words why not.

The first root comes with the installation. Trust is kept in one folder; what is installed does not need it.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from json import loads
from pathlib import Path
from typing import Any

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
)
from tuf.api.metadata import Metadata, TargetFile, Targets
from tuf.ngclient import Updater

from localapp import clock, private_files
from localapp.calculation.archives import LARGEST_ARCHIVE
from localapp.calculation.components import Component, ComponentKind
from localapp.calculation.failures import ComponentRefused
from localapp.domain.sync.messages import Refusal
from localapp.sync.component_download import METADATA, MetadataFetcher, ask_within
from localapp.sync.component_report import UpdateRefused
from localapp.sync.transport import Transport, TransportFailed

CLOCK_TOLERANCE = timedelta(hours=1)


@dataclass(frozen=True)
class Offer:
    """A component in the signed list: its length and digest, and whether new documents may take it."""

    component: Component
    target: TargetFile
    withdrawn: bool

    @property
    def digest(self) -> str:
        """SHA-256 of the archive."""
        return self.target.hashes["sha256"]


@dataclass(frozen=True)
class Offers:
    """All that is offered, calculation libraries first, and what is listed and refused, by its path."""

    offers: tuple[Offer, ...]
    refused: tuple[tuple[str, Refusal], ...]


class Trust:
    """The chain of trust from the first root on. Not for two updates at a time."""

    def __init__(self, folder: Path, root: bytes) -> None:
        self._folder, self._root = folder, root

    def offers(self, transport: Transport, patience: float) -> Offers:
        """The list as it is signed now. Raises UpdateRefused with the reason, OSError for a disk that fails.

        A dead network costs one ``patience``.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _told(transport, patience):
            updater = _Updater(
                str(self._folder), METADATA, fetcher=MetadataFetcher(transport, patience), bootstrap=self._root
            )
            # The one clock of this program, which tests move; python-tuf 7.0 has no way to hand it in.
            updater._trusted_set.reference_time = clock.now()  # noqa: SLF001
            updater.refresh()
            return self._listed(updater)

    def _listed(self, updater: Updater) -> Offers:
        offers, refused = [], []
        for kind in ComponentKind:
            for path in self._paths(updater, kind):
                try:
                    offers.append(_offer(updater, kind, path))
                except UpdateRefused as why:
                    refused.append((path, why.refusal))
        return Offers(tuple(sorted(offers, key=lambda each: each.component.target)), tuple(refused))

    def _paths(self, updater: Updater, kind: ComponentKind) -> list[str]:
        """What a role lists. Only a list: each path is then looked up from the top, as TUF has it."""
        if updater.get_targetinfo(f"{kind.role}/-/-") is not None:  # a look-up loads and verifies the role
            raise RepositoryError(f"{kind.role} lists a path that is none")
        path = self._folder / f"{kind.role}.json"
        return sorted(Metadata[Targets].from_file(str(path)).signed.targets) if path.exists() else []


class _Updater(Updater):
    """python-tuf's client with durable, private files and without the link ``root.json``.

    Some file systems have no links, and nothing needs it: every update starts from the delivered root.
    """

    def _update_root_symlink(self) -> None:
        pass

    def _persist_file(self, filename: str, data: bytes) -> None:
        path = Path(filename)
        if not path.is_file() or path.read_bytes() != data:
            private_files.replace(path, data)


def _offer(updater: Updater, kind: ComponentKind, path: str) -> Offer:
    try:
        component = Component.from_target(path)
    except ComponentRefused as error:
        raise UpdateRefused(
            "component_not_permitted", component=path[:100], role=kind.role, reason=str(error)
        ) from None
    target = updater.get_targetinfo(path)
    if component.kind is not kind or target is None or "sha256" not in target.hashes:
        raise UpdateRefused("component_not_permitted", component=path[:100], role=kind.role, reason="delegation")
    custom: Any = target.custom
    facts = {"kind": kind.role, "name": component.name, "version": component.version}
    if not isinstance(custom, dict) or any(custom.get(name) != fact for name, fact in facts.items()):
        raise UpdateRefused("component_not_permitted", component=path[:100], role=kind.role, reason="facts")
    if target.length > LARGEST_ARCHIVE:
        size, limit = str(target.length), str(LARGEST_ARCHIVE)
        raise UpdateRefused("component_too_large", component=path[:100], size=size, limit=limit)
    return Offer(component, target, custom.get("withdrawn") is True)


@contextlib.contextmanager
def _told(transport: Transport, patience: float) -> Iterator[None]:
    """Within the block python-tuf's errors become refusals. Their texts are for us, the codes for people."""
    try:
        yield
    except DownloadError as error:
        raise _download_refused(error) from error
    except ExpiredMetadataError as error:
        raise _expired(str(error), transport, patience) from error
    except BadVersionNumberError as error:
        raise UpdateRefused("component_rollback", detail=str(error)) from error
    except LengthOrHashMismatchError as error:
        raise UpdateRefused("component_unsigned", detail=str(error)) from error
    except RepositoryError as error:
        raise UpdateRefused("component_unsigned", detail=str(error)[:300]) from error


def _download_refused(error: DownloadError) -> UpdateRefused:
    if isinstance(error.__cause__, TransportFailed):
        refusal = error.__cause__.refusal
        return UpdateRefused(refusal.code, **refusal.facts)
    if isinstance(error, DownloadHTTPError):
        return UpdateRefused("endpoint_failed", status=str(error.status_code))
    if isinstance(error, DownloadLengthMismatchError):
        return UpdateRefused("component_unsigned", detail=str(error))
    return UpdateRefused("endpoint_unreachable")


def _expired(detail: str, transport: Transport, patience: float) -> UpdateRefused:
    """Whose clock is it? Nothing is taken either way; the server's word decides only which sentence is shown."""
    theirs = _server_time(transport, patience)
    difference = abs(clock.now() - theirs) if theirs else timedelta()
    if difference > CLOCK_TOLERANCE:
        return UpdateRefused("clock_wrong", difference=f"{difference.days} d {difference.seconds // 3600} h")
    return UpdateRefused("components_expired", detail=detail)


def _server_time(transport: Transport, patience: float) -> datetime | None:
    try:
        reply = ask_within(patience, transport, "/v1/", {}, 65536)
    except TransportFailed:
        return None
    with contextlib.suppress(ValueError, LookupError, TypeError):
        return datetime.fromisoformat(loads(reply.body)["server_time"]).astimezone(UTC)
    with contextlib.suppress(ValueError, LookupError, TypeError):
        return parsedate_to_datetime(reply.headers["date"]).astimezone(UTC)
    return None
