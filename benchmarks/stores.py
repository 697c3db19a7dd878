"""Pages in an object store: CPU milliseconds a page beside what people have, on SeaweedFS on loopback.

    python benchmarks/stores.py [--pages N] [--rounds N] [--aws PATH] [--peers PATH]

Each is a whole process, start-up included, in turn; what counts is the CPU time of the client, since the store's is on
the same cores. `--aws` is the program of awscli, `--peers` a Python that has obstore; what is not there is left out.
Before each run the pages are put back as they were. The boto3 loop reads each page, puts code into it and writes it
with nothing else, one after the other; so does obstore's.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.stores import ENVIRONMENT, S3, Stores  # noqa: E402

CODE = HERE.parent / "tests" / "cases" / "code" / "fp.html"
PLAIN, FIRST, AGAIN = "boto3, GET and PUT in a loop", "inject, each page changes", "inject, no page changes"
SYNC, RAW, READ = "aws s3 sync down, inject, sync up", "obstore, GET and PUT in a loop", "boto3, GET in a loop"
GOALS = [(FIRST, 1.15, PLAIN), (FIRST, 0.65, SYNC)]
_LOOP = """
import sys, boto3
client = boto3.client("s3", endpoint_url=sys.argv[1])
pages = client.get_paginator("list_objects_v2").paginate(Bucket="site", Prefix="bench/")
for key in [one["Key"] for page in pages for one in page["Contents"]]:
    data = client.get_object(Bucket="site", Key=key)["Body"].read()
    if len(sys.argv) > 2:
        client.put_object(Bucket="site", Key=key, Body=data.replace(b"</head>", b"<script></script></head>"))
"""
_OBSTORE = """
import sys, obstore
from obstore.store import S3Store
store = S3Store("site", endpoint=sys.argv[1], client_options={"allow_http": True})
for batch in obstore.list(store, "bench"):
    for one in batch:
        data = bytes(obstore.get(store, one["path"]).bytes())
        obstore.put(store, one["path"], data.replace(b"</head>", b"<script></script></head>"))
"""


def page(number: int, size: int) -> bytes:
    """Return a page of about so many bytes."""
    line = f"<p>{number} words and more words</p>\n"
    head = f"<!doctype html>\n<html>\n<head>\n<title>{number}</title>\n</head>\n<body>\n"
    return f"{head}{line * (size // len(line))}</body>\n</html>\n".encode()


def fill(store: S3, count: int, size: int) -> None:
    """Put the pages back as they were."""
    kept = {"ContentType": "text/html; charset=utf-8", "CacheControl": "max-age=60", "Metadata": {"build": "1"}}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.put(f"bench/{n // 100}/{n}.html", page(n, size), **kept), range(count)))


def cpu_s(command: list[str], folder: str) -> float:
    """Return the CPU seconds of a process and its children."""
    before = os.times()
    subprocess.run(command, check=True, cwd=folder, env=os.environ | ENVIRONMENT, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def commands(store: S3, aws: str | None, peers: str | None) -> dict[str, list[list[str]]]:
    """Return what each way runs, one after the other."""
    program = [sys.executable, "-m", "snippetkit", "inject", "-q"]
    ends = ["--from-file", str(CODE), "--value", "1999"]
    inject = [*program, store.url("bench"), *ends, *store.options]
    ways = {
        PLAIN: [[sys.executable, "-c", _LOOP, store.endpoint, "put"]],
        FIRST: [inject],
        AGAIN: [inject],
        READ: [[sys.executable, "-c", _LOOP, store.endpoint]],
    }
    if aws:
        sync = [aws, "s3", "sync", "--only-show-errors", "--endpoint-url", store.endpoint]
        ways[SYNC] = [
            [*sync, store.url("bench"), "work"],
            [*program, "work", *ends],
            [*sync, "work", store.url("bench")],
        ]
    if peers:
        ways[RAW] = [[peers, "-c", _OBSTORE, store.endpoint]]
    return ways


def main() -> int:
    """Measure, print a table, and return 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--aws", default=shutil.which("aws"))
    parser.add_argument("--peers")
    given = parser.parse_args()
    spent: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as stack:
        store = Stores(stack)("seaweedfs")
        ways = commands(store, given.aws, given.peers)
        for _ in range(given.rounds):
            for name, steps in ways.items():
                if name != AGAIN:
                    fill(store, given.pages, given.size)
                with tempfile.TemporaryDirectory() as folder:
                    spent[name].append(sum(cpu_s(step, folder) for step in steps) * 1000 / given.pages)
    return report(spent)


def report(spent: dict[str, list[float]]) -> int:
    """Print the medians, and their ratios to the boto3 loop."""
    medians = {name: statistics.median(times) for name, times in spent.items()}
    print(f"| CPU ms a page | median | least | beside {PLAIN} |\n|---|---|---|---|")
    for name, median in medians.items():
        print(f"| {name} | {median:.2f} | {min(spent[name]):.2f} | {median / medians[PLAIN]:.2f} |")
    missed = 0
    for name, most, beside in GOALS:
        if beside in medians:
            ratio = medians[name] / medians[beside]
            missed += ratio > most
            print(f"{'MISSED' if ratio > most else 'met'}: {name}: {ratio:.2f} times {beside}, at most {most}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
