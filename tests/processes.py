"""Processes that a test starts: they can be interrupted, and none outlives its test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_FORKING = """
import json, os, sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from snippetkit.cli import main
for arguments in json.loads(sys.argv[1]):
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere), suppress(SystemExit):
        main(arguments)
for line in sys.stdin:
    job = json.loads(line)
    child = os.fork()
    if not child:
        os.chdir(job["folder"])
        os.environ.clear()
        os.environ.update(job["environment"])
        for descriptor, name in enumerate([os.devnull, job["out"], job["err"]]):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT if descriptor else os.O_RDONLY), descriptor)
        sys.stdin = open(0, closefd=False)
        main(job["arguments"])
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@contextmanager
def started(command: Sequence[str], env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, with its output in unbuffered pipes; the group is killed in the end."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, env=env, start_new_session=True, bufsize=0) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


class Forks:
    """Runs command lines each in a process of its own, forked from one that has loaded what they need."""

    def __init__(self, given: IO[str], answered: IO[str], folder: Path) -> None:
        self._given, self._answered, self._folder = given, answered, folder

    def run(self, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run snippetkit in the current folder and environment."""
        printed = {name: self._folder / name for name in ("out", "err")}
        job = {"arguments": arguments, "folder": str(Path.cwd()), "environment": dict(os.environ)}
        self._given.write(json.dumps(job | {name: str(path) for name, path in printed.items()}) + "\n")
        self._given.flush()
        code = int(self._answered.readline())
        out, err = (path.read_text("utf-8") for path in printed.values())
        for path in printed.values():
            path.unlink()
        return subprocess.CompletedProcess(arguments, code, out, err)


@contextmanager
def forking(folder: Path, first: Sequence[Sequence[str]], **environment: str) -> Iterator[Forks]:
    """What forks a process for each command line.

    Starts with `first` in `folder`, so that what these load, and the patterns that they compile, are there for the
    others; `folder` is also for what they print.
    """
    command, pipe = [sys.executable, "-c", _FORKING, json.dumps(first)], subprocess.PIPE
    environment = os.environ | environment
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=folder, env=environment) as process:
        assert process.stdin
        assert process.stdout
        yield Forks(process.stdin, process.stdout, folder)
        process.stdin.close()


def let_be_interrupted() -> None:
    """Let Ctrl-C reach what the tests start, where the tests were started in the background.

    A shell has its background jobs ignore SIGINT, as `nohup` and some CI runners do, and so does what these start.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
