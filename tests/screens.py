"""A real terminal: what a command line draws there, and what is left to be seen."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PROGRAM = "from snippetkit.cli import main; main()"
_LONGEST_S = 120.0  # what never draws is a failure, and not a run that stands still
_STEPS = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\r|\n|[^\x1b\r\n]+")


class Screen:
    """A command line on a terminal; what goes to its stdin is up to the test."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self.process = process
        self._descriptor = descriptor
        self.drawn = b""

    def wait_for(self, text: bytes) -> None:
        """Read until a text has been drawn."""
        while text not in self.drawn:
            assert self._read(), self.drawn

    def end(self, to_stdin: bytes = b"") -> int:
        """Give the rest of stdin, read all that is drawn, and return the exit code."""
        if self.process.stdin:
            self.process.stdin.write(to_stdin)
            self.process.stdin.close()
        while self._read():
            pass
        return self.process.wait()

    def type(self, text: bytes) -> None:
        """Type into a terminal that has a keyboard."""
        os.write(self._descriptor, text)

    def _read(self) -> bytes:
        assert select.select([self._descriptor], [], [], _LONGEST_S)[0], self.drawn
        try:
            more = os.read(self._descriptor, 65536)
        except OSError:  # nobody has the terminal open any more
            return b""
        self.drawn += more
        return more

    @property
    def is_cursor_shown(self) -> bool:
        return self.drawn.rfind(b"\x1b[?25l") <= self.drawn.rfind(b"\x1b[?25h")

    @property
    def lines(self) -> list[str]:
        """What a person sees in the end, without the colours."""
        rows, column = [""], 0
        for step in _STEPS.findall(self.drawn):
            if step == b"\r":
                column = 0
            elif step == b"\n":
                rows.append("")
                column = 0
            elif step == b"\x1b[K":
                rows[-1] = rows[-1][:column]
            elif not step.startswith(b"\x1b"):
                text = step.decode()
                rows[-1] = rows[-1][:column] + text + rows[-1][column + len(text) :]
                column += len(text)
        return [row.rstrip() for row in rows[: -1 if not rows[-1] else None]]


def read_rest(ours: int) -> bytes:
    """What was written to a terminal whose other end nobody has any more."""
    written = b""
    with suppress(OSError):  # Linux says so at the end
        while piece := os.read(ours, 65536):
            written += piece
    os.close(ours)
    return written


@contextmanager
def on_screen(
    *args: str, out: int | None = None, has_keyboard: bool = False, program: str = _PROGRAM, **environment: str
) -> Iterator[Screen]:
    """Start snippetkit on a terminal, with a stdin that stays open; `out` is another stdout.

    With `has_keyboard` stdin is the terminal too.
    """
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", program, *args],
        stdin=theirs if has_keyboard else subprocess.PIPE,
        stdout=theirs if out is None else out,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **environment},
        start_new_session=True,
    ) as process:
        os.close(theirs)
        try:
            yield Screen(process, ours)
        finally:
            process.kill()
            os.close(ours)
