"""Several requests at once: each operation has one outcome, and the feed misses nothing."""

from concurrent.futures import ThreadPoolExecutor

from endpoint.application import Endpoint
from localapp.domain.sync.messages import read_changes, read_result
from localapp.domain.sync.operations import Outcome
from tests.endpoint.made_up import Desk


def test_the_same_request_at_once_is_taken_in_once(alena: Desk) -> None:
    message = {"operations": [alena.completion().text() for _ in range(5)]}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: alena.ask("/v1/sync/push", message).get_json()["results"], range(6)))
    found = [[read_result(each) for each in answer] for answer in answers]
    assert all(answer == found[0] for answer in found)
    assert {result.outcome for result in found[0]} == {Outcome.ACCEPTED}
    assert len(alena.pull().documents) == 5


def test_of_two_revisions_of_the_same_copy_one_is_taken(alena: Desk) -> None:
    offer = alena.completion()
    alena.push(offer)
    rivals = [alena.next_revision(offer) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        results = [result for found in pool.map(alena.push, rivals) for result in found]
    outcomes = sorted(result.outcome for result in results)
    assert outcomes == [Outcome.ACCEPTED] + [Outcome.CONFLICT] * 5


def test_a_feed_read_meanwhile_misses_nothing(endpoint: Endpoint, alena: Desk) -> None:
    offers = [alena.completion() for _ in range(30)]
    seen: set[str] = set()
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(alena.push, offer) for offer in offers]
        evaluated = pool.submit(endpoint.evaluate_waiting)
        while not (evaluated.done() and all(each.done() for each in sent)):
            seen |= pulled(alena)
    seen |= pulled(alena)
    assert seen == {offer.document for offer in offers}


def pulled(desk: Desk) -> set[str]:
    """One page; moves the cursor."""
    found = read_changes(desk.ask("/v1/sync/changes", {"cursor": desk.cursor, "stream": desk.stream}).get_json())
    desk.cursor, desk.stream = found.next, found.stream
    return {facts.document for facts in found.documents}
