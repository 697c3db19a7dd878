"""`inject` and `remove`: what happens to files, what is said, and the exit codes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import PIXEL_ID, Run

PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"


@pytest.fixture
def site() -> Path:
    """Two pages, and two files that are none."""
    for name in ("index.html", "shop/thanks.htm"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(PAGE)
    Path("part.html").write_bytes(b"<p>part of a page")
    Path("notes.txt").write_bytes(b"x")
    return Path()


def _state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def test_a_folder_gets_its_pages_injected_and_the_refused_one_is_named(sandbox_run: Run, site: Path) -> None:
    ran = sandbox_run("inject", site, "--pixel", PIXEL_ID, "--value", "1999")
    assert (ran.code, ran.out) == (6, "")
    assert ran.err == (
        f"pixel {PIXEL_ID} reports 19.99 USD\n"
        "inserted: index.html\n"
        "refused: part.html: line 1, column 1: only part of a page: no doctype, <html>, <head> or <body>; "
        "--fragments accepts such files\n"
        "inserted: shop/thanks.htm\n"
        "2 inserted, 1 refused\n"
    )
    assert Path("part.html").read_bytes() == b"<p>part of a page"
    assert b"fb_param.value = '19.99';" in Path("index.html").read_bytes()


def test_a_second_run_touches_nothing_a_new_value_updates_and_removal_restores(sandbox_run: Run, site: Path) -> None:
    pages = ["index.html", "shop"]
    sandbox_run("inject", *pages, "--pixel", PIXEL_ID, "--value", "1999")
    before = _state(site)
    again = sandbox_run("inject", *pages, "--pixel", PIXEL_ID, "--value", "1999")
    assert (again.code, again.err.splitlines()[1:]) == (0, ["2 unchanged"])
    assert _state(site) == before
    updated = sandbox_run("inject", *pages, "--pixel", PIXEL_ID, "--value", "500")
    assert updated.err.splitlines()[-1] == "2 updated"
    assert b"fb_param.value = '5.00';" in Path("index.html").read_bytes()
    removed = sandbox_run("remove", site)
    assert (removed.code, removed.err.splitlines()[-1]) == (0, "2 removed, 1 unchanged")
    assert Path("index.html").read_bytes() == Path("shop/thanks.htm").read_bytes() == PAGE
    assert sandbox_run("remove", site).err == "3 unchanged\n"


def test_check_and_diff_write_nothing_and_check_is_1_where_something_would_change(sandbox_run: Run, site: Path) -> None:
    before = _state(site)
    inject = ["inject", "index.html", "--pixel", PIXEL_ID, "--value", "1999"]
    check = sandbox_run(*inject, "--check")
    assert (check.code, check.out) == (1, "")
    assert check.err.splitlines()[1:] == ["would be inserted: index.html", "1 would be inserted"]
    diff = sandbox_run(*inject, "--diff")
    assert diff.code == 0
    assert diff.out.startswith("--- a/index.html\n+++ b/index.html\n@@ ")
    assert "\n+  fb_param.value = '19.99';\n" in diff.out
    both = sandbox_run(*inject, "--check", "--diff")
    assert (both.code, both.out) == (1, diff.out)
    assert _state(site) == before
    sandbox_run(*inject)
    assert sandbox_run(*inject, "--check", "--diff").code == 0
    assert sandbox_run("remove", "index.html", "--check").code == 1
    assert "\n-  fb_param.value = '19.99';\n" in sandbox_run("remove", "index.html", "--diff").out


def test_a_hand_edited_region_is_refused_and_named(sandbox_run: Run, site: Path) -> None:
    sandbox_run("inject", "index.html", "--pixel", PIXEL_ID)
    page = Path("index.html")
    edited = page.read_bytes().replace(b"'0.01'", b"'9.99'")
    page.write_bytes(edited)
    for command in (["inject", page, "--pixel", PIXEL_ID], ["remove", page]):
        ran = sandbox_run(*command)
        assert ran.code == 6
        assert "refused: index.html: line 5, column 3: this snippetkit region was edited by hand" in ran.err
    assert page.read_bytes() == edited


def test_a_page_that_cannot_be_read_does_not_stop_the_others(sandbox_run: Run, site: Path) -> None:
    Path("link.html").symlink_to("index.html")
    os.mkfifo("pipe.html")
    ran = sandbox_run("inject", "none.html", "link.html", "pipe.html", "index.html", "--pixel", PIXEL_ID)
    assert ran.code == 6
    assert ran.err.splitlines()[1:] == [
        "failed: none.html: No such file or directory",
        "failed: link.html: a symbolic link; name the file it points to",
        "failed: pipe.html: not a regular file",
        "inserted: index.html",
        "3 failed, 1 inserted",
    ]


def test_a_folder_without_pages_is_said(run: Run) -> None:
    Path("empty").mkdir()
    ran = run("remove", "empty")
    assert (ran.code, ran.out, ran.err) == (
        6,
        "",
        "failed: empty: no matching files; --include says which are taken\n1 failed\n",
    )


def test_a_page_of_a_hundred_thousand_lines_is_shown_as_the_few_that_change(sandbox_run: Run) -> None:
    Path("long.html").write_bytes(PAGE.replace(b"  <p>x</p>\n", b"  <p>x</p>\n" * 100_000))
    ran = sandbox_run("inject", "long.html", "--pixel", PIXEL_ID, "--diff")
    assert ran.out.count("\n") < 40
