"""What stands in an input reads back as the answer that it shows: for every type, in both languages."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localapp.domain.canonical import canonical_text
from localapp.domain.fields.accounts import iban_of
from localapp.domain.fields.country_names import COUNTRIES
from localapp.domain.forms import shown
from localapp.domain.forms.definition import Field, FieldType, Option
from localapp.domain.forms.evaluator import FieldState
from localapp.domain.forms.reading import read_text
from tests.domain.fields.test_accounts import accounts
from tests.domain.fields.test_birth_numbers import birth_numbers

TODAY = date(2026, 11, 25)
NBSP = "\u00a0"
OPTIONS = tuple(Option(each, {"cs": each, "en": each}) for each in ("female", "male"))
WORD = st.from_regex(r"[A-Za-zÁ-Žá-ž]{1,12}", fullmatch=True)
TYPED: dict[FieldType, st.SearchStrategy[str]] = {
    FieldType.TEXT: st.lists(WORD, min_size=1, max_size=3).map(" ".join),
    FieldType.NOTE: st.lists(WORD, min_size=1, max_size=3).map("\n".join),
    FieldType.INTEGER: st.integers(-(10**12), 10**12).map(str),
    FieldType.MONEY: st.integers(0, 10**12).map(lambda each: f"{each:,} Kč".replace(",", NBSP)),
    FieldType.DECIMAL: st.decimals(0, 10**6, places=2).map(lambda each: str(each).replace(".", ",")),
    FieldType.DATE: st.dates(date(1900, 1, 1), date(2199, 12, 31)).map("{0.day}.{0.month}.{0.year}".format),
    FieldType.MOMENT: st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
    FieldType.CHOICE: st.sampled_from(["female", "male"]),
    FieldType.BOOLEAN: st.sampled_from(["ano", "ne"]),
    FieldType.BIRTH_NUMBER: birth_numbers().map(lambda made: made[0]),
    FieldType.EMAIL: st.builds("{}@{}.cz".format, st.from_regex(r"[a-z]{1,9}", fullmatch=True),
                               st.from_regex(r"[a-zčř]{3,9}", fullmatch=True)),
    FieldType.PHONE: st.from_regex(r"(\+420|00420|)[2-9][0-9]{2} [0-9]{3} [0-9]{3}|\+49[1-9][0-9]{8}", fullmatch=True),
    FieldType.POSTAL_CODE: st.from_regex(r"[1-9][0-9]{2} ?[0-9]{2}", fullmatch=True),
    FieldType.SHARE: st.integers(1, 10_000).map(lambda each: f"{each // 100},{each % 100:02} %"),
    FieldType.COUNTRY: st.sampled_from(sorted(COUNTRIES)),
    FieldType.IDENTITY_DOCUMENT: st.from_regex(r"[0-9]{3} [0-9]{3} [0-9]{3}|[a-z]{2}[0-9]{6}", fullmatch=True),
    FieldType.COMPANY_ID: st.sampled_from(["6947", "474 52 820", "45317054", "177041"]),
    FieldType.VAT_ID: st.sampled_from(["cz 000 06 947", "CZ47452820", "CZ7103192745"]),
    FieldType.BANK_ACCOUNT: accounts(),
    FieldType.IBAN: accounts().map(iban_of) | st.sampled_from(["DE89370400440532013000", "SK3112000000198742637541"]),
    FieldType.SIPO_NUMBER: st.from_regex(r"[0-9]{10}", fullmatch=True),
    FieldType.POLICY_NUMBER: st.from_regex(r"7[0-9]{9}", fullmatch=True),
    FieldType.PARTNER_NUMBER: st.from_regex(r"9[0-9]{5}", fullmatch=True),
    FieldType.CNB_REGISTRATION_NUMBER: st.from_regex(r"[0-9]{6}(PPZ|vz)|[A-Z]{3,9}", fullmatch=True),
}  # fmt: skip


def a_field(kind: FieldType) -> Field:
    return Field("answer", kind, {"cs": "x", "en": "x"}, 1, options=OPTIONS, longest=300)


def state_of(kind: FieldType, value: object, raw: str | None = None) -> FieldState:
    return FieldState("a.answer", a_field(kind), "a", value=value, raw=raw, options=OPTIONS)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", FieldType)
def test_every_type_has_something_to_type(kind: FieldType) -> None:
    assert kind in TYPED


@pytest.mark.parametrize("kind", FieldType)
@settings(deadline=None, database=None, max_examples=25)
@given(data=st.data(), lang=st.sampled_from(["cs", "en"]))
def test_typed_stored_shown_and_typed_again_is_the_same_answer(kind: FieldType, data: st.DataObject, lang: str) -> None:
    read = read_text(a_field(kind), data.draw(TYPED[kind]), OPTIONS, TODAY)
    assert read.value is not None
    stored = json.loads(canonical_text({"answer": read.value}))["answer"]
    written = shown.in_input(state_of(kind, stored), lang)
    if kind is FieldType.BOOLEAN:  # radio buttons: their values, not words
        written = written.lower()
    again = read_text(a_field(kind), written, OPTIONS, TODAY)
    assert (again.value, again.code) == (read.value, read.code)
    assert type(again.value) is type(read.value)


@pytest.mark.parametrize(
    ("kind", "value", "cs", "en"),
    [
        (FieldType.MONEY, 1_234_567, f"1{NBSP}234{NBSP}567", "1,234,567"),
        (FieldType.DECIMAL, "4.5", "4,5", "4.5"),
        (FieldType.SHARE, 3333, "33,33", "33.33"),
        (FieldType.DATE, "2026-11-23", f"23.{NBSP}11.{NBSP}2026", f"23.{NBSP}11.{NBSP}2026"),
        (FieldType.PHONE, "+420777123456", f"+420{NBSP}777{NBSP}123{NBSP}456", f"+420{NBSP}777{NBSP}123{NBSP}456"),
        (FieldType.PHONE, "+4915112345678", "+4915112345678", "+4915112345678"),
        (FieldType.POSTAL_CODE, "110 00", f"110{NBSP}00", f"110{NBSP}00"),
        (FieldType.BIRTH_NUMBER, "900501/1235", "900501/1235", "900501/1235"),
        (FieldType.BANK_ACCOUNT, "19-2000145399/0800", "19-2000145399/0800", "19-2000145399/0800"),
        (FieldType.COUNTRY, "CZE", "Česko", "Czechia"),
        (FieldType.COUNTRY, "GBR", "Spojené království", "United Kingdom"),
    ],
)
def test_an_answer_is_written_as_people_write_it(kind: FieldType, value: object, cs: str, en: str) -> None:
    assert [shown.in_input(state_of(kind, value), lang) for lang in ("cs", "en")] == [cs, en]


def test_an_iban_is_written_in_groups_of_four() -> None:
    written = shown.in_input(state_of(FieldType.IBAN, "CZ6508000000192000145399"), "cs")
    assert written.split(NBSP) == ["CZ65", "0800", "0000", "1920", "0014", "5399"]


@pytest.mark.parametrize("kind", FieldType)
def test_what_cannot_be_read_stands_as_it_was_typed(kind: FieldType) -> None:
    assert shown.in_input(state_of(kind, None, "nevím"), "cs") == "nevím"
    assert shown.in_input(state_of(kind, None), "cs") == ""
