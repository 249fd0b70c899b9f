"""SmartClient in the menu of a Linux desktop: an entry and an icon in the advisor's own folders, and away again.

Source: Desktop Entry Specification 1.4 and Icon Theme Specification 0.13 of freedesktop.org.
"""

import os
import sys
from pathlib import Path

from localapp import paths, private_files
from localapp.system_reasons import reason
from localapp.window import reasons

NAME = "smartclient"
_ENTRY = """[Desktop Entry]
Type=Application
Version=1.4
Name=SmartClient
Name[cs]=SmartClient
GenericName={kind[en]}
GenericName[cs]={kind[cs]}
Comment={comment[en]}
Comment[cs]={comment[cs]}
Exec={command}
Icon={name}
Terminal=false
StartupNotify=true
StartupWMClass=SmartClient
Categories=Office;
"""


def run(*, remove: bool) -> int:
    """Put entry and icon in place, or take them away, and say so. Exit status 0, 1 where it could not be done."""
    if not sys.platform.startswith("linux"):
        sys.stderr.write(say("entry_not_here"))
        return 1
    entry, icon = places()
    try:
        if remove:
            entry.unlink(missing_ok=True)
            icon.unlink(missing_ok=True)
        else:
            _write(icon, (paths.root() / "static" / "mark.svg").read_bytes())
            _write(entry, content().encode())
    except OSError as problem:
        sys.stderr.write(say("entry_failed", place=str(entry), reason=problem.strerror or str(problem)))
        return 1
    sys.stdout.write(say("entry_removed" if remove else "entry_written", place=str(entry)))
    return 0


def places() -> tuple[Path, Path]:
    """Where entry and icon lie."""
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    icons = data / "icons" / "hicolor" / "scalable" / "apps"
    return data / "applications" / f"{NAME}.desktop", icons / f"{NAME}.svg"


def content() -> str:
    """The entry."""
    kind, comment = (reasons.texts()[name] for name in ("entry_kind", "entry_comment"))
    return _ENTRY.format(command=command(), name=NAME, kind=kind, comment=comment)


def command() -> str:
    """How this installation is started, from any folder: with its launcher or, in a wheel, its module."""
    launcher = paths.root() / "launcher.py"
    words = [str(launcher)] if launcher.is_file() else ["-P", "-m", "localapp.app"]
    return " ".join(map(_quoted, [sys.executable, *words]))


def say(name: str, **facts: str) -> str:
    """A text in both languages, for a terminal."""
    text = reasons.texts()[name]
    lines = []
    for language in ("cs", "en"):
        known = facts | {"reason": reason(facts["reason"], language)} if "reason" in facts else facts
        lines.append(f"{str(text[language]).format(**known)}\n")
    return "".join(lines)


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    private_files.replace(place, content)


def _quoted(word: str) -> str:
    """A word of the command as the specification has it: quoted, then escaped again as a value of the file."""
    escaped = "".join(f"\\{each}" if each in '"`$\\' else each for each in word)
    return f'"{escaped}"'.replace("\\", "\\\\").replace("%", "%%")
