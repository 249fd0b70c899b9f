"""What every page asks for is kept until the next commit, and never longer."""

import pytest

from localapp.store.kept import Kept
from localapp.store.store import Store


def test_a_setting_shows_as_soon_as_it_is_kept(store: Store) -> None:
    assert store.settings("look.") == {}
    store.set_setting("look.theme", "dark")
    assert store.settings("look.") == {"look.theme": "dark"}
    store.set_setting("look.theme", "light")
    assert store.settings("look.") == {"look.theme": "light"}


def test_an_answer_is_made_once_between_two_commits(store: Store) -> None:
    kept, made = Kept(store._database), []
    for _ in range(3):
        kept.of("question", lambda: made.append("made"))
    assert len(made) == 1
    store.set_setting("look.theme", "dark")
    kept.of("question", lambda: made.append("made"))
    assert len(made) == 2


def test_a_commit_while_an_answer_is_made_makes_it_stale(store: Store) -> None:
    kept = Kept(store._database)

    def slow() -> str | None:
        before = store.setting("look.theme")
        store.set_setting("look.theme", "dark")
        return before

    assert kept.of("theme", slow) is None
    assert kept.of("theme", lambda: store.setting("look.theme")) == "dark"


def test_what_is_rolled_back_leaves_the_answer(store: Store) -> None:
    kept = Kept(store._database)
    kept.of("theme", lambda: store.setting("look.theme"))
    with pytest.raises(ZeroDivisionError), store._database.write():
        raise ZeroDivisionError
    assert kept.of("theme", lambda: "made anew") is None
