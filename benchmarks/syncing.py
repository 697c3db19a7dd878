"""A run of `snippetkit sync` that changes nothing, beside one of `inject` on the same pages, in turn, on a RAM disk.

    python benchmarks/syncing.py [--pages N] [--rounds N] [--jobs N]

Each is a whole process, start-up included. The pages are made here: from 1 to 40 KB, as most are, in folders of a
hundred. `sync` has one rule for all of them, looks on each for code to prune, and holds an export file against what it
should be; `inject` puts in the same code, with rules and without.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

from measuring import HERE, Bench, Command, Pages, Step, bench, machine, print_goals, print_results

CODE = HERE.parent / "tests" / "cases" / "code" / "fp.html"
PIXEL_ID = "6009125095680"
SYNC, INJECT, RULES = "sync, no change", "inject, no change", "inject --pages, no change"
GOALS = [(SYNC, "at most", 1.1, INJECT), (SYNC, "at most", 1.1, RULES)]
PROJECT = """\
[pixels.checkout]
file = "fp.html"

[[sites]]
paths = ["work"]
rules = [{ page = "/**", pixel = "checkout", value = 1999, currency = "USD" }]

[[exports]]
format = "gtm"
file = "gtm.json"
"""


def make(folder: Path, count: int) -> Pages:
    """Write pages, the same each time."""
    chosen = random.Random(2026)
    size = 0
    for number in range(count):
        words = "".join(
            f"  <p>{chosen.randrange(10**9)} words and more words</p>\n" for _ in range(chosen.randrange(1000))
        )
        page = f"<!doctype html>\n<html>\n<head>\n  <title>{number}</title>\n</head>\n<body>\n{words}</body>\n</html>\n"
        path = folder / str(number // 100) / f"{number}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        size += path.write_text(page)
    return Pages(folder, count, size)


def steps(place: Bench, jobs: int) -> list[Step]:
    """Return the runs; the pages are brought to their state by the first of each round."""
    toml, rules = place.folder / "snippetkit.toml", place.folder / "rules.csv"
    toml.write_text(PROJECT)
    rules.write_text(f"page,pixel,value,currency\n/**,{PIXEL_ID},1999,USD\n")
    (place.folder / "fp.html").write_text(CODE.read_text("utf-8"))
    program = [sys.executable, "-m", "snippetkit"]
    ends = ["--jobs", str(jobs)]

    def inject(pages: Path, work: Path) -> Command:
        value = ["--value", "1999", "--currency", "USD"]
        return [*program, "--no-config", "inject", str(work), "--from-file", str(CODE), *value, *ends]

    def inject_rules(pages: Path, work: Path) -> Command:
        return [*program, "--no-config", "inject", str(work), "--from-file", str(CODE), "--pages", str(rules), *ends]

    def sync(pages: Path, work: Path) -> Command:
        return [*program, "--config", str(toml), "sync", *ends]

    first = Step("sync, first run", sync)
    return [
        first,
        *(Step(name, run, INJECT, "keep") for name, run in ((INJECT, inject), (RULES, inject_rules), (SYNC, sync))),
    ]


def main() -> None:
    """Print the table and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=12_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--jobs", type=int, default=1, metavar="N")
    options = parser.parse_args()
    print(machine(), flush=True)
    with bench() as place:
        pages = make(place.folder / "pages", options.pages)
        results = place.take_turns(steps(place, options.jobs), pages, pages, options.rounds)
        print(f"\n{pages.count:,} pages, {pages.size / 1e6:,.0f} MB, {options.rounds} rounds in turn.\n")
        print_results(results)
        print_goals(results, GOALS)


if __name__ == "__main__":
    main()
