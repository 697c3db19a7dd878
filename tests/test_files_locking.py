"""Two runs on the same files do not interleave."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from snippetkit import files

pytest.importorskip("fcntl")

_HOLD = "import sys; from snippetkit import files\nwith files.lock(sys.argv[1:]): print('held', flush=True); input()"


class _Other:
    """Another process that holds a lock."""

    def __init__(self, *paths: Path) -> None:
        command = [sys.executable, "-c", _HOLD, *map(str, paths)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> _Other:
        assert self._process.stdout
        assert self._process.stdout.readline() == "held\n"
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            stream.close()

    def is_heard_within(self, timeout_s: float) -> bool:
        return bool(select.select([self._process.stdout], [], [], timeout_s)[0])

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for folder in ("site/sub", "site/other", "site-2"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "site" / "sub" / "page.html").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("held", "wanted", "waits_for"),
    [
        ("site", "site", "site"),
        ("site", "site/sub", "site"),
        ("site/sub", "site", "site"),
        ("site", "site/sub/page.html", "site"),
        ("site/sub/page.html", "site/sub/none*.html", "site/sub"),
        ("site/sub", "site/other", None),
        ("site", "site-2", None),
        ("site/sub", "site/*", "site"),
    ],
)
def test_a_run_waits_for_another_on_the_same_files_and_only_then(
    site: Path, held: str, wanted: str, waits_for: str | None
) -> None:
    told: list[str] = []
    with _Other(site / held) as other:

        def waiting(folder: str) -> None:
            told.append(folder)
            other.kill()

        with files.lock([site / wanted, site / "site-2"], waiting):
            pass
    assert told == ([str(site / waits_for)] if waits_for else [])


def test_it_really_waits(site: Path) -> None:
    with files.lock([site / "site"]):
        other = _Other(site / "site" / "sub")
        assert not other.is_heard_within(0.7)
    with other:
        pass


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open descriptors cannot be counted here")
def test_nothing_stays_behind_and_no_descriptor_either(site: Path) -> None:
    folders = [site / f"{count:03}" for count in range(150)]
    for folder in folders:
        folder.mkdir()
    before, descriptors = sorted(site.rglob("*")), _count_descriptors()
    with files.lock([*folders, site / "none" / "x.html"]):
        assert _count_descriptors() < descriptors + 50
    assert sorted(site.rglob("*")) == before
    assert _count_descriptors() == descriptors


def _count_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_folders_that_cannot_be_opened_are_passed_over(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with files.lock([site]):
        pass


def test_a_system_without_such_locks_has_none(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "filelock", None)
    with _Other(site), files.lock([site]):
        pass
