"""What writes an address of a rule is compiled once for all desks of a process: they have the same rules."""

from collections.abc import Callable
from unittest import mock

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]
_COMPILED: dict[tuple[object, ...], Builder] = {}
_compiled_by_werkzeug: Callable[[Rule, bool], Builder] = Rule._compile_builder


def _kept(rule: Rule, append_unknown: bool = True) -> Builder:
    if rule.defaults:
        return _compiled_by_werkzeug(rule, append_unknown)  # it has them in it
    told = (rule.rule, *rule._trace, append_unknown)
    if told not in _COMPILED:
        _COMPILED[told] = _compiled_by_werkzeug(rule, append_unknown)
    return _COMPILED[told]


def keep() -> None:
    """Let every application of this process share what is compiled."""
    mock.patch.object(Rule, "_compile_builder", _kept).start()
