"""How long commands take with one page, as whole processes, beside what nobody can go below: click alone.

    python benchmarks/startup.py [RUNS] [CHECKOUT..]

The commands take turns, so that whatever else the machine does hits all of them. Further checkouts of snippetkit, such
as an older one, are measured in the same run; their ratio stands beside each command.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent.parent
CODE = HERE / "tests" / "cases" / "code" / "fp.html"
PAGE = "<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
START = "from snippetkit.cli import main; main()"
CLICK = "python -c 'import click'"
FLOORS = {
    CLICK: "import click",
    "click and its bar": "import click, click._termui_impl",
    "click and rich's bar": "import click, rich.progress",
}
COMMANDS = {
    "--help": ["--help"],
    "--version": ["--version"],
    "inject --from-file": ["inject", "page.html", "--check", "--from-file", str(CODE)],
    "inject --kind": ["inject", "page.html", "--check", "--kind", "fbq", "--pixel", "434566956589050"],
    "snippet --kind": ["snippet", "--kind", "fbq", "434566956589050"],
    "remove": ["remove", "page.html", "--check"],
    "lint": ["lint", "page.html"],
    "status": ["status", "page.html"],
    "inspect": ["inspect", "page.html"],
}


class Run(NamedTuple):
    """One process: its seconds, and those of all cores together."""

    wall: float
    cpu: float


def _run(command: list[str], checkout: Path, folder: Path) -> Run:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _commands(checkouts: list[Path]) -> Iterator[tuple[str, Path, list[str]]]:
    for name, code in FLOORS.items():
        yield name, HERE, [sys.executable, "-c", code]
    for name, arguments in COMMANDS.items():
        for checkout in checkouts:
            yield name, checkout, [sys.executable, "-c", START, *arguments]


def main() -> None:
    """Print the best and the median of all runs, in wall and CPU time, and the ratios."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    commands = [*_commands([HERE, *map(Path, sys.argv[2:])])]
    taken: dict[tuple[str, Path], list[Run]] = {(name, checkout): [] for name, checkout, _ in commands}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "page.html").write_text(PAGE)
        for _ in range(runs + 1):
            for name, checkout, command in commands:
                taken[name, checkout].append(_run(command, checkout, Path(folder)))
    print(f"{runs} runs each, ms                    best  median  CPU best  median  of click, CPU  of this one, CPU")
    click = _middle(taken[CLICK, HERE])
    for (name, checkout), all_runs in taken.items():
        told = name if checkout == HERE else f"{name} ({checkout.name})"
        wall, cpu = ([run[number] for run in all_runs[1:]] for number in (0, 1))
        ratios = f"{_middle(all_runs) / click:14.2f}  {_middle(all_runs) / _middle(taken[name, HERE]):16.2f}"
        print(f"{told:34} {_times(wall)}  {_times(cpu)}  {ratios}")


def _times(seconds: list[float]) -> str:
    return f"{min(seconds) * 1000:6.1f}  {statistics.median(seconds) * 1000:6.1f}"


def _middle(runs: list[Run]) -> float:
    """The middle CPU time, without the first run, which may compile modules."""
    return statistics.median(run.cpu for run in runs[1:])


if __name__ == "__main__":
    main()
