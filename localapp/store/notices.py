"""What the last synchronization found that belongs to no single run: notices, the clock, components not taken."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from localapp.domain.sync.messages import Refusal, Welcome, read_refusal
from localapp.store import schema

_WELCOME, _COMPONENTS = "sync.welcome", "sync.components"
_KEPT = select(schema.setting.c.value).where(schema.setting.c.name == bindparam("setting"))


@dataclass(frozen=True)
class Notices:
    """``codes`` are those of the protocol; ``ahead`` says by how much this computer's clock is ahead of the server's.

    ``components`` are the reasons why the last update did not take a component.
    """

    codes: tuple[str, ...] = ()
    partner_ended: bool = False
    ahead: timedelta = timedelta()
    components: tuple[Refusal, ...] = ()


def keep_welcome(connection: Connection, welcome: Welcome, ahead: timedelta) -> None:
    """Keep what the newest welcome says, instead of what an earlier one said."""
    _keep(connection, _WELCOME, _content(welcome, ahead))


def says(connection: Connection, welcome: Welcome, ahead: timedelta) -> bool:
    """Whether what is kept says the same as this welcome."""
    return bool(_kept(connection, _WELCOME) == _content(welcome, ahead))


def _content(welcome: Welcome, ahead: timedelta) -> dict[str, Any]:
    """Clocks are told by the minute; seconds would make each welcome another one."""
    minutes = round(ahead / timedelta(minutes=1))
    return {"codes": list(welcome.notices), "partner_ended": welcome.partner_ended, "ahead": minutes * 60}


def keep_components(connection: Connection, refusals: Sequence[Refusal]) -> None:
    """Keep why the newest update did not take components; none, when it took all."""
    _keep(connection, _COMPONENTS, [each.as_json() for each in refusals])


def forget(connection: Connection) -> None:
    """What was told for an enrolment that has ended is told no longer."""
    connection.execute(schema.setting.delete().where(schema.setting.c.name == _WELCOME))


def read(connection: Connection) -> Notices:
    """What there is to tell now."""
    welcome = _kept(connection, _WELCOME) or {"codes": [], "partner_ended": False, "ahead": 0}
    components = _kept(connection, _COMPONENTS) or []
    return Notices(
        codes=tuple(welcome["codes"]),
        partner_ended=welcome["partner_ended"],
        ahead=timedelta(seconds=welcome["ahead"]),
        components=tuple(read_refusal(each) for each in components),
    )


def _keep(connection: Connection, name: str, content: object) -> None:
    table, value = schema.setting, json.dumps(content, ensure_ascii=False)
    connection.execute(
        insert(table)
        .values(name=name, value=value)
        .on_conflict_do_update(index_elements=[table.c.name], set_={"value": value})
    )


def _kept(connection: Connection, name: str) -> Any:  # noqa: ANN401 - JSON
    found = connection.execute(_KEPT, {"setting": name}).scalar()
    return None if found is None else json.loads(found)
