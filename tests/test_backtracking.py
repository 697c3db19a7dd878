"""No expression goes back over a text in more and more ways: one that does takes twice the time for each character.

A repeat does that where some text leads round it in two ways (Weber and Seidl, "On the degree of ambiguity of finite
automata", criterion EDA): two walks over the repeat's states, side by side, part and meet again. What stands ahead or
behind, and what an earlier group matched, is taken for nothing, so that more is told than there is.
"""

from __future__ import annotations

import ast
import re
import re._constants as sre
import re._parser as parser
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from inspect import signature
from itertools import product
from pathlib import Path
from time import thread_time
from typing import Any, cast

import pytest

import snippetkit
from snippetkit import snippets
from snippetkit.browser.trying import _without_patterns
from snippetkit.containers import PageRule
from snippetkit.errors import SettingError
from snippetkit.files.wildcards import parse
from snippetkit.patterns import Compiled
from snippetkit.snippets.pairing import _BETWEEN
from snippetkit.terms import Match
from tests.modules import every_module

SOURCE = Path(snippetkit.__file__).parent
ALPHABET = [*map(chr, range(128)), "\x85", "é", "\u2028", "中"]
ALL = (1 << len(ALPHABET)) - 1
_MANY = 8
_CALLED = {f"re.{name}" for name in ("search", "match", "fullmatch", "split", "sub", "findall", "finditer")}
HARMLESS = {
    "(?>min|": "each round begins with a sign that no round goes on with, and takes the first alternative for good",
    "(?>.*?-->)": "a comment ends at its first end, and begins as nothing else does there",
}
"""What is told and is not so: a part of the expression, and why."""
_REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}


def _patterns() -> Iterator[tuple[str, str | bytes, int]]:
    """Each expression of the package: where it stands, its text, its flags."""
    for module in every_module():
        seen = _inside([*map(_made, vars(module).items())])
        yield from ((module.__name__, pattern.pattern, pattern.flags) for pattern in seen)
    for path in SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in _CALLED:
                yield from ((path.name, one.value, 0) for one in call.args[:1] if isinstance(one, ast.Constant))


def _made(named: tuple[str, Any]) -> Any:
    """A value of a module; of a function that compiles patterns when they are first needed, what it returns."""
    name, value = named
    return value() if name == "_patterns" and not signature(value).parameters else value


def _inside(values: Iterable[Any]) -> Iterator[re.Pattern[Any]]:
    for value in values:
        if isinstance(value, re.Pattern | Compiled):
            yield cast("re.Pattern[Any]", value)
        elif isinstance(value, dict):
            yield from _inside(value.values())
        elif isinstance(value, tuple | list | set | frozenset):
            yield from _inside(value)


