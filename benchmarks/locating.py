"""The scanner alone: `snippetkit.html.find_anchors` over pages in memory, and over what was made to be slow."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from measuring import print_table, say

from snippetkit.errors import PageRefusedError
from snippetkit.html import find_anchors

HOSTILE_BYTES = 1_000_000
PATIENCE_SECONDS = 20
START = b"<!doctype html><html><head>"
HOSTILE: dict[str, Callable[[int], bytes]] = {
    "<template>, many <!--": lambda size: START + b"<template>" + b"<!--" * (size // 4),
    "<template>, many <!-- -->": lambda size: START + b"<template>" + b"<!-- -->" * (size // 8),
    "many <template>": lambda size: START + b"<template>" * (size // 10),
    "many <template></p>": lambda size: START + b"<template></p>" * (size // 14),
    "many <template><title>x</title>": lambda size: START + b"<template><title>x</title>" * (size // 26),
    "many <template></template>": lambda size: START + b"<template></template>" * (size // 21),
    "many </template>": lambda size: START + b"</template>" * (size // 11),
    "many </p>": lambda size: START + b"</p>" * (size // 4),
    "many <noscript><p></noscript>": lambda size: START + b"<noscript><p></noscript>" * (size // 24),
    "many <script></script>": lambda size: START + b"<script></script>" * (size // 17),
    "many <script><!--<script>": lambda size: START + b"<script><!--<script>" * (size // 20),
    "<script>, many <!--": lambda size: START + b"<script>" + b"<!--" * (size // 4),
    "many <noscript><!--": lambda size: START + b"<noscript><!--" * (size // 14),
    "many <noscript>": lambda size: START + b"<noscript>" * (size // 10),
    "many <title>": lambda size: START + b"<title>" * (size // 7),
    "many <style></style": lambda size: START + b"<style></style" * (size // 14),
    "many unterminated attributes": lambda size: START + b'<meta a="b ' * (size // 11),
    "one tag, many attributes": lambda size: START + b"<meta " + b"a=b " * (size // 4),
    "one tag, many names and spaces": lambda size: START + b"<meta " + b"a " * (size // 2),
    "one attribute, many spaces": lambda size: START + b"<meta a" + b" " * size,
    "many <": lambda size: START + b"<" * size,
    "many </": lambda size: START + b"</" * (size // 2),
    "many <!": lambda size: START + b"<!" * (size // 2),
    "many <!-- without an end": lambda size: START + b"<!--" * (size // 4),
    "many -- in a comment": lambda size: START + b"<!--" + b"--!" * (size // 3),
    "many <meta>": lambda size: START + b"<meta>" * (size // 6),
    "many <meta charset=utf-8>": lambda size: START + b"<meta charset=utf-8>" * (size // 20),
    "many newlines": lambda size: START + b"\r\n" * (size // 2),
    "many {{ and <%": lambda size: START + b"{{<%" * (size // 4),
}


def locate(paths: list[Path]) -> None:
    """Print microseconds a page over the pages, and nanoseconds a byte over the hostile ones."""
    _print_pages(paths)
    rows = []
    for name, make in HOSTILE.items():
        say(name)
        rows.append([name, *_hostile_cells(make)])
    print(f"\nfind_anchors on hostile input of {HOSTILE_BYTES:,} bytes, and of a sixteenth of it: nanoseconds a byte\n")
    print_table(["", "1/16", "all", "answer"], rows)


def _hostile_cells(make: Callable[[int], bytes]) -> list[str]:
    part = _seconds(make(HOSTILE_BYTES // 16), 3)[0]
    cell = f"{part / HOSTILE_BYTES * 16e9:,.1f}"
    if part * 256 > PATIENCE_SECONDS:  # what is quadratic would take that long on all
        return [cell, "not waited for", ""]
    whole, answer = _seconds(make(HOSTILE_BYTES), 3)
    return [cell, f"{whole / HOSTILE_BYTES * 1e9:,.1f}", answer]


def _print_pages(paths: list[Path]) -> None:
    taken, refused = [], 0
    for path in paths:
        seconds, answer = _seconds(path.read_bytes(), 3)
        taken.append(seconds * 1e6)
        refused += answer.startswith("refused")
    points = statistics.quantiles(taken, n=100)
    cells = [f"{len(paths):,}", f"{refused:,}", *(f"{points[at - 1]:.1f}" for at in (50, 90, 99)), f"{max(taken):.0f}"]
    print("\nfind_anchors on the real pages, in memory, best of 3 each: microseconds a page\n")
    print_table(["pages", "refused", "median", "90%", "99%", "most"], [cells])


def _seconds(page: bytes, repeats: int) -> tuple[float, str]:
    """Return the least seconds of some calls, and the answer in words."""
    best, answer = float("inf"), "found"
    for _ in range(repeats):
        start = time.perf_counter()
        try:
            find_anchors(page)
        except PageRefusedError as error:
            answer = f"refused: {error}"[:60]
        best = min(best, time.perf_counter() - start)
    return best, answer
