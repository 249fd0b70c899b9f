"""The language of forms: small, guarded against what is not answered, and nothing beside it."""

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from localapp.domain.fields.birth_numbers import birth_date_of
from localapp.domain.forms.expressions import FUNCTIONS, ExpressionRefused, compile_expression
from localapp.domain.forms.located import DefinitionRefused
from localapp.domain.forms.scopes import scope_of
from tests.domain.forms.conftest import EvaluateAs
from tests.domain.forms.hostile_expressions import HOSTILE
from tests.domain.forms.made_up import Json, field, label, made_up, parts

FORM = made_up()
ROOT, PERSON, COVER = scope_of(FORM), scope_of(FORM, "people"), scope_of(FORM, "people.covers")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:40])
def test_what_is_not_in_the_language_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        compile_expression(text, ROOT)
    assert str(refused.value)


@pytest.mark.parametrize(
    "text", ["row.name", "row._id", "row._number", "len(covers)", "any([c.years for c in covers])"]
)
def test_a_row_and_what_it_holds_are_named_only_inside_its_group(text: str) -> None:
    with pytest.raises(ExpressionRefused):
        compile_expression(text, ROOT)
    assert compile_expression(text, PERSON).text


def test_an_inner_row_names_its_parent_and_its_neighbours() -> None:
    found = compile_expression("parent.age > 60 and len([c for c in covers if c.code == row.code]) > 1", COVER)
    assert found.reads == {"people.age", "people.covers.code"}
    assert found.lists == {"people.covers"}
    with pytest.raises(ExpressionRefused, match="there is no field"):
        compile_expression("parent.age", PERSON)


def test_a_row_in_the_third_depth_names_the_row_around_its_parent() -> None:
    def heirs(it: Json) -> None:
        it["groups"][0]["groups"][0]["groups"] = [{"id": "heirs", "label": label("Dědic"), "fields": [field("name")]}]
        it["sections"][2]["shows"].append("people.covers.heirs")

    form = made_up(heirs)
    found = compile_expression("row.name == grandparent.name", scope_of(form, "people.covers.heirs"))
    assert found.reads == {"people.covers.heirs.name", "people.name"}
    with pytest.raises(ExpressionRefused, match="there is no field"):
        compile_expression("grandparent.name", scope_of(form, "people.covers"))


def test_a_row_needs_what_it_names_but_not_what_answered_asks_about() -> None:
    assert compile_expression("row.age > 1 and answered(row.name)", PERSON).needs == ('row["age"]',)
    assert compile_expression("answered(row.name)", PERSON).needs == ()
    assert compile_expression("row._number == 1 and row._id == 'p1'", PERSON).needs == ()
    assert compile_expression("today > '2026-01-01'", ROOT).needs == ()
    assert compile_expression("policy.term + policy.term", ROOT).needs == ('_d["policy"]["term"]',)


def test_an_expression_without_needs_stands_unguarded() -> None:
    assert compile_expression("1 + 2", ROOT).guarded("False") == "(1 + 2)"
    assert compile_expression("policy.loan", ROOT).guarded("None").endswith("!= None else None)")


def test_a_circle_of_rules_or_a_deep_nest_costs_no_stack() -> None:
    with pytest.raises(ExpressionRefused, match="at most 40 deep"):
        compile_expression("-" * 60 + "1", ROOT)
    assert compile_expression(" and ".join(["True"] * 200), ROOT).text.count("True") == 200