@dataclass
class _Automaton:
    """States by their number: `reads` are the characters and where they lead, `skips` where nothing leads.

    A skip may say which characters may come next; those of `rounds` lead to where a repeat begins anew.
    """

    reads: list[tuple[int, int] | None] = field(default_factory=list)
    skips: list[list[tuple[int, int]]] = field(default_factory=list)
    rounds: set[tuple[int, int]] = field(default_factory=set)

    def state(self) -> int:
        self.reads.append(None)
        self.skips.append([])
        return len(self.reads) - 1

    def add(self, items: Iterable[Any], start: int, flags: int) -> int:
        """Put in what a sequence matches, and return the state behind it."""
        for item in items:
            start = self._add(*item, start, flags)
        return start

    def _add(self, kind: Any, given: Any, start: int, flags: int) -> int:
        characters = _characters(kind, given, flags)
        if characters is not None:
            end = self.state()
            self.reads[start] = characters, end
            return self._skip(end)
        if kind is sre.BRANCH:
            ends = [self.add(branch, self._skip(start), flags) for branch in given[1]]
            return self._join(ends)
        if kind is sre.SUBPATTERN:
            return self.add(given[3], self._skip(start), flags | given[1] & ~given[2])
        if kind is sre.ATOMIC_GROUP:
            return self.add(given, self._skip(start), flags)
        if kind in _REPEATS:
            return self._repeat(kind, given, start, flags)
        return start

    def _repeat(self, kind: Any, given: Any, start: int, flags: int) -> int:
        least, most, items = given
        only = _characters(*items[0], flags) if kind is sre.POSSESSIVE_REPEAT and len(items) == 1 else None
        others = ALL if only is None else ALL & ~only
        copies = most if most <= _MANY else min(least, _MANY)
        ends = [] if least else [start]
        for number in range(copies):
            start = self.add(items, self._skip(start), flags)
            ends += [start] if least <= number + 1 < most else []
        behind = self.state()
        if most > _MANY:
            head = self._skip(start)
            self.go_round(self.add(items, self._skip(head), flags), head)
            ends = [head]
        else:
            self.skips[start].append((behind, ALL))
        for end in ends:
            self.skips[end].append((behind, others))
        return behind

    def go_round(self, end: int, head: int) -> None:
        self.skips[end].append((head, ALL))
        self.rounds.add((end, head))

    def _skip(self, state: int) -> int:
        end = self.state()
        self.skips[state].append((end, ALL))
        return end

    def _join(self, ends: list[int]) -> int:
        joined = self.state()
        for end in ends:
            self.skips[end].append((joined, ALL))
        return joined

    def steps(self, state: int) -> list[tuple[int, int]]:
        """The characters that lead on from a state, and where to: once for each way."""
        found, pending = [], [(state, ALL, frozenset({state}), frozenset[int]())]
        while pending:
            at, may, passed, begun = pending.pop()
            read = self.reads[at]
            if read and may & read[0]:
                found.append((may & read[0], read[1]))
            for to, only in self.skips[at]:
                is_round = (at, to) in self.rounds  # none without a character: no repeat goes on with nothing
                if may & only and to not in (passed | begun if is_round else passed):
                    beyond = (frozenset({to}), begun | {to}) if is_round else (passed | {to}, begun)
                    pending.append((to, may & only, *beyond))
        return found


def _characters(kind: Any, given: Any, flags: int) -> int | None:
    """What one character is taken, as bits; None where it is no single one."""
    if kind is sre.ANY:
        return ALL if flags & re.DOTALL else ALL & ~(1 << 10)
    if kind not in {sre.LITERAL, sre.NOT_LITERAL, sre.IN}:
        return None
    return sum(1 << number for number, char in enumerate(ALPHABET) if _takes(kind, given, char, flags & re.IGNORECASE))


def _takes(kind: Any, given: Any, char: str, ignore_case: int) -> bool:
    forms = {char, char.lower(), char.upper()} if ignore_case else {char}
    if kind is sre.LITERAL:
        return any(len(form) == 1 and ord(form) == given for form in forms)
    if kind is sre.NOT_LITERAL:
        return not _takes(sre.LITERAL, given, char, ignore_case)
    negate = given[0][0] is sre.NEGATE
    return negate != any(_of_class(*one, form) for one in given for form in forms if len(form) == 1)


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


def _of_class(kind: Any, given: Any, char: str) -> bool:
    if kind is sre.LITERAL:
        return ord(char) == given
    if kind is sre.RANGE:
        return bool(given[0] <= ord(char) <= given[1])
    return kind is sre.CATEGORY and re.match(_CATEGORIES[given], char) is not None


def _repeats(items: Iterable[Any], flags: int) -> Iterator[tuple[Any, int]]:
    """The outermost repeats that may go on for ever and go back; of those that never go back what is in them."""
    for kind, given in items:
        if kind in _REPEATS and kind is not sre.POSSESSIVE_REPEAT and given[1] > _MANY:
            yield given[2], flags
        elif kind in _REPEATS:
            yield from _repeats(given[2], flags)
        elif kind is sre.SUBPATTERN:
            yield from _repeats(given[3], flags | given[1] & ~given[2])
        elif kind is sre.BRANCH:
            yield from (found for branch in given[1] for found in _repeats(branch, flags))
        elif kind is sre.ATOMIC_GROUP:
            yield from _repeats(given, flags)
        elif kind in {sre.ASSERT, sre.ASSERT_NOT}:
            yield from _repeats(given[1], flags)


