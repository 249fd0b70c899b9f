"""What can happen, one step after another, as hypothesis chooses. After each step every invariant is asked."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from localapp.store.conflicts import Way
from tests.sim import ready
from tests.sim.checking import check
from tests.sim.copies import COPY
from tests.sim.files import may_leave
from tests.sim.line import Fault, Trouble
from tests.sim.quiet import settle
from tests.sim.world import World

COPY_OF_ALENA = COPY.format("alena")
LINKED = ("alena", "alena at home")
NAMES = st.sampled_from([*sorted(ready.DESKS), COPY_OF_ALENA])
ANY = st.integers(0, 11)
_OTHERS = 5  # of these numbers
DIES = st.one_of(st.just(0), st.just(0), st.just(0), st.integers(1, 40))
WAYS = (Way.CORRECTED, Way.COPIED, Way.DISCARDED, Way.MERGED)
JUMPS = (timedelta(hours=1), timedelta(hours=-1), timedelta(days=3653), timedelta(days=-3653), timedelta(0))
PAUSES = (timedelta(minutes=3), timedelta(minutes=50), timedelta(hours=7), timedelta(hours=26))
TROUBLES = st.builds(Trouble, st.sampled_from(Fault), st.integers(0, 4), st.integers(1, 40))


def there(step: Callable[..., None]) -> Callable[..., None]:
    """Let a step for the copy be one for its original as long as there is no copy."""

    @wraps(step)
    def at_a_desk(self: "Simulation", name: str, **given: object) -> None:
        step(self, name=name if name in self.world.desks else "alena", **given)

    return at_a_desk


class Simulation(RuleBasedStateMachine):
    """Three desks, the insurer, and everything that goes wrong between them."""

    done = 0

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.last = ""

    def _one_of(self, name: str, which: int) -> str | None:
        """One of a desk's documents; more often than not that which somebody has just had in hand."""
        documents = self.world.desks[name].documents()
        if documents and (which < _OTHERS or self.last not in documents):
            self.last = documents[which % len(documents)]
        return self.last if documents else None

    @initialize(count=st.integers(0, 2))
    def begin(self, count: int) -> None:
        """So many offers of Alena's are at the insurer and on both of her computers."""
        for _ in range(count):
            self.new_and_complete(LINKED[0])
        for name in LINKED:
            self.world.synchronize(name)

    @rule(name=NAMES, wrong=st.sampled_from([False, False, False, True]), dies_at=DIES)
    @there
    def new(self, name: str, wrong: bool, dies_at: int) -> None:
        self.world.new(name, wrong=wrong, dies_at=dies_at)

    @rule(name=NAMES)
    @there
    def new_and_complete(self, name: str) -> None:
        document = self.world.new(name)
        if document is not None:
            self.world.complete(name, document)

    @rule(name=NAMES, which=ANY, dies_at=DIES)
    @there
    def type_in(self, name: str, which: int, dies_at: int) -> None:
        if document := self._one_of(name, which):
            self.world.type_in(name, document, dies_at=dies_at)

    @rule(name=NAMES, which=ANY)
    @there
    def type_in_and_complete(self, name: str, which: int) -> None:
        if document := self._one_of(name, which):
            self.world.type_in(name, document)
            self.world.complete(name, document)

    @rule(which=ANY, first=st.sampled_from(LINKED), is_completed=st.booleans())
    def two_computers_change_one(self, which: int, first: str, is_completed: bool) -> None:
        """Whoever is first is at the insurer with it; the other may have completed, and knows nothing yet."""
        second = next(name for name in LINKED if name != first)
        document = self._one_of(first, which)
        if document is None or document not in self.world.desks[second].documents():
            return
        for name in (second, first):
            self.world.type_in(name, document)
            if name == first or is_completed:
                self.world.complete(name, document)
        self.world.synchronize(first)

    @rule(name=NAMES, which=ANY, dies_at=DIES)
    @there
    def complete(self, name: str, which: int, dies_at: int) -> None:
        if document := self._one_of(name, which):
            self.world.complete(name, document, dies_at)

    @rule(name=NAMES, which=ANY, dies_at=DIES)
    @there
    def cancel(self, name: str, which: int, dies_at: int) -> None:
        if document := self._one_of(name, which):
            self.world.cancel(name, document, dies_at)

    @rule(name=NAMES, which=ANY, dies_at=DIES)
    @there
    def discard(self, name: str, which: int, dies_at: int) -> None:
        if document := self._one_of(name, which):
            self.world.discard(name, document, dies_at)

    @rule(name=NAMES, which=ANY, files=st.integers(0, 3), dies_at=DIES)
    @there
    def sign(self, name: str, which: int, files: int, dies_at: int) -> None:
        if document := self._one_of(name, which):
            self.world.sign(name, document, dies_at, files=files)

    @rule(name=NAMES, which=ANY, dies_at=DIES)
    @there
    def copy(self, name: str, which: int, dies_at: int) -> None:
        if document := self._one_of(name, which):
            self.world.copy(name, document, dies_at)

    @rule(name=NAMES, which=ANY, dies_at=DIES)
    @there
    def correct(self, name: str, which: int, dies_at: int) -> None:
        if document := self._one_of(name, which):
            self.world.correct(name, document, dies_at)

    @rule(name=NAMES, which=ANY, way=st.sampled_from(WAYS), dies_at=DIES)
    @there
    def resolve(self, name: str, which: int, way: Way, dies_at: int) -> None:
        if documents := [each.document for each in self.world.desks[name].store.conflicts.open()]:
            document = documents[which % len(documents)]
            if way is Way.MERGED:
                self.world.merge(name, document, dies_at)
            else:
                self.world.resolve(name, document, way, dies_at)

    @rule(name=NAMES, which=ANY, is_cancelled=st.booleans())
    @there
    def go_on_without_a_decision(self, name: str, which: int, is_cancelled: bool) -> None:
        if documents := [each.document for each in self.world.desks[name].store.conflicts.open()]:
            document = documents[which % len(documents)]
            self.world.complete(name, document)
            if is_cancelled:
                self.world.cancel(name, document)

    @rule(name=NAMES, which=ANY, dies_at=DIES)
    @there
    def bring_back(self, name: str, which: int, dies_at: int) -> None:
        if document := self._one_of(name, which):
            self.world.bring_back(name, document, dies_at)

    @rule(name=NAMES)
    @there
    def synchronize(self, name: str) -> None:
        self.world.synchronize(name)

    @rule(name=NAMES, trouble=TROUBLES)
    @there
    def synchronize_on_a_bad_line(self, name: str, trouble: Trouble) -> None:
        self.world.synchronize(name, trouble)

    @rule(name=NAMES, dies_at=st.integers(1, 120))
    @there
    def die_while_synchronizing(self, name: str, dies_at: int) -> None:
        self.world.synchronize(name, dies_at=dies_at)

    @precondition(lambda self: self.world.letters)
    @rule(back=st.integers(1, 30))
    def a_letter_arrives_late(self, back: int) -> None:
        letters = self.world.letters
        self.world.arrive_late(letters[-1 - back % len(letters)])

    @rule(by_hand=st.booleans(), dies_at=DIES)
    def export(self, by_hand: bool, dies_at: int) -> None:
        self.world.export(by_hand=by_hand, dies_at=dies_at)

    @rule(pause=st.sampled_from(PAUSES))
    def time_passes(self, pause: timedelta) -> None:
        self.world.now += pause

    @rule(name=NAMES, dies_at=DIES)
    @there
    def what_is_over_leaves(self, name: str, dies_at: int) -> None:
        self.world.export(by_hand=True)
        self.world.synchronize(name)
        may_leave(*self.world.leave(name))  # what went is announced
        self.world.now += PAUSES[-1]
        may_leave(*self.world.leave(name, dies_at))

    @rule(name=NAMES, ahead=st.sampled_from(JUMPS))
    @there
    def a_clock_jumps(self, name: str, ahead: timedelta) -> None:
        self.world.desks[name].ahead = ahead

    @rule(name=NAMES)
    @there
    def a_desk_dies(self, name: str) -> None:
        self.world.desks[name].crash()

    @rule()
    def the_endpoint_dies(self) -> None:
        self.world.crash_insurer()

    @rule(name=NAMES)
    @there
    def a_disk_is_full_or_has_room_again(self, name: str) -> None:
        desk = self.world.desks[name]
        desk.is_full = not desk.is_full

    @rule(name=NAMES)
    @there
    def a_copy_of_a_desk_is_kept(self, name: str) -> None:
        if not self.world.copies.has(name) and not self.world.desks[name].is_full:
            self.world.copies.keep(name)

    @rule(name=NAMES, database_only=st.booleans())
    @there
    def a_desk_is_put_back(self, name: str, database_only: bool) -> None:
        if self.world.copies.has(name) and not self.world.is_healing:
            self.world.copies.put_back(name, database_only=database_only)

    @rule()
    def a_second_computer_goes_on_with_the_copy(self) -> None:
        if self.world.copies.has("alena") and COPY_OF_ALENA not in self.world.desks and not self.world.is_healing:
            self.world.copies.go_on_with("alena")

    @rule()
    def the_insurer_keeps_a_copy(self) -> None:
        self.world.insurer.keep_copy()

    @rule()
    def the_insurer_is_put_back(self) -> None:
        """What both sides have lost nobody can bring back: no desk has been put back before, none is while it heals."""
        if self.world.insurer.has_copy and not self.world.is_copied:
            self.world.restore_insurer()

    @invariant()
    def all_holds(self) -> None:
        Simulation.done += 1
        check(self.world)

    def teardown(self) -> None:
        try:
            settle(self.world)
        finally:
            self.world.close()


def settings_of(examples: int, steps: int, *, shrinks: bool = True) -> settings:
    """So many examples of so many steps, nothing of them kept on a disk."""
    phases = [Phase.generate, Phase.shrink] if shrinks else [Phase.generate]
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
