"""A file is either the old one or the new one, and what cannot be read or written says so."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from snippetkit import files
from snippetkit.errors import FileError
from snippetkit.files import reading
from snippetkit.files.reading import PAGE_AT_ONCE_BYTES, WINDOW_BYTES


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_not_a_regular_page_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "page.html").touch()
    (tmp_path / "link.html").symlink_to("page.html")
    os.mkfifo(tmp_path / "pipe.html")
    for name, reason in {
        "link.html": "symbolic link",
        "pipe.html": "not a regular file",
        "none.html": "No such file",
        "page.xhtml": "XML has rules of its own",
        "page.SVG": "XML has rules of its own",
        "page.jsx": "a script, a component or data; only HTML pages are taken: change it by hand",
        "page.d.TS": "a script, a component or data",
        "page.vue": "a script, a component or data",
        "page.json": "a script, a component or data",
        ".": "a folder",
    }.items():
        with pytest.raises(FileError, match=reason):
            files.read_page(tmp_path / name)


def _page(path: Path, data: bytes) -> files.PageFile:
    path.write_bytes(data)
    return files.read_page(path)


def _has(needle: bytes, data: bytes) -> bool:
    return needle in data


@pytest.mark.parametrize("size", [0, 1, WINDOW_BYTES - 1, WINDOW_BYTES, WINDOW_BYTES + 1, 3 * WINDOW_BYTES])
@pytest.mark.parametrize("in_memory_bytes", [0, 1 << 20])
def test_a_page_is_the_same_whether_its_head_is_read_or_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, in_memory_bytes: int
) -> None:
    monkeypatch.setattr(reading, "IN_MEMORY_BYTES", in_memory_bytes)
    monkeypatch.setattr(reading, "CHUNK_BYTES", 1000)
    monkeypatch.setattr(reading, "PAGE_AT_ONCE_BYTES", WINDOW_BYTES)
    data = bytes(index * 7 % 251 for index in range(size))
    for at in {0, size // 2, size - 3, WINDOW_BYTES - 1, WINDOW_BYTES - 2, WINDOW_BYTES, WINDOW_BYTES + 999, size}:
        marked = data[:at] + b"\xff\xfe\xfd" + data[at + 3 :] if 0 <= at <= size - 3 else data
        with _page(tmp_path / "page.html", marked) as page:
            assert page.head == marked[:WINDOW_BYTES]
            assert page.is_whole == (size <= WINDOW_BYTES)
            for needle in (b"\xff\xfe\xfd", b"\xff\xfe\xfd" + marked[at + 3 : at + 5], b"\xfc"):
                assert page.find(needle) == marked.find(needle)
                assert page.holds(partial(_has, needle)) == (needle in marked)
            assert page.whole() == marked
            assert page.find(b"\xff\xfe\xfd") == marked.find(b"\xff\xfe\xfd")


def test_a_page_that_became_shorter_says_so_and_one_that_grew_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    data = b"x" * (PAGE_AT_ONCE_BYTES + 1)
    with _page(path, data) as page:
        os.truncate(path, 50_000)
        with pytest.raises(FileError, match="changed during the run"):
            page.whole()
    with _page(path, data) as page:
        with path.open("ab") as file:
            file.write(b"more")
        assert page.whole() == data


@pytest.mark.parametrize(("size", "is_whole"), [(PAGE_AT_ONCE_BYTES, True), (PAGE_AT_ONCE_BYTES + 1, False)])
def test_nearly_all_pages_are_read_at_once(tmp_path: Path, size: int, is_whole: bool) -> None:
    with _page(tmp_path / "page.html", bytes(size)) as page:
        assert (page.is_whole, len(page.head)) == (is_whole, size if is_whole else WINDOW_BYTES)


def test_writing_makes_the_folder_says_whether_anything_changed_and_follows_a_link(tmp_path: Path) -> None:
    target = tmp_path / "new" / "out.json"
    assert files.write(target, "é".encode())
    assert not files.write(target, "é".encode())
    link = tmp_path / "link.json"
    link.symlink_to(target)
    assert files.write(link, b"other")
    assert link.is_symlink()
    assert target.read_text("utf-8") == "other"
    assert _names(target.parent) == ["out.json"]


def test_a_new_file_has_the_mode_that_the_user_asks_for_with_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        files.write(tmp_path / "out", b"x")
    finally:
        os.umask(old)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o640


def test_a_file_that_is_written_again_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_text("old")
    target.chmod(0o600)
    assert files.write(target, b"new")
    assert target.stat().st_mode & 0o777 == 0o600
    assert _names(tmp_path) == ["out"]


def test_writing_to_a_device_or_a_place_that_is_none(tmp_path: Path) -> None:
    assert files.write(Path("/dev/null"), b"x")
    assert not Path("/dev/null").is_file()
    (tmp_path / "file").touch()
    for path, reason in ((tmp_path, "Is a directory"), (tmp_path / "file" / "x", r"Not a directory|exists")):
        with pytest.raises(FileError, match=reason):
            files.write(path, b"x")


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
