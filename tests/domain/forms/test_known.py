"""What is known of a person fills empty fields, stands back before what was typed, and touches no apart field."""

from typing import Any

from localapp.domain.forms.editing import empty_answers
from localapp.domain.forms.known import Filled, fill
from tests.domain.forms.conftest import Evaluate
from tests.domain.forms.made_up import CATALOGUES, TODAY
from tests.domain.forms.typing_in import FORM

CARD = {"last_name": "Chalupa", "birth_number": "780101/1230", "birth_date": "1978-01-01", "phone": "+420777123456"}


def filled(evaluated: Evaluate, typed: dict[str, Any], *, over: bool = False, **more: Any) -> Filled:  # noqa: ANN401 - any facts
    tree = {**empty_answers(FORM, TODAY), "client": typed}
    known = {**CARD, **more}
    return fill(FORM, tree, "client", known, evaluation=evaluated(tree), catalogues=CATALOGUES, over=over)


def test_empty_fields_are_filled_and_what_follows_from_them_is_left_to_the_form(evaluated: Evaluate) -> None:
    done = filled(evaluated, {})
    assert done.changed.tree["client"] == {name: CARD[name] for name in ("last_name", "birth_number", "phone")}
    assert [each.path for each in done.changed.changes] == ["client.last_name", "client.birth_number", "client.phone"]
    assert done.kept == ()


def test_what_was_typed_otherwise_stays_and_is_said(evaluated: Evaluate) -> None:
    done = filled(evaluated, {"phone": "+420601601601"})
    assert done.changed.tree["client"]["phone"] == "+420601601601"
    assert done.kept == ("client.phone",)


def test_what_was_typed_otherwise_is_replaced_when_that_is_asked_for(evaluated: Evaluate) -> None:
    done = filled(evaluated, {"phone": "+420601601601"}, over=True)
    assert done.changed.tree["client"]["phone"] == CARD["phone"]
    assert done.kept == ()


def test_the_beginning_of_a_name_or_number_was_a_search_and_is_completed(evaluated: Evaluate) -> None:
    done = filled(evaluated, {"last_name": "CHAL", "birth_number": {"raw": "7801"}})
    assert done.changed.tree["client"]["last_name"] == "Chalupa"
    assert done.changed.tree["client"]["birth_number"] == "780101/1230"


def test_health_consents_and_what_is_of_one_occasion_are_never_filled(evaluated: Evaluate) -> None:
    done = filled(evaluated, {}, weight=80, agrees=True, start="2026-01-01")
    assert not {"weight", "agrees"} & set(done.changed.tree["client"])


def test_an_unknown_place_is_filled_with_nothing(evaluated: Evaluate) -> None:
    tree = empty_answers(FORM, TODAY)
    assert fill(FORM, tree, "nobody", CARD, evaluation=evaluated(tree), catalogues=CATALOGUES).changed.changes == ()
