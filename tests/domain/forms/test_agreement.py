"""Answers that follow from others, and those that must agree: a birth number with the date of birth and the sex."""

from typing import Any

import pytest

from localapp.domain.forms.answers import Tree
from localapp.domain.forms.editing import empty_answers, final_answers, type_in
from localapp.domain.forms.evaluator import Evaluation
from localapp.domain.forms.located import DefinitionRefused
from tests.domain.forms.conftest import EvaluateAs
from tests.domain.forms.made_up import CATALOGUES, TODAY, Json, field, label, made_up, parts

SEXES = [{"value": each, "label": label(each)} for each in ("female", "male")]
KINDS = [{"value": each, "label": label(each)} for each in ("identity_card", "passport", "residence_permit")]
PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
"""The specimen of ICAO Doc 9303, part 4."""


def _identified(it: dict[str, Json]) -> None:
    """The made-up client with a sex, a document and accounts; the date of birth may be typed."""
    it["birth_date"].pop("computed_if")
    it["birth_date"].update(computed_until_typed=True, agrees_with="birth_number")
    it["client"]["fields"] += [
        field(
            "sex",
            "choice",
            options=SEXES,
            computed="sex_of(client.birth_number)",
            computed_until_typed=True,
            agrees_with="birth_number",
        ),
        field("nationality", "country", default="CZE"),
        field("document_kind", "choice", options=KINDS),
        field(
            "document_number",
            "identity_document",
            agrees_with="document_kind",
            fills={
                "kind": "document_kind",
                "last_name": "client.last_name",
                "birth_date": "birth_date",
                "sex": "sex",
                "nationality": "nationality",
                "expires_on": "expires_on",
            },
        ),
        field("expires_on", "date"),
        field("iban", "iban"),
        field("account", "bank_account", agrees_with="iban"),
    ]


FORM = made_up(lambda form: _identified(parts(form)))


def typed(**answers: str) -> Tree:
    given = {f"client.{name}": text for name, text in answers.items()}
    return type_in(FORM, empty_answers(FORM, TODAY), given, today=TODAY, catalogues=CATALOGUES).tree


def told(found: Evaluation) -> dict[str, list[str]]:
    return {path: [p.code for p in state.problems] for path, state in found.fields.items() if state.problems}


def test_the_date_of_birth_and_the_sex_follow_from_the_birth_number(evaluate_as: EvaluateAs) -> None:
    found = evaluate_as(FORM, typed(birth_number="905501/1240"))
    assert (found.value("client.birth_date"), found.value("client.sex")) == ("1990-05-01", "female")
    assert found.fields["client.sex"].computed
    assert told(found) == {}


def test_without_a_birth_number_both_wait_for_typing(evaluate_as: EvaluateAs) -> None:
    found = evaluate_as(FORM, typed(birth_date="1.5.90"))
    assert found.value("client.birth_date") == "1990-05-01"
    assert not found.fields["client.birth_date"].computed
    assert not found.fields["client.sex"].computed


def test_a_typed_date_or_sex_that_differs_is_an_error_with_both_values(evaluate_as: EvaluateAs) -> None:
    found = evaluate_as(FORM, typed(birth_number="905501/1240", birth_date="1.5.91", sex="male"))
    assert told(found) == {"client.birth_date": ["birth_date_differs"], "client.sex": ["sex_differs_female"]}
    (problem,) = found.fields["client.birth_date"].problems
    assert problem.facts == {"typed": "1991-05-01", "born": "1990-05-01", "birth_number": "905501/1240"}
    assert found.value("client.birth_date") == "1991-05-01"


def test_a_typed_date_that_agrees_follows_from_the_birth_number_too(evaluate_as: EvaluateAs) -> None:
    found = evaluate_as(FORM, typed(birth_number="905501/1240", birth_date="1.5.90"))
    assert found.fields["client.birth_date"].computed
    assert told(found) == {}


def test_a_date_that_cannot_be_read_is_not_hidden_by_the_birth_number(evaluate_as: EvaluateAs) -> None:
    found = evaluate_as(FORM, typed(birth_number="905501/1240", birth_date="prvního máje"))
    assert found.fields["client.birth_date"].raw == "prvního máje"
    assert told(found) == {"client.birth_date": ["date_unreadable"]}


def test_the_answers_of_a_completed_document_are_judged_the_same_again(evaluate_as: EvaluateAs) -> None:
    first = evaluate_as(FORM, typed(birth_number="905501/1240"))
    frozen = final_answers(FORM, first.tree, first)
    again = evaluate_as(FORM, frozen)
    assert told(again) == {}
    assert final_answers(FORM, again.tree, again) == frozen


