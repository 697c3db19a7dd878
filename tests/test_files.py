"""A file is either the old one or the new one, and what cannot be read or written says so."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from snippetkit import files
from snippetkit.errors import FileError


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_walking_takes_named_files_as_they_are_and_pages_below_folders_once_in_order(tmp_path: Path) -> None:
    for name in ("b.html", "a.HTM", "x.txt", "sub/c.html", ".git/d.html", "node_modules/e.html", "f.phtml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    named = tmp_path / "x.txt"
    found = list(files.walk([named, tmp_path, tmp_path / "b.html"], pytest.fail))
    assert [str(path.relative_to(tmp_path)) for path in found] == ["x.txt", "a.HTM", "b.html", "sub/c.html"]


def test_a_folder_that_cannot_be_listed_is_told_and_the_others_are_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("closed", "open"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").touch()
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    failed: list[str] = []
    found = list(files.walk([tmp_path], lambda error: failed.append(str(error))))
    assert found == [tmp_path / "open" / "page.html"]
    assert failed == [f"{tmp_path}/closed: Permission denied"]


def test_replacing_keeps_the_mode_and_leaves_nothing_else_behind(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"old")
    page.chmod(0o640)
    files.replace(files.read_page(page), b"new")
    assert page.read_bytes() == b"new"
    assert page.stat().st_mode & 0o777 == 0o640
    assert _names(tmp_path) == ["page.html"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_replacing_keeps_the_owner(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"old")
    os.chown(page, 1234, 4321)
    files.replace(files.read_page(page), b"new")
    assert (page.stat().st_uid, page.stat().st_gid) == (1234, 4321)


def test_a_page_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"old")
    content = files.read_page(page)
    page.write_bytes(b"somebody else's")
    with pytest.raises(FileError, match="changed while it was worked on"):
        files.replace(content, b"new")
    assert page.read_bytes() == b"somebody else's"
    assert _names(tmp_path) == ["page.html"]


def test_a_write_that_fails_half_way_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"old")
    content = files.read_page(page)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(FileError, match=r"page\.html: File too large"):
            files.replace(content, b"x" * 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert page.read_bytes() == b"old"
    assert _names(tmp_path) == ["page.html"]


def test_what_is_not_a_regular_page_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "page.html").touch()
    (tmp_path / "link.html").symlink_to("page.html")
    os.mkfifo(tmp_path / "pipe.html")
    for name, reason in {
        "link.html": "symbolic link",
        "pipe.html": "not a regular file",
        "none.html": "No such file",
        "page.xhtml": "XML has rules of its own",
    }.items():
        with pytest.raises(FileError, match=reason):
            files.read_page(tmp_path / name)
    with pytest.raises(FileError, match=r"not a regular file|Is a directory"):
        files.read_page(tmp_path)


def test_writing_makes_the_folder_says_whether_anything_changed_and_follows_a_link(tmp_path: Path) -> None:
    target = tmp_path / "new" / "out.json"
    assert files.write(target, "é")
    assert not files.write(target, "é")
    link = tmp_path / "link.json"
    link.symlink_to(target)
    assert files.write(link, "other")
    assert link.is_symlink()
    assert target.read_text("utf-8") == "other"
    assert _names(target.parent) == ["out.json"]


def test_a_new_file_has_the_mode_that_the_user_asks_for_with_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        files.write(tmp_path / "out", "x")
    finally:
        os.umask(old)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o640


def test_writing_to_a_device_or_a_place_that_is_none(tmp_path: Path) -> None:
    assert files.write(Path("/dev/null"), "x")
    assert not Path("/dev/null").is_file()
    (tmp_path / "file").touch()
    for path, reason in ((tmp_path, "Is a directory"), (tmp_path / "file" / "x", r"Not a directory|exists")):
        with pytest.raises(FileError, match=reason):
            files.write(path, "x")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\nb\nc\n", b"a\nB\nc\n"),
        (b"a\r\nb\r\n", b"a\r\nx\r\nb\r\n"),
        (b"a\nb", b"a\nb\nc"),
        (b"a", b""),
        (b"", b"a\n"),
        (b"a\rb\r", b"a\rB\r"),
        (b"a\n\x0c\xe2\x80\xa8b\n", b"a\n\x0c\xe2\x80\xa8c\n"),
    ],
)
def test_the_diff_holds_both_versions_to_the_byte(before: bytes, after: bytes) -> None:
    header, body = files.diff(Path("/site/page.html"), before, after).split("\n@@", 1)
    assert header == "--- a/site/page.html\n+++ b/site/page.html"
    lines = body.split("\n")[1:-1]
    assert _version(lines, " -") == before
    assert _version(lines, " +") == after


def _version(lines: list[str], signs: str) -> bytes:
    text = ""
    for sign, line in ((line[0], line[1:]) for line in lines):
        if sign in signs:
            text += f"{line}\n"
            last = True
        elif sign == "\\" and last:
            text = text[:-1]
        else:
            last = False
    return text.encode()


def test_there_is_no_diff_where_nothing_changed() -> None:
    assert files.diff(Path("page.html"), b"a", b"a") == ""
