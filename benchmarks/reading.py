"""Reading snippets beside BeautifulSoup alone: one snippet of 700 bytes, and a page of 100 kB with one in it.

BeautifulSoup with html.parser only makes its tree of the same text; it reads no JavaScript. Each text is read in turn
by all, in one process, and the best and the median of the rounds are printed with their ratio to ours.

    python benchmarks/reading.py [ROUNDS]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup

from snippetkit import lint, snippets

CODE = (Path(__file__).parent.parent / "tests" / "cases" / "code" / "fbds.html").read_text("utf-8")
ROW = '<div class="row"><h2>A box of tea</h2><p>It leaves <a href="/house?a=1&amp;b=2">here</a> tomorrow.</p></div>\n'


def page(characters: int) -> str:
    """A page of about so many characters, with the code in the middle of its body."""
    rows = ROW * ((characters - len(CODE)) // len(ROW) // 2)
    return f"<!doctype html>\n<html><head><title>Tea</title></head>\n<body>\n{rows}{CODE}{rows}</body></html>\n"


READERS: dict[str, Callable[[str], object]] = {
    "snippetkit, snippets.read": snippets.read,
    "snippetkit, parse and lint": lambda text: lint.find(snippets.parse(text)),
    "BeautifulSoup, html.parser, tree only": lambda text: BeautifulSoup(text, "html.parser"),
}


def seconds(read: Callable[[str], object], text: str, repeats: int) -> float:
    """How long one reading takes, over some repeats."""
    start = time.perf_counter()
    for _ in range(repeats):
        read(text)
    return (time.perf_counter() - start) / repeats


def main(rounds: int) -> None:
    """Print a table for each text."""
    for name, text, repeats in (("one snippet", CODE, 100), ("a page with one", page(100_000), 3)):
        assert len(snippets.read(text)) == 1
        times: dict[str, list[float]] = {reader: [] for reader in READERS}
        for _ in range(rounds):
            for reader, read in READERS.items():
                times[reader].append(seconds(read, text, repeats))
        ours = statistics.median(times["snippetkit, snippets.read"])
        print(f"\n{name}, {len(text.encode()):,} bytes")
        for reader, found in times.items():
            best, median = min(found) * 1e6, statistics.median(found) * 1e6
            print(f"  {reader:38}  best {best:8,.0f} us  median {median:8,.0f} us  {median / ours / 1e6:6.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