PEOPLE = [
    {"_id": "p1", "role": "adult", "name": "Alena", "born": "1990-05-01", "covers": [
        {"_id": "c1", "code": "S", "amount": 500_000, "years": 20}, {"_id": "c2", "code": "U", "years": 30}]},
    {"_id": "p2", "role": "child", "name": "Bořek", "born": "2020-02-29", "covers": []},
    {"_id": "p3", "role": "child", "covers": []},
]  # fmt: skip
ANSWERS: Json = {
    "client": {"last_name": "Nová", "birth_number": "905501/1230", "weight": 70},
    "policy": {"start": "2026-12-01", "term": 30, "loan": False, "regular": 0},
    "people": PEOPLE,
    "extras": [],
}
MEANING = [
    ("policy.term * 2 - 10", 50),
    ("-policy.term // 7", -5),
    ("policy.term % 7", 2),
    ("abs(-policy.term)", 30),
    ("year(policy.start)", 2026),
    ("age_on('1990-12-01', policy.start)", 36),
    ("age_on('1990-12-02', policy.start)", 35),
    ("plus_months(policy.start, 3)", "2027-03-01"),
    ("plus_months('2027-01-31', 1)", "2027-02-28"),
    ("plus_months('2028-01-31', 1)", "2028-02-29"),
    ("plus_months('2027-01-31', -2)", "2026-11-30"),
    ("plus_months('2026-11-30', 13)", "2027-12-30"),
    ("birth_date_of('905501/1230')", "1990-05-01"),
    ("birth_date_of('530101/123')", "1953-01-01"),
    ("sex_of('905501/1230')", "female"),
    ("sex_of('530101/123')", "male"),
    ("sex_of('043101/1235')", "male"),
    ("birth_date_of('855101/123')", "1885-01-01"),
    ("birth_date_of('047101/1235')", "2004-01-01"),
    ("folded('  BOŘEK   Šťastný-Ďáblický ')", "borek stastny dablicky"),
    ("folded('Nguyễn Thị Hồng Hạnh')", "nguyen thi hong hanh"),
    ("folded('Borek') == folded('Bořková')", False),
    ("today", "2026-11-25"),
    ("today < policy.start", True),
    ("not policy.loan", True),
    ("'ov' in client.last_name and 'x' not in client.last_name", True),
    ("policy.term in [10, 20, 30]", True),
    ("policy.term in (10, 20)", False),
    ("'ano' if policy.term == 30 else 'ne'", "ano"),
    ("len(people)", 3),
    ("len(extras)", 0),
    ("len('Bořek')", 5),
    ("len(client.last_name)", 4),
    ("len([1, 2])", 2),
    ("len([p for p in people if p.role == 'child'])", 2),
    ("len([p for p in people if p.age > 17])", 1),
    ("len([p for p in people if not answered(p.name)])", 1),
    ("len([p for p in people if answered(p.age) and p.age < 18])", 1),
    ("total([p.age for p in people])", 42),
    ("total([e.amount for e in extras])", 0),
    ("max([p.age for p in people])", 36),
    ("min([p.age for p in people]) + 1", 7),
    ("max(policy.term, 99)", 99),
    ("max([e.amount for e in extras])", None),
    ("max([e.amount for e in extras]) > 5", None),
    ("min([]) == 0", None),
    ("any([p.age > 17 for p in people])", True),
    ("all([p.age > 17 for p in people])", False),
    ("any([p._number == 3 and p._id == 'p3' for p in people])", True),
    ("answered(client.phone)", False),
    ("client.phone == '+420777123456'", None),
    ("answered(client.phone) and client.phone == ''", None),
    ("\"it's\" == 'it' + \"'s\"", True),
    ("'\"' + \"'\"", "\"'"),
    ("'{a}%s' + '}'", "{a}%s}"),
    ("None", None),
    ("True", True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), MEANING, ids=[text for text, _ in MEANING])
def test_an_expression_means_what_its_words_say(evaluate_as: EvaluateAs, text: str, value: object) -> None:
    form = made_up(lambda it: parts(it)["remark"].update(computed=text))
    found = evaluate_as(form, ANSWERS).value("client.remark")
    assert (type(found), found) == (type(value), value)


def test_the_birth_date_is_the_same_on_both_sides_of_the_engine(evaluate_as: EvaluateAs) -> None:
    """The whole table of years, months and lengths in one program."""
    numbers = [
        f"{year:02}{month:02}15/{serial}" for year in range(100) for month in (1, 12, 51) for serial in ("123", "1234")
    ]
    known = {number: birth_date_of(number) for number in numbers}
    numbers = [number for number in numbers if known[number]]
    tests = [f"birth_date_of('{number}') == '{known[number]}'" for number in numbers]
    for start in range(0, len(tests), 30):
        text = " and ".join(tests[start : start + 30])
        form = made_up(lambda it, text=text: parts(it)["remark"].update(computed=text))  # type: ignore[misc]
        assert evaluate_as(form, ANSWERS).value("client.remark") is True


