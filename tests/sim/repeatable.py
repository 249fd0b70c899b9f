"""A busy day that is the same for the same seed, down to the last byte of the endpoint's tables and files."""

import base64
import hashlib
import json
import random
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from localapp.output import sealing
from tests.sim import ready
from tests.sim.checking import check
from tests.sim.line import Fault, Trouble
from tests.sim.quiet import settle
from tests.sim.world import World

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{32,64}\b")
_SEALED = re.compile(r'(_health\\*":\\*"|"sealed": ")[A-Za-z0-9+/=]+')


class _Suite:
    """Seals so that the same text gives the same bytes; it hides nothing."""

    def encrypt(self, text: bytes, _key: object, *, info: bytes) -> bytes:
        return hashlib.sha256(info).digest()[:8] + base64.b64encode(text)

    def decrypt(self, sealed: bytes, _key: object, *, info: bytes) -> bytes:
        assert sealed[:8] == hashlib.sha256(info).digest()[:8]
        return base64.b64decode(sealed[8:])


def without_chance(patch: pytest.MonkeyPatch, seed: int) -> None:
    """All randomness of both programs comes from the seed."""
    chance = random.Random(seed)  # noqa: S311 - to be repeatable
    patch.setattr(secrets, "token_bytes", chance.randbytes)
    patch.setattr(secrets, "token_hex", lambda count=32: chance.randbytes(count).hex())
    patch.setattr(secrets, "token_urlsafe", lambda count=32: chance.randbytes(count).hex())
    patch.setattr(secrets, "randbits", chance.getrandbits)
    patch.setattr(sealing, "_SUITE", _Suite())


def busy_day(world: World, seed: int, moves: int = 60) -> None:
    """A mixture of everything that users, machines and the network do."""
    chance = random.Random(seed)  # noqa: S311 - to be repeatable
    for _ in range(moves):
        name = chance.choice(sorted(ready.DESKS))
        _move(world, name, chance)
        check(world)
    settle(world)


def _move(world: World, name: str, chance: random.Random) -> None:
    documents = world.desks[name].documents()
    document = chance.choice(documents) if documents else ""
    trouble = Trouble(chance.choice(list(Fault)), chance.randint(0, 2), chance.randint(1, 30))
    moves: list[Callable[[], object]] = [
        lambda: world.complete(name, world.new(name) or ""),
        lambda: world.synchronize(name),
        lambda: world.synchronize(name, trouble),
        lambda: world.export(by_hand=True),
        lambda: world.arrive_late(chance.choice(world.letters)) if world.letters else None,
        lambda: _passes(world, timedelta(minutes=chance.choice([5, 300]))),
    ]
    if document:
        moves += [
            lambda: world.type_in(name, document) and world.complete(name, document),
            lambda: world.type_in(name, document),
            lambda: world.cancel(name, document),
            lambda: world.copy(name, document),
        ]
    chance.choice(moves)()


def _passes(world: World, pause: timedelta) -> None:
    world.now += pause


def tables(world: World) -> dict[str, list[Any]]:
    """Everything in the endpoint's file."""
    names = [row["name"] for row in world.insurer.rows(_TABLES)]
    return {name: world.insurer.rows(f"SELECT * FROM {name}") for name in names}  # noqa: S608 - names of tables


def files(world: World) -> dict[str, bytes]:
    """The export files and their manifests."""
    return {path.name: path.read_bytes() for path in sorted(world.insurer.folder.glob("exports/*"))}


def with_names_of_its_own(content: object) -> str:
    """As text, with each identifier and digest replaced by the order in which it comes; what is sealed is left out."""
    names: dict[str, str] = {}

    def named(found: "re.Match[str]") -> str:
        return names.setdefault(found[0], f"<{len(names)}>")

    return _ID.sub(named, _SEALED.sub(r"\1", json.dumps(content, sort_keys=True, indent=0, default=repr)))
