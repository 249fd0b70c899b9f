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
    """The JSON object in ``text``. Raises DefinitionRefused for anything else, for duplicate keys and for floats."""
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
            found[name] = part
        return found, end

    def refuse_float(literal: str) -> Any:  # noqa: ANN401 - never returns
        raise DefinitionRefused(file, 1, f"{literal} is not exact: write whole numbers, or decimals as text")

    decoder.parse_object = parse_object
    decoder.parse_array = _DECODER.JSONArray
    decoder.parse_float = refuse_float
    decoder.parse_constant = refuse_float
    decoder.scan_once = _SCANNER.py_make_scanner(decoder)
    found: json.JSONDecoder = decoder
    return found
