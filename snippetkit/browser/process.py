"""The browser's process: it is started with two pipes, through which it is driven, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from snippetkit.browser.devtools import DevToolsError, Session, Wire
from snippetkit.browser.surroundings import needed
from snippetkit.errors import SettingError

_GET_CHROMIUM = "name another program with --browser (Debian: apt install chromium-headless-shell)"
_ENDING_S = 5.0
_STEP_S = 0.02
_CHUNK = 1 << 16
_ABOVE = 10  # the browser takes its pipes as 3 and 4, so none of ours may have such a number


@asynccontextmanager
async def running(executable: str, switches: Sequence[str], *, is_live: bool) -> AsyncIterator[Session]:
    """Start a browser with a new profile, and end it; it ends by itself where this program is ended.

    Raises:
        SettingError: the program cannot be started.
    """
    with TemporaryDirectory(prefix="snippetkit-", ignore_cleanup_errors=True) as profile:
        (theirs_in, ours_out), (ours_in, theirs_out) = _pipe(), _pipe()
        try:
            command = [executable, *switches, f"--user-data-dir={profile}", "--no-startup-window"]
            process = _start(command, needed(is_live=is_live), theirs_in, theirs_out)
        except OSError as error:
            os.close(ours_in)
            os.close(ours_out)
            raise no_browser(executable) from error
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        async with _connected(ours_in, ours_out) as browser:
            try:
                yield browser
            finally:
                await _end(browser, process)


def no_browser(executable: str) -> SettingError:
    """Return what is said of a program that does not start as a browser."""
    return SettingError(f"{executable} does not start as a browser", hint=_GET_CHROMIUM)


def _pipe() -> tuple[int, int]:
    """Two ends with high numbers, which no other process gets."""
    if sys.platform == "win32":
        return os.pipe()
    from fcntl import F_DUPFD_CLOEXEC, fcntl

    ends = os.pipe()
    high = tuple(fcntl(end, F_DUPFD_CLOEXEC, _ABOVE) for end in ends)
    for end in ends:
        os.close(end)
    return high[0], high[1]


def _start(command: list[str], environment: dict[str, str], take: int, give: int) -> Callable[[bool], bool]:
    """Start the process; what is returned says whether it has ended, and ends it if that is asked for."""
    if sys.platform == "win32":
        return _start_on_windows(command, environment, take, give)
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    pipes = [(os.POSIX_SPAWN_DUP2, take, 3), (os.POSIX_SPAWN_DUP2, give, 4)]
    # A group of its own: Ctrl-C is not for the browser, which is ended in order.
    pid = os.posix_spawn(
        command[0], [*command, "--remote-debugging-pipe"], environment, file_actions=[*nowhere, *pipes], setpgroup=0
    )
    ended = list[bool]()

    def has_ended(is_killed: bool) -> bool:
        if is_killed:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        if not ended:
            with suppress(ChildProcessError):
                if os.waitpid(pid, 0 if is_killed else os.WNOHANG)[0] == 0:
                    return False
            ended.append(True)
        return True

    return has_ended


def _start_on_windows(
    command: list[str], environment: dict[str, str], take: int, give: int
) -> Callable[[bool], bool]:  # pragma: no cover
    import subprocess

    windows: Any = subprocess  # what it has on Windows alone
    handles = [__import__("msvcrt").get_osfhandle(end) for end in (take, give)]
    for handle in handles:
        os.set_handle_inheritable(handle, True)  # type: ignore[attr-defined]
    startup = windows.STARTUPINFO(lpAttributeList={"handle_list": handles})
    pipes = ["--remote-debugging-pipe", f"--remote-debugging-io-pipes={handles[0]},{handles[1]}"]
    nowhere = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    process = windows.Popen([*command, *pipes], env=environment, startupinfo=startup, **nowhere)

    def has_ended(is_killed: bool) -> bool:
        if is_killed:
            process.kill()
            process.wait()
        return process.poll() is not None

    return has_ended


@asynccontextmanager
async def _connected(ours_in: int, ours_out: int) -> AsyncIterator[Session]:
    """Read what comes, until the end; the browser always reads, so what is written need not wait."""
    wire = Wire(lambda message: _write(ours_out, message))
    loop = asyncio.get_running_loop()

    def hear(chunk: bytes) -> bool:
        if chunk:
            wire.hear(chunk)
        else:
            wire.hang_up()
        return bool(chunk) and wire.is_open

    if sys.platform == "win32":
        _read_in_a_thread(ours_in, lambda chunk: loop.call_soon_threadsafe(hear, chunk))
    else:
        loop.add_reader(ours_in, lambda: hear(os.read(ours_in, _CHUNK)) or loop.remove_reader(ours_in))
    try:
        yield Session(wire)
    finally:
        os.close(ours_out)
        if sys.platform != "win32":
            loop.remove_reader(ours_in)
            os.close(ours_in)


def _write(end: int, message: bytes) -> None:
    rest = memoryview(message)
    while rest:
        try:
            rest = rest[os.write(end, rest) :]
        except BrokenPipeError:  # its end is heard, too
            return


def _read_in_a_thread(end: int, hear: Callable[[bytes], object]) -> None:  # pragma: no cover
    def read() -> None:
        chunk = b"-"
        with suppress(RuntimeError):  # the loop is closed
            while chunk:
                with suppress(OSError):
                    chunk = b""
                    chunk = os.read(end, _CHUNK)
                hear(chunk)
        os.close(end)

    Thread(target=read, daemon=True).start()


async def _end(browser: Session, has_ended: Callable[[bool], bool]) -> None:
    """Ask it to end, wait for that, and end what is left."""
    with suppress(DevToolsError):
        browser.tell("Browser.close")
    loop = asyncio.get_running_loop()
    ends = loop.time() + _ENDING_S
    while not has_ended(False) and loop.time() < ends:
        with suppress(TimeoutError):
            async with asyncio.timeout(_STEP_S):
                await browser.wire.ended.wait()
        await asyncio.sleep(_STEP_S)
    has_ended(True)
