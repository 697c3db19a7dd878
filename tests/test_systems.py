"""Windows and macOS, as far as they can be had here: modules that they lack are made missing, `ntpath` stands in."""

from __future__ import annotations

import ntpath
import os
import subprocess
import sys
import threading
from io import BytesIO, TextIOWrapper
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest

from snippetkit import files, run
from snippetkit.browser import path_in_url
from snippetkit.cli import demo, main
from snippetkit.files import copying, ignoring, selecting, walking, writing
from snippetkit.model import Edit, PageBytes
from snippetkit.run import workers
from snippetkit.work.browsers import find_browser
from snippetkit.work.planning import ByRules
from tests.conftest import JS_PIXEL, Run

PAGE = b"<!doctype html>\r\n<html>\r\n<head>\r\n</head>\r\n<body>\r\n</body>\r\n</html>\r\n"
CODE = ["--from-file", "code.html"]


@pytest.fixture(autouse=True)
def _site(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("site/sub").mkdir(parents=True)
    Path("site/sub/page.html").write_bytes(PAGE)
    Path("code.html").write_text(JS_PIXEL)
    monkeypatch.setenv("HOME", str(Path.cwd()))


def _with_ntpath() -> SimpleNamespace:
    """The module `os` with the paths of Windows."""
    return SimpleNamespace(**{**vars(os), "path": ntpath, "sep": "\\", "altsep": "/"})


@pytest.mark.parametrize("command", [["lint", "site", "--json"], ["snippet", *CODE], ["inspect", "code.html"], ["-h"]])
def test_no_carriage_return_comes_into_what_is_printed(monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    """A text stream of Windows writes `\\r\\n` for each newline."""
    out = BytesIO()
    monkeypatch.setattr("sys.stdout", TextIOWrapper(out, "utf-8", newline="\r\n"))
    with pytest.raises(SystemExit):
        main(command)
    sys.stdout.flush()
    assert out.getvalue()
    assert b"\r" not in out.getvalue()


def test_a_page_keeps_its_own_newlines_on_the_way_to_stdout(monkeypatch: pytest.MonkeyPatch) -> None:
    out = BytesIO()
    monkeypatch.setattr("sys.stdout", TextIOWrapper(out, "utf-8", newline="\r\n"))
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(PAGE)))
    with pytest.raises(SystemExit):
        main(["remove", "-"])
    sys.stdout.flush()
    assert out.getvalue() == PAGE


@pytest.mark.parametrize("given", ["site", "site\\sub", "site/sub", "site\\sub\\page.html", "site\\sub\\*.html"])
def test_files_are_found_by_paths_with_forward_slashes(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setattr(walking, "PurePath", PureWindowsPath)
    failed: list[object] = []
    assert [file.path for file in files.walk([given], failed.append)] == ["site/sub/page.html"]
    assert failed == []


def test_a_page_is_replaced_from_within_its_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[str] = []
    copy = copying.Copier.copy

    def watched(self: copying.Copier, page: files.PageFile, edits: list[Edit], folder: str, name: str) -> None:
        folders.append(folder)
        copy(self, page, edits, folder, name)

    monkeypatch.setattr(copying.Copier, "copy", watched)
    monkeypatch.setattr(writing, "os", _with_ntpath())
    with files.FileWriter() as writer:
        writer.replace(files.read_page("site/sub/page.html"), [Edit(0, 0, b"<!-- -->")])
    assert folders == ["site/sub/"]
    assert Path("site/sub/page.html").read_bytes() == b"<!-- -->" + PAGE


def test_page_rules_see_a_pages_path_as_its_url_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snippetkit.work.planning.os", _with_ntpath())
    planner = SimpleNamespace(roots=("C:/web/", "site/"))
    for path in ("site/sub/page.html", "site\\sub\\page.html", "C:\\web\\sub/page.html"):
        assert ByRules._from_root(planner, path) == "sub/page.html"  # type: ignore[arg-type]


def test_a_path_of_windows_is_a_path_of_an_url() -> None:
    assert path_in_url(PureWindowsPath("sub\\a b.html")) == "sub/a%20b.html"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "seen"), [("C:\\web\\sub\\a.html", "sub/a.html"), ("D:\\a.html", "D:/a.html"), ("C:/b.html", "../b.html")]
)
def test_a_path_on_another_drive_is_told_whole(monkeypatch: pytest.MonkeyPatch, path: str, seen: str) -> None:
    monkeypatch.setattr(selecting, "os", _with_ntpath())
    assert selecting.relative(path, "C:\\web") == seen


