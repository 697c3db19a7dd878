"""What a page takes the commands that only read, without their start: CPU microseconds in one process, best of rounds.

    python benchmarks/each_page.py BEFORE.. [--pages N] [--rounds N]

BEFORE are folders of builds, or commits; the last column is this build. The pages are those of `commands.py`. A process
has worked on the first pages of a site before it is measured, so that what it loads at first use is there.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from builds import ROOT, build
from commands import COMMANDS, sites
from measuring import bench, machine, print_table, say

_RUN = """
import importlib, inspect, io, sys, time

def run(paths):
    kept, sys.stdout, sys.stderr = (sys.stdout, sys.stderr), *(io.TextIOWrapper(io.BytesIO()) for _ in range(2))
    try:
        command.main([*jobs, *paths], standalone_mode=False)
    finally:
        sys.stdout, sys.stderr = kept

name, site, rounds, *first = sys.argv[1:]
command = importlib.import_module(f"snippetkit.cli.{name}").command
jobs = ["--jobs", "1"] if any("--jobs" in one.opts for one in command.params) else []
run(first)
best = float("inf")
for _ in range(int(rounds)):
    begun = time.process_time()
    run([site])
    best = min(best, time.process_time() - begun)
print(best)
"""


def microseconds(folder: Path, name: str, site: Path, rounds: int) -> float:
    """Return what a page of a site takes a build."""
    paths = sorted(site.rglob("*.html"))
    python = ["env", f"PYTHONPATH={folder}", "python", "-P", "-c", _RUN, name, str(site), str(rounds)]
    ran = subprocess.run([*python, *map(str, paths[:3])], capture_output=True, text=True, check=True)
    say(f"{site.name}: {name}")
    return float(ran.stdout) / len(paths) * 1e6


def rows(builds: list[Path], site: Path, rounds: int) -> Iterator[tuple[str, ...]]:
    """A row for each command."""
    for name in COMMANDS:
        yield site.name, name, *(f"{microseconds(one, name, site, rounds):,.0f}" for one in builds)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", nargs="+")
    parser.add_argument("--pages", type=int, default=800)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with ExitStack() as stack:
        builds = [*(stack.enter_context(build(one)) for one in given.before), ROOT]
        place = stack.enter_context(bench())
        print(f"{machine()} {given.pages:,} pages, a fourth of them with code.\n")
        found = [row for site in sites(place.folder, given.pages) for row in rows(builds, site, given.rounds)]
        print_table(("pages", "command", *given.before, "now"), found)


if __name__ == "__main__":
    main()
