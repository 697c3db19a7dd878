"""Whole processes measured in turn on a RAM disk, and what came out as a table."""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

RAM_DISK = Path("/dev/shm")
HERE = Path(__file__).parent
Command = list[str]


@dataclass(frozen=True)
class Run:
    """One process, from its start to its end."""

    seconds: float
    cpu_seconds: float
    peak_kb: int
    status: int
    last_line: str


@dataclass(frozen=True)
class Step:
    """Something to measure.

    `command` gets the folder of the untouched pages and the folder to work in. `start` says what that folder is
    before: `copy` of the pages, `keep` what the step before left, or `absent`. A `sampled` step gets the sample.
    `floor` names the step whose time is this one's 1.0.
    """

    name: str
    command: Callable[[Path, Path], Command]
    floor: str = ""
    start: str = "copy"
    sampled: bool = False


@dataclass(frozen=True)
class Pages:
    """A folder of pages, as it is to be found by each step."""

    folder: Path
    count: int
    size: int


@dataclass
class Result:
    """The runs of a step, and what their seconds are to be multiplied with to stand for all pages."""

    step: Step
    pages: Pages
    factor: float = 1.0
    idle_seconds: float = 0.0
    runs: list[Run] = field(default_factory=list)

    def seconds(self) -> list[float]:
        """Return the seconds of each run, those of a sample scaled up but for its start-up."""
        return [max(run.seconds - self.idle_seconds, 0) * self.factor + self.idle_seconds for run in self.runs]

    @property
    def best(self) -> float:
        """The least seconds of all rounds."""
        return min(self.seconds())

    @property
    def cpu(self) -> float:
        """The least seconds of all cores together; a sample's are scaled with its start-up."""
        return min(run.cpu_seconds for run in self.runs) * self.factor

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.seconds())


def below(pid: int) -> Iterator[int]:
    """Yield the processes that a process started, and those that they did."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:  # it has ended
        return
    for child in map(int, children.split()):
        yield child
        yield from below(child)


def memory(pid: int, name: str, file: str) -> int:
    """Return what `/proc` says of a process, in KiB, 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


class Bench:
    """A folder on the RAM disk with the compiled floor in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.floor = folder / "floor"
        subprocess.run(["cc", "-O2", "-o", self.floor, HERE / "floor.c"], check=True)

    def run(self, command: Command) -> Run:
        """Measure a command; its output goes to a file, so that nothing waits for a reader."""
        result, errors = self.folder / "result", self.folder / "errors"
        with errors.open("wb") as file:
            subprocess.run(
                [self.floor, "measure", result, *command],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )
        seconds, cpu_seconds, peak_kb, status = result.read_text().split()
        lines = errors.read_text("utf-8", "replace").splitlines()
        return Run(float(seconds), float(cpu_seconds), int(peak_kb), int(status), lines[-1] if lines else "")

    def prepare(self, pages: Path, start: str) -> None:
        """Make the folder to work in what a step wants to find."""
        if start != "keep":
            shutil.rmtree(self.work, ignore_errors=True)
        if start == "copy":
            subprocess.run(["cp", "-a", pages, self.work], check=True)

    def take_turns(self, steps: Sequence[Step], everything: Pages, sample: Pages, rounds: int) -> dict[str, Result]:
        """Run all steps in each round, in their order; sampled ones once only."""
        results = {step.name: self._result(step, everything, sample) for step in steps}
        for number in range(rounds):
            for step in steps:
                if not (number and step.sampled):
                    result = results[step.name]
                    self.prepare(result.pages.folder, step.start)
                    result.runs.append(self.run(step.command(result.pages.folder, self.work)))
                    say(f"round {number + 1}: {result.runs[-1].seconds:8.3f} s  {step.name}")
        return results

    def _result(self, step: Step, everything: Pages, sample: Pages) -> Result:
        if not step.sampled:
            return Result(step, everything)
        empty = self.folder / "empty"
        empty.mkdir(exist_ok=True)
        self.prepare(empty, "copy")
        idle = self.run(step.command(empty, self.work)).seconds
        return Result(step, sample, everything.size / sample.size, idle)


@contextmanager
def bench() -> Iterator[Bench]:
    """A folder on the RAM disk that is removed at the end; stops where there is no RAM disk."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    if not any(mount[1] == str(RAM_DISK) and mount[2] == "tmpfs" for mount in mounts):
        sys.exit(f"{RAM_DISK} is no RAM disk: what a disk without one takes varies threefold whatever the tool")
    with tempfile.TemporaryDirectory(prefix="snippetkit-bench-", dir=RAM_DISK) as name:
        yield Bench(Path(name))


