"""After a restore the endpoint may lack the revision that another one follows: it waits for it and decides nothing."""

from localapp.domain.sync.operations import Outcome
from tests.endpoint.made_up import Desk


def test_what_follows_an_unknown_revision_waits_until_that_has_come(alena: Desk) -> None:
    first = alena.completion()
    second = alena.next_revision(first)
    for _ in range(2):
        (waits,) = alena.push(second)
        assert (waits.outcome, waits.refusal and waits.refusal.code) == (Outcome.DEFERRED, "base_unknown")
    assert [each.outcome for each in (*alena.push(first), *alena.push(second))] == [Outcome.ACCEPTED] * 2


def test_what_follows_an_earlier_revision_is_stale(alena: Desk) -> None:
    first = alena.completion()
    second = alena.next_revision(first)
    alena.push(first)
    alena.push(second)
    (result,) = alena.push(alena.next_revision(first))
    assert (result.outcome, result.refusal and result.refusal.code) == (Outcome.CONFLICT, "stale")
