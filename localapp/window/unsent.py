"""What a person is told who ends the desk while documents wait to be sent."""

import logging
from typing import TYPE_CHECKING

from localapp.window import reasons

if TYPE_CHECKING:
    from localapp.web.desk import Desk
    from localapp.window.process import Texts

_log = logging.getLogger("smartclient.window")


def unsent_text(desk: "Desk | None") -> "Texts | None":
    """The sentence in both languages; None when nothing waits, or nobody can tell because the desk is locked."""
    if desk is None or not desk.is_open:
        return None
    try:
        count = desk.store.sync.count_unsent()
    except Exception as failure:  # noqa: BLE001 - whatever it is, it must not keep the desk from closing
        _log.warning("unsent documents not counted: %s", type(failure).__name__)
        return None
    if count == 0:
        return None
    from localapp.web.wording import fill  # noqa: PLC0415 - heavy, and loaded by then

    text = reasons.texts()["unsent"]
    return {language: fill(text, {"count": count}, language) for language in ("cs", "en")}
