"""Ctrl-C while a browser is at work: it ends the run in order, and nothing on the way swallows it."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_Done = TypeVar("_Done")


def run(runner: asyncio.Runner, work: Coroutine[Any, Any, _Done]) -> _Done:
    """Run this in the loop and return what it returns; Ctrl-C cancels it, and is raised when the loop has stopped.

    `asyncio.Runner` raises it in whatever is running once `work` is done, and what runs then may report and
    forget it. A second Ctrl-C is raised at once.

    Raises:
        KeyboardInterrupt: Ctrl-C came.
    """
    if not _is_ctrl_c_ours():
        return runner.run(work)
    loop = runner.get_loop()
    task, came = loop.create_task(work), list[int]()

    def interrupt(number: int, _: object) -> None:
        if came:
            raise KeyboardInterrupt
        came.append(number)
        task.cancel()
        loop.call_soon_threadsafe(lambda: None)  # wakes a loop that is waiting

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        done = loop.run_until_complete(task)
    except asyncio.CancelledError:
        if not came:
            raise
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt
    return done


def _is_ctrl_c_ours() -> bool:
    """Whether nobody else handles it: signals belong to the main thread, and to the program that we are used in."""
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler


@contextmanager
def kept_off() -> Iterator[None]:
    """Shield what is started here from Ctrl-C, which a terminal sends to all processes: we end it in order."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
