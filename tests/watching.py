"""What coverage watches of a table: the rows that may show something new, since watching a row takes twice its time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from typing import TYPE_CHECKING
from zlib import crc32

import pytest

if TYPE_CHECKING:
    from coverage import Coverage

_PATIENCE = 4  # so many rows in sequence without news, and the table is taken to have shown what it has
_PROBE = 4  # .. but one row in so many is watched anyhow, and news from it opens the table again


def running() -> Coverage | None:
    """The coverage that is measured in this process, if any is."""
    try:
        from coverage import Coverage
    except ImportError:
        return None
    return Coverage.current()


class Watch:
    """Stops coverage for the rows of a table whose last rows reached no branch for the first time.

    Every row is run; only whether it is watched depends on the rows before it.
    """

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self._without_news = Counter[str]()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        table, _, row = item.nodeid.partition("[")
        if row and self._without_news[table] >= _PATIENCE and crc32(item.nodeid.encode()) % _PROBE:
            return (yield from self._unwatched())
        known = self._branches()
        try:
            return (yield)
        finally:
            self._without_news[table] = 0 if self._branches() > known else self._without_news[table] + 1

    def _unwatched(self) -> Generator[None, object, object]:
        self._coverage.stop()
        try:
            return (yield)
        finally:
            self._coverage.start()

    def _branches(self) -> int:
        """How many branches are known; `get_data`, which is public, would write them to the disk each time."""
        collector = self._coverage._collector
        return sum(map(len, collector.data.values())) if collector else 0
