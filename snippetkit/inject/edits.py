"""Edits: making them, and finding those between two versions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from snippetkit.model import Edit


def apply(data: bytes, edits: Sequence[Edit]) -> bytes:
    """Return the page with the edits made; they are in order and do not overlap."""
    pieces, at = [], 0
    for edit in edits:
        pieces += [data[at : edit.start], edit.new]
        at = edit.end
    return b"".join([*pieces, data[at:]])


def difference(before: bytes, after: bytes) -> list[Edit]:
    """Return the one edit that turns `before` into `after`, none where they are equal."""
    if before == after:
        return []
    shorter = min(len(before), len(after))
    start = bisect_left(range(shorter), True, key=lambda size: before[: size + 1] != after[: size + 1])
    rest = shorter - start
    same = bisect_left(range(rest), True, key=lambda size: before[-size - 1 :] != after[-size - 1 :])
    return [Edit(start, len(before) - same, after[start : len(after) - same])]
