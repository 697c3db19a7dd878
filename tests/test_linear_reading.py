"""A script of twice the length takes about twice the work, whatever it is made of: looks at nodes are counted.

What tree-sitter looks for from the root costs as much as the script is long, a node's text as much as that is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import count
from types import FrameType
from typing import Any

import pytest
from tree_sitter import QueryCursor

from snippetkit import snippets
from snippetkit.cli import inspect
from snippetkit.javascript import parsing as _parsing
from snippetkit.javascript import tree as _tree
from snippetkit.javascript import walk
from snippetkit.model import Loaded
from tests.reading import find_in_source

_FROM_THE_ROOT = {"parent", "descendant_for_byte_range", "named_descendant_for_byte_range"}
_SHORT = 40
_MOST = 2.4
EVENT = "fbq('track','Lead');"

# What is repeated, what stands in the middle, what closes it as often, and what stands in front.
SHAPES: dict[str, tuple[str, str, str, str]] = {
    "declarations": ("let a;{", "", "}", EVENT),
    "declarations in functions": ("function f(a,a){let b;", "", "}", EVENT),
    "arrow functions": ("(a,b)=>{let c;", "", "}", EVENT),
    "classes": ("class A{#a;b(){this.#a;", "", "}}", EVENT),
    "words of strict code": ("f(arguments,eval);", "", "", "'use strict';" + EVENT),
    "members": ("fbq.", "fbq", "", ""),
    "optional members": ("fbq?.", "fbq", "", ""),
    "members of the old queue": ("_fbds.", "pixelId='1'", "", ""),
    "alternatives": ("_fbq||", "1", "", ""),
    "alternatives of the oldest": ("fb_param||", "1", "", ""),
    "sums": ("fbq+", "1", "", ""),
    "calls in calls": ("fbq(", "1", ")", ""),
    "events in events": ("fbq('track',", "1", ")", ""),
    "members by expressions": ("fbq[", "1", "]", ""),
    "assignments": ("fbq=", "1", "", ""),
    "parentheses": ("(", "fbq('track','Lead')", ")", ""),
    "negations": ("!", "fbq('track','Lead')", "", ""),
    "functions": ("function a(){" + EVENT, "", "}", ""),
    "functions with an event": ("function a(){", EVENT, "}", ""),
    "functions called there": ("(function(){" + EVENT, "", "})();", ""),
    "functions called later": ("setTimeout(function(){" + EVENT, "", "});", ""),
    "functions called at an event": ("addEventListener('load',function(){" + EVENT, "", "});", ""),
    "functions that call themselves": ("function f(){f();" + EVENT + "}", "", "", ""),
    "calls of a function": ("f();", "", "", "function f(){" + EVENT + "}"),
    "calls on a condition": ("if(a)f();", "", "", "function f(){" + EVENT + "}"),
    "chains of calls": (".then(function(){" + EVENT + "})", "", "", "a"),
    "else if": ("else if(a)" + EVENT, "", "", "if(a)b();"),
    "if": ("if(a)", EVENT, "", ""),
    "blocks": ("{" + EVENT, "", "}", ""),
    "blocks with variables": ("{var a;", EVENT, "}", ""),
    "events": (EVENT, "", "", ""),
    "entries": ("q.push(['track','1',{}]);", "", "", "var q=window._fbq=window._fbq||[];"),
    "settings": ("fb_param.pixel_id='1';fb_param.value='1';", "", "", "var fb_param={};"),
    "windows": ("var a=window;a.fbq('track','Lead');", "", "", ""),
    "a constant": ("fbq('track','Lead',{value:v});", "", "", "var v=1;"),
    "a loop of calls": ("fbq('init',id);", "", "", "for(const id of ['1','2'])f("),
    "loops": ("for(var i=0;i<l.length;i++)fbq('init',l[i]);", "", "", "var l=['1','2'];"),
    "loops in loops": ("['1'].forEach(function(id){", "fbq('init',id)", "});", ""),
    "strings in strings": ("`${", "1", "}`", EVENT + "x="),
    "images in a sum": ("'https://www.facebook.com/tr?id=1&ev=Lead'+", "a", "", "x="),
    "images in sums in parentheses": ("'https://www.facebook.com/tr?id=1&ev=Lead'+(", "a", ")", "x="),
    "an image and a sum": ("a+", "b)", "", "x='https://www.facebook.com/tr?id=1&ev=Lead&a='+("),
    "images that are concatenated": (
        "'https://www.facebook.com/tr?id=1&ev=Lead',",
        "1)",
        "",
        "x='//www.facebook.com/tr?'.concat(",
    ),
    "written images": ("'<img src=https://www.facebook.com/tr?id=1&ev=Lead>'+", "''", "", "document.write("),
    "strings": ("x='<img src=//www.facebook.com/tr?id=1&ev=Lead>';", "", "", ""),
    "strings that go on": ("u+='//www.facebook.com/tr?id=1&ev=Lead';", "", "", "var u='//www.facebook.com/tr?id=1';"),
    "strings that may go on": ("var u='//www.facebook.com/tr?id=1';if(a)u+='b';", "", "", ""),
    "markup that is put together": ("'<img src=//www.facebook.com/tr?id=1&ev=Lead>'+", "1", "", ""),
    "broken calls": ("fbq('init','1' 'b');", "", "", ""),
    "open calls": ("fbq(", "", "", ""),
    "open strings": ("fbq('", "", "", ""),
}


def _repeated(name: str, size: int) -> str:
    once, middle, closing, front = SHAPES[name]
    times = size // len(once + closing)
    return front + once * times + middle + closing * times


def _constants(size: int) -> str:
    members = "".join(f"k{number}:{number}," for number in range(size // 25))
    return f"var o={{{members}}};" + "".join(f"fbq('track',o.k{number});" for number in range(size // 25))


def _list(size: int) -> str:
    return f"var o=[{'1,' * (size // 12)}];" + "".join(f"fbq('track',o[{number}]);" for number in range(size // 25))


def _rounds(size: int) -> str:
    return f"[{'1,' * (size // 12)}].forEach(function(id){{{'fbq(0,id);' * (size // 25)}}})"


def _callers(size: int) -> str:
    calls = (f"function f{number + 1}(){{if(a){{f{number}();f{number}()}}}}" for number in range(size // 40))
    return f"function f0(){{{EVENT}}}" + "".join(calls)


MADE: dict[str, Callable[[int], str]] = {
    "constants of one object": _constants,
    "constants of one list": _list,
    "a loop over a long list": _rounds,
    "functions called twice": _callers,
}


class _Node:
    """A node that counts what is asked of it."""

    def __init__(self, node: Any, work: list[int], length: int) -> None:
        self._node, self._work, self._length = node, work, length

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Node) and bool(self._node == other._node)

    def __hash__(self) -> int:
        return hash(self._node)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._node, name)
        if callable(found):
            return lambda *given: self._told(name, found(*given))
        return self._told(name, found)

    def _told(self, name: str, found: Any) -> Any:
        is_many = isinstance(found, bytes | list)
        self._work[0] += self._length if name in _FROM_THE_ROOT else len(found) // _SHORT + 1 if is_many else 1
        if isinstance(found, list):
            return [_Node(node, self._work, self._length) for node in found]
        return _Node(found, self._work, self._length) if type(found) is type(self._node) else found


class _Parser:
    """A parser whose trees count."""

    def __init__(self, parser: Any, work: list[int]) -> None:
        self._parser, self._work = parser, work

    def parse(self, text: bytes) -> Any:
        self.root_node = _Node(self._parser.parse(text).root_node, self._work, len(text))
        return self


class _Cursor:
    """A query whose nodes count, those that it finds too."""

    def __init__(self, query: Any) -> None:
        self._cursor = QueryCursor(query)

    def captures(self, root: _Node) -> dict[str, list[_Node]]:
        found = self._cursor.captures(root._node)
        root._work[0] += sum(map(len, found.values()))
        return {name: [_Node(node, root._work, root._length) for node in nodes] for name, nodes in found.items()}


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How much was asked of nodes."""
    work, parser = [0], _parsing._parser()
    monkeypatch.setattr(_parsing, "_parser", lambda: _Parser(parser, work))
    monkeypatch.setattr(_tree, "_FEW", 0)
    monkeypatch.setattr("tree_sitter.QueryCursor", _Cursor)
    yield work


