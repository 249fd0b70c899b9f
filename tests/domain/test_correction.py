"""What a correcting document corrects is part of what is signed; only what was exported is corrected."""

from dataclasses import replace
from datetime import UTC, datetime

from localapp.domain.canonical import Pinned, freeze
from localapp.domain.correction import Corrects, may_correct
from localapp.domain.lifecycle import Facts, Kind

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CORRECTS = Corrects("01890000-0000-7000-8000-000000000009", "N26-000012", 2)


def digest(corrects: Corrects | None) -> str:
    pinned = (Pinned("flexi-offer", "1"), Pinned("flexi-demo", "2026.1"))
    return freeze({"a": 1}, {}, *pinned, ("ab" * 32, "cd" * 32), corrects).digest


def test_the_digest_covers_each_part_of_what_is_corrected() -> None:
    others = [None, replace(CORRECTS, revision=1), replace(CORRECTS, number="N26-000013")]
    others.append(replace(CORRECTS, document="01890000-0000-7000-8000-000000000008"))
    assert len({digest(CORRECTS), *map(digest, others)}) == 5


def test_a_backed_up_document_is_corrected_only_where_it_may_have_been_exported() -> None:
    backed_up = Facts(Kind.OFFER, completed_at=NOW, backed_up_at=NOW)
    exported = replace(backed_up, exported_at=NOW)
    assert [may_correct(backed_up, presumed=presumed) for presumed in (False, True)] == [False, True]
    assert [may_correct(exported, presumed=presumed) for presumed in (False, True)] == [True, True]
    for never in (
        Facts(Kind.OFFER, completed_at=NOW),
        replace(backed_up, kind=Kind.OTHER),
        replace(backed_up, cancelled_at=NOW),
        replace(exported, partner_left_at=NOW),
    ):
        assert not may_correct(never, presumed=True)