def need_room(size: int) -> None:
    """Stop where the RAM disk and the memory do not have so many bytes, and 2 GB for the processes."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    room = min(free - 2_000_000_000, shutil.disk_usage(RAM_DISK).free)
    if size > room:
        sys.exit(f"{size / 1e9:.1f} GB are needed on {RAM_DISK}, and {room / 1e9:.1f} GB are free")


def copy_pages(paths: Iterable[Path], root: Path, folder: Path) -> Pages:
    """Copy pages from below `root` to the same places below `folder`."""
    count = size = 0
    for path in paths:
        target = folder / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        count += 1
        size += target.stat().st_size
    return Pages(folder, count, size)


def say(text: str) -> None:
    """Tell on stderr how far it is."""
    print(text, file=sys.stderr, flush=True)


def machine() -> str:
    """Return the line that says what it was measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return (
        f"On {os.cpu_count()} cores ({model}), Linux {platform.release()}, Python {platform.python_version()}, "
        f"{RAM_DISK}, on {datetime.now(UTC):%Y-%m-%d}; load at the start {os.getloadavg()[0]:.2f}."
    )


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a Markdown table, its first column to the left."""
    table = [tuple(heads), *map(tuple, rows)]
    first, *others = [max(len(row[column]) for row in table) for column in range(len(heads))]
    lines = [_line(row[0].ljust(first), *map(str.rjust, row[1:], others)) for row in table]
    rule = _line("-" * first, *("-" * (width - 1) + ":" for width in others))
    print("\n".join([lines[0], rule, *lines[1:]]))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def print_goals(results: Mapping[str, Result], goals: Iterable[tuple[str, str, float, str]]) -> None:
    """Print each goal (a step, `at most` or `at least`, how many times, another step) beside what was measured.

    A goal whose steps did not run is left out.
    """
    rows = [
        _goal_row(results[name], word, times, results[base])
        for name, word, times, base in goals
        if name in results and base in results
    ]
    if rows:
        print()
        print_table(["goal", "asked", "best", "median", "CPU", "met"], rows)


def _goal_row(result: Result, word: str, times: float, base: Result) -> list[str]:
    best = result.best / base.best
    met = best <= times if word == "at most" else best >= times
    ratios = [f"{ratio:.2f}" for ratio in (best, result.median / base.median, result.cpu / base.cpu)]
    return [f"{result.step.name} / {base.step.name}", f"{word} {times:g}", *ratios, "yes" if met else "no"]


def print_results(results: Mapping[str, Result]) -> None:
    """Print seconds, ratios to each step's floor, seconds of all cores together, throughput, memory and exit status."""
    heads = ["", "best s", "ratio", "median s", "ratio", "of", "CPU s", "files/s", "MB/s", "peak MB", "exit"]
    print_table(heads, [_row(result, results.get(result.step.floor)) for result in results.values()])


def _row(result: Result, floor: Result | None) -> list[str]:
    best, median = result.best, result.median
    ratios = [f"{best / floor.best:.2f}", f"{median / floor.median:.2f}"] if floor else ["", ""]
    per_second = result.factor / best if floor else 0
    return [
        result.step.name + (" (scaled)" if result.step.sampled else ""),
        f"{best:.3f}",
        ratios[0],
        f"{median:.3f}",
        ratios[1],
        result.step.floor,
        f"{result.cpu:.3f}",
        f"{result.pages.count * per_second:,.0f}" if floor else "",
        f"{result.pages.size * per_second / 1e6:,.0f}" if floor else "",
        f"{max(run.peak_kb for run in result.runs) / 1024:.1f}",
        "/".join(sorted({str(run.status) for run in result.runs})),
    ]
