"""`snippetkit inject` beside what else puts code into pages, all on the same real pages, in turn, on a RAM disk.

    python benchmarks/inject.py [--pages N] [--rounds N] [--jobs 1,2] [--skip PEER]... [--before BUILD]
    python benchmarks/inject.py --correct           pages that each tool damages, misplaces or leaves out
    python benchmarks/inject.py --small 300000      many small files
    python benchmarks/inject.py --million           memory from 10,000 to 1,000,000 files
    python benchmarks/inject.py --huge              one page of 500 MB
    python benchmarks/inject.py --locate            the scanner alone
    python benchmarks/inject.py --all               all of these

It needs cc, perl, apt-get and the extra `test`; Node is optional. The pages are those of Debian's documentation
packages (`corpus.py`), kept in a cache folder as the peers are. Each tool is timed as a whole process, start-up
included, on a fresh copy whose making is not timed. BeautifulSoup and the Node peers get a sample, once, and their
time is scaled by its bytes.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

import corpus
import correctness
import extremes
import locating
import tools
from builds import ROOT, build
from measuring import Bench, Pages, Step, bench, copy_pages, machine, need_room, print_goals, print_results

SCENARIOS = ("correct", "small", "million", "huge", "locate")

FIRST, SAME, CHECK, REMOVE = (f"snippetkit, 1 job: {what}" for what in ("first run", "no change", "--check", "remove"))
FIRST_TWO = "snippetkit, 2 jobs: first run"
GOALS = [
    (FIRST, "at most", 2.1, tools.INSERT),
    (FIRST_TWO, "at most", 1.0, tools.COPY),
    (FIRST, "at most", 1.6, "perl -i"),
    (SAME, "at most", 3.7, tools.READ),
    (CHECK, "at most", 3.7, tools.READ),
    (REMOVE, "at most", 2.2, tools.INSERT),
    (FIRST, "at most", 0.8, "lol-html (Python)"),
    ("parse5 rewriting stream", "at least", 50.0, FIRST),
    ("cheerio", "at least", 80.0, FIRST),
    ("BeautifulSoup", "at least", 200.0, FIRST),
]


def steps(place: Bench, jobs: list[int], skipped: list[str], before: Path | None = None) -> list[Step]:
    """Return all that is measured, but for what is skipped by a part of its name; also of the build `before`."""
    builds = [folder for folder in (ROOT, before) if folder]
    found = [*tools.floors(place)]
    found += [step for number in jobs for folder in builds for step in tools.snippetkit(number, folder)]
    found += [tools.perl(place), *tools.python_peers(place), *tools.node_peers(place), *tools.start_ups(place)]
    return [step for step in found if not any(part.lower() in step.name.lower() for part in skipped)]


def real_pages(place: Bench, count: int, sample: int) -> tuple[Pages, Pages]:
    """Put the real pages and the sample of them onto the RAM disk."""
    root = corpus.fetch()
    paths = corpus.pages(root)
    chosen = corpus.evenly(paths, count or len(paths))
    need_room(3 * sum(path.stat().st_size for path in chosen))
    everything = copy_pages(chosen, root, place.folder / "pages")
    return everything, copy_pages(corpus.evenly(chosen, sample), root, place.folder / "sample")


def compare(options: argparse.Namespace) -> None:
    """Print the table of all tools on the real pages, and the goals."""
    with bench() as place, build(options.before or str(ROOT)) as before:
        everything, sample = real_pages(place, options.pages, options.sample)
        found = steps(place, options.jobs, options.skip, before if options.before else None)
        results = place.take_turns(found, everything, sample, options.rounds)
        print(
            f"\n{everything.count:,} pages, {everything.size / 1e6:,.0f} MB, {options.rounds} rounds in turn. ", end=""
        )
        print(f"Scaled: once, {sample.count:,} pages, {sample.size / 1e6:,.1f} MB.")
        print("Peak memory is that of the largest process.\n")
        print_results(results)
        print_goals(results, GOALS)


def correct(options: argparse.Namespace) -> None:
    """Print what each tool does to the real pages and to the documents of html5lib's tests."""
    with bench() as place:
        everything, sample = real_pages(place, options.pages, options.sample)
        found = steps(place, options.jobs[:1], [*options.skip, "read", "cp -r", "2 processes", "start-up"])
        correctness.compare(place, found, everything, sample)


def numbers(text: str) -> list[int]:
    """Return the numbers of a list with commas."""
    return [int(number) for number in text.split(",")]


def arguments() -> argparse.Namespace:
    """Return the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=0, metavar="N", help="so many of the real pages; default: all")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--jobs", type=numbers, default=[1, 2], metavar="N,N")
    parser.add_argument("--sample", type=int, default=600, metavar="N", help="pages for the slow peers")
    parser.add_argument("--skip", action="append", default=[], metavar="PEER", help="part of a name in the table")
    parser.add_argument("--before", default="", metavar="BUILD", help="a build to measure too: its folder or a commit")
    parser.add_argument("--correct", action="store_true")
    parser.add_argument("--small", type=int, nargs="?", const=300_000, metavar="N")
    parser.add_argument("--million", type=int, nargs="?", const=1_000_000, metavar="N")
    parser.add_argument("--huge", type=int, nargs="?", const=500, metavar="MB")
    parser.add_argument("--locate", action="store_true")
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    if not tools.has("--jobs", "inject", "remove"):
        options.jobs = [1]
    return options


def main() -> None:
    """Run what the command line asks for."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the RAM disk is left empty
    options = arguments()
    print(machine(), flush=True)
    chosen = [name for name in SCENARIOS if options.all or getattr(options, name)]
    if options.all or not chosen:
        compare(options)
    if "correct" in chosen:
        correct(options)
    if "small" in chosen:
        extremes.small(options.small or 300_000, options.jobs, options.rounds)
    if "million" in chosen:
        extremes.million(options.million or 1_000_000, options.jobs)
    if "huge" in chosen:
        extremes.huge(options.huge or 500)
    if "locate" in chosen:
        locating.locate(corpus.pages(corpus.fetch()))


if __name__ == "__main__":
    main()
