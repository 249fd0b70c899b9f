"""Two copies that worked off-line with the same numbers: each document ends with a number of its own, and is told."""

from endpoint.application import Endpoint
from localapp.domain.lifecycle import State, state
from localapp.store.records import DocumentRecord
from tests.store.made_up import change, complete, completed_offer
from tests.sync.answering import Computer


def record_of(computer: Computer, document: str) -> DocumentRecord:
    found = computer.store.document(document)
    assert found is not None
    return found


def found_by(computer: Computer, words: str) -> list[str]:
    return [row.id for row in computer.store.search(words).rows]


def both_with_one_number(alena: Computer, clone: Computer) -> tuple[str, str, str]:
    """Her document, the clone's and their number; hers arrives first."""
    hers, clones = completed_offer(alena.store), completed_offer(clone.store)
    number = record_of(alena, hers).number
    assert record_of(clone, clones).number == number
    assert alena.synchronize().refusal is None
    return hers, clones, number


def test_the_second_one_takes_the_next_number_and_goes(alena: Computer, clone: Computer) -> None:
    hers, clones, number = both_with_one_number(alena, clone)
    assert clone.synchronize().refusal is None
    after = record_of(clone, clones)
    assert state(after.facts) is State.BACKED_UP
    assert (after.former_number, after.number != number, after.revision) == (number, True, 1)
    assert (clone.store.outbox(), clone.store.sync.refused()) == ([], [])
    assert record_of(alena, hers).number == number
    assert clones in found_by(clone, number)
    assert found_by(clone, after.number) == [clones]


def test_it_is_told_with_both_numbers(alena: Computer, clone: Computer) -> None:
    _, clones, number = both_with_one_number(alena, clone)
    clone.synchronize()
    told = next(each for each in clone.store.repairs() if each.code == "renumbered")
    assert told.kept == f"{number} {record_of(clone, clones).number}"
    clone.store.forget_repair(told.at)
    assert told not in clone.store.repairs()


def test_several_are_told_one_by_one(alena: Computer, clone: Computer) -> None:
    for computer in (alena, clone):
        for _ in range(3):
            completed_offer(computer.store)
        assert computer.synchronize().refusal is None
    assert [each.code for each in clone.store.repairs()].count("renumbered") == 3
    numbers = {row.number for row in clone.store.page(shelf=None, kind=None, before=None).rows}
    assert len(numbers) == 6  # hers have come too


def test_a_later_revision_goes_with_the_new_number(endpoint: Endpoint, alena: Computer, clone: Computer) -> None:
    _, clones, number = both_with_one_number(alena, clone)
    clone.store.sync.freeze_batch(clone.enrolment, 1, 10**6)  # its first revision may have left
    change(clone.store, clones, "a", 1)
    complete(clone.store, clones)
    assert clone.synchronize().refusal is None
    after = record_of(clone, clones)
    assert (after.former_number, after.revision, state(after.facts)) == (number, 2, State.BACKED_UP)
    assert clone.store.outbox() == []
    with endpoint.parts.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM document").scalar() == 2


def test_without_a_number_at_hand_the_next_welcome_gives_one(alena: Computer, clone: Computer) -> None:
    _, clones, number = both_with_one_number(alena, clone)
    clone.line.answers("/hello")
    clone.synchronize()
    assert record_of(clone, clones).former_number == number
    with clone.store._database.write() as connection:
        connection.exec_driver_sql("UPDATE document SET number = NULL")
    clone.synchronize()
    assert record_of(clone, clones).number
