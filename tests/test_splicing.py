"""A container that ours goes into: each byte of what is there stays, and the rest is written as its neighbours are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit.exports._splicing import splice

SPACED = json.JSONEncoder(indent=4, ensure_ascii=False).encode
TEXTS = {
    "spaces": SPACED,
    "tabs": json.JSONEncoder(indent="\t").encode,
    "crlf": lambda value: SPACED(value).replace("\n", "\r\n"),
    "one line": json.JSONEncoder(ensure_ascii=False).encode,
    "tight": json.JSONEncoder(separators=(",", ":")).encode,
    "escaped": lambda value: SPACED(value).replace("<", "\\u003c"),
    "a byte order mark": lambda value: f"\ufeff{SPACED(value)}\n",
}
BEFORE: dict[str, Any] = {"version": {"tag": [{"id": "1", "html": "<b>ü</b>"}, {"id": "2"}], "n": 1.0}, "last": []}


def _added(document: dict[str, Any]) -> dict[str, Any]:
    version = document["version"]
    tags = [version["tag"][0], {"id": "2", "name": "new"}, {"id": "3", "on": ["4"]}]
    return {"first": None, "version": {**version, "tag": tags, "trigger": [{"id": "4"}]}, "last": [True]}


@pytest.mark.parametrize("form", TEXTS)
def test_what_is_there_stays_and_what_is_new_is_written_like_it(form: str) -> None:
    write = TEXTS[form]
    text = write(BEFORE).removeprefix("\ufeff")
    after = _added(BEFORE)
    spliced = splice(write(BEFORE), BEFORE, after)
    assert spliced == write(after).removeprefix("\ufeff")
    assert splice(text, BEFORE, BEFORE) == text


def test_blanks_of_a_persons_own_stay() -> None:
    text = '{ "a" : [ 1 ,2 ]\n\n, "b":{}, "c" : { } }  '
    after = {"a": [1, 2, 3], "b": {}, "c": {}, "d": {"x": 1}}
    assert splice(text, json.loads(text), after) == '{ "a" : [ 1 ,2 ,3 ]\n\n, "b":{}, "c" : { }\n\n, "d":{"x":1} }  '


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text('aü<"\\/\u2028', max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=3),
    max_leaves=12,
)


@given(before=VALUES, after=VALUES, form=st.sampled_from([*TEXTS]))
def test_whatever_changes_the_text_says_what_the_document_says(before: Any, after: Any, form: str) -> None:
    text = TEXTS[form](before)
    spliced = splice(text, before, after)
    assert json.loads(spliced) == after
    assert splice(spliced, after, after) == spliced
