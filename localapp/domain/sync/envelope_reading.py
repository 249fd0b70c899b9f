"""Reading the parts of an envelope: strict, because what was read has to be what was frozen."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from localapp.domain.canonical import Pinned

_T = TypeVar("_T")


class EnvelopeRefused(Exception):  # noqa: N818 - a refusal
    """The text is no operation: ``code`` is ``malformed``, ``digest_wrong`` or ``too_large``; ``reason`` says where."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code, self.reason = code, reason


class EnvelopeReader:
    """Takes each name of a JSON object once, of the right type; what is left over is refused."""

    def __init__(self, found: object) -> None:
        if not isinstance(found, dict):
            raise EnvelopeRefused("malformed", "not an object")
        self._left: dict[str, Any] = dict(found)

    def maybe(self, name: str) -> object:
        """The value of a name that may be missing."""
        return self._left.pop(name, None)

    def given(self, name: str) -> object:
        """The value of a name that stands there always, None too. Raises EnvelopeRefused."""
        if name not in self._left:
            raise EnvelopeRefused("malformed", name)
        return self._left.pop(name)

    def object_or_nothing(self, name: str) -> object:
        """The value of a name that is left out rather than None. Raises EnvelopeRefused."""
        if name not in self._left:
            return None
        found = self._left.pop(name)
        if not isinstance(found, dict):
            raise EnvelopeRefused("malformed", name)
        return found

    def text(self, name: str, longest: int = 200) -> str:
        """A text that is not empty. Raises EnvelopeRefused."""
        found = self._left.pop(name, None)
        if not isinstance(found, str) or not 0 < len(found) <= longest:
            raise EnvelopeRefused("malformed", name)
        return found

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        """A text of a pattern. Raises EnvelopeRefused."""
        found = self._left.pop(name, None)
        if not isinstance(found, str) or not pattern.fullmatch(found):
            raise EnvelopeRefused("malformed", name)
        return found

    def one_of(self, name: str, allowed: Mapping[str, _T]) -> _T:
        """One of some texts, as the value they stand for. Raises EnvelopeRefused."""
        found = self._left.pop(name, None)
        if not isinstance(found, str) or found not in allowed:
            raise EnvelopeRefused("malformed", name)
        return allowed[found]

    def count(self, name: str) -> int:
        """A whole number from 1. Raises EnvelopeRefused."""
        found = self._left.pop(name, None)
        if type(found) is not int or not 0 < found < 1_000_000:
            raise EnvelopeRefused("malformed", name)
        return found

    def maybe_count(self, name: str) -> int | None:
        """The same, or None, which stands there too. Raises EnvelopeRefused."""
        found = self.given(name)
        if found is None:
            return None
        self._left[name] = found
        return self.count(name)

    def pinned(self, name: str) -> Pinned:
        """A component at its version. Raises EnvelopeRefused."""
        found = self._left.pop(name, None)
        if not isinstance(found, list) or len(found) != 2:
            raise EnvelopeRefused("malformed", name)
        component, version = found
        if not (isinstance(component, str) and isinstance(version, str) and max(map(len, found)) <= 100):
            raise EnvelopeRefused("malformed", name)
        return Pinned(component, version)

    def nothing_else(self) -> None:
        """Raise EnvelopeRefused for a name that nobody asked for."""
        if self._left:
            raise EnvelopeRefused("malformed", f"unknown: {min(self._left)[:40]}")