def _of(work: list[int], code: str) -> int:
    work[0] = 0
    page = f"<!DOCTYPE html><title>x</title><script>{code}</script>"
    snippets.read(page)
    find_in_source("page.html", page)
    return work[0]


@pytest.mark.wide
@pytest.mark.parametrize("name", [*SHAPES, *MADE])
def test_twice_the_length_is_twice_the_work(name: str, work: list[int]) -> None:
    make = MADE.get(name, lambda size: _repeated(name, size))
    once, twice = (_of(work, make(size)) for size in (4000, 8000))
    assert twice < _MOST * once


def test_findings_go_to_their_snippets_without_a_look_at_all_for_each() -> None:
    def lines_run(times: int) -> int:
        lines, before = count(), sys.gettrace()

        def trace(frame: FrameType, event: str, _: object) -> Any:
            if event == "line":
                next(lines)
            return trace if frame.f_code.co_filename == inspect.__file__ else None

        page = Loaded(b"<img src='https://www.facebook.com/tr?id=434566956589050&ev=Lead'>" * times)
        sys.settrace(trace)
        try:
            assert len(inspect._inspect("page.html", page, snippets.NOTHING).result["snippets"]) == times
        finally:
            sys.settrace(before)
        return next(lines)

    assert lines_run(200) < _MOST * lines_run(100)


def test_what_is_looked_for_from_the_root_is_counted(work: list[int]) -> None:
    def climb(size: int) -> int:
        work[0] = 0
        root: Any = _parsing.parse("!" * size + "a")
        node = next(node for node in walk(root) if node.type == "identifier")
        while node:
            node = node.parent
        return work[0]

    assert climb(800) > 3 * climb(400)


def test_of_comments_that_do_not_end_no_more_are_parsed_than_any_script_has() -> None:
    root = _parsing.root_of(b"/*fbq " * 100_000)
    assert root.has_error
    assert root.end_byte < 7000
    for text in (b"a='/*';", b"a = 1 // /*\n", b'a = "\\"/*";', b"/* /* */ a;"):
        assert _parsing.root_of(text * 2000).end_byte == 2000 * len(text)
