"""Templates are compiled once for all desks of a process: each test has a desk of its own, of the same templates."""

from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

_COMPILED: dict[tuple[str, str], CodeType] = {}


class KeptTemplates(BytecodeCache):
    """What was compiled, by the template's place and its text."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what another desk has compiled."""
        bucket.code = _COMPILED.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next desk."""
        if bucket.code is not None:
            _COMPILED[bucket.key, bucket.checksum] = bucket.code


def keep() -> None:
    """Let every application of this process share what it compiles."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": KeptTemplates()}
