"""The commands that only read, on a folder of pages, beside an earlier build: CPU seconds of whole processes, in turn.

    git worktree add /tmp/before 7e9ba3a
    python benchmarks/commands.py /tmp/before FOLDER.. [--rounds 5]

Without folders it is the Debian pages of `corpus.py`, half of them with each code of `tests/cases/code` in the head.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from corpus import evenly, fetch, pages
from measuring import machine, print_table

ROOT = Path(__file__).parent.parent
COMMANDS = ("lint", "inspect", "status", "csp")
COUNT = 400


def cpu_seconds(build: Path, command: str, folder: Path) -> float:
    """The CPU seconds of a command of a build on a folder, of all its processes together."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(build)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([sys.executable, "-m", "snippetkit", command, folder], env=environment, check=False, **quiet)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def make_folders(target: Path) -> Iterator[Path]:
    """Copy real pages, and as many with code in their heads, each into a folder."""
    chosen = evenly(pages(fetch()), COUNT)
    codes = [path.read_bytes() for path in sorted((ROOT / "tests" / "cases" / "code").glob("*.html"))]
    for name, is_told in (("clean", False), ("with code", True)):
        folder = target / name
        folder.mkdir()
        for number, page in enumerate(chosen):
            code = codes[number % len(codes)] if is_told else b""
            (folder / f"{number}.html").write_bytes(page.read_bytes().replace(b"</head", code + b"</head", 1))
        yield folder


def rows(before: Path, folders: list[Path], rounds: int) -> Iterator[tuple[str, ...]]:
    """A row for each folder and command: the medians of both builds, and their ratio."""
    for folder in folders:
        for command in COMMANDS:
            measured: dict[Path, list[float]] = {before: [], ROOT: []}
            for _ in range(rounds):
                for build, seconds in measured.items():
                    seconds.append(cpu_seconds(build, command, folder))
            then, now = map(statistics.median, measured.values())
            yield folder.name, command, f"{then:.2f}", f"{now:.2f}", f"{now / then:.2f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    target = Path(tempfile.mkdtemp(prefix="snippetkit-commands-"))
    try:
        folders = given.folders or [*make_folders(target)]
        print(f"{machine()}\n")
        print_table(("pages", "command", "before, CPU s", "now", "ratio"), rows(given.before, folders, given.rounds))
    finally:
        shutil.rmtree(target)


if __name__ == "__main__":
    main()
