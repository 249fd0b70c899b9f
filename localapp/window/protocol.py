"""What the desk and the process of its window say to each other.

One JSON object a line in UTF-8, at most ``LONGEST`` bytes, over the child's standard input and output. ``say`` is the
word, the rest are its facts.

=========  =========================================================================================================
the desk says
--------------------------------------------------------------------------------------------------------------------
open       first of all: ``address`` (the one-time opening address), ``place`` (or null), ``texts`` (both languages)
show       come to the front
ask        more is to be told before closing: ``text`` in both languages; the person decides
leave      nothing speaks against closing
quit       close without a question
=========  =========================================================================================================
=========  =========================================================================================================
the window says
--------------------------------------------------------------------------------------------------------------------
begun      the toolkit has been loaded
opened     the opening page has been loaded
loaded     a page of the desk is on the screen
closing    the person wants to close the window; what was typed has been saved
place      where the window is, when it closes: the facts of ``geometry.Place``
closed     the window is closed, the process ends
fault      something of ours failed: ``kind`` of the failure and ``place`` in the program, for the log
missing    the toolkit cannot be loaded, the process ends
=========  =========================================================================================================

A closed standard input means that the desk has ended: the window ends too. The desk takes nothing of what the window
says on trust: unknown words and facts are passed over, a line that is too long or no object ends the conversation.
"""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

LONGEST = 64 * 1024

Said = tuple[str, Mapping[str, Any]]


def line(word: str, **facts: object) -> bytes:
    """One message."""
    return json.dumps({"say": word, **facts}).encode("ascii") + b"\n"


def messages(stream: IO[bytes]) -> Iterator[Said]:
    """What comes over the stream, until it ends or what comes is no message."""
    while True:
        try:
            received = stream.readline(LONGEST)
        except (OSError, ValueError):
            return
        said = _read(received)
        if said is None:
            return
        yield said


def _read(received: bytes) -> Said | None:
    if not received.endswith(b"\n"):
        return None
    try:
        said = json.loads(received)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not isinstance(said.get("say"), str):
        return None
    return said["say"], said
