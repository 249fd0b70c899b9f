"""What is typed into a field becomes its canonical answer, or a problem that names what was typed."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localapp.domain.forms.definition import Field, FieldType, Option
from localapp.domain.forms.reading import as_text, clean, options_of, read_text
from tests.domain.forms.made_up import CATALOGUES, TODAY, label, made_up

OPTIONS = (Option("level", label("level")), Option(12, label("12")), Option(True, label("true")))


def a_field(kind: FieldType, **more: object) -> Field:
    options = OPTIONS if kind is FieldType.CHOICE else ()
    return Field("x", kind, label("x"), 1, options=options, **more)  # type: ignore[arg-type]


def read(kind: FieldType, text: str, **more: object) -> object:
    found = read_text(a_field(kind, **more), text, OPTIONS, TODAY)
    return found.code or found.value


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        (FieldType.TEXT, "  Alena \u00a0 Nová\t", "Alena Nová"),
        (FieldType.TEXT, "Nova\u0301k", "Novák"),
        (FieldType.TEXT, "No\u00advák\u200b\ufeff", "Novák"),
        (FieldType.TEXT, "Al\x00ena\x07", "Alena"),
        (FieldType.TEXT, "abc\u202efdp.exe", "abcfdp.exe"),
        (FieldType.TEXT, "Ale\ud800na", "Alena"),
        (FieldType.TEXT, "می\u200cخواهم", "می\u200cخواهم"),
        (FieldType.NOTE, " první\r\n\r\ndruhý\rtřetí\n", "první\n\ndruhý\ntřetí"),
        (FieldType.INTEGER, "1 000", 1000),
        (FieldType.MONEY, "1,5m", 1_500_000),
        (FieldType.DECIMAL, "4,50 %", "4.5"),
        (FieldType.DATE, "1.5.90", "2090-05-01"),
        (FieldType.CHOICE, "level", "level"),
        (FieldType.CHOICE, "12", 12),
        (FieldType.CHOICE, "True", True),
        (FieldType.CHOICE, "linear", "choice_unknown"),
        (FieldType.BOOLEAN, "Ano", True),
        (FieldType.BOOLEAN, "0", False),
        (FieldType.BOOLEAN, "snad", "choice_unknown"),
        (FieldType.BIRTH_NUMBER, "9005011235", "900501/1235"),
        (FieldType.EMAIL, "alena@example.cz", "alena@example.cz"),
        (FieldType.PHONE, "777 123 456", "+420777123456"),
        (FieldType.POSTAL_CODE, "11000", "110 00"),
    ],
)
def test_each_type_reads_what_an_advisor_types(kind: FieldType, typed: str, answer: object) -> None:
    assert read(kind, typed) == answer


def test_a_birth_date_with_a_short_year_is_in_the_past() -> None:
    assert read(FieldType.DATE, "1.5.90", past=True) == "1990-05-01"


@pytest.mark.parametrize("kind", FieldType)
@pytest.mark.parametrize("typed", ["", "   ", "\u00a0\t\r\n", "\x00", "\u200b\ufeff", "\u200d", "\ud800"])
def test_what_shows_nothing_is_no_answer(kind: FieldType, typed: str) -> None:
    assert read(kind, typed) is None


def test_a_text_may_be_as_long_as_its_field_and_no_longer() -> None:
    assert read(FieldType.TEXT, "ř" * 40, longest=40) == "ř" * 40
    found = read_text(a_field(FieldType.TEXT, longest=40), "ř" * 41, (), TODAY)
    assert (found.code, found.value, found.facts) == ("text_too_long", None, {"limit": 40, "value": 41})


def test_a_line_break_of_the_browser_counts_once() -> None:
    assert read(FieldType.NOTE, "a\r\n" * 20 + "b", longest=41) == "a\n" * 20 + "b"


def test_a_number_outside_its_limits_is_kept_and_told() -> None:
    for kind in (FieldType.INTEGER, FieldType.MONEY):
        low = read_text(a_field(kind, minimum=30, maximum=300), "29", (), TODAY)
        high = read_text(a_field(kind, minimum=30, maximum=300), "301", (), TODAY)
        assert (low.value, low.code, low.facts) == (29, "value_too_small", {"value": 29, "limit": 30})
        assert (high.value, high.code, high.facts) == (301, "value_too_large", {"value": 301, "limit": 300})
        assert [read(kind, text, minimum=30, maximum=300) for text in ("30", "300")] == [30, 300]


def test_a_text_of_a_million_letters_is_refused() -> None:
    assert read(FieldType.TEXT, "ř" * 1_000_000) == "text_too_long"
    assert read(FieldType.MONEY, "9" * 1_000_000) == "text_too_long"


def test_a_choice_has_the_options_that_its_catalogue_allows() -> None:
    fields = {each.id: each for each in made_up().group("people.covers").fields}  # type: ignore[union-attr]
    whole = options_of(fields["code"], {}, CATALOGUES)
    assert [option.value for option in whole] == ["S", "U"]
    assert whole[0].label == {"cs": "Smrt", "en": "Death"}

    def patterns(code: object) -> list[object]:
        return [option.value for option in options_of(fields["pattern"], {"code": code}, CATALOGUES)]

    assert patterns("S") == ["level", "linear"]
    assert patterns("U") == ["level"]
    assert patterns("unknown") == patterns(None) == patterns({"raw": "S"}) == ["level", "linear", "annuity"]
    assert options_of(fields["code"], {}, {}) == ()


@settings(deadline=None, database=None, max_examples=300)
@given(st.text())
def test_cleaning_twice_changes_nothing_more_and_the_rest_can_be_stored(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert "\0" not in once
    assert once.encode().decode() == once


@settings(deadline=None, database=None, max_examples=1000)
@given(
    kind=st.sampled_from(FieldType),
    typed=st.text() | st.from_regex(r"[0-9+.,/ kmt@a-e-]{0,20}", fullmatch=True),
    today=st.dates(date(2020, 1, 1), date(2090, 1, 1)),
)
def test_an_answer_reads_back_as_itself_whatever_was_typed(kind: FieldType, typed: str, today: date) -> None:
    read_once = read_text(a_field(kind, past=kind is FieldType.DATE), typed, OPTIONS, today)
    if read_once.value is None:
        shows_something = bool(clean(typed).strip().strip("\u200c\u200d"))
        assert (read_once.code is not None) is shows_something
    else:
        again = read_text(a_field(kind), as_text(a_field(kind), read_once.value), OPTIONS, today)
        assert (again.value, type(again.value)) == (read_once.value, type(read_once.value))
