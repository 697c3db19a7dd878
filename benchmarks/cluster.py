"""Pages on a Dask cluster of one and of two workers, and one of two that is killed: seconds, and CPU a batch.

    python benchmarks/cluster.py [--pages N] [--store] [--rows N]

Scheduler and workers are processes of this machine, which are there before the run; `--store` has the pages in
SeaweedFS on loopback instead of on disk, `--rows` a page rule for each of so many pages that are not there. CPU is that
of this process, which is the client, of the scheduler and of the workers, for each 128 pages, beyond what a run on one
page took and what scheduler and workers take while nothing is to be done, so that neither counts. What client and
scheduler take, beside what the workers do, is at most the overhead: walking and telling are in it, too, which one
process also does without a cluster. Before each run the pages are put back as they were.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, redirect_stderr, suppress
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from snippetkit.cli import main as snippetkit  # noqa: E402
from tests.clusters import Started, started_cluster  # noqa: E402
from tests.stores import ENVIRONMENT, Stores  # noqa: E402

CODE = HERE.parent / "tests" / "cases" / "code" / "fp.html"
EACH = 128
IDLE_S = 5
PAGE = "<!doctype html>\n<html>\n<head>\n<title>T</title>\n</head>\n<body>\n{}</body>\n</html>\n".format(
    "<p>words</p>\n" * 1600
).encode()


@dataclass
class Site:
    """Pages, and one more beside them; `put` writes one, `options` say where they are."""

    root: str
    put: Callable[[str], object]
    options: list[str] = field(default_factory=list)

    def fill(self, count: int) -> None:
        """Put the pages back as they were."""
        names = [f"site/{number // 1000}/{number}.html" for number in range(count)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(self.put, [*names, "one/0.html"]))


def on_disk(folder: Path) -> Site:
    """Return a site in a folder."""

    def put(name: str) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PAGE)

    return Site(f"{folder}/", put)


def in_store(stack: ExitStack) -> Site:
    """Return a site in a bucket."""
    store = Stores(stack)("seaweedfs")
    return Site(store.url(), lambda name: store.put(name, PAGE, ContentType="text/html"), store.options)


def cpu_s(pid: int) -> float:
    """Return the CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Spent:
    """What a run took: seconds, CPU seconds of its own process, of the scheduler and of the workers; its last line."""

    seconds: float
    cpu: list[float]
    line: str

    def beyond(self, start: Spent, idle: list[float], pages: int) -> list[float]:
        """The CPU milliseconds for each 128 pages, beyond those of a run on one page, and of `idle` in each second."""
        longer_s = self.seconds - start.seconds
        parts = zip(self.cpu, start.cpu, idle, strict=True)
        return [(mine - first - each * longer_s) / (pages - 1) * EACH * 1000 for mine, first, each in parts]


def spent_by(cluster: Started | None) -> list[float]:
    """Return the CPU seconds so far of this process, of the scheduler and of the workers that are alive."""
    others = [[cluster.scheduler], cluster.workers.values()] if cluster else []
    alive = [sum(cpu_s(process.pid) for process in some if process.poll() is None) for some in others]
    return [time.process_time(), *alive]


def idle_of(cluster: Started | None) -> list[float]:
    """Return the CPU seconds of each second in which nothing is to be done."""
    before = spent_by(cluster)
    time.sleep(IDLE_S if cluster else 0)
    return [(after - first) / IDLE_S for after, first in zip(spent_by(cluster), before, strict=True)]


def run(site: Site, folder: str, options: list[str], cluster: Started | None = None) -> Spent:
    """Run on the pages of a folder."""
    command = ["inject", f"{site.root}{folder}", "--from-file", str(CODE), "--summary", *options, *site.options]
    where = ["--dask", cluster.address] if cluster else ["--jobs", "16" if site.options else "1"]
    begin, before, said = time.monotonic(), spent_by(cluster), io.StringIO()
    with redirect_stderr(said), suppress(SystemExit):
        snippetkit([*command, *where])
    took_s = time.monotonic() - begin
    used = [after - first for after, first in zip(spent_by(cluster), before, strict=True)]
    return Spent(took_s, used, said.getvalue().splitlines()[-1])


def tell(title: str, site: Site, pages: int, options: list[str], workers: int, *, kill_after_s: float = 0) -> None:
    """Run with so many workers, 0 for no cluster, and print what it took."""
    site.fill(pages)
    with ExitStack() as stack:
        cluster = stack.enter_context(started_cluster(workers)) if workers else None
        for _ in range(2 + workers):  # each worker loads what it needs with its first page
            start = run(site, "one", options, cluster)
        idle = idle_of(cluster)
        if cluster and kill_after_s:
            threading.Timer(kill_after_s, next(iter(cluster.workers.values())).kill).start()
        spent = run(site, "site", options, cluster)
    each = spent.beyond(start, idle, pages)
    parts = ", ".join(f"{who} {ms:.1f}" for who, ms in zip(("client", "scheduler", "workers"), each, strict=False))
    print(f"{title}: {spent.seconds:.1f} s ({start.seconds:.1f} s for one page); {parts} ms; {spent.line}", flush=True)
    if workers and not kill_after_s:
        print(f"client and scheduler beside the workers: {(each[0] + each[1]) / each[2]:.1%}", flush=True)


def main() -> None:
    """Run each once, and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=6000)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--store", action="store_true")
    given = parser.parse_args()
    os.environ |= {"PYTHONPATH": str(HERE.parent), **ENVIRONMENT}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        site = in_store(stack) if given.store else on_disk(folder)
        options = ["--value", "1999"]
        if given.rows:
            rules = folder / "rules.csv"
            rows = [f"/none/{number}.html,6009125095680,{number + 1}\n" for number in range(given.rows)]
            rules.write_text("".join(["page,pixel,value\n", "/**,6009125095680,1999\n", *rows]))
            options = ["--pages", str(rules)]
        print(f"{given.pages} pages of {len(PAGE)} bytes; load {os.getloadavg()[0]:.1f}; CPU for each {EACH} pages")
        for title, workers in (("one process", 0), ("workers: 1", 1), ("workers: 2", 2)):
            tell(title, site, given.pages, options, workers)
        tell("workers: 2, one killed", site, given.pages, options, 2, kill_after_s=4)


if __name__ == "__main__":
    main()
