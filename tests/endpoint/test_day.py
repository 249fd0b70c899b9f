"""A day at the endpoint: taken in, evaluated, exported, locked."""

import json
from datetime import UTC, datetime

from endpoint.application import Endpoint
from endpoint.export.files import places
from localapp import clock
from localapp.domain.sync.operations import Outcome
from tests.endpoint.made_up import Desk


def test_an_offer_goes_to_the_insurer_at_nine_and_is_locked(endpoint: Endpoint, alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    assert endpoint.evaluate_waiting() == 1
    (facts,) = alena.pull().documents
    assert (facts.evaluated_at, facts.returned) != (None, None)
    assert facts.returned is None
    with clock.moved_to(datetime(2026, 11, 25, 20, 0, 1, tzinfo=UTC)):
        (run,) = endpoint.run_due_exports()
    assert (run.key, run.count, run.left_behind) == ("2026-11-25", 1, 0)
    (facts,) = alena.pull().documents
    assert (facts.exported_revision, facts.export, facts.position) == (1, "2026-11-25", 1)
    files = places(endpoint.parts.layout.exports, run.key)
    assert json.loads(files.data.read_text(encoding="utf-8"))["number"] == offer.number
    assert json.loads(files.manifest.read_text(encoding="utf-8"))["count"] == 1
    (late,) = alena.push(alena.next_revision(offer))
    assert late.outcome is Outcome.CONFLICT
    assert late.refusal is not None
    assert (late.refusal.code, late.refusal.facts) == ("exported", {"day": "25. 11. 2026"})
