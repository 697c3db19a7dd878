"""Which branch of its conditions a server writes: what follows `{% if %}`, or what follows its `{% else %}`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence

from snippetkit.conditions import said_by
from snippetkit.patterns import later
from snippetkit.server_code.enclosing import PAIRED, Block, find_blocks
from snippetkit.server_code.finding import Span, find_spans

_TURNING = later(
    rb"""(?:\{%|\{\{|<[%\#?]|\{|@|[\#%]|\[%|<\w+:)[-+=~\#^:%]*+(?:php\b)?[\s}]*+
    (?:\w+:)?(?:else|elsif|elif|elseif|when|case|default|otherwise|empty)(?![\w-])""",
    re.VERBOSE | re.IGNORECASE,
)
_CONDITION = later(
    rb"(?:<\?(?:php\b)?|\W+)[\s}]*+(?P<how>(?:else\s*)?if|elsif|elif|unless)\b\s*+(?P<asked>.+?)\s*+[:{]?\s*+(?:[-~]?%\}|\?>|-?%>|\}\}|>|\})?",
    re.DOTALL,
)


class Branches:
    """Says in which branches of a text's server code an offset stands."""

    def __init__(self, data: bytes) -> None:
        spans = [span for span in find_spans(data) if span.mark in PAIRED]
        self._blocks = sorted((one for one in find_blocks(data, spans) if one.has_both), key=_widest_first)
        self._turns: dict[Block, list[int]] = defaultdict(list)
        self._first: dict[int, int] = {}
        self._texts = {span.start: data[span.start : span.end] for span in spans}
        self._note([span for span in spans if _TURNING.match(data, span.start)])

    def _note(self, turning: Sequence[Span]) -> None:
        """Note where blocks turn to another branch, and which ones take the place of another, `} else {`."""
        begun, ends = {one.start for one in self._blocks}, {one.end: one.start for one in self._blocks}
        pending, around = deque(self._blocks), list[Block]()
        for span in turning:
            if span.start in begun and span.end in ends:
                before = ends[span.end]
                self._first[span.start] = self._first.get(before, before)
                continue
            while pending and pending[0].start < span.start:
                around.append(pending.popleft())
            while around and around[-1].end <= span.end:
                around.pop()
            if around:
                self._turns[around[-1]].append(span.start)

    def at(self, offset: int) -> Iterator[tuple[int | bytes, int | bytes]]:
        """Yield where a block begins, and where in it the branch that an offset is in; also what is asked there."""
        for block in self._blocks:
            if block.start < offset < block.end:
                turns = self._turns.get(block, ())
                branch = bisect_left(turns, offset)
                begin = turns[branch - 1] if branch else block.start
                yield self._first.get(block.start, block.start), begin
                yield from self._asked(begin)

    def _asked(self, begin: int) -> Iterator[tuple[bytes, bytes]]:
        """What the piece at which a branch begins asks, and for which answer."""
        condition = _CONDITION.fullmatch(self._texts.get(begin, b""))
        said = said_by(condition["asked"], is_denied=condition["how"] == b"unless") if condition else None
        yield from [said] if said else []


def _widest_first(block: Block) -> tuple[int, int]:
    return block.start, -block.end
