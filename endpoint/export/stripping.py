"""Files of runs six months after their take-over: which documents went stays, what they said does not.

The lines go on without answers, premium and sealed health, in ``<export>.receipt.jsonl`` beside the manifest, so that
a database that is put back later still knows what went. The manifest stays as it is: proof of what was handed over.
"""

import json
from pathlib import Path
from typing import Any

from endpoint import durable
from endpoint.export.files import places
from localapp.domain.canonical import canonical_text

_SAID = ("answers", "answers_digest", "health", "health_digest", "premium")


def receipt(folder: Path, key: str) -> Path:
    """The place of what is left of a run's lines."""
    return folder / f"{key}.receipt.jsonl"


def strip(folder: Path, key: str) -> bool:
    """Put the receipt in the place of a run's data; whether there was any. Again after a crash."""
    data = places(folder, key).data
    if not data.is_file():
        return False
    with data.open("rb") as file:
        durable.write(receipt(folder, key), (_stripped(json.loads(line)) for line in file))
    data.unlink()
    durable.sync_folder(folder)
    return True


def _stripped(line: dict[str, Any]) -> bytes:
    left = {name: value for name, value in line.items() if name not in _SAID}
    return f"{canonical_text({**left, 'health': ''})}\n".encode()
