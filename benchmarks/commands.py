"""The commands that only read, beside an earlier build and what nobody can go below: whole processes, in turn.

    python benchmarks/commands.py BEFORE [--pages N] [--rounds N] [--jobs N]

BEFORE is the folder of a build or a commit, 7e9ba3a for example, which knew the five dialects of one platform. The
pages are those of `corpus.py`, on a RAM disk: without code, with the code that BEFORE knew in each head, with that of
every platform in turn, and a site of which a quarter has code. A third of the code has an event whose value and order
are the page's own. CPU seconds are those of all processes together, start-up included; the figures are medians.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator
from pathlib import Path

from builds import ROOT, build, command
from corpus import evenly, fetch, pages
from measuring import Bench, Run, bench, machine, need_room, print_table, say

COMMANDS = ("lint", "inspect", "status", "csp")
GOALS = {"CPU": 3.0, "wall": 5.0}
_CODES = ROOT / "tests" / "cases" / "code"
_EVENT = b"<script>fbq('track', 'Purchase', {value: %d.5, currency: 'USD', order_id: 'A%d'});</script>\n"


def sites(folder: Path, count: int) -> Iterator[Path]:
    """Make the sites, each a folder."""
    chosen = evenly(pages(fetch()), count)
    need_room(3 * sum(path.stat().st_size for path in chosen))
    codes = [path.read_bytes() for path in sorted(_CODES.glob("*.html"))]
    known = (_CODES / "fbq.html").read_bytes()
    yield _site(folder / "without code", chosen, [])
    yield _site(folder / "with Meta's", evenly(chosen, count // 4), [known, known, b"%b\n%b" % (known, _EVENT)])
    yield _site(folder / "with every platform's", evenly(chosen, count // 4), codes)
    yield _site(folder / "a quarter with Meta's", chosen, [known, b"", b"", b""])


def _site(folder: Path, chosen: list[Path], codes: list[bytes]) -> Path:
    for number, path in enumerate(chosen):
        code = codes[number % len(codes)] if codes else b""
        code = code.replace(_EVENT, _EVENT % (number, number))
        target = folder / str(number // 1000) / f"{number}.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes().replace(b"</head", code + b"</head", 1))
    return folder


def rows(place: Bench, before: Path, site: Path, rounds: int, jobs: list[str]) -> Iterator[tuple[str, ...]]:
    """A row for each command, and one for a program in C that reads each page and one that searches it."""
    floors = {
        "C read": [str(place.floor), "read", str(site), "1"],
        "grep -rl": ["grep", "-rlE", r"\b(fbq|_fbq|gtag|ttq|uetq)\b|facebook\.com/tr", str(site)],
    }
    for name, arguments in floors.items():
        run = _median([place.run(arguments) for _ in range(rounds)])
        yield site.name, name, *_figures(run), *[""] * 4
    for name in COMMANDS:
        then, now = list[Run](), list[Run]()
        for _ in range(rounds):
            then.append(place.run(command(before, name, str(site))))
            now.append(place.run(command(ROOT, name, str(site), *jobs)))
        old, new = _median(then), _median(now)
        ratios = (old.cpu_seconds / new.cpu_seconds, old.seconds / new.seconds)
        yield site.name, name, *_figures(old), *_figures(new), *(f"{ratio:.2f}" for ratio in ratios)
        say(f"{site.name}: {name}")


def _median(runs: list[Run]) -> Run:
    cpu, wall = (statistics.median(getattr(run, name) for run in runs) for name in ("cpu_seconds", "seconds"))
    return Run(wall, cpu, max(run.peak_kb for run in runs), runs[0].status, "")


def _figures(run: Run) -> tuple[str, str]:
    return f"{run.cpu_seconds:.2f}", f"{run.seconds:.2f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", help="for this build; the earlier one has one process")
    given = parser.parse_args()
    jobs = ["--jobs", given.jobs] if given.jobs else []
    heads = ("pages", "command", "before, CPU s", "wall", "now, CPU s", "wall", "times less CPU", "wall")
    with build(given.before) as before, bench() as place:
        print(f"{machine()} {given.pages:,} pages, a fourth of them with code.\n")
        found = [
            row for site in sites(place.folder, given.pages) for row in rows(place, before, site, given.rounds, jobs)
        ]
        print_table(heads, found)
    cpu, wall = GOALS.values()
    print(f"\nAsked for 20,000 pages, a quarter with code: {cpu:g} times less CPU, {wall:g} times less wall.")


if __name__ == "__main__":
    main()
