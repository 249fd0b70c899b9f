"""Who is one client: the same birth number; without one, the same names and birth date."""

from datetime import date
from typing import Any

import pytest

from localapp.domain.clients import (
    FACTS,
    Role,
    card,
    folded,
    is_same,
    next_birthday,
    persons_of,
    search_words,
    words_of,
)

JIRI = {"last_name": "Novák", "first_name": "Jiří", "birth_number": "780101/1230"}
EVA = {"last_name": "Nováková", "first_name": "Eva", "birth_date": "1980-02-29"}


def _answers(holder: dict[str, Any], *insured: dict[str, Any]) -> dict[str, Any]:
    rows = [{"_id": f"p{number}", **each} for number, each in enumerate(insured, 1)]
    return {"policyholder": holder, "persons": rows}


def _one(facts: dict[str, Any]) -> Any:  # noqa: ANN401 - a person
    return persons_of(_answers(facts))[0]


def test_a_policyholder_who_is_the_first_insured_is_one_person_with_both_roles() -> None:
    found = persons_of(_answers({**JIRI, "is_first_insured": True}, {"sport": 1}, EVA))
    assert [each.roles for each in found] == [(Role.POLICYHOLDER, Role.INSURED), (Role.INSURED,)]
    assert found[0].facts["sport"] == 1
    assert [each.path for each in found] == ["policyholder", "persons[p2]"]


def test_the_birth_date_follows_from_the_birth_number() -> None:
    assert _one(JIRI).facts["birth_date"] == "1978-01-01"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (JIRI, {**JIRI, "last_name": "Nowak", "first_name": "Jirka"}, True),
        (JIRI, {"last_name": "NOVAK", "first_name": "jiri", "birth_date": "1978-01-01"}, True),
        (JIRI, {**JIRI, "birth_number": "780101/1240"}, False),
        (EVA, {**EVA, "last_name": "Novakova"}, True),
        (EVA, {**EVA, "birth_date": "1980-03-01"}, False),
        (EVA, {**EVA, "first_name": "Ema"}, False),
    ],
)
def test_the_same_birth_number_or_else_names_and_birth_date_make_one_client(
    one: dict[str, Any], other: dict[str, Any], same: bool
) -> None:
    assert is_same(_one(one), _one(other)) is same
    assert is_same(_one(other), _one(one)) is same


def test_a_name_alone_is_nobody_yet() -> None:
    assert persons_of(_answers({"last_name": "Novák", "first_name": "Jiří"})) == ()


def test_who_was_removed_or_could_not_be_read_is_left_out() -> None:
    answers = _answers({**JIRI, "birth_number": {"raw": "78"}}, {**EVA, "_removed": "2026-01-01"})
    assert persons_of(answers) == ()


def test_a_beneficiary_is_a_person_too() -> None:
    cover = {"_id": "c1", "beneficiaries": [{"_id": "b1", **EVA}]}
    found = persons_of(_answers(JIRI, {**EVA, "first_name": "Ema", "coverages": [cover]}))
    assert [each.roles[0] for each in found] == [Role.POLICYHOLDER, Role.INSURED, Role.BENEFICIARY]
    assert found[2].path == "persons[p1].coverages[c1].beneficiaries[b1]"


def test_only_the_listed_facts_are_known_of_a_client_and_none_of_health() -> None:
    typed = {**JIRI, "smoker": True, "weight_kg": 80, "politically_exposed": False, "identity_document": "123"}
    assert set(_one(typed).facts) <= set(FACTS)
    assert not {"smoker", "height_cm", "weight_kg", "loading_pct"} & set(FACTS)


def test_a_person_is_found_by_the_digits_as_people_say_them() -> None:
    words = words_of({**JIRI, "phone": "+420777123456"}).split()
    assert {"Novák", "780101/1230", "7801011230", "777123456"} <= set(words)


def test_a_document_is_found_by_the_policy_that_it_replaces_as_long_as_it_does() -> None:
    replaced = {"replaces": "ours", "replaced_policy": "7001234567"}
    assert "7001234567" in search_words({**_answers(JIRI), "policy": replaced}).split()
    for other in ({**replaced, "replaces": "nothing"}, {**replaced, "replaced_policy": {"raw": "7x"}}, None):
        assert search_words({**_answers(JIRI), "policy": other}) == search_words(_answers(JIRI))


def test_words_are_compared_without_diacritics_and_case() -> None:
    assert folded("Příhodová-ŠŤASTNÁ  de Vries") == "prihodova stastna de vries"


@pytest.mark.parametrize(
    ("born", "today", "expected"),
    [
        ("1978-01-01", date(2026, 1, 1), (date(2026, 1, 1), 48)),
        ("1978-01-01", date(2026, 1, 2), (date(2027, 1, 1), 49)),
        ("1980-02-29", date(2026, 2, 1), (date(2026, 3, 1), 46)),
        ("1980-02-29", date(2028, 2, 1), (date(2028, 2, 29), 48)),
    ],
)
def test_the_next_birthday(born: str, today: date, expected: tuple[date, int]) -> None:
    assert next_birthday(born, today) == expected


def test_there_is_no_birthday_without_a_date() -> None:
    assert next_birthday("", date(2026, 1, 1)) is None


def test_the_card_has_each_fact_of_the_newest_document_that_says_it() -> None:
    newest, older = {"last_name": "Nová"}, {"last_name": "Novák", "phone": "+420777123456"}
    assert card([dict(newest), dict(older)]) == {"last_name": "Nová", "phone": "+420777123456"}


def test_an_address_is_never_put_together_from_two_documents() -> None:
    assert card([{"city": "Brno"}, {"city": "Praha", "street": "Dlouhá 1"}]) == {"city": "Brno"}
