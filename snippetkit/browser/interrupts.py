"""Ctrl-C, and what else ends a program, while a browser is at work: the run ends in order, and nothing swallows it."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

_Done = TypeVar("_Done")
_ENDING = ("SIGTERM", "SIGHUP")  # of a CI job that is cancelled, `timeout`, a terminal that is closed


@contextmanager
def heard() -> Iterator[None]:
    """Take what would end the program at once as `SystemExit`, with a shell's code for it, so that it is cleaned up."""
    there = [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]
    ours = [number for number in there if _is_main() and signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def run(runner: asyncio.Runner, work: Coroutine[Any, Any, _Done]) -> _Done:
    """Run this in the loop and return what it returns; Ctrl-C cancels it, and is raised when the loop has stopped.

    `asyncio.Runner` raises it in whatever is running once `work` is done, and what runs then may report and
    forget it. A second Ctrl-C is raised at once.

    Raises:
        KeyboardInterrupt: Ctrl-C came.
        SystemExit: something else came that `heard` takes.
    """
    ours = [number for number in signal.valid_signals() if _is_ours(number)]
    if not ours:
        return runner.run(work)
    loop = runner.get_loop()
    task, came = loop.create_task(work), list[int]()

    def interrupt(number: int, _: object) -> None:
        if came:
            _raise(number)
        came.append(number)
        task.cancel()
        loop.call_soon_threadsafe(lambda: None)  # wakes a loop that is waiting

    before = {number: signal.signal(number, interrupt) for number in ours}
    try:
        done = loop.run_until_complete(task)
    except asyncio.CancelledError:
        if not came:
            raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        _raise(came[0])
    return done


def _is_main() -> bool:
    """Whether this is the main thread, to which signals belong."""
    return threading.current_thread() is threading.main_thread()


def _is_ours(number: int) -> bool:
    """Whether nobody else handles a signal, such as the program that we are used in."""
    return _is_main() and signal.getsignal(number) in {signal.default_int_handler, _end}


def _end(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)


def _raise(number: int) -> NoReturn:
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    _end(number, None)
