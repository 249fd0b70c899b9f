"""One JSON object of a definition, from which each name is taken once, so that what is left over can be refused."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, TypeVar

from localapp.domain.forms.definition import Label
from localapp.domain.forms.located import DefinitionRefused, Located

_T = TypeVar("_T")


class Taken:
    """An object of the definition. Every method takes one name; a wrong or missing value is refused at its line."""

    def __init__(self, found: Located, file: str) -> None:
        self.left = dict(found)
        self.line, self.file = found.line, file

    def refuse(self, reason: str) -> NoReturn:
        """Refuse the definition at this object."""
        raise DefinitionRefused(self.file, self.line, reason)

    def take(self, name: str, kind: type | tuple[type, ...], otherwise: Any = None, *, must: bool = False) -> Any:  # noqa: ANN401 - any JSON value
        """The value of a name, of one of these kinds."""
        if name not in self.left:
            if must:
                self.refuse(f"{name} is missing")
            return otherwise
        found = self.left.pop(name)
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is int):
            self.refuse(f"{name} has a wrong type")
        return found

    def text(self, name: str) -> str:
        """A text that must be there."""
        return str(self.take(name, str, must=True))

    def maybe_text(self, name: str) -> str | None:
        """A text, or None."""
        found: str | None = self.take(name, str)
        return found

    def flag(self, name: str, otherwise: bool = False) -> bool:
        """True or false."""
        return bool(self.take(name, bool, otherwise))

    def maybe_number(self, name: str) -> int | None:
        """A whole number, or None."""
        found: int | None = self.take(name, int)
        return found

    def number(self, name: str, otherwise: int, *, least: int) -> int:
        """A whole number not below ``least``."""
        found = int(self.take(name, int, otherwise))
        if found < least:
            self.refuse(f"{name} is at least {least}")
        return found

    def mapping(self, name: str) -> Mapping[str, Any]:
        """An object as it is."""
        found: Mapping[str, Any] = self.take(name, dict, Located())
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        found = self.take(name, list, [])
        if not all(isinstance(part, str) for part in found):
            self.refuse(f"{name} holds texts only")
        return tuple(found)

    def objects(self, name: str) -> "Iterable[Taken]":
        """A list of objects."""
        for part in self.take(name, list, []):
            if not isinstance(part, Located):
                self.refuse(f"{name} holds objects only")
            yield Taken(part, self.file)

    def one_of(self, name: str, allowed: Callable[[str], _T]) -> _T:
        """One of the known texts."""
        found = self.text(name)
        try:
            return allowed(found)
        except ValueError:
            self.refuse(f"{found!r} is no {name} that is known")

    def label(self, name: str) -> Label:
        """A text in Czech and English."""
        return self._bilingual(name, self.take(name, dict, must=True))

    def maybe_label(self, name: str) -> Label | None:
        """A text in Czech and English, or None."""
        found = self.take(name, dict)
        return None if found is None else self._bilingual(name, found)

    def _bilingual(self, name: str, found: Mapping[str, Any]) -> Label:
        if set(found) != {"cs", "en"} or not all(isinstance(text, str) and text for text in found.values()):
            self.refuse(f"{name} needs a text in cs and in en")
        return dict(found)

    def nothing_else(self) -> None:
        """Refuse the names that nobody took."""
        if self.left:
            self.refuse(f"unknown: {', '.join(sorted(self.left))}")
