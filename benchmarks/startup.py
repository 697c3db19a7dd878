"""How long `snippetkit --help` takes, as whole processes, beside what nobody can go below: click alone.

    python benchmarks/startup.py [RUNS]

The commands take turns, so that whatever else the machine does hits all of them.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python -c 'import click'": [sys.executable, "-c", "import click"],
    "click and its bar": [sys.executable, "-c", "import click, click._termui_impl"],
    "click and rich's bar": [sys.executable, "-c", "import click, rich.progress"],
    "snippetkit --help": [sys.executable, "-c", "from snippetkit.cli import main; main(['--help'])"],
}


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the best and the median of all runs, and the ratio to the first command."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        for name, command in COMMANDS.items():
            taken[name].append(_seconds(command))
    base = next(iter(taken.values()))
    print(f"{runs} runs each    best    ratio   median   ratio")
    for name, seconds in taken.items():
        best, median = min(seconds), statistics.median(seconds)
        ratios = best / min(base), median / statistics.median(base)
        print(f"{name:26} {best * 1000:5.1f} ms  {ratios[0]:.2f}  {median * 1000:5.1f} ms  {ratios[1]:.2f}")


if __name__ == "__main__":
    main()
