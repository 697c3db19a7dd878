"""A page is replaced whole or not at all, and keeps all but its bytes."""

from __future__ import annotations

import errno
import os
import resource
import struct
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from snippetkit import files, inject
from snippetkit.errors import FileError, SettingError
from snippetkit.files import FileWriter
from snippetkit.model import Edit

BIG = bytes(range(256)) * 16 * 1024  # 4 MiB
OLD = b"<head></head>"
INSERT = [Edit(6, 6, b"new")]
NEW = b"<head>new</head>"

as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may do this")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_bytes(OLD)
    return path


def _replace(path: Path, edits: list[Edit] = INSERT, *, fsync: bool = False, backup: str = "") -> None:
    with FileWriter(fsync=fsync, backup=backup) as writer, files.read_page(path) as page:
        writer.replace(page, edits)
        for error in writer.commit().values():
            raise error


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("fsync", [False, True])
@pytest.mark.parametrize("mode", [0o640, 0o666, 0o600, 0o755, 0o200, 0o4755])
def test_the_mode_stays(page: Path, mode: int, fsync: bool) -> None:
    page.chmod(mode)
    _replace(page, fsync=fsync)
    assert page.read_bytes() == NEW
    assert page.stat().st_mode & 0o7777 == mode
    assert _names(page.parent) == ["page.html"]


@as_root
def test_owners_stay_also_where_a_new_file_would_have_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o2777)
    os.chown(tmp_path, 0, 99)
    owners = {"a.html": (1234, 4321), "b.html": (0, 99), "c.html": (0, 0), "d.html": (1234, 4321)}
    for name, owner in owners.items():
        (tmp_path / name).write_bytes(OLD)
        os.chown(tmp_path / name, *owner)
        (tmp_path / name).chmod(0o4750)
    with FileWriter() as writer:
        for name in owners:
            with files.read_page(tmp_path / name) as page:
                writer.replace(page, INSERT)
    for name, owner in owners.items():
        status = (tmp_path / name).stat()
        assert (status.st_uid, status.st_gid, status.st_mode & 0o7777) == (*owner, 0o4750)


@as_root
def test_a_page_whose_group_is_another_persons_stays_as_it_is(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o777)
    os.chown(page, 65534, 99)
    os.seteuid(65534)
    try:
        with pytest.raises(FileError, match=r"page\.html: its owner and group cannot be kept") as refused:
            _replace(Path("page.html"))
    finally:
        os.seteuid(0)
    assert (page.read_bytes(), _names(tmp_path)) == (OLD, ["page.html"])
    assert refused.value.hint == "run as root, or make the page yours first, with a group that you are in"


def _acl(*entries: tuple[int, int, int]) -> bytes:
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def test_access_lists_and_other_attributes_stay_and_the_folders_own_are_not_added(page: Path) -> None:
    none = 0xFFFFFFFF
    own = _acl((1, 6, none), (2, 4, 1234), (4, 4, none), (16, 4, none), (32, 0, none))
    default = _acl((1, 7, none), (2, 7, 4321), (4, 7, none), (16, 7, none), (32, 7, none))
    plain = page.with_name("plain.html")
    plain.write_bytes(OLD)
    plain.chmod(0o664)
    try:
        os.setxattr(page, "user.note", b"kept")
        os.setxattr(page, "system.posix_acl_access", own)
        os.setxattr(page.parent, "system.posix_acl_default", default)
    except OSError:
        pytest.skip("no attributes here")
    mode = page.stat().st_mode
    with FileWriter() as writer:
        for path in (page, plain, page):
            with files.read_page(path) as read:
                writer.replace(read, INSERT)
    assert os.getxattr(page, "user.note") == b"kept"
    assert os.getxattr(page, "system.posix_acl_access") == own
    assert page.stat().st_mode == mode
    assert not os.listxattr(plain)
    assert plain.stat().st_mode & 0o777 == 0o664


