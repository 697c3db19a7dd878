"""Loose JSON: what JSON writes, what people write, and whatever else there is."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit.errors import SettingError
from snippetkit.graph import loose_json
from tests.loose import loose

LONG_ID = "90071992547409931"  # 17 digits, and between two doubles

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
KEYS = st.text() | st.from_regex(r"[a-zA-Z_$][a-zA-Z0-9_$]*", fullmatch=True) | st.integers(0, 10**20).map(str)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)
MARKS = st.text("[]{}:,'\"\\0123456789.eE+- \n\ttruefalsnx$_<é\ud800")


def _same(one: object, other: object) -> bool:
    """Equal, and of the same types all the way down: 1, 1.0 and True are not the same here."""
    return repr(one) == repr(other)


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_what_json_writes_is_read_back_the_same(value: object, ascii_only: bool, indent: int | None) -> None:
    assert _same(loose_json.read(json.dumps(value, ensure_ascii=ascii_only, indent=indent), "x"), value)


@given(VALUES)
def test_single_quotes_and_keys_without_quotes_read_the_same(value: object) -> None:
    assert _same(loose_json.read(loose(value), "x"), value)


@given(MARKS | st.text(st.characters()))
def test_any_text_is_a_value_or_one_line_that_says_where(text: str) -> None:
    try:
        value = loose_json.read(text, "x")
    except SettingError as error:
        assert re.match(r"x: line [1-9][0-9]*, column [1-9][0-9]*: [^\n]+\Z", str(error))
    else:
        assert _same(loose_json.read(json.dumps(value), "x"), value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "line 1, column 1: expected a value, found the end"),
        ("{creative_id:<creative_id>}", "line 1, column 14: expected a value, found '<'"),
        ("[{'action.type':'x',\n  'offsite_pixel':]", "line 2, column 19: expected a value, found ']'"),
        ("{action.type:1}", "line 1, column 8: expected ':', found '.type'"),
        ("{-1:1}", "line 1, column 2: expected a key, found '-1'"),
        ("{1.5:1}", "line 1, column 2: expected a key, found '1.5'"),
        ("{année:1}", "line 1, column 2: expected a key, found 'année'"),
        ("{'a' 1}", "line 1, column 6: expected ':', found '1'"),
        ("[1 2]", "line 1, column 4: expected ',' or ']', found '2'"),
        ("{a:1 b:2}", "line 1, column 6: expected ',' or '}', found 'b'"),
        ("[1,]", "line 1, column 4: expected a value, found ']'"),
        ("{a:1,}", "line 1, column 6: expected a key, found '}'"),
        ("[,]", "line 1, column 2: expected a value, found ','"),
        ("[1] [2]", "line 1, column 5: expected nothing more, found '['"),
        ("['a]", "line 1, column 2: expected a value, found a string that is not closed on its line"),
        ("['a\n']", "line 1, column 2: expected a value, found a string that is not closed"),
        ("\u2018a\u2019", "line 1, column 1: expected a value, found '\u2018'"),
        (r"['\x41']", "line 1, column 2: a string with an escape that JSON does not have"),
        (r"'\ud800'", "line 1, column 1: a string with half a character"),
        ("'\udcff'", "line 1, column 1: a string with half a character"),
        ("{'1':1,\n1:2}", "line 2, column 1: the key '1' occurs twice in one object"),
        ("undefined", "line 1, column 1: expected a value, found 'undefined'"),
        ("NaN", "found 'NaN'"),
        ("-Infinity", "found '-Infinity'"),
        ("007", "found '007'"),
        ("0x10", "found '0x10'"),
        ("1_000", "found '1_000'"),
        ("+1", "found '+1'"),
        ("1.", "found '1.'"),
        ("1n", "found '1n'"),
        ("0.10000000000000000001", "line 1, column 1: the number '0.10000000000000000001' would lose digits"),
        ("1e400", "the number '1e400' would lose digits"),
        ("0e99999999999999999999", "would lose digits"),
        ("9" * 5000, f"the number '{'9' * 40}...' would lose digits"),
        ("[" * 101, "line 1, column 101: more than 100 lists and objects inside each other"),
        ("[" * 100_000, "more than 100 lists"),
        ("'" + "a" * 100_000, "is not closed"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(SettingError) as info:
        loose_json.read(text, "targeting")
    assert str(info.value).startswith("targeting: line ")
    assert reason in str(info.value)


def test_no_digit_of_an_id_is_lost_and_lists_may_be_as_deep_as_it_says() -> None:
    assert loose_json.read(f"[{LONG_ID},'{LONG_ID}',{{{LONG_ID}:1.50}}]", "x") == [
        int(LONG_ID),
        LONG_ID,
        {LONG_ID: 1.5},
    ]
    assert json.dumps(loose_json.read("[" * 100 + "1" + "]" * 100, "x")) == "[" * 100 + "1" + "]" * 100
