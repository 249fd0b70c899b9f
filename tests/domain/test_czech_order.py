"""The Czech alphabet: ch after h, letters with a caron after their plain ones, accents only as the last resort."""

import random

from localapp.domain.czech_order import sort_key

IN_ORDER = (
    *("Adam", "Ádám", "Cibulka", "Czech", "Čech", "De Vries", "Devriés", "Ďuriš", "Hora", "Hrubý", "Chalupa", "Chytil"),
    *("Ivan", "Novak", "Novák", "Novák Malý", "Nováková", "Nový", "Rous", "Řezníček", "Sova", "Šťastná", "Tůma"),
    *("Úlehla", "Ulrich", "Zelený", "Žák", "Иванов"),
)


def test_names_stand_in_the_order_of_the_czech_alphabet() -> None:
    mixed = random.Random(1).sample(IN_ORDER, len(IN_ORDER))  # noqa: S311 - no secret
    assert tuple(sorted(mixed, key=sort_key)) == IN_ORDER


def test_the_surname_decides_before_the_first_name() -> None:
    assert sort_key("Novák", "Žofie") < sort_key("Nováková", "Adéla") < sort_key("Nováková", "Bára")


def test_a_hyphen_is_a_space_and_case_does_not_matter() -> None:
    assert sort_key("Příhodová-Šťastná") == sort_key("PŘÍHODOVÁ ŠŤASTNÁ")
