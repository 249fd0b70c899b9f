"""Writes the digests of a component's files into its manifest: ``python -m localapp.calculation.seal FOLDER``."""

import hashlib
import json
import sys
from pathlib import Path

from localapp.calculation.library import MANIFEST


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of the component but the manifest, by relative name."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def seal(folder: Path) -> None:
    """Bring the manifest's digests up to date. The other entries stay as the actuary wrote them."""
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"] = digests(folder)
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    seal(Path(sys.argv[1]))
