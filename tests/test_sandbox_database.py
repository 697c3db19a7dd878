"""The sandbox's database: what cannot be one is refused in one line, and no other file is opened than the one named."""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from snippetkit.errors import FileError
from snippetkit.sandbox import Store, database
from tests.conftest import ACCOUNT, PIXEL_ID, Run
from tests.processes import started

FILE = "there.db"
ON_POSIX = pytest.mark.skipif(os.name != "posix", reason="there is no such thing")
Make = Callable[[Path], object]


def _sql(*statements: str) -> Make:
    def make(path: Path) -> None:
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    return make


def _ours(change: Make) -> Make:
    def make(path: Path) -> None:
        Store(path).close()
        change(path)

    return make


def _damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)


def _link(target: str) -> Make:
    return lambda path: path.symlink_to(target)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


UNUSABLE: dict[str, tuple[Make, str]] = {
    "a folder": (Path.mkdir, "cannot be a folder"),
    "a page": (lambda path: path.write_text("<!doctype html>" * 100), "is not a database, or a damaged one"),
    "another program's": (_sql("CREATE TABLE pixel (x)"), "another program's database"),
    "another program's, empty": (_sql("PRAGMA application_id = 5"), "another program's database"),
    "another program's, by its version": (_sql("PRAGMA user_version = 9"), "another program's database"),
    "a newer one": (_ours(_sql("PRAGMA user_version = 99")), "was made by a newer snippetkit; update snippetkit"),
    "one without its tables": (_ours(_sql("DROP TABLE pixel", "DROP TABLE node")), "is damaged; move it away"),
    "one with broken pages": (_ours(_damage), "is damaged; move it away"),
}
UNUSABLE_ON_POSIX: dict[str, tuple[Make, str]] = {
    "a pipe": (os.mkfifo, "cannot be a pipe, a socket or a device") if os.name == "posix" else (Path.mkdir, ""),
    "a link to a device": (_link("/dev/null"), "cannot be a pipe, a socket or a device"),
    "a socket": (_socket, "cannot be a pipe, a socket or a device"),
    "a link in a circle": (_link(FILE), "cannot be opened"),
    "in a folder that takes no file": (_link("/proc/self/sandbox.db"), "cannot be opened; allow that for it"),
}


def _check(run: Run, reason: str) -> None:
    ran = run("pixels", "list", "--account", ACCOUNT, "--api-url", f"sandbox:{FILE}")
    assert (ran.code, ran.out, ran.err.count("\n")) == (6, "", 1)
    assert ran.err.startswith(f"error: {FILE}: ")
    assert reason in ran.err
    assert "; " in ran.err
    assert "again later" not in ran.err


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_that_cannot_be_used_is_refused_in_one_line_and_left_as_it_is(run: Run, name: str) -> None:
    make, reason = UNUSABLE[name]
    make(Path(FILE))
    before = Path(FILE).read_bytes() if Path(FILE).is_file() else b""
    _check(run, reason)
    assert before == (Path(FILE).read_bytes() if Path(FILE).is_file() else b"")


@ON_POSIX
@pytest.mark.parametrize("name", UNUSABLE_ON_POSIX)
def test_what_is_no_file_is_refused_in_one_line_and_not_waited_for(run: Run, name: str) -> None:
    make, reason = UNUSABLE_ON_POSIX[name]
    make(Path(FILE))
    _check(run, reason)


@pytest.mark.skipif(os.name != "posix" or not os.geteuid(), reason="an administrator may write everything")
@pytest.mark.parametrize(("name", "mode"), [(FILE, 0o400), (FILE, 0o000), (".", 0o500)])
def test_what_may_not_be_read_or_written_is_refused_in_one_line(run: Run, name: str, mode: int) -> None:
    Store(Path(FILE)).close()
    Path(name).chmod(mode)
    try:
        ran = run("pixels", "create", "--name", "x", "--account", ACCOUNT, "--api-url", f"sandbox:{FILE}")
    finally:
        Path(name).chmod(0o700)
    assert (ran.code, ran.out, ran.err.count("\n")) == (6, "", 1)
    assert f"error: {FILE}: the sandbox's database " in ran.err
    assert "allow that for it and its folder" in ran.err


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_one_that_another_program_holds_is_given_up_after_a_while(
    run: Run, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr(database, "_LOCK_TIMEOUT_S", 0.01)
    Store(Path(FILE)).close()
    holder = sqlite3.connect(FILE, isolation_level=None)
    for statement in (f"PRAGMA journal_mode = {mode}", "PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE"):
        holder.execute(statement)
    _check(run, "is held by another program; end that program")
    holder.close()


@pytest.mark.parametrize("command", [["pixels", "list", "--account", ACCOUNT], ["sandbox"]], ids=["pixels", "sandbox"])
def test_one_whose_folder_does_not_exist_is_refused_in_one_line_and_no_folder_is_made(
    run: Run, command: list[str]
) -> None:
    where = ["--db", "nodir/x.db"] if command == ["sandbox"] else ["--api-url", "sandbox:nodir/x.db"]
    ran = run(*command, *where)
    [said] = ran.err.splitlines()
    assert (ran.code, ran.out) == (6, "")
    what = "error: nodir/x.db: the sandbox's database cannot be made: its folder does not exist; make the folder, or "
    assert said.startswith(what)
    assert not Path("nodir").exists()


def test_the_folder_of_this_users_own_is_made(tmp_path: Path) -> None:
    Store(tmp_path / "a" / "b" / "own.db", makes_folder=True).close()
    assert (tmp_path / "a" / "b" / "own.db").is_file()


def test_the_disk_that_is_full_is_said_to_be(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store._rows("PRAGMA max_page_count = 1")
    with pytest.raises(FileError, match="the disk is full") as full:
        for number in range(1000):
            store.add_pixel(ACCOUNT, f"{number}" * 100, "OTHER")
    assert full.value.hint == "make room there"


@pytest.mark.parametrize(
    "arguments",
    [
        ["pixels", "create", "--name", "x", "--account", ACCOUNT],
        ["snippet", PIXEL_ID, "--value", "1999"],
        ["export", "gtm", "--pixel", PIXEL_ID],
        ["pixels", "list", "--account", ACCOUNT],
    ],
    ids=" ".join,
)
def test_a_file_that_was_named_is_the_only_one_that_is_opened(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("SNIPPETKIT_API_URL", "sandbox:named.db")
    run(*arguments)
    assert Path("named.db").exists()
    assert not any(Path(os.environ["XDG_CONFIG_HOME"]).iterdir())


@pytest.mark.parametrize(
    ("url", "arguments", "served"),
    [
        ("sandbox:named.db", [], "named.db"),
        ("sandbox:named.db", ["--db", "other.db"], "other.db"),
        ("https://graph.example", [], "own"),
    ],
)
def test_the_sandbox_serves_the_file_that_the_environment_names_and_says_which(
    monkeypatch: pytest.MonkeyPatch, url: str, arguments: list[str], served: str
) -> None:
    monkeypatch.setenv("SNIPPETKIT_API_URL", url)
    own = Path(os.environ["XDG_CONFIG_HOME"], "snippetkit", "sandbox.db")
    command = [sys.executable, "-m", "snippetkit", "sandbox", "--port", "0", *arguments]
    with started(command) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        assert process.stderr.readline().decode() == f"serving {own if served == 'own' else served}\n"
    assert own.exists() == (served == "own")
    assert [path.name for path in Path().glob("*.db")] == [name for name in [served] if name != "own"]
