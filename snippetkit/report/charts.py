"""Pictures of a report's numbers: bars with their names and numbers, for those who would rather look than read.

They are drawn by drawsvg, which need not be installed; a report without it has the same numbers as text. A picture is
an image of its own, which asks for nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from importlib.util import find_spec
from typing import NamedTuple

from snippetkit.report.writing import visible

_MOST_BARS = 20
_LONGEST_NAME = 40
_WIDTH, _ROW, _HEAD, _BAR_HEIGHT, _MARGIN = 720, 30, 44, 20, 12
_CHARACTER = 8.6  # a wide one's width
_FONT = {"font_family": "system-ui, sans-serif", "fill": "#1b1d21"}
_PAPER, _BAR = "#ffffff", "#0b4fc0"


class Bar(NamedTuple):
    """What is counted, and how many there are."""

    name: str
    number: int


class Chart(NamedTuple):
    """A picture, as a data URI, with its size in pixels, and all that it shows as text."""

    title: str
    uri: str
    width: int
    height: int
    text: str


def can_draw() -> bool:
    """Whether what draws pictures is installed."""
    return find_spec("drawsvg") is not None


def draw(title: str, bars: Sequence[Bar]) -> Chart | None:
    """Return a picture of bars, the longest first, None where there are none or nothing draws.

    The same bars give the same bytes.

    Args:
        title: what is counted.
        bars: of more than twenty, the rest is one bar together.
    """
    shown = _shown(bars)
    if not shown or not can_draw():
        return None
    height = _HEAD + _ROW * len(shown) + _MARGIN
    uri = f"data:image/svg+xml;base64,{base64.b64encode(_draw(title, shown, height).encode()).decode()}"
    return Chart(title, uri, _WIDTH, height, ", ".join(f"{bar.name}: {bar.number}" for bar in shown))


def _shown(bars: Sequence[Bar]) -> list[Bar]:
    longest = sorted(bars, key=lambda bar: -bar.number)
    rest = longest[_MOST_BARS - 1 :] if len(longest) > _MOST_BARS else []
    first = longest[: len(longest) - len(rest)]
    others = [Bar(f"{len(rest)} others", sum(bar.number for bar in rest))] if rest else []
    return [Bar(_short(visible(bar.name)), bar.number) for bar in (*first, *others)]


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _draw(title: str, bars: Sequence[Bar], height: int) -> str:
    import drawsvg

    names = round(max(len(bar.name) for bar in bars) * _CHARACTER) + 2 * _MARGIN
    room = _WIDTH - names - _MARGIN - round(max(len(str(bar.number)) for bar in bars) * _CHARACTER) - _MARGIN
    most = max(bar.number for bar in bars) or 1
    drawing = drawsvg.Drawing(_WIDTH, height, id_prefix="")
    drawing.append(drawsvg.Rectangle(0, 0, _WIDTH, height, fill=_PAPER))
    drawing.append(drawsvg.Text(title, 16, _MARGIN, _HEAD - 18, font_weight="bold", **_FONT))
    for row, bar in enumerate(bars):
        top = _HEAD + row * _ROW
        length = max(1, round(room * bar.number / most)) if bar.number else 0
        middle = {"dominant_baseline": "central", **_FONT}
        drawing.append(drawsvg.Text(bar.name, 14, names - _MARGIN, top + _BAR_HEIGHT / 2, text_anchor="end", **middle))
        drawing.append(drawsvg.Rectangle(names, top, length, _BAR_HEIGHT, fill=_BAR))
        drawing.append(drawsvg.Text(str(bar.number), 14, names + length + 6, top + _BAR_HEIGHT / 2, **middle))
    svg: str = drawing.as_svg(header="")
    return svg
