"""Text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence


def printable(text: str) -> str:
    """Return the text on one line, with control characters shown and not sent: names and messages come from outside."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned columns, one line each."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)


def counted(count: int, name: str) -> str:
    """Return a number of things, as in `1 page` and `2 pages`."""
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
