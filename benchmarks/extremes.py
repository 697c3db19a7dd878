"""Very many small files, and one very large page."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import tools
from measuring import Bench, Pages, Result, Step, bench, need_room, print_goals, print_results, print_table, say

FILES_PER_FOLDER = 1000
HEAD = """\
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Page {number}</title>
</head>
<body>
"""
ROW = '<p class="row">A box of tea leaves the <a href="/house?a=1&amp;b=2">house</a> tomorrow.</p>\n'
TAIL = "</body>\n</html>\n"
SMALL_BYTES = 2500
TMPFS_BYTES = 5200  # a file of one page of memory or less, its inode and its name


def generate(folder: Path, count: int) -> Pages:
    """Make so many pages of 2.5 KB, 1,000 a folder."""
    rows = ROW * ((SMALL_BYTES - len(HEAD) - len(TAIL)) // len(ROW)) + TAIL
    size = 0
    for number in range(count):
        parent = folder / f"{number // FILES_PER_FOLDER:04}"
        if number % FILES_PER_FOLDER == 0:
            parent.mkdir(parents=True)
        text = HEAD.format(number=number) + rows
        (parent / f"{number % FILES_PER_FOLDER:03}.html").write_text(text, "utf-8")
        size += len(text)
    return Pages(folder, count, size)


def small(count: int, jobs: list[int], rounds: int) -> None:
    """Print seconds for many small files, beside cp -r and the floor."""
    need_room(2 * count * TMPFS_BYTES)
    with bench() as place:
        pages = generate(place.folder / "pages", count)
        ours = itertools.chain.from_iterable(map(tools.snippetkit, jobs))
        results = place.take_turns([*tools.floors(place), *ours], pages, pages, rounds)
        print(f"\n{count:,} pages of 2.5 KB, {FILES_PER_FOLDER:,} a folder, {rounds} rounds in turn\n")
        print_results(results)
        print_goals(results, [(f"snippetkit, {max(jobs)} jobs: first run", "at most", 1.0, tools.COPY)])


def million(count: int, jobs: list[int]) -> None:
    """Print peak memory and seconds for 1/100, 1/10 and all of a million files."""
    need_room(count * TMPFS_BYTES)
    rows = []
    for files, number in itertools.product((count // 100, count // 10, count), jobs):
        with bench() as place:
            generate(place.work, files)
            for step in tools.snippetkit(number):
                run = place.run(step.command(place.work, place.work))
                say(f"{files:,} files: {run.seconds:.1f} s, {run.peak_kb / 1024:.1f} MB  {step.name}: {run.last_line}")
                rows.append(
                    [step.name, f"{files:,}", f"{run.seconds:.2f}", f"{run.peak_kb / 1024:.1f}", str(run.status)]
                )
    rows.sort(key=lambda row: row[0])
    print("\nMany files of 2.5 KB; peak memory is that of the largest process\n")
    print_table(["", "files", "s", "peak MB", "exit"], rows)


def huge(megabytes: int) -> None:
    """Print seconds and peak memory for one page with a usual head and a very long body."""
    need_room(3 * megabytes * 1_000_000)
    with bench() as place:
        pages = _huge_page(place, megabytes)
        results: dict[str, Result] = place.take_turns(_huge_steps(place), pages, pages, 3)
        print(f"\nOne page of {pages.size / 1e6:,.0f} MB\n")
        print_results(results)


def _huge_page(place: Bench, megabytes: int) -> Pages:
    folder = place.folder / "pages"
    folder.mkdir()
    rows = (ROW * (1_000_000 // len(ROW))).encode()
    with (folder / "huge.html").open("wb") as file:
        file.write(HEAD.format(number=1).encode())
        for _ in range(megabytes):
            file.write(rows)
        file.write(TAIL.encode())
        size = file.tell()
    shutil.rmtree(place.work, ignore_errors=True)
    return Pages(folder, 1, size)


def _huge_steps(place: Bench) -> list[Step]:
    floors = [step for step in tools.floors(place) if "2 processes" not in step.name]
    return [*floors, *tools.snippetkit(1)]
