"""Code in regions that is not wanted on its page any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from snippetkit.inject.insertion import Insertion
from snippetkit.key import PATTERN, Key
from snippetkit.model import PageBytes
from snippetkit.patterns import later
from snippetkit.searching import Find, finding

_BEGIN = b"snippetkit:begin"
_NAMED = later(_BEGIN + rb"\s+(" + PATTERN.encode() + rb")\s")

_Events = Mapping[tuple[str, str], set[str | None]]
"""The events that are wanted of each pixel, by its dialect and its id."""


class Wanted:
    """What pages are to carry; pages that carry that alone are told quickly."""

    def __init__(self, insertions: Sequence[Insertion]) -> None:
        self.insertions = insertions
        self._begins = tuple(b"%b %b " % (_BEGIN, one.key.encode()) for one in insertions)

    def find_stale(self, page: PageBytes) -> frozenset[Key]:
        """Return the keys of the code in a page's regions that none of the insertions is for.

        Of code for several pixels it is that of each pixel that is not wanted, of an event alone the event's own. Where
        a marker is text, and no comment, there may be keys of no region. Nothing is parsed: the page is searched.
        """
        if page.is_whole:
            has_others = self._has_others(page.head, page.find)
        else:
            has_others = page.holds(lambda data: self._has_others(data, finding(data)))
        return self._find_stale(page) if has_others else frozenset()

    def _has_others(self, data: bytes, find: Find) -> bool:
        """Whether a marker does not begin as those of the insertions do, each alone in its script."""
        at = find(_BEGIN, 0)
        while at >= 0:
            if not data.startswith(self._begins, at):
                return True
            at = find(_BEGIN, at + len(_BEGIN))
        return False

    def _find_stale(self, page: PageBytes) -> frozenset[Key]:
        keys = set[bytes]()

        def look(data: bytes) -> bool:
            keys.update(_NAMED.findall(data))
            return False

        page.holds(look)
        events = self._events()
        return frozenset(stale for key in keys for stale in _stale(Key(key.decode()), events))

    def _events(self) -> _Events:
        events = defaultdict[tuple[str, str], set[str | None]](set)
        for insertion in self.insertions:
            for snippet in insertion.snippets:
                events[insertion.dialect, snippet.pixel_id].update(one.event for one in snippet.events)
        return events


def _stale(key: Key, events: _Events) -> Iterator[Key]:
    """The parts of a key that are not wanted."""
    for pixel_id in key.pixel_ids:
        of_pixel = events.get((key.dialect, pixel_id))
        if of_pixel is None or (key.event and key.event not in of_pixel):
            yield key.of_pixel(pixel_id)
