"""Where the endpoint's data lie below its folder. Made by ``create_endpoint``; publishing and operators rely on it."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The places below one data folder."""

    folder: Path

    @property
    def database(self) -> Path:
        """The SQLite file; -wal and -shm lie beside it."""
        return self.folder / "endpoint.db"

    @property
    def keys(self) -> Path:
        """``intake.key`` (private), ``core.pub``; of a demonstration ``core.key`` too."""
        return self.folder / "keys"

    @property
    def components(self) -> Path:
        """The TUF repository as it is served: ``metadata`` and ``targets``."""
        return self.folder / "components"

    @property
    def versions(self) -> Path:
        """The endpoint's own copies for the re-evaluation: ``forms/<name>/<version>``, ``calculations/…``."""
        return self.folder / "versions"

    @property
    def exports(self) -> Path:
        """The files of the runs and their manifests."""
        return self.folder / "exports"

    @property
    def attachments(self) -> Path:
        """Sealed files of signatures, in a folder for each advisor."""
        return self.folder / "attachments"

    @property
    def log(self) -> Path:
        """What ``serve`` writes: calls without bodies and queries."""
        return self.folder / "endpoint.log"


def default_data_dir() -> Path:
    """The endpoint's folder on this system."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "SmartClient-endpoint"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "SmartClient-endpoint"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "smartclient-endpoint"
