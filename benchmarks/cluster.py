"""Files on a Dask cluster of one and of two workers, and one of two that is killed: seconds, and CPU a batch.

    python benchmarks/cluster.py [--pages N]

Scheduler and workers are processes of this machine, which are there before the run. CPU is that of the client, with its
start, and of the scheduler, for each batch of 128 pages; beside it that of one process without a cluster (`--jobs 1`).
Before each run the pages are put back as they were.

On 2026-11-30, two cores at a load of 4.5, 6,000 pages of 21 kB, run once: one process 2.3 s and 42 ms a batch; 1 worker
6.9 s, client 28 ms and scheduler 9 ms a batch; 2 workers 9.9 s, 26 and 12 ms; 2 workers of which one was killed 8.7 s,
28 and 12 ms, 32 pages told as unchanged. Files on a disk of one's own are quicker without a cluster.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.clusters import started_cluster  # noqa: E402

CODE = HERE.parent / "tests" / "cases" / "code" / "fp.html"
BATCH = 128
PAGE = "<!doctype html>\n<html>\n<head>\n<title>T</title>\n</head>\n<body>\n{}</body>\n</html>\n".format(
    "<p>words</p>\n" * 1600
)


def fill(site: Path, count: int) -> None:
    """Put the pages back as they were."""
    for number in range(count):
        (site / str(number // 1000)).mkdir(parents=True, exist_ok=True)
        (site / str(number // 1000) / f"{number}.html").write_text(PAGE)


def cpu_s(pid: int) -> float:
    """Return the CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(site: Path, *options: str) -> tuple[float, float, str]:
    """Return the seconds of a run, its own CPU seconds, and its last line."""
    begin, before = time.monotonic(), os.times()
    command = [sys.executable, "-m", "snippetkit", "inject", str(site), "--from-file", str(CODE), "--value", "1999"]
    done = subprocess.run([*command, "--summary", *options], capture_output=True, text=True)
    after = os.times()
    used_s = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - begin, used_s, done.stderr.splitlines()[-1]


def on_cluster(site: Path, workers: int, *, kill_after_s: float = 0) -> tuple[float, float, float, str]:
    """Return the seconds of a run, the CPU seconds of client and scheduler, and its last line."""
    with started_cluster(workers) as cluster:
        if kill_after_s:
            threading.Timer(kill_after_s, next(iter(cluster.workers.values())).kill).start()
        before_s = cpu_s(cluster.scheduler.pid)
        took_s, client_s, line = run(site, "--dask", cluster.address)
        return took_s, client_s, cpu_s(cluster.scheduler.pid) - before_s, line


def main() -> None:
    """Run each once, and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=6000)
    pages = parser.parse_args().pages
    os.environ["PYTHONPATH"] = str(HERE.parent)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        print(f"{pages} pages of {len(PAGE)} bytes; load {os.getloadavg()[0]:.1f}")
        fill(site, pages)
        took_s, alone_s, line = run(site, "--jobs", "1")
        print(f"one process: {took_s:.1f} s, {alone_s / pages * BATCH * 1000:.0f} ms CPU a batch; {line}")
        for title, workers, kill_after_s in (("1 worker", 1, 0.0), ("2 workers", 2, 0.0), ("2, one killed", 2, 3.0)):
            fill(site, pages)
            took_s, client_s, scheduler_s, line = on_cluster(site, workers, kill_after_s=kill_after_s)
            each = [f"{seconds / pages * BATCH * 1000:.1f} ms" for seconds in (client_s, scheduler_s)]
            print(f"{title}: {took_s:.1f} s, client {each[0]} and scheduler {each[1]} CPU a batch; {line}")


if __name__ == "__main__":
    main()
