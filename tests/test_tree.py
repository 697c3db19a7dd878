"""What a node stands in is found by a table as tree-sitter finds it, without a way from the root for each."""

from __future__ import annotations

from typing import Any

import pytest

from snippetkit import snippets
from snippetkit.javascript import Tree, parse, walk
from snippetkit.javascript import tree as _tree
from tests.conftest import CASES

CODES = [
    "window['_fbq'] = (self._fbq || []); _fbq.push(['track', `x${fbq}`]); /* fbq */ fbq",
    "!function(f,b){f.fbq=f._fbq||b}(window,[]);fbq('track','Lead',{value:1});",
    "if (fbq) { fbq?.('init', 1) } else for (;;) switch (fbq) { case 1: }",
]


@pytest.mark.parametrize("code", CODES)
def test_the_table_says_what_the_nodes_say(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root = parse(code)
    monkeypatch.setattr(_tree, "_FEW", 0)
    tree = Tree(root)
    nodes = [*walk(root)]
    assert [tree.parent(node) for node in nodes] == [node.parent for node in nodes]
    spans = [(node.start_byte, node.end_byte) for node in nodes]
    assert [tree.at(*span) for span in spans] == [root.named_descendant_for_byte_range(*span) for span in spans]
    assert tree.at(1, 999) is None
    bytes_ = range(root.end_byte)
    assert [tree.innermost(at, at + 1) for at in bytes_] == [
        root.named_descendant_for_byte_range(at, at + 1) for at in bytes_
    ]


class _Counted:
    """A root that counts how often it is gone down from."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.times = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.root, name)

    def named_descendant_for_byte_range(self, start: int, end: int) -> Any:
        self.times += 1
        return self.root.named_descendant_for_byte_range(start, end)


def test_what_is_asked_for_oftener_is_not_looked_for_from_the_root() -> None:
    code = "_fbq||" * 5000 + "1"
    root: Any = _Counted(parse(code))
    tree = Tree(root)
    found = [tree.at(at, at + 4) for at in range(0, 30_000, 6)]
    assert all(node is not None and node.type == "identifier" for node in found)
    assert root.times == 500


@pytest.mark.parametrize("few", [0, 999])
def test_a_node_says_what_is_around_it_and_which_of_a_name_there_are(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tree, "_FEW", few)
    tree = Tree(parse("f(function () { if (a) { f(a.f) } })"))
    first, second = tree.named("f")
    assert (first.start_byte, second.start_byte, tree.named("g")) == (0, 25, [])
    assert [node.type for node in tree.around(second)] == [
        "call_expression",
        "expression_statement",
        "statement_block",
        "if_statement",
        "statement_block",
        "function_expression",
        "arguments",
        "call_expression",
        "expression_statement",
        "program",
    ]


@pytest.mark.parametrize("few", [0, 9999])
def test_of_what_stands_deeper_than_code_not_all_is_told(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tree, "_FEW", few)
    tree = Tree(parse("!" * 1000 + "a"))
    assert [node.type for node in tree.around(tree.named("a")[0])] == ["unary_expression"] * 250


@pytest.mark.parametrize("code", sorted((CASES / "code").glob("*.*")), ids=lambda path: path.name)
def test_code_is_read_alike_by_the_table_and_without_it(code: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = code.read_text("utf-8")
    before = snippets.read(text)
    monkeypatch.setattr(_tree, "_FEW", 0)
    assert snippets.read(text) == before
    assert before
