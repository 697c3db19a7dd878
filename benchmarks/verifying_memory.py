"""How much memory `snippetkit verify` holds as it goes on, its own and its browser's.

    python benchmarks/verifying_memory.py [--pages 2000] [--megabytes 0] [--no-js] [--browser PROGRAM]

The pages are small, or filled up with a text to so many megabytes each. Every half second both are looked at: what this
program's process has in memory, and the browser's processes together, each shared page of memory counted once (PSS). A
line is printed for each tenth of the pages, with the most that there was while they were looked at. Linux alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from measuring import below, memory, print_table
from verifying import write

from snippetkit.work.browsing import find_browser

_EVERY_S = 0.5
_PARTS = 10
_KB_A_MB = 1024


def fill(site: Path, megabytes: int) -> None:
    """Put so much text at the end of each page."""
    text = b"<p>" + b"A long text. " * (megabytes * 1_000_000 // 13)
    for page in site.iterdir():
        page.write_bytes(page.read_bytes() + text)


class Watch(threading.Thread):
    """Keeps the most that was seen since it was asked last: the program's own, and its browser's."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._most = (0, 0)
        self._done = threading.Event()

    def run(self) -> None:
        """Look until the program has ended."""
        while not self._done.wait(_EVERY_S):
            browser = sum(memory(one, "Pss:", "smaps_rollup") for one in below(self._pid))
            own, most = memory(self._pid, "VmRSS:", "status"), self._most
            self._most = max(own, most[0]), max(browser, most[1])

    def take(self) -> tuple[int, int]:
        """Return the most so far, and begin anew."""
        most, self._most = self._most, (0, 0)
        return most

    def end(self) -> None:
        """Stop looking."""
        self._done.set()


def measure(command: list[str], pages: int) -> Iterator[list[str]]:
    """Yield a row for each part of the pages."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    watch = Watch(process.pid)
    watch.start()
    assert process.stdout
    told, parts = 0, max(pages // _PARTS, 1)
    for line in process.stdout:
        told += line.startswith(b"  {")
        if line.startswith(b"  {") and not told % parts:
            assert json.loads(line.rstrip(b",\n"))["fired"] is not None
            own, browser = watch.take()
            yield [f"{told:,}", f"{own / _KB_A_MB:.0f}", f"{browser / _KB_A_MB:.0f}"]
    watch.end()
    process.wait()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--megabytes", type=int, default=0)
    parser.add_argument("--no-js", action="store_true")
    parser.add_argument("--browser", default=find_browser())
    asked = parser.parse_args()
    if asked.browser is None:
        sys.exit("no Chromium here (Debian: apt install chromium-headless-shell)")
    with tempfile.TemporaryDirectory() as folder:
        site = write(Path(folder) / "site", asked.pages)
        fill(site, asked.megabytes)
        command = [sys.executable, "-m", "snippetkit", "verify", str(site), "--json", "--timeout", "60"]
        more = ["--browser", asked.browser, *(["--no-js"] if asked.no_js else [])]
        print_table(["visits", "own MB", "browser MB"], measure(command + more, asked.pages))


if __name__ == "__main__":
    main()
