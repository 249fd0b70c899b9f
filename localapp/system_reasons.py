"""Why the system says no, in words of both languages: its own words are English wherever no locale is set.

A leaf of the standard library. A reason that is not known here stays as the system gave it.
"""

import errno
import os

_WORDS = {
    errno.EACCES: ("přístup odepřen", "access denied"),
    errno.EPERM: ("přístup odepřen", "access denied"),
    errno.EROFS: ("disk je jen pro čtení", "the disk is read-only"),
    errno.ENOSPC: ("na disku není místo", "there is no room on the disk"),
    errno.ENOENT: ("soubor nebo složka chybí", "the file or folder is missing"),
    errno.ENOTDIR: ("na jejím místě je soubor", "a file is in its place"),
    errno.EISDIR: ("na jeho místě je složka", "a folder is in its place"),
    errno.EEXIST: ("místo je obsazené", "the place is taken"),
    errno.EIO: ("disk nečte ani nezapisuje", "the disk neither reads nor writes"),
    errno.EBUSY: ("používá ho jiný program", "another program uses it"),
    errno.ENAMETOOLONG: ("název je příliš dlouhý", "the name is too long"),
    errno.EMFILE: ("příliš mnoho otevřených souborů", "too many open files"),
    errno.EADDRINUSE: ("používá ho jiný program", "another program uses it"),
    errno.EADDRNOTAVAIL: ("adresa tu není", "there is no such address"),
}
_BY_TEXT = {os.strerror(number): words for number, words in _WORDS.items()} | {
    "attempt to write a readonly database": _WORDS[errno.EROFS],
    "database or disk is full": _WORDS[errno.ENOSPC],
    "disk I/O error": _WORDS[errno.EIO],
    "unable to open database file": _WORDS[errno.ENOENT],
    "database is locked": _WORDS[errno.EBUSY],
}


def reason(text: str | None, language: str) -> str:
    """What the system said, in Czech (``cs``) or English (``en``)."""
    czech, english = _BY_TEXT.get(text or "", (text or "–", text or "–"))
    return czech if language == "cs" else english
