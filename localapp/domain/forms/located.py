"""JSON text read with the line of each object, so that a refusal can name file, line and reason."""

import json
from json import decoder as json_decoder
from json import scanner as json_scanner
from typing import Any

# The pure-Python halves of the standard parser: the only ones that tell positions. The stubs leave them out.
_DECODER: Any = json_decoder
_SCANNER: Any = json_scanner


class DefinitionRefused(Exception):  # noqa: N818 - a refusal with file, line and reason
    """A form definition is wrong: ``file:line: reason``."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


class Located(dict[str, Any]):
    """A JSON object that knows the line where it starts."""

    line: int = 1


def read(text: str, file: str) -> Located:
    """The JSON object in ``text``. Raises DefinitionRefused, also for duplicate names and inexact numbers."""
    decoder = _decoder(text, file)
    try:
        found = decoder.decode(text)
    except json.JSONDecodeError as error:
        raise DefinitionRefused(file, error.lineno, error.msg) from error
    except RecursionError as error:
        raise DefinitionRefused(file, 1, "nested too deeply") from error
    if not isinstance(found, Located):
        raise DefinitionRefused(file, 1, "a form definition is a JSON object")
    return found


class _Refused(str):
    """A piece of JSON that no definition may hold, until the object around it, whose line is known, refuses it."""

    __slots__ = ()


def _decoder(text: str, file: str) -> json.JSONDecoder:
    decoder: Any = json.JSONDecoder()

    def line_at(position: int) -> int:
        return text.count("\n", 0, position) + 1

    def parse_object(state: tuple[str, int], *rest: Any) -> tuple[Located, int]:  # noqa: ANN401 - the scanner's own
        pairs, end = _DECODER.JSONObject(state, rest[0], rest[1], rest[2], list, *rest[4:])
        found = Located()
        found.line = line_at(state[1] - 1)
        for name, part in pairs:
            if name in found:
                raise DefinitionRefused(file, found.line, f"the name {name!r} stands twice in one object")
            _check_piece(name, file, found.line)
            _check_piece(part, file, found.line)
            found[name] = part
        return found, end

    decoder.parse_object = parse_object
    decoder.parse_array = _DECODER.JSONArray
    decoder.parse_float = _inexact
    decoder.parse_constant = _inexact
    decoder.parse_int = _whole
    decoder.scan_once = _SCANNER.py_make_scanner(decoder)
    found: json.JSONDecoder = decoder
    return found


def _inexact(literal: str) -> _Refused:
    return _Refused(f"{literal} is not exact: write whole numbers, or decimals as text")


def _whole(literal: str) -> int | _Refused:
    """Beyond 15 digits the engines of expressions no longer agree."""
    return int(literal) if len(literal) <= 15 else _Refused(f"a number has at most 15 digits: {literal[:15]}…")


def _check_piece(piece: object, file: str, line: int) -> None:
    if isinstance(piece, _Refused):
        raise DefinitionRefused(file, line, str(piece))
    if isinstance(piece, str) and any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in piece):
        raise DefinitionRefused(file, line, f"{piece!r} holds a character that no text has")
    if isinstance(piece, list):
        for part in piece:
            _check_piece(part, file, line)
