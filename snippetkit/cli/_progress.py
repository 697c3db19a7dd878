"""One line on stderr that says how far a command is, on a terminal only, from the first moment on.

The bar is click's own: it is loaded in a tenth of the time that click itself takes, rich's in three quarters of it
(`benchmarks/README.md`), and needs no thread, beside which no process could be forked.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sized
from typing import TYPE_CHECKING, TypeVar

import click

from snippetkit.cli import _terminal
from snippetkit.cli._saying import loudness, say

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

_Item = TypeVar("_Item")
_REDRAW_S = 0.1
_BAR_WIDTH = 30
_BESIDE_THE_BAR = 40
_SLOW = (
    "the machine is slow: a page takes {:.0f} times as long as it should, so limits are longer, and fewer pages are "
    "loaded at once"
)


def show_step(text: str) -> None:
    """Draw a line that says what is being done, where it cannot be counted, until the next text takes its place."""
    if loudness() >= 0 and _terminal.can_draw():
        _terminal.make_way()
        _terminal.draw()  # first, lest Ctrl-C come in between and the line stay
        click.echo(f"{text} ..."[: _columns() - 1], nl=False, err=True)


class Line:
    """How many of some things are done: a `work.Progress`.

    Args:
        name: what one of them is called.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._total: int | None = None
        self._done = self._drawn = 0
        self._drawn_at = 0.0
        self._bar: ProgressBar[int] | None = None

    def begin(self, total: int | None = None) -> None:
        """Draw the line; `total` is how many there will be, None where that is not known."""
        self._total = total
        if loudness() >= 0 and _terminal.can_draw():
            self._bar = click.progressbar(
                iter(int, 1) if total is None else None,  # of an end that nobody knows
                length=total,
                bar_template="[%(bar)s] %(info)s",
                empty_char="-",
                show_percent=False,
                item_show_func=lambda _: self._told(),
                file=sys.stderr,
                width=max(0, min(_BAR_WIDTH, _columns() - _BESIDE_THE_BAR)),
            )
            self._draw()

    def advance(self) -> None:
        """Count one more, and show it, if that was not done just now."""
        self._done += 1
        if self._bar and time.monotonic() - self._drawn_at > _REDRAW_S:
            self._draw()

    def end(self) -> None:
        """Wipe the line."""
        self._bar = None
        _terminal.make_way()

    def say_slow(self, slowness: float) -> None:
        """Say that the machine is slow."""
        say(_SLOW.format(slowness))

    def _told(self) -> str:
        count = f"{self._done:,}" if self._total is None else f"{self._done:,} of {self._total:,}"
        return f"{count} {self._name}{'' if (self._done if self._total is None else self._total) == 1 else 's'}"

    def _draw(self) -> None:
        if self._bar and _terminal.can_draw():
            _terminal.draw()  # first, lest Ctrl-C come in between and the line stay
            self._bar.update(self._done - self._drawn)
            self._drawn, self._drawn_at = self._done, time.monotonic()
            self._bar.render_progress()


def shown(name: str, items: Iterable[_Item]) -> Iterator[_Item]:
    """Yield each of the items, and draw how many are done, of how many where that is known.

    Args:
        name: what one of them is called.
        items: what is worked on.
    """
    line = Line(name)
    line.begin(len(items) if isinstance(items, Sized) else None)
    for item in items:
        yield item
        line.advance()
    line.end()


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
