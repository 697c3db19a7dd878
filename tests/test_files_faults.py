"""A page is the old or the new one wherever the run is killed, and whatever call of the system fails."""

from __future__ import annotations

import errno
import os
import pickle
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from snippetkit import inject
from snippetkit.errors import SnippetkitError
from snippetkit.files import copying
from snippetkit.model import Edit, PageBytes
from snippetkit.run import Outcome, RunOptions, carry_out

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is killed")

CALLS = (
    "open fstat read close lseek writev write copy_file_range stat lstat replace rename unlink fsync sync mkdir scandir"
    " listxattr getxattr setxattr removexattr fchown fchmod"
).split()
SMALL = b"<html><head></head><body>" + b"x" * 500
LARGE = b"<html><head></head><body>" + bytes(range(256)) * 6 * 1024
EDITS = [Edit(12, 12, b"<script>new</script>"), Edit(30, 40, b"")]

Before = Callable[[int], None]


class Inserts:
    """A planner that has more and less to read; a page that is changed stays as it is."""

    def plan(self, path: str, text: PageBytes) -> list[Edit]:
        if path.endswith("middle.html"):
            text.find(b"nowhere")
        return [] if b"<script>" in text.head else EDITS


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A kill is no power failure, so a folder in memory will do."""
    return tmp_path / "run" / "site"


def _make(site: Path) -> dict[Path, bytes]:
    shutil.rmtree(site.parent, ignore_errors=True)
    site.mkdir(parents=True)
    pages = {site / "large.html": LARGE, site / "middle.html": LARGE[:100_000], site / "small.html": SMALL}
    for path, data in pages.items():
        path.write_bytes(data)
        path.chmod(0o666)
    os.setxattr(site / "small.html", "user.note", b"kept")
    return pages


def _run(site: Path, options: dict[str, Any]) -> list[Outcome]:
    return list(carry_out([str(site)], Inserts(), options=RunOptions(jobs=1, **options)))


def _wrap(owner: Any, name: str, before: Before, after: Before, count: list[int]) -> None:
    call = getattr(owner, name)

    def counted(*args: Any, **kwargs: Any) -> Any:
        count[0] += 1
        number = count[0]
        before(number)
        try:
            return call(*args, **kwargs)
        finally:
            after(number)

    setattr(owner, name, counted)


def _in_child(site: Path, options: dict[str, Any], before: Before, after: Before) -> tuple[int, list[Any] | None]:
    """Run with all calls wrapped; return how the child ended, the number of calls and the outcomes."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            answer = _answer(site, options, before, after)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(answer)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), pickle.loads(answer) if answer else None


def _answer(site: Path, options: dict[str, Any], before: Before, after: Before) -> bytes:
    count = [0]
    originals = {name: getattr(os, name) for name in CALLS}
    synced = copying.sync_file_system
    for name in CALLS:
        _wrap(os, name, before, after, count)
    _wrap(copying, "sync_file_system", before, after, count)
    try:
        answer: list[Any] = [count, _run(site, options)]
    except SnippetkitError as error:
        answer = [count, str(error)]
    finally:
        for name, call in originals.items():
            setattr(os, name, call)
        copying.sync_file_system = synced
    return pickle.dumps(answer)


def _nothing(_: int) -> None:
    pass


def _check(site: Path, pages: dict[Path, bytes]) -> list[Path]:
    """Return the pages that are new; all others are old."""
    new = []
    for path, data in pages.items():
        there = path.read_bytes()
        assert there in (data, inject.apply(data, EDITS)), path
        assert path.stat().st_mode & 0o777 == 0o666
        if there != data:
            new.append(path)
    assert os.getxattr(site / "small.html", "user.note") == b"kept"
    return new


def _check_backup(pages: dict[Path, bytes], new: list[Path], backup: Path) -> None:
    """What is in the backup is whole, and there is one of each new page."""
    there = {path.name: path.read_bytes() for path in backup.rglob("*.html")}
    assert {path.name for path in new} <= there.keys()
    assert all(there[path.name] == data for path, data in pages.items() if path.name in there)


WAYS: dict[str, dict[str, Any]] = {
    "plain": {},
    "fsync": {"fsync": True},
    "backup": {"backup": "backup"},
    "both": {"fsync": True, "backup": "backup"},
}


def _options(site: Path, way: str) -> dict[str, Any]:
    return {**WAYS[way], **({"backup": str(site.parent / "backup")} if "backup" in WAYS[way] else {})}


@pytest.mark.wide
@pytest.mark.parametrize(("way", "moment"), [*((way, "before") for way in WAYS), ("both", "after")])
def test_a_run_that_is_killed_at_any_call(site: Path, way: str, moment: str) -> None:
    kill, getpid = os.kill, os.getpid
    options = _options(site, way)
    states = set[int]()
    number, code = 0, -signal.SIGKILL
    while code:
        number += 1
        pages = _make(site)

        def strike(at: int, number: int = number) -> None:
            if at == number:
                kill(getpid(), signal.SIGKILL)

        faults = (strike, _nothing) if moment == "before" else (_nothing, strike)
        code, _ = _in_child(site, options, *faults)
        assert code in (0, -signal.SIGKILL)
        new = _check(site, pages)
        states.add(len(new))
        if "backup" in options:
            _check_backup(pages, new, site.parent / "backup")
            options["backup"] = str(site.parent / "backup")
        again = _run(site, {**options, **({"backup": str(site.parent / "again")} if "backup" in options else {})})
        assert [outcome.verb for outcome in again] == ["unchanged" if p in new else "updated" for p in pages]
        assert len(_check(site, pages)) == len(pages)
        assert sorted(site.iterdir()) == sorted(pages)
    assert number > 40
    assert states == {0, 1, 2, 3}


@pytest.mark.wide
@pytest.mark.parametrize(("way", "code"), [*((way, "ENOSPC") for way in WAYS), ("both", "EIO"), ("both", "EACCES")])
def test_a_run_in_which_any_call_fails(site: Path, way: str, code: str) -> None:
    error = getattr(errno, code)
    options = _options(site, way)
    number, calls = 0, 1
    while number <= calls:
        number += 1
        pages = _make(site)

        def strike(at: int, number: int = number) -> None:
            if at == number:
                raise OSError(error, os.strerror(error))

        ended, answer = _in_child(site, options, strike, _nothing)
        assert ended == 0, number
        assert answer
        [calls], outcomes = answer
        new = _check(site, pages)
        if isinstance(outcomes, str):
            assert outcomes == f"{options['backup']}: {os.strerror(error)}"
            assert not new
        else:
            _check_outcomes(outcomes, pages, new, os.strerror(error))
        assert sorted(site.iterdir()) == sorted(pages), number
        if "backup" in options:
            _check_backup(pages, new, site.parent / "backup")
            assert not list((site.parent).rglob("*.tmp"))


def _check_outcomes(outcomes: list[Outcome], pages: dict[Path, bytes], new: list[Path], reason: str) -> None:
    failed = [outcome for outcome in outcomes if outcome.verb == "failed"]
    told = {Path(outcome.path) for outcome in failed}
    if told == {next(iter(pages)).parent}:
        assert not new
        return
    assert all(reason in outcome.reason for outcome in failed)
    # Behind a rename that may not survive a power failure, a page is new and told all the same.
    unsure = {Path(outcome.path) for outcome in failed if "not known to be on the disk" in outcome.reason}
    assert set(new) == (pages.keys() - told) | unsure
    assert [outcome.path for outcome in outcomes] == list(map(str, pages))
