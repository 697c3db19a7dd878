"""Pages that have to be waited for: several are read and written at once, and planned one after the other.

Planning keeps one core busy, and threads would only take turns at it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from snippetkit.errors import SnippetkitError
from snippetkit.files import FoundFile
from snippetkit.run.doors import OpenPage, PageWriter
from snippetkit.run.pages import Item, Outcome, Planner, RunOptions, Step, carry_out_step, passed_over, plan_step, told

_Read = tuple[FoundFile, Future[OpenPage | Outcome]]
_Done = Outcome | Future[Outcome]


def work_ahead(
    planner: Planner, options: RunOptions, writer: PageWriter[Any], items: Iterable[Item], at_once: int
) -> Iterator[Outcome]:
    """Work on files, several at a time, and yield an outcome for each, in order; no file's error stops the others.

    Raises:
        SnippetkitError: what ends the run, such as a store that does not answer; each page is then as it was, or
            changed as planned, and the outcomes of those that were changed have been yielded.
    """
    with _threads(at_once, options.door.end) as start:
        window = _Window(planner, options, writer, start)
        try:
            for item in items:
                window.take(item)
                yield from window.done(at_once)
            yield from window.done(0)
        except SnippetkitError:
            options.door.end()
            yield from window.written()
            raise


@contextmanager
def _threads(count: int, end: Callable[[], None]) -> Iterator[Callable[..., Future[Any]]]:
    """What starts a function in one of a number of threads; in the end, those that run finish, and no others begin."""
    pool = ThreadPoolExecutor(count)
    try:
        yield pool.submit
    except BaseException:
        end()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


class _Window:
    """The pages on their way: first they are read, then they are written."""

    def __init__(
        self, planner: Planner, options: RunOptions, writer: PageWriter[Any], start: Callable[..., Future[Any]]
    ) -> None:
        self._planner, self._options, self._writer, self._start = planner, options, writer, start
        self._reading: deque[Outcome | _Read] = deque()
        self._writing: deque[_Done] = deque()

    def take(self, item: Item) -> None:
        """Begin with a page."""
        if isinstance(item, Outcome) or passed_over(self._options, item):
            self._reading.append(passed_over(self._options, item) or Outcome(item.path, "skipped"))
        else:
            self._reading.append((item, self._start(self._read, item)))

    def done(self, most: int) -> Iterator[Outcome]:
        """Go on until no more than so many pages wait to be planned, and yield the outcomes that are there."""
        while len(self._reading) > most:
            self._writing.append(self._plan(self._reading.popleft()))
            yield from self._written(most)
        yield from self._written(most)

    def written(self) -> Iterator[Outcome]:
        """Wait for the pages that are being written, and yield the outcomes of those that were."""
        for done in self._writing:
            if isinstance(done, Outcome):
                yield done
            elif not done.exception():
                yield done.result()

    def _written(self, most: int) -> Iterator[Outcome]:
        while self._writing and (len(self._writing) > most or _is_there(self._writing[0])):
            first = self._writing.popleft()
            yield first if isinstance(first, Outcome) else first.result()

    def _read(self, file: FoundFile) -> OpenPage | Outcome:
        options = self._options
        return told(options, file, lambda: options.door.read(file, any_file=options.reads_all))

    def _plan(self, read: Outcome | _Read) -> _Done:
        if isinstance(read, Outcome):
            return read
        file, page = read[0], read[1].result()
        if isinstance(page, Outcome):
            return page
        step = told(self._options, file, lambda: plan_step(self._planner, self._options, file, page))
        if isinstance(step, Outcome):
            return step
        return self._start(self._write, file, page, step) if step.edits else step.outcome

    def _write(self, file: FoundFile, page: OpenPage, step: Step) -> Outcome:
        options, writer = self._options, self._writer
        return told(options, file, lambda: carry_out_step(options, writer, file, page, step))


def _is_there(done: _Done) -> bool:
    return isinstance(done, Outcome) or done.done()
