"""JSON is read with the line of every object; what two readers could read differently is refused."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localapp.domain.forms.located import DefinitionRefused, Located, read

FILE = "form.json"


def test_every_object_knows_the_line_on_which_it_starts() -> None:
    found = read('\n{\n "a": {"b": 1},\n "c": [\n  {},\n  [{"d": {}}]\n ]\n}', FILE)
    assert found.line == 2
    assert found["a"].line == 3
    assert [found["c"][0].line, found["c"][1][0].line, found["c"][1][0]["d"].line] == [5, 6, 6]
    assert found["a"] == {"b": 1}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "Expecting value"),
        ("[]", 1, "is a JSON object"),
        ("1", 1, "is a JSON object"),
        ('{"a": 1,\n}', 2, "Expecting property name"),
        ('{"a": 1}\n{}', 2, "Extra data"),
        ('{"a": 1,\n "a": 2}', 1, "'a' stands twice"),
        ('{\n"a": {\n"b": 1, "b": 1}}', 2, "'b' stands twice"),
        ('{\n"a": {\n"b": 1.5}}', 2, "1.5 is not exact"),
        ('{\n"a": {"b": [1, [2e3]]}}', 2, "2e3 is not exact"),
        ('{"a": NaN}', 1, "NaN is not exact"),
        ('{"a": -Infinity}', 1, "-Infinity is not exact"),
        ('{"a": 1234567890123456}', 1, "at most 15 digits"),
        ('{"a": ' + "9" * 5000 + "}", 1, "at most 15 digits"),
        ('{"a": "\\ud800"}', 1, "a character that no text has"),
        ('{"a": ["\\u0000"]}', 1, "a character that no text has"),
        ('{"\\udfff": 1}', 1, "a character that no text has"),
        ('{"a": "\n"}', 1, "Invalid control character"),
        ("\ufeff{}", 1, "Expecting value"),
        ('{"a":' * 100_000, 1, "nested too deeply"),
        ("[" * 100_000, 1, "nested too deeply"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_exact_object_is_refused_at_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(DefinitionRefused) as refused:
        read(text, FILE)
    assert reason in refused.value.reason
    assert (refused.value.file, refused.value.line) == (FILE, line)


_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10)
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**13), 10**13) | _text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
)


@settings(deadline=None, database=None, max_examples=100)
@given(st.dictionaries(_text, _json, max_size=4), st.sampled_from([None, 1]), st.booleans())
def test_an_exact_object_is_read_as_any_other_reader_reads_it(
    found: dict[str, object], indent: int, ascii_: bool
) -> None:
    text = json.dumps(found, indent=indent, ensure_ascii=ascii_)
    assert read(text, FILE) == found
    assert isinstance(read(text, FILE), Located)
