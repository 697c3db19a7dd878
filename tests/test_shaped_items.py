"""Items that are filled in from one of their shape: each is what the template would have made of it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from snippetkit.exports._shapes import Fixed, Shapes

_PARTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("\0 1a") | st.text("1a").map(Fixed),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.sampled_from("abc"), parts),
    max_leaves=4,
)


@given(st.lists(st.dictionaries(st.sampled_from("xyz"), _PARTS), max_size=4))
def test_what_a_template_makes_of_samples_is_filled_in(items: list[dict[str, object]]) -> None:
    shapes = Shapes(items)
    made = json.loads(json.dumps(shapes.samples))
    assert json.dumps([*shapes.filled(made)]) == json.dumps(items)


def test_items_of_one_shape_are_rendered_once_and_share_what_is_the_same() -> None:
    shapes = Shapes({"id": number, "name": f"\0{number}\0", "kind": Fixed("html")} for number in range(100))
    [sample] = shapes.samples
    made = {sample["id"]: {"name": [f"the tag {sample['name']}"], "kind": sample["kind"], "settings": {"a": ["b"]}}}
    filled = [*shapes.filled([made])]
    assert filled[7] == {7: {"name": ["the tag \x007\x00"], "kind": "html", "settings": {"a": ["b"]}}}
    assert filled[7][7]["settings"] is filled[8][8]["settings"]


def test_what_a_template_decides_on_makes_another_shape() -> None:
    items = [{"a": 1}, {"a": "1"}, {"a": True}, {"a": None}, {"a": Fixed("x")}, {"a": Fixed("y")}, {"b": 1}, {"a": [1]}]
    assert len(Shapes(items).samples) == len(items) - 1  # a text and a number are written in the same place
