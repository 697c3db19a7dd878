"""How long an export takes, and how much memory, for 10 to 10,000 tags in each format.

    python benchmarks/exports.py [ROUNDS]

Each export is a process of its own, in turn with the others. The codes are in memory, as they are once they are cached;
the tags are made from page rules, one page and one value each. The seconds are the export's alone, with the import of
Jinja and the template's compilation in them, the best of the rounds; beside them the processor's, and the processor's
for making the tags. The memory is the most that the process held, the interpreter with it. `no export` is a process
that only makes the tags, and its seconds are those. Linear is a ratio of 10; it is that of the processor's seconds,
which other work on the machine changes less.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from measuring import print_table, say

from snippetkit import exports, snippets
from snippetkit.containers import ContainerTag, make_tags
from snippetkit.rules import parse
from snippetkit.terms import Consent, TagVariant

SIZES = (10, 100, 1_000, 10_000)
NOTHING = "no export"
CODE = (Path(__file__).parent.parent / "tests" / "cases" / "code" / "fp.html").read_text("utf-8")
PIXEL_ID = "6009125095680"


class Run(NamedTuple):
    """One process: the processor's seconds for the tags, the export's seconds, the file's bytes, the most memory."""

    tag_seconds: float
    seconds: float
    cpu_seconds: float
    size: int
    peak_kb: int


def make(count: int) -> list[ContainerTag]:
    """Make tags from page rules, as the command line does."""
    lines = (f"/thanks/{number}.html,{PIXEL_ID},{100 + number},USD\n" for number in range(count))
    rules = parse("page,pixel,value,currency\n" + "".join(lines), "benchmark")
    snippet = snippets.read_code(CODE, "fp")
    codes = {rule.pixel_value: snippet.with_value(_major(rule.value_cents or 0)) for rule in rules.rules}
    start = time.process_time()
    tags = make_tags(rules, codes, {PIXEL_ID: None}, TagVariant.SCRIPT, Consent.ADS)
    _tell(time.process_time() - start)
    assert len(tags) == count
    return tags


def _major(value_cents: int) -> str:
    return f"{value_cents // 100}.{value_cents % 100:02}"


def _tell(number: float) -> None:
    print(number, flush=True)


def child(name: str, count: int) -> None:
    """Export once in this process, and tell how long it took."""
    found = None if name == NOTHING else exports.find_format(name)
    tags = make(count)
    start, cpu_start = time.perf_counter(), time.process_time()
    size = len(found.export(tags).content) if found else 0
    _tell(time.perf_counter() - start)
    _tell(time.process_time() - cpu_start)
    _tell(size)


def run(name: str, count: int) -> Run:
    """Export in a process of its own; what the system counted for it is asked for when it ends."""
    read, write = os.pipe()
    command = [sys.executable, __file__, name, str(count)]
    pid = os.posix_spawn(sys.executable, command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, write, 1)])
    os.close(write)
    with os.fdopen(read) as told:
        numbers = [float(line) for line in told]
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{name} with {count} tags failed")
    tag_seconds, seconds, cpu_seconds, size = numbers
    if name == NOTHING:
        seconds = cpu_seconds = tag_seconds
    return Run(tag_seconds, seconds, cpu_seconds, int(size), usage.ru_maxrss)


def rows(runs: dict[tuple[str, int], list[Run]]) -> Iterator[list[str]]:
    """Yield a row for each format and size; a format's sizes follow one another."""
    before: dict[str, float] = {}
    for (name, count), of_one in runs.items():
        best = min(run.seconds for run in of_one)
        cpu = min(run.cpu_seconds for run in of_one)
        ratio = f"{cpu / before[name]:.1f}" if name in before else ""
        tag_seconds = min(run.tag_seconds for run in of_one)
        peak_mb = min(run.peak_kb for run in of_one) / 1024
        seconds = [f"{best:.3f}", f"{cpu:.3f}", ratio, f"{tag_seconds:.3f}"]
        yield [name, f"{count:,}", *seconds, f"{peak_mb:.1f}", f"{of_one[0].size / 1e6:.2f}"]
        before[name] = cpu


def main(rounds: int) -> None:
    """Print the table."""
    names = [NOTHING, *exports.names()]
    runs: dict[tuple[str, int], list[Run]] = {(name, count): [] for name in names for count in SIZES}
    for number in range(rounds):
        for (name, count), of_one in runs.items():
            of_one.append(run(name, count))
            say(f"round {number + 1}: {of_one[-1].seconds:8.3f} s  {name}, {count:,} tags")
    print_table(["", "tags", "best s", "CPU s", "ratio", "tags, CPU s", "peak MB", "file, MB"], rows(runs))
    own_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nLinux counts what started a process as its own memory too: {own_mb:.1f} MB, so nothing below that shows.")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        child(sys.argv[1], int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