@pytest.mark.parametrize("size", [0, 100, 32 * 1024, 32 * 1024 + 1, 300_000, len(BIG)])
@pytest.mark.parametrize("reads", ["head", "rest", "whole"])
def test_all_bytes_but_the_edits_stay(page: Path, size: int, reads: str) -> None:
    data = BIG[:size]
    for ats in (
        [0],
        [size],
        [size // 2, size // 2 + 5, size],
        [min(size, 32 * 1024)],
        range(0, size, size // 1500 + 1),
    ):
        edits = [Edit(min(at, size), min(at + 3, size), b"<>" * (at % 2)) for at in ats]
        page.write_bytes(data)
        with FileWriter() as writer, files.read_page(page) as read:
            if reads == "rest":
                assert read.find(b"no such bytes") == -1
            elif reads == "whole":
                assert read.whole() == data
            writer.replace(read, edits)
        assert page.read_bytes() == inject.apply(data, edits)


def _fail(code: int) -> Callable[..., int]:
    def fail(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize("copy", [_fail(errno.EXDEV), _fail(errno.ENOSYS), lambda *_: 0, None])
def test_where_the_system_cannot_copy_ranges_or_write_many_buffers(
    page: Path, monkeypatch: pytest.MonkeyPatch, copy: Callable[..., int] | None
) -> None:
    page.write_bytes(BIG)
    if copy:
        monkeypatch.setattr(os, "copy_file_range", copy)
    else:
        for name in ("copy_file_range", "writev", "listxattr"):
            monkeypatch.delattr(os, name)
    _replace(page, [Edit(2_000_000, 2_000_001, b"here")])
    assert page.read_bytes() == BIG[:2_000_000] + b"here" + BIG[2_000_001:]


def test_short_writes_are_continued(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writev = os.writev
    monkeypatch.setattr(os, "writev", lambda descriptor, buffers: writev(descriptor, [b"".join(buffers)[:7]]))
    page.write_bytes(BIG[:500])
    _replace(page, [Edit(100, 200, b"here"), Edit(250, 250, b"")])
    assert page.read_bytes() == BIG[:100] + b"here" + BIG[200:500]


@pytest.mark.parametrize("fsync", [False, True])
@pytest.mark.parametrize("what", ["bytes", "time", "other", "gone", "link"])
def test_a_page_that_changed_meanwhile_is_left_alone(page: Path, what: str, fsync: bool) -> None:
    with FileWriter(fsync=fsync) as writer, files.read_page(page) as read:
        if what == "bytes":
            page.write_bytes(b"somebody else's")
        elif what == "time":
            os.utime(page, (1, 1))
        elif what == "gone":
            page.unlink()
        else:
            (page.with_name("new")).write_bytes(b"somebody else's")
            page.with_name("new").replace(page)
            if what == "link":
                page.unlink()
                page.symlink_to("/etc/passwd")
        left = page.read_bytes() if page.exists() else None
        with pytest.raises(FileError, match=r"page\.html: (changed during the run|No such file)"):
            _replace_read(writer, read)
    assert (page.read_bytes() if page.exists() else None) == left
    assert [name for name in _names(page.parent) if name != "page.html"] == []


def _replace_read(writer: FileWriter, page: files.PageFile) -> None:
    writer.replace(page, INSERT)
    for error in writer.commit().values():
        raise error


def test_a_write_that_fails_half_way_leaves_the_old_page_and_nothing_else(page: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(FileError, match=r"page\.html: File too large"):
            _replace(page, [Edit(0, 0, b"x" * 2000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert page.read_bytes() == OLD
    assert _names(page.parent) == ["page.html"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", folder], capture_output=True, check=False
    ).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("fsync", [False, True])
def test_a_full_disk_leaves_the_old_page_and_nothing_else(small_disk: Path, fsync: bool) -> None:
    page = small_disk / "page.html"
    page.write_bytes(OLD + BIG[:40_000])
    with pytest.raises(FileError, match=r"page\.html: No space left on device"):
        _replace(page, fsync=fsync)
    assert page.read_bytes() == OLD + BIG[:40_000]
    assert _names(small_disk) == ["page.html"]
    with pytest.raises(FileError, match=r"not backed up to .*/page\.html: No space left on device"):
        _replace(page, backup=str(small_disk / "backup"))
    assert page.read_bytes() == OLD + BIG[:40_000]
    assert [path for path in small_disk.rglob("*") if path.is_file()] == [page]


def test_pages_that_wait_for_a_commit_are_as_they_were_and_leave_nothing_where_it_never_comes(page: Path) -> None:
    with FileWriter(fsync=True) as writer:
        with files.read_page(page) as read:
            writer.replace(read, INSERT)
        assert page.read_bytes() == OLD
        assert len(_names(page.parent)) == 2
    assert page.read_bytes() == OLD
    assert _names(page.parent) == ["page.html"]


def test_a_read_only_page_is_not_replaced(page: Path) -> None:
    page.chmod(0o444)
    with files.read_page(page) as read, pytest.raises(FileError, match=r"page\.html: read-only; chmod u\+w"):
        files.check_writable(read)


def test_the_backup_has_the_bytes_and_the_mode_from_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outside = tmp_path / "x.html"
    inside = tmp_path / "cwd" / "sub" / "y.html"
    inside.parent.mkdir(parents=True)
    outside.write_bytes(OLD)
    inside.write_bytes(BIG)
    inside.chmod(0o640)
    monkeypatch.chdir(tmp_path / "cwd")
    for path in (Path("../x.html"), inside):
        _replace(path, backup="kept")
    kept = tmp_path / "cwd" / "kept"
    assert (kept / str(outside).lstrip("/")).read_bytes() == OLD
    assert (kept / "sub" / "y.html").read_bytes() == BIG
    assert (kept / "sub" / "y.html").stat().st_mode & 0o777 == 0o640
    assert outside.read_bytes() == NEW
    with pytest.raises(FileError, match=r"x\.html: there is a backup of it already"):
        _replace(outside, backup="kept")
    assert len([path for path in kept.rglob("*") if path.is_file()]) == 2


def test_a_page_that_cannot_be_backed_up_stays_as_it_is(page: Path) -> None:
    (page.parent / "file").touch()
    with pytest.raises(FileError, match=r"page\.html: not backed up to .*Not a directory"):
        _replace(page, backup=str(page.parent / "file" / "backup"))
    assert page.read_bytes() == OLD
    assert _names(page.parent) == ["file", "page.html"]


def test_a_backup_goes_into_a_new_folder(tmp_path: Path) -> None:
    files.check_backup(str(tmp_path / "none"))
    files.check_backup(str(tmp_path))
    (tmp_path / "x").touch()
    with pytest.raises(SettingError, match="is not empty"):
        files.check_backup(str(tmp_path))
    with pytest.raises(SettingError, match="Not a directory"):
        files.check_backup(str(tmp_path / "x"))


def test_a_file_system_without_attributes_is_fine_and_one_that_cannot_tell_is_not(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "listxattr", _fail(errno.EOPNOTSUPP))
    _replace(page)
    assert page.read_bytes() == NEW
    monkeypatch.setattr(os, "listxattr", _fail(errno.EIO))
    with pytest.raises(FileError, match=r"page\.html: Input/output error"):
        _replace(page)
    assert _names(page.parent) == ["page.html"]


def test_a_sync_that_fails_is_told_and_a_page_that_may_not_survive_as_well(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("snippetkit.files.copying.sync_file_system", _fail(errno.EIO))
        with pytest.raises(FileError, match=r"page\.html: Input/output error"):
            _replace(page, fsync=True)
    assert page.read_bytes() == OLD
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _fail(errno.EIO))
        with pytest.raises(
            FileError, match=r"page\.html: replaced, but not known to be on the disk: Input/output error"
        ):
            _replace(page, fsync=True)
    assert page.read_bytes() == NEW
    assert _names(page.parent) == ["page.html"]


def test_where_one_file_system_cannot_be_synced_all_are(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    monkeypatch.setattr("ctypes.CDLL", _fail(errno.ENOENT))
    monkeypatch.setattr(os, "sync", lambda: synced.append(True))
    _replace(page, fsync=True)
    assert page.read_bytes() == NEW
    assert synced == [True]


def test_an_error_of_one_waiting_page_does_not_stop_the_others(page: Path) -> None:
    others = [page.with_name(f"{name}.html") for name in "abc"]
    with FileWriter(fsync=True) as writer:
        for path in others:
            path.write_bytes(OLD)
            with files.read_page(path) as read:
                writer.replace(read, INSERT)
        others[1].write_bytes(b"somebody else's")
        assert {path: str(error) for path, error in writer.commit().items()} == {
            str(others[1]): f"{others[1]}: changed during the run; run again"
        }
    assert [path.read_bytes() for path in others] == [NEW, b"somebody else's", NEW]
    assert _names(page.parent) == ["a.html", "b.html", "c.html", "page.html"]
