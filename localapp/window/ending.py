"""How the process of the window ends."""

import os
from typing import NoReturn

CLOSED, NO_TOOLKIT, NO_PAGE = 0, 3, 4  # exit statuses


def end(status: int = CLOSED) -> NoReturn:
    """End at once: the toolkit's own way out can crash, and nothing here is worth keeping."""
    os._exit(status)
