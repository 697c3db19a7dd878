"""Ctrl-C while a loop is running: it is raised behind the loop, where nothing that the loop runs can swallow it."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from snippetkit.browser import interrupts


@pytest.fixture(autouse=True)
def _of_a_terminal() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _ctrl_c(raised: list[BaseException]) -> None:
    """What swallows all that is raised in it, as a listener may."""
    try:
        signal.raise_signal(signal.SIGINT)
    except BaseException as error:
        raised.append(error)


def test_a_listener_cannot_swallow_it_when_the_work_is_done() -> None:
    raised = list[BaseException]()

    async def work() -> None:
        asyncio.get_running_loop().call_soon(_ctrl_c, raised)

    with asyncio.Runner() as runner, pytest.raises(KeyboardInterrupt):
        interrupts.run(runner, work())
    assert raised == []


def test_it_cancels_the_work_which_ends_in_order() -> None:
    raised, ended = list[BaseException](), list[str]()

    async def work() -> None:
        asyncio.get_running_loop().call_later(0.01, _ctrl_c, raised)
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            ended.append("in order")

    with asyncio.Runner() as runner, pytest.raises(KeyboardInterrupt):
        interrupts.run(runner, work())
    assert (raised, ended) == ([], ["in order"])


def test_a_second_one_is_raised_at_once() -> None:
    raised = list[BaseException]()

    async def work() -> None:
        _ctrl_c(raised)
        _ctrl_c(raised)
        await asyncio.sleep(0)

    with asyncio.Runner() as runner, pytest.raises(KeyboardInterrupt):
        interrupts.run(runner, work())
    assert [type(error) for error in raised] == [KeyboardInterrupt]


def test_a_cancellation_that_is_no_ctrl_c_stays_one() -> None:
    async def work() -> None:
        raise asyncio.CancelledError

    with asyncio.Runner() as runner, pytest.raises(asyncio.CancelledError):
        interrupts.run(runner, work())


async def _answer() -> int:
    await asyncio.sleep(0)
    return 42


def test_a_handler_of_the_program_around_us_is_left_alone() -> None:
    came = list[int]()
    signal.signal(signal.SIGINT, lambda number, _: came.append(number))

    async def work() -> int:
        signal.raise_signal(signal.SIGINT)
        return await _answer()

    with asyncio.Runner() as runner:
        assert interrupts.run(runner, work()) == 42
    assert came == [signal.SIGINT]


def test_a_thread_has_no_signals() -> None:
    answers = list[int]()

    def run() -> None:
        with asyncio.Runner() as runner:
            answers.append(interrupts.run(runner, _answer()))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert answers == [42]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_what_else_ends_a_program_lets_the_work_end_in_order(name: str) -> None:
    number, ended = getattr(signal, name), list[str]()

    async def work() -> None:
        asyncio.get_running_loop().call_later(0.01, signal.raise_signal, number)
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("in order")

    with _set(number, signal.SIG_DFL):
        with pytest.raises(SystemExit) as raised, interrupts.heard(), asyncio.Runner() as runner:
            interrupts.run(runner, work())
        assert (raised.value.code, ended) == (128 + number, ["in order"])
        with pytest.raises(SystemExit), interrupts.heard():
            signal.raise_signal(number)
        assert signal.getsignal(number) is signal.SIG_DFL


def test_under_nohup_a_closed_terminal_ends_nothing() -> None:
    with _set(signal.SIGHUP, signal.SIG_IGN), interrupts.heard():
        signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


@contextmanager
def _set(number: int, handler: signal.Handlers) -> Iterator[None]:
    """Whatever started the tests, such as `nohup`, a signal has this handler."""
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)


def test_without_ctrl_c_the_answer_is_returned() -> None:
    with asyncio.Runner() as runner:
        assert interrupts.run(runner, _answer()) == 42
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