def test_the_patterns_of_a_repository_hold_below_a_folder_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _with_ntpath()
    asked.path = SimpleNamespace(**{**vars(ntpath), "lexists": lambda path: path == "C:\\repo/.git"})
    patterns = {"C:\\repo/.gitignore": ignoring.compile_patterns(["/site/sub/left-out.html"])}
    monkeypatch.setattr(ignoring, "os", asked)
    monkeypatch.setattr(ignoring, "read_gitignore", patterns.get)
    rules = ignoring.rules_above("C:\\repo\\site\\sub", 0)
    assert rules
    assert (rules.decide("left-out.html"), rules.decide("taken.html")) == (True, None)


def test_what_the_demo_says_to_type_can_be_typed() -> None:
    """Windows' own shell knows no single quotes, which a backslash would need."""
    said = demo._next(PureWindowsPath("snippetkit-demo"), "sandbox:snippetkit-demo/sandbox.db")  # type: ignore[arg-type]
    assert "snippetkit remove snippetkit-demo\n" in said
    assert not {"'", "\\"} & set(said)


@pytest.fixture
def without_fcntl(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows; the lock library has found its own way before."""
    import filelock

    assert filelock.FileLock
    monkeypatch.setitem(sys.modules, "fcntl", None)


@pytest.mark.usefixtures("without_fcntl")
def test_without_locks_of_folders_a_users_runs_take_turns() -> None:
    told: list[str] = []
    order: list[str] = []

    def second() -> None:
        with files.lock(["elsewhere"], told.append):
            order.append("second")

    thread = threading.Thread(target=second)
    with files.lock(["site"]):
        thread.start()
        while not told:
            thread.join(0.01)
        order.append("first")
    thread.join()
    assert (order, told) == (["first", "second"], [str(Path(".snippetkit-lock").absolute())])
    assert {path.name for path in Path("site").rglob("*")} == {"sub", "page.html"}


@pytest.mark.usefixtures("without_fcntl")
def test_where_that_file_cannot_be_made_there_is_no_lock(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/dev/null")
    assert run("inject", "site", *CODE).err.endswith("1 inserted\n")


def test_without_the_modules_of_posix_all_is_loaded_and_works() -> None:
    program = """
import sys
sys.modules.update(dict.fromkeys(["fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"]))
from pathlib import Path
from importlib import import_module
import snippetkit.cli
for path in Path(snippetkit.cli.__path__[0]).glob("*.py"):
    import_module(f"snippetkit.cli.{path.stem}")
snippetkit.cli.main(sys.argv[1:])
"""
    for command in (["inject", "site", *CODE], ["status", "site"], ["remove", "site", "--jobs", "2"]):
        ran = subprocess.run([sys.executable, "-c", program, *command], capture_output=True, check=False)
        assert ran.returncode == 0, ran.stderr
    assert Path("site/sub/page.html").read_bytes() == PAGE


class _Nothing:
    """Plans nothing; other processes can have it."""

    def plan(self, path: str, page: PageBytes) -> list[Edit]:
        return []


@pytest.mark.parametrize(("system", "forks"), [("linux", True), ("darwin", False)])
def test_a_process_is_copied_only_where_no_hidden_thread_can_be(
    monkeypatch: pytest.MonkeyPatch, system: str, forks: bool
) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(workers, "sys", SimpleNamespace(platform=system))
    assert workers._can_fork() is forks
    for number in range(run.runs.PARALLEL_FROM):
        Path(f"site/{number}.html").write_bytes(PAGE)
    outcomes = list(run.carry_out(["site"], _Nothing(), options=run.RunOptions(jobs=2)))
    assert {outcome.verb for outcome in outcomes} == {"unchanged"}


def test_fsync_reaches_each_page_where_no_folder_can_be_opened(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        fsync(descriptor)

    monkeypatch.setattr(copying, "CAN_OPEN_FOLDERS", False)
    monkeypatch.setattr("os.fsync", watched)
    Path("site/other.html").write_bytes(PAGE)
    assert run("inject", "site", *CODE, "--fsync", "--jobs", "1").code == 0
    assert len(synced) == 2
    assert all(name.startswith(".snippetkit-") for name in synced)


PLACES = [
    ("linux", ".cache/ms-playwright/chromium_headless_shell-1187/chrome-linux/headless_shell"),
    ("linux", ".cache/ms-playwright/chromium_headless_shell-1250/chrome-headless-shell-linux64/chrome-headless-shell"),
    ("linux", ".cache/ms-playwright/chromium-1187/chrome-linux/chrome"),
    ("darwin", "Library/Caches/ms-playwright/chromium_headless_shell-1187/chrome-mac/headless_shell"),
    ("darwin", "Library/Caches/ms-playwright/chromium-1187/chrome-mac/Chromium.app/Contents/MacOS/Chromium"),
    ("darwin", "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    ("darwin", "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
    ("win32", "Local/ms-playwright/chromium_headless_shell-1187/chrome-win/headless_shell.exe"),
    ("win32", "Local/ms-playwright/chromium-1250/chrome-win64/chrome.exe"),
    ("win32", "Local/Google/Chrome/Application/chrome.exe"),
    ("win32", "Programs/Google/Chrome/Application/chrome.exe"),
    ("win32", "Programs (x86)/Microsoft/Edge/Application/msedge.exe"),
]


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """None on the path, none in the places; the folders of Windows are here."""
    Path("bin").mkdir()
    monkeypatch.setenv("PATH", str(Path("bin").absolute()))
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME")
    folders = {"LOCALAPPDATA": "Local", "PROGRAMFILES": "Programs", "PROGRAMFILES(X86)": "Programs (x86)"}
    for name, folder in folders.items():
        monkeypatch.setenv(name, str(Path(folder).absolute()))
    if any(find_browser(system) for system in ("linux", "darwin", "win32")):
        pytest.skip("this machine has one in a place that all its users share")


def _put(place: str) -> str:
    program = Path(place)
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return str(program.absolute())


@pytest.mark.usefixtures("no_browser")
@pytest.mark.parametrize(("system", "place"), PLACES, ids=[f"{system} {place[:60]}" for system, place in PLACES])
def test_a_browser_is_found_where_the_system_has_it(system: str, place: str) -> None:
    program = _put(place)
    assert find_browser(system) == program
    assert [find_browser(other) for other in {"linux", "darwin", "win32"} - {system}] == [None, None]


@pytest.mark.usefixtures("no_browser")
def test_the_small_one_comes_first_and_the_newest_of_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _put("bin/chromium")
    assert find_browser("linux") == whole
    for version in ("999", "1187", "1100"):
        _put(f".cache/ms-playwright/chromium_headless_shell-{version}/chrome-linux/headless_shell")
    assert "chromium_headless_shell-1187/" in (find_browser("linux") or "")
    assert find_browser("linux") != whole
    small = _put("bin/chrome-headless-shell")
    assert find_browser("linux") == small
    Path(small).unlink()
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(Path("own").absolute()))
    own = _put("own/chromium_headless_shell-1/chrome-linux/headless_shell")
    assert find_browser("linux") == own
