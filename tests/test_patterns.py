"""Each pattern is one, is compiled when it is used and not before, and means the same to every Python.

No pattern depends on what CPython before 3.11.5 does wrong.

There a possessive repeat of a group keeps what its failed last iteration has read (CPython's issue 106052): the last
alternative of such a group must be one that always fails, `(?!)`, which puts the position back where it was.
"""

from __future__ import annotations

import ast
import gc
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import snippetkit
from snippetkit.patterns import Compiled, Later, later
from tests.modules import every_module

PACKAGE = Path(snippetkit.__file__).parent
_POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{[0-9]*,?[0-9]*\})\+")
_ENDS_RIGHT = re.compile(r"\|\s*\(\?!\)\s*\Z")


def find_faults(source: str) -> list[str]:
    """Return the possessive repeats of groups in a module's texts that do not end with `|(?!)`."""
    return [
        text[max(0, match.start() - 20) : match.end()]
        for text in _texts(source)
        for match in _POSSESSIVE_GROUP.finditer(text)
        if not _ENDS_RIGHT.search(text[: match.start()])
    ]


def _texts(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            yield node.value if isinstance(node.value, str) else node.value.decode("latin-1")


def test_each_possessive_repeat_of_a_group_ends_with_the_alternative_that_fails() -> None:
    faults = {str(path): found for path in PACKAGE.rglob("*.py") if (found := find_faults(path.read_text("utf-8")))}
    assert faults == {}


@pytest.mark.parametrize("pattern", ["(?:a|<(?!s)[a-z])*+", "(?: a )?+", "(?:ab|c){2,}+", "(a|b)++", ")*+"])
def test_the_construct_is_found(pattern: str) -> None:
    assert find_faults(f"X = rb'{pattern}'") == [pattern]


@pytest.mark.parametrize("pattern", ["(?:a|<(?!s)[a-z]|(?!))*+", "(?:a|(?!))?+", "[a)]*+", r"\)*+", "a++", "(?>a*)"])
def test_what_every_python_reads_alike_is_none(pattern: str) -> None:
    assert find_faults(f"X = r'{pattern}'") == []


@pytest.mark.parametrize(
    ("pattern", "text", "end"),
    [
        ("(?:a|<(?!s)[a-z]|(?!))*+", "a<s", 1),
        ("[^<]*+(?:<(?!/s)[^<]*+|(?!))*+", "a<b</s", 3),
        ("(?:(?:ab|(?!))*+c|(?!))*+", "ababcaba", 5),
        ("(?:ab|(?!))?+", "aa", 0),
    ],
)
def test_the_alternative_puts_the_position_back(pattern: str, text: str, end: int) -> None:
    match = re.compile(pattern).match(text)
    assert match is not None
    assert match.end() == end


def test_each_pattern_that_is_compiled_later_can_be() -> None:
    modules = [*every_module()]  # held, as a module keeps its patterns
    patterns = [one for one in gc.get_objects() if isinstance(one, Later)]
    for one in patterns:
        assert one.groups >= 0, one
    assert len(modules) > 300
    assert len([one for one in gc.get_objects() if isinstance(one, Compiled)]) > 400


def test_no_module_compiles_a_pattern_where_it_is_imported() -> None:
    sources = {path: ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")}
    assert [str(path) for path, tree in sources.items() if _compiles_at_once(tree)] == []


def _compiles_at_once(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        return False
    is_it = isinstance(node, ast.Attribute) and ast.unparse(node) == "re.compile"
    return is_it or any(map(_compiles_at_once, ast.iter_child_nodes(node)))


def test_a_pattern_that_is_compiled_later_is_as_any_other() -> None:
    made, real = later(rb"(?P<a>A)|b", re.IGNORECASE), re.compile(rb"(?P<a>A)|b", re.IGNORECASE)
    assert (made.pattern, type(made)) == (real.pattern, Later)
    names = [name for name in dir(real) if not name.startswith("_")]
    assert {*names} <= {*Compiled.__slots__}
    assert (made.flags, made.groups, made.groupindex) == (real.flags, real.groups, real.groupindex)
    assert (made.sub(b"", b"Abc"), made.findall(b"Abc")) == (b"c", [b"A", b""])
    assert isinstance(made, Compiled) and not isinstance(made, Later)


@pytest.mark.parametrize("is_used", [False, True])
def test_it_is_the_same_in_another_process_whether_used_or_not(is_used: bool) -> None:
    made = later("a+", re.ASCII)
    assert not is_used or made.match("aa")
    again = pickle.loads(pickle.dumps(made))
    assert (again, hash(again), repr(again)) == (made, hash(made), f"later('a+', {int(re.ASCII)})")
    assert type(again) is Later
    assert again != later("a+") and again != "a+"
    assert again.fullmatch("aaa")


def test_a_wrong_pattern_fails_at_its_first_use_and_each_later_one() -> None:
    wrong = later("(")
    for _ in range(2):
        with pytest.raises(re.error):
            wrong.search("")
    with pytest.raises(AttributeError):
        wrong.nothing  # type: ignore[attr-defined]  # noqa: B018
