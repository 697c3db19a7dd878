"""Server code in conversion code: what a server would run if that code were on a page of its language."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from snippetkit import server_code
from snippetkit.snippets.document import Document

_SHOWN = 30


class Served(NamedTuple):
    """A piece of server code: where it begins, in bytes, its text, and in which languages it is a plain value."""

    start: int
    text: str
    languages: tuple[str, ...]


def find_server_code(document: Document, told: Sequence[tuple[int, int]] = ()) -> Iterator[Served]:
    """Yield what a server would run in a text's scripts and images that are conversion code.

    Such code is looked for in comments, strings and attributes too. What only looks like it is ignored where JavaScript
    has it too: a brace, or a name that begins with a dollar.

    Args:
        document: the code.
        told: where values are reported; elsewhere nothing is a plain value.
    """
    data, spans = document.data, sorted(told)
    of_script = _of_script(document)
    for start, end in _placed(document):
        at, pattern = start, server_code.beginnings(data[start:end])
        while beginning := pattern.search(data, at, end):
            first = beginning.end() - len(beginning[0].lstrip())
            at = first + 1
            if beginning["ordinary"] is not None and of_script[first]:
                continue
            values = server_code.plain_values(data, first, _end_of(spans, first))
            at = min(values.values(), default=beginning.end())
            text = data[first : at if values else min(first + _SHOWN, end)].decode("utf-8", "replace")
            yield Served(first, text.partition("\n")[0], tuple(values))


def _end_of(spans: Sequence[tuple[int, int]], at: int) -> int:
    """The end of the span that a byte is in; the byte itself if it is in none."""
    number = bisect_right(spans, at, key=itemgetter(0)) - 1
    return max(spans[number][1], at) if number >= 0 else at


def _placed(document: Document) -> list[tuple[int, int]]:
    """Where the elements that go onto a page are."""
    elements = [code.script for code in document.codes]
    elements += [image.outer for code in document.codes for image in code.images]
    return sorted({(element.start, element.end) for element in elements if element})


def _of_script(document: Document) -> bytearray:
    """A 1 for each byte that is JavaScript, not text within it."""
    flags = bytearray(len(document.data))
    for _, script in document.scripts:
        for start, end in script.spans_of_code():
            flags[start:end] = b"\1" * (end - start)
    return flags