@pytest.mark.parametrize(
    ("answers", "problems"),
    [
        ({"iban": "CZ6508000000192000145399", "account": "19-2000145399/0800"}, {}),
        ({"iban": "19-2000145399/0800", "account": "CZ65 0800 0000 1920 0014 5399"}, {}),
        ({"iban": "CZ6508000000192000145399", "account": "2000145399/0800"}, {"client.account": ["account_differs"]}),
        ({"iban": "DE89370400440532013000", "account": "2000145399/0800"},
         {"client.account": ["account_of_foreign_iban"]}),
        ({"account": "2000145399/0800"}, {}),
        ({"document_kind": "identity_card", "document_number": "123 456 789"}, {}),
        ({"document_kind": "identity_card", "document_number": "L898902C3"},
         {"client.document_number": ["identity_card_number_invalid"]}),
        ({"document_kind": "passport", "document_number": "AB1234567890"},
         {"client.document_number": ["passport_number_invalid"]}),
        ({"document_kind": "residence_permit", "document_number": "AB1234567890"}, {}),
    ],
)  # fmt: skip
def test_two_answers_agree_or_it_is_told(
    evaluate_as: EvaluateAs, answers: dict[str, str], problems: dict[str, Any]
) -> None:
    assert told(evaluate_as(FORM, typed(**answers))) == problems


def test_the_pasted_lines_of_a_passport_answer_what_nobody_has_answered() -> None:
    client = typed(document_number=PASSPORT)["client"]
    assert client["document_number"] == "L898902C3"
    assert (client["last_name"], client["birth_date"], client["sex"]) == ("Eriksson", "1974-08-12", "female")
    assert (client["document_kind"], client["expires_on"]) == ("passport", "2012-04-15")
    assert client["nationality"] == "CZE"


def test_what_was_typed_before_stays_when_lines_are_pasted() -> None:
    client = typed(last_name="Erikssonová", document_number=PASSPORT)["client"]
    assert client["last_name"] == "Erikssonová"
    assert client["birth_date"] == "1974-08-12"


def test_lines_with_a_wrong_digit_answer_nothing_and_stay_as_they_are() -> None:
    wrong = PASSPORT.replace("7408122", "7408132")
    client = typed(document_number=wrong)["client"]
    assert client["document_number"] == {"raw": wrong}
    assert "birth_date" not in client


def test_one_birth_number_stands_in_a_policy_once(evaluate_as: EvaluateAs) -> None:
    form = made_up(lambda form: _with_numbered_people(parts(form)))
    tree = empty_answers(form, TODAY)
    tree["client"]["birth_number"] = "905501/1240"
    tree["people"][0]["number"] = "905501/1240"
    found = evaluate_as(form, tree)
    assert told(found)["people[p1].number"] == ["birth_number_repeated"]
    assert "client.birth_number" not in told(found)


def _with_numbered_people(it: dict[str, Json]) -> None:
    it["birth_number"]["distinct"] = True
    it["people"]["fields"].append(field("number", "birth_number", distinct=True))


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"agrees_with": "birth_number"}, "cannot agree with 'birth_number'"),
        ({"agrees_with": "nothing"}, "cannot agree with 'nothing'"),
        ({"distinct": True}, "distinct is for birth_number"),
        ({"fills": {"last_name": "last_name"}}, "fills is for identity_document"),
        ({"computed_until_typed": True}, "computed_until_typed without computed"),
    ],
)
def test_a_form_cannot_ask_for_what_has_no_rule(broken: Json, reason: str) -> None:
    with pytest.raises(DefinitionRefused, match=reason):
        made_up(lambda it: parts(it)["email"].update(broken))


@pytest.mark.parametrize("fills", [{"shoe_size": "email"}, {"last_name": "nothing"}, {"last_name": "client.nothing"}])
def test_pasted_lines_fill_only_what_there_is(fills: Json) -> None:
    with pytest.raises(DefinitionRefused, match="fill"):
        made_up(lambda it: parts(it)["email"].update(type="identity_document", fills=fills))


def test_a_suggestion_gives_way_to_what_is_always_computed(evaluate_as: EvaluateAs) -> None:
    """The first person's day of birth is the client's; a further person's follows from the own number until typed."""

    def add(it: dict[str, Json]) -> None:
        _with_numbered_people(it)
        it["born"].update(
            computed_if="row._number == 1",
            computed="client.birth_date if row._number == 1 else birth_date_of(row.number)",
            computed_until_typed=True,
            agrees_with="number",
        )

    form = made_up(lambda form: add(parts(form)))
    tree = empty_answers(form, TODAY)
    tree["client"]["birth_date"] = "1980-02-03"
    second = {**tree["people"][0], "_id": "p2", "number": "905501/1240"}
    tree["people"][0]["born"] = "1999-09-09"
    tree["people"] += [second, {**second, "_id": "p3", "number": "850101/1080", "born": "1985-01-02"}]
    found = evaluate_as(form, tree)
    assert [found.value(f"people[p{each}].born") for each in (1, 2, 3)] == ["1980-02-03", "1990-05-01", "1985-01-02"]
    assert told(found)["people[p3].born"] == ["birth_date_differs"]
    assert "people[p2].born" not in told(found)


def test_a_foreigner_s_passport_takes_the_place_of_the_default_but_not_of_an_answer() -> None:
    """The specimen with the nationality of Ukraine, which no check digit covers."""
    ukrainian = PASSPORT.replace("UTO7408122", "UKR7408122")
    assert typed(document_number=ukrainian)["client"]["nationality"] == "UKR"
    assert typed(nationality="Slovensko", document_number=ukrainian)["client"]["nationality"] == "SVK"
