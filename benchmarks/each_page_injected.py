"""What a page takes `inject` and `remove`, without their start: CPU microseconds in one process, best of rounds.

    python benchmarks/each_page_injected.py BEFORE.. [--pages N] [--rounds N] [--small N]

BEFORE are folders of builds, or commits; the last column is this build. The pages are those of `corpus.py`, on a RAM
disk, so many and twice as many: what is told is the difference of two runs in a process that has worked on pages
before. With `--small` they are pages of 2.5 kB, and `--index` is measured too, which all builds have to know. The
first rows are the programs in C, whole processes.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import corpus
import extremes
import tools
from builds import ROOT, build
from measuring import Bench, Pages, bench, copy_pages, machine, print_table, say

_RUN = """
import importlib, io, os, shutil, sys, time

code, index, rounds, work, *sites = sys.argv[1:]
commands = {name: importlib.import_module(f"snippetkit.cli.{name}").command for name in ("inject", "remove")}
insert = ["inject", "--from-file", code]
runs = {"first run": insert, "no change": insert, "--check": [*insert, "--check"], "remove": ["remove"]}
if index:
    runs = {"first run": insert, "no change": insert, "": [*insert, "--index"], "--index": [*insert, "--index"]}

def run(name, *options):
    kept, sys.stdout, sys.stderr = (sys.stdout, sys.stderr), *(io.TextIOWrapper(io.BytesIO()) for _ in range(2))
    begun = time.process_time()
    try:
        commands[name].main([*options, "--jobs", "1", work], standalone_mode=False)
    except SystemExit:
        pass
    finally:
        took = time.process_time() - begun
        sys.stdout, sys.stderr = kept
    return took

for number in range(int(rounds)):
    for site in sites:
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(site, work)
        for name, options in runs.items():
            if name in ("", "--index"):
                time.sleep(0 if name else 2.5)  # younger pages are not listed
            took = run(*options)
            if number and name:
                print(site, name, took, sep="\\t")
"""


def measured(folder: Path, place: Bench, sites: list[Pages], rounds: int, *, is_indexed: bool) -> dict[str, float]:
    """Return what a page takes a build, for each kind of run."""
    env = ["env", f"PYTHONPATH={folder}", f"XDG_CACHE_HOME={place.folder / 'cache'}", "python", "-P", "-c", _RUN]
    index = "yes" if is_indexed else ""
    command = [*env, str(tools.CODE), index, str(rounds + 1), str(place.work), *(str(one.folder) for one in sites)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    say(f"{folder}")
    least: dict[tuple[str, str], float] = {}
    for site, name, took in (line.split("\t") for line in ran.stdout.splitlines()):
        least[site, name] = min(float(took), least.get((site, name), float(took)))
    return _differences(least, sites)


def floors(place: Bench, sites: list[Pages], rounds: int) -> dict[str, float]:
    """Return what a page takes the programs in C."""
    least: dict[tuple[str, str], float] = {}
    for step in (step for step in tools.floors(place) if step.name in (tools.READ, tools.INSERT)):
        for site in sites * rounds:
            place.prepare(site.folder, step.start)
            took = place.run(step.command(site.folder, place.work)).cpu_seconds
            key = str(site.folder), step.name
            least[key] = min(took, least.get(key, took))
    return _differences(least, sites)


def _differences(least: dict[tuple[str, str], float], sites: list[Pages]) -> dict[str, float]:
    few, many = sites
    return {
        name: (least[str(many.folder), name] - least[str(few.folder), name]) / (many.count - few.count) * 1e6
        for site, name in least
        if site == str(few.folder)
    }


def sites(place: Bench, options: argparse.Namespace) -> Iterator[Pages]:
    """Make the pages: so many, and twice as many."""
    for times in (1, 2):
        folder = place.folder / f"pages{times}"
        if options.small:
            yield extremes.generate(folder, times * options.small)
        else:
            root = corpus.fetch()
            yield copy_pages(corpus.evenly(corpus.pages(root), times * options.pages), root, folder)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", nargs="*")
    parser.add_argument("--pages", type=int, default=2000, metavar="N")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--small", type=int, default=0, metavar="N")
    options = parser.parse_args()
    print(machine(), flush=True)
    with bench() as place, ExitStack() as stack:
        builds = [*(stack.enter_context(build(one)) for one in options.before), ROOT]
        made = [*sites(place, options)]
        floor = floors(place, made, options.rounds)
        told = [measured(one, place, made, options.rounds, is_indexed=bool(options.small)) for one in builds]
    rows = [(name, *[f"{took:.1f}"] * len(builds)) for name, took in floor.items()]
    rows += [(name, *(f"{one[name]:.1f}" for one in told)) for name in told[0]]
    print_table(["microseconds", *options.before, "now"], rows)


if __name__ == "__main__":
    main()
