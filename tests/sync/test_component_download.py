"""Downloads: in pieces, continued where they ended, thrown away when they are wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from localapp.sync import component_download
from localapp.sync.components import Components
from localapp.sync.transport import Reply, TransportFailed
from tests.sync.component_insurer import ALL, CALC, ILLUSTRATION, LIBRARY, OFFER, Insurer, Served, with_body


def cut_after(pieces: int) -> Callable[[Reply], Reply]:
    left = [pieces]

    def cut(reply: Reply) -> Reply:
        left[0] -= 1
        if left[0] < 0:
            raise TransportFailed("endpoint_unreachable")
        return reply

    return cut


def test_a_broken_download_goes_on_where_it_ended(
    components: Components, served: Served, insurer: Insurer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(component_download, "PIECE", 20_000)
    served.changes["/targets/calc/"] = cut_after(2)
    report = components.update(served)
    assert report.refusal is not None
    assert report.refusal.code == "endpoint_unreachable"
    assert components.active(CALC) == {}
    served.changes.clear()
    served.ranges.clear()
    assert components.update(served).installed == ALL
    assert served.ranges[0] == "bytes=40000-59999"
    assert components.state.installed[LIBRARY].sha256 == insurer.stored(LIBRARY).name[:64]


def test_a_server_without_ranges_is_understood(
    components: Components, served: Served, insurer: Insurer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(component_download, "PIECE", 20_000)
    whole = insurer.stored(LIBRARY).read_bytes()
    served.changes["/targets/calc/"] = lambda reply: Reply(200, reply.headers, whole)
    assert components.update(served).installed == ALL
    assert len(served.ranges) == 3


def test_a_kept_beginning_that_is_wrong_is_thrown_away(
    components: Components, served: Served, insurer: Insurer, desk_folder: Path
) -> None:
    part = desk_folder / "staging" / f"{insurer.stored(LIBRARY).name[:64]}.part"
    part.write_bytes(b"not the beginning")
    report = components.update(served)
    assert [each.refusal.code for each in report.refused if each.refusal] == ["component_wrong_hash"]
    assert components.update(served).installed == (LIBRARY,)


def test_one_component_that_cannot_come_does_not_keep_the_others(components: Components, served: Served) -> None:
    served.changes["/targets/calc/"] = with_body(lambda body: body[::-1])
    report = components.update(served)
    assert report.installed == (ILLUSTRATION, OFFER)
    assert [each.component for each in report.refused] == [LIBRARY]