_numbers = st.sampled_from(
    ["policy.term", "row.age", "row._number", "0", "7", "len(people)", "len(covers)", "len([1])"]
)
_dates = st.sampled_from(["policy.start", "row.born", "today", "'2026-02-28'"])
_texts = st.sampled_from(
    ["client.last_name", "row.name", "row.role", "'adult'", "'žluť \"x\" %d {0}'", '"it\'s"', "''"]
)


def _more_numbers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("({} % 7 // 3)".format, inner),
        st.builds("-{}".format, inner),
        st.builds("max({}, {})".format, inner, inner),
        st.builds("min([{}, {}])".format, inner, inner),
        st.builds("total([{} for p in people if p.age > {}])".format, inner, inner),
        st.builds("max([c.years for c in covers if {} < c.years])".format, inner),
        st.builds("({} if {} > 1 else {})".format, inner, inner, inner),
        st.builds("year({})".format, _dates),
        st.builds("age_on({}, plus_months({}, {} % 100))".format, _dates, _dates, inner),
        st.builds("abs({})".format, inner),
        st.builds("len({})".format, _texts),
    )


def _more_truths(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    numbers = st.recursive(_numbers, _more_numbers, max_leaves=4)
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or", "==", "!="]), inner),
        st.builds("not {}".format, inner),
        st.builds("{} {} {}".format, numbers, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers),
        st.builds("{} {} [{}, {}]".format, numbers, st.sampled_from(["in", "not in"]), numbers, numbers),
        st.builds("{} in {}".format, _texts, _texts),
        st.builds("any([{} and answered(p.born) for p in people])".format, inner),
        st.builds("all([{} for e in extras if e.amount > {}])".format, inner, numbers),
        st.builds("len([p for p in people if {}]) > 0".format, inner),
    )


_truths = st.recursive(
    st.sampled_from(["policy.loan", "True", "answered(row.born)", "row.smoker"]), _more_truths, max_leaves=8
)


@settings(deadline=None, database=None, max_examples=80)
@given(texts=st.lists(_truths, min_size=3, max_size=3))
def test_what_the_parser_accepts_the_engine_loads_and_runs(evaluate_as: EvaluateAs, texts: list[str]) -> None:
    def add(it: Json) -> None:
        parts(it)["illness"].update(visible_if=texts[0])
        parts(it)["name"].update(required_if=texts[1])
        parts(it)["too_old"].update(when=texts[2])

    try:
        form = made_up(add)
    except DefinitionRefused:  # too long, too deep, or one row's name inside itself
        reject()
    nothing: Json = {"client": {}, "policy": {}, "people": [], "extras": []}
    for tree in (ANSWERS, nothing):
        found = evaluate_as(form, tree)
        assert set(found.fields) >= {"client.last_name", "policy.start"}


@settings(deadline=None, database=None, max_examples=300)
@given(st.text(max_size=40) | st.from_regex(r"[a-z_.()\[\]'\" <>=+*0-9]{0,30}", fullmatch=True))
def test_any_text_is_compiled_or_refused(text: str) -> None:
    try:
        written = compile_expression(text, PERSON).text
    except ExpressionRefused as refused:
        written = str(refused)
    assert written


ENGINE_WORDS = [
    "json",
    "d",
    "out",
    "path",
    "len",
    "total",
    "str",
    "bool",
    "evaluate",
    "load",
    "text",
    "min",
    "x",
    "inner",
]


@pytest.mark.parametrize("name", ENGINE_WORDS)
def test_ids_may_be_called_as_anything_that_the_engine_knows(evaluate_as: EvaluateAs, name: str) -> None:
    def add(it: Json) -> None:
        it["sections"].append({"id": name, "label": label(name), "fields": [field(name)]})
        parts(it)["remark"].update(
            computed=f"{name}.{name} + '!' if len(people) > 0 and len({name}.{name}) > 0 else 'x'"
        )

    assert evaluate_as(made_up(add), ANSWERS | {name: {name: "Alena"}}).value("client.remark") == "Alena!"


def test_every_function_is_tried_above() -> None:
    tried = " ".join(text for text, _ in MEANING)
    assert {name for name in FUNCTIONS if f"{name}(" not in tried} == set()
