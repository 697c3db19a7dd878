"""What coverage watches of a table: the rows that may show something new, since watching a row takes twice its time."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Generator
from contextlib import suppress
from typing import TYPE_CHECKING
from zlib import crc32

import pytest

if TYPE_CHECKING:
    from coverage import Coverage

_PATIENCE = 12  # so many rows in sequence without news, and the table is taken to have shown what it has
_PROBE = 4  # .. but one row in so many is watched anyhow, and news from it opens the table again


def pytest_collection_finish(session: pytest.Session) -> None:
    """Where coverage is measured in this process, watch what may show something new.

    By now it has begun: in a process of pytest-xdist, pytest-cov begins behind the hooks of conftest.py.
    """
    with suppress(ImportError):
        from coverage import Coverage

        if coverage := Coverage.current():
            session.config.pluginmanager.register(Watch(coverage))


class Watch:
    """Stops coverage for the rows of a table whose last rows reached no branch for the first time.

    Every row is run; only whether it is watched depends on the rows before it. What a single late row reaches may be
    missed, so that the coverage told is never more than there is.
    """

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self._without_news = Counter[str]()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        table, _, row = item.nodeid.partition("[")
        if row and self._without_news[table] >= _PATIENCE and crc32(item.nodeid.encode()) % _PROBE:
            return (yield from _unwatched())
        known = self._branches()
        try:
            return (yield)
        finally:
            self._without_news[table] = 0 if self._branches() > known else self._without_news[table] + 1

    def _branches(self) -> int:
        """How many branches are known; `get_data`, which is public, would write them to the disk each time."""
        collector = self._coverage._collector
        return sum(map(len, collector.data.values())) if collector else 0


def _unwatched() -> Generator[None, object, object]:
    """Not by `Coverage.stop`: in a process of pytest-xdist a second one is below, which would go on."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
