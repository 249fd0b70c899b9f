"""An open, empty store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from localapp.store.store import Store
from tests.copied import put_store
from tests.store.made_up import open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    put_store(tmp_path)
    opened = open_store(tmp_path)
    yield opened
    opened.close()
