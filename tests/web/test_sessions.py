from localapp.web.sessions import MOST, Sessions


def test_each_opening_gets_a_session_of_its_own() -> None:
    sessions = Sessions()
    first, second = sessions.issue(), sessions.issue()
    assert first != second
    assert sessions.find(first) is not sessions.find(second)
    assert sessions.find(first) is sessions.find(first)


def test_a_value_that_was_not_issued_here_is_nobodys() -> None:
    sessions = Sessions()
    issued = sessions.issue()
    for planted in ("", "planted", issued[:-1], f"{issued} ", issued.swapcase(), "\udcff"):
        assert sessions.find(planted) is None


def test_17_a_renewed_session_is_the_same_under_a_fresh_value_and_the_old_one_is_worth_nothing() -> None:
    sessions = Sessions()
    known = sessions.issue()
    session = sessions.find(known)
    assert session
    fresh = sessions.renew(session)
    assert sessions.find(known) is None
    assert sessions.find(fresh) is session


def test_of_too_many_sessions_the_one_used_longest_ago_ends() -> None:
    sessions = Sessions()
    values = [sessions.issue() for _ in range(MOST)]
    assert sessions.find(values[0])
    sessions.issue()
    assert sessions.find(values[0])
    assert sessions.find(values[1]) is None
    assert all(sessions.find(value) for value in values[2:])


def test_no_value_is_kept() -> None:
    sessions = Sessions()
    value = sessions.issue()
    assert value not in repr(vars(sessions))