def _goes_round_in_two_ways(items: Any, flags: int) -> bool:
    if len(items) == 1 and _characters(*items[0], flags) is not None:
        return False
    automaton = _Automaton()
    head = automaton.state()
    end = automaton.add(items, automaton._skip(head), flags)
    automaton.go_round(end, head)
    return _parts_and_meets(automaton, head)


def _parts_and_meets(automaton: _Automaton, head: int) -> bool:
    """Whether two walks from a state part, by their ways or their states, and are at one state again."""
    steps = {state: automaton.steps(state) for state in [head, *(read[1] for read in automaton.reads if read)]}
    start = (head, head, False)
    seen, pending = {start}, [start]
    while pending:
        one, other, has_parted = pending.pop()
        for (first, to), (second, beside) in product(enumerate(steps[one]), enumerate(steps[other])):
            if not to[0] & beside[0]:
                continue
            parted = has_parted or one != other or first != second
            if parted and to[1] == beside[1]:
                return True
            at = (to[1], beside[1], parted)
            if at not in seen:
                seen.add(at)
                pending.append(at)
    return False


def _is_told(pattern: str | bytes, flags: int) -> bool:
    parsed = parser.parse(pattern, flags & ~re.UNICODE if isinstance(pattern, bytes) else flags)
    return any(_goes_round_in_two_ways(*found) for found in _repeats(parsed, parsed.state.flags))


@pytest.mark.parametrize(
    ("pattern", "is_told"),
    [
        ("(?:a+)*", True),
        ("(?:a*)*b", True),
        ("(?:a|a)*", True),
        ("(?:a|ab|b)*c", True),
        (r"(?:\w+\s?)*$", True),
        (r"x(?:.|\n|\\.)*y", True),
        (r"(?s)(?:\\.|[^'])*'", True),
        ("(?:(?:ab?)+)*", True),
        ("(?:(?:ab)*)*c", True),
        ("(?:a*b*)*c", True),
        ("(?:a|b?)*c", False),
        ("(?:a++)*", False),
        ("(?:a+)*+", False),
        (r"(?:\w+\s)*$", False),
        (r"(?:\\.|[^'\\])*'", False),
        (r"(?:a|b)*", False),
        ("a*a*", False),
        ("(?i:a|A)*", False),
    ],
)
def test_what_goes_round_in_two_ways_is_told(pattern: str, is_told: bool) -> None:
    assert _is_told(pattern, 0) == is_told


def test_no_expression_goes_round_in_two_ways() -> None:
    every = {(pattern, flags): where for where, pattern, flags in _patterns()}
    assert len(every) > 250
    told = {pattern: where for (pattern, flags), where in every.items() if _is_told(pattern, flags)}
    assert [part for part in HARMLESS if not any(part in str(pattern) for pattern in told)] == []
    assert {where for pattern, where in told.items() if not any(part in str(pattern) for part in HARMLESS)} == set()


# What leads twice through an expression, as often as it is to stand there.
WITNESSES: dict[str, Callable[[], object]] = {
    "a rule's expression": lambda: PageRule.of(Match.REGEX, "[^a]" * 24 + "{"),
    "a path for it": lambda: _without_patterns("(?:" + "\\a" * 24),
    "a pattern of files": lambda: parse("*" + "[!a]" * 24),
    "strings of PHP": lambda: snippets.read_file("x.php", "<?php $a = 'fbq(' . a" + "['][']" * 12 + ";"),
    "comments": lambda: _BETWEEN.fullmatch(b"<!-- -->" * 24 + b"x"),
}


@pytest.mark.parametrize("name", WITNESSES)
def test_what_led_round_in_two_ways_is_read_at_once(name: str) -> None:
    started = thread_time()
    with suppress(SettingError):
        WITNESSES[name]()
    assert thread_time() - started < 0.5
