"""Real Dask clusters on loopback, of processes that a test can kill."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from subprocess import Popen

from tests.documents import ROOT
from tests.processes import started

HINT = "no Dask here (pip install -e '.[stores-test]')"
_START = """
import asyncio, sys
from distributed import Scheduler, Worker

async def main():
    local = {"host": "127.0.0.1", "port": 0, "dashboard": False}
    of = Worker(sys.argv[1], nthreads=1, **local) if sys.argv[1:] else Scheduler(**local)
    async with of as server:
        print(server.address, flush=True)
        await server.finished()

asyncio.run(main())
"""


def are_there() -> bool:
    """Whether distributed is installed."""
    return bool(find_spec("distributed"))


@dataclass
class Started:
    """A scheduler and its workers, each a process with one thread."""

    address: str
    scheduler: Popen[bytes]
    stack: ExitStack
    workers: dict[str, Popen[bytes]] = field(default_factory=dict)

    def add(self, count: int = 1, env: Mapping[str, str] | None = None) -> None:
        """Start so many workers, and wait until they are there."""
        new = [self.stack.enter_context(_process([self.address], env)) for _ in range(count)]
        self.workers |= {_address(process): process for process in new}

    def process(self, pid: int) -> Popen[bytes]:
        """The worker with a process id."""
        return next(process for process in self.workers.values() if process.pid == pid)


@contextmanager
def started_cluster(workers: int = 0) -> Iterator[Started]:
    """A cluster with so many workers."""
    with ExitStack() as stack:
        scheduler = stack.enter_context(_process([], None))
        cluster = Started(_address(scheduler), scheduler, stack)
        cluster.add(workers)
        yield cluster


@contextmanager
def _process(arguments: list[str], env: Mapping[str, str] | None) -> Iterator[Popen[bytes]]:
    quiet = ["sh", "-c", 'exec "$@" 2> /dev/null', "sh", sys.executable, "-c", _START, *arguments]
    with started(quiet, env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}) as process:
        yield process


def _address(process: Popen[bytes]) -> str:
    assert process.stdout
    line = b""
    while not line.endswith(b"\n"):  # the pipe is not buffered
        piece = process.stdout.read(1)
        assert piece, "it has ended"
        line += piece
    return line.decode().strip()
