"""Code in regions that is not wanted on its page any more."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from snippetkit.inject.insertion import Insertion
from snippetkit.key import PATTERN, Key
from snippetkit.model import PageBytes

_BEGIN = b"snippetkit:begin"
_NAMED = re.compile(_BEGIN + rb"\s+(" + PATTERN.encode() + rb")\s")
_LONGEST = 2048  # how far a marker's key reaches, in any case where it is whole in the first bytes

_Events = Mapping[tuple[str, str], set[str | None]]
"""The events that are wanted of each pixel, by its dialect and its id."""


def find_stale(page: PageBytes, wanted: Sequence[Insertion]) -> frozenset[Key]:
    """Return the keys of the code in a page's regions that none of these insertions is for.

    Of code for several pixels it is that of each pixel that is not wanted, of an event alone the event's own. Where a
    marker is text, and no comment, there may be keys of no region.

    Args:
        page: read as far as it takes; nothing is parsed.
        wanted: what the page is to carry.
    """
    events = defaultdict[tuple[str, str], set[str | None]](set)
    for insertion in wanted:
        for snippet in insertion.snippets:
            events[insertion.dialect, snippet.pixel_id].update(one.event for one in snippet.events)
    return frozenset(stale for key in {*_find_keys(page)} for stale in _stale(_key(key), events))


def _find_keys(page: PageBytes) -> Iterator[bytes]:
    at = page.find(_BEGIN)
    while at >= 0:
        data = page.head if at + _LONGEST < len(page.head) else page.whole()
        if named := _NAMED.match(data, at):
            yield named[1]
        at = page.find(_BEGIN, at + len(_BEGIN))


@lru_cache(maxsize=1024)
def _key(text: bytes) -> Key:
    return Key(text.decode())


def _stale(key: Key, events: _Events) -> Iterator[Key]:
    """The parts of a key that are not wanted."""
    for pixel_id in key.pixel_ids:
        of_pixel = events.get((key.dialect, pixel_id))
        if of_pixel is None or (key.event and key.event not in of_pixel):
            yield key.of_pixel(pixel_id)
