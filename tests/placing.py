"""Code of any platform put onto a page by the command line, looked at there, and taken out again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import Run

PAGE = b"<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n"


@contextmanager
def on_a_page(run: Run, code: str, key: str) -> Iterator[str]:
    """Put code into `page.html`, where nothing is wrong with it, and give what a policy needs; then take it out."""
    Path("page.html").write_bytes(PAGE)
    Path("code.html").write_text(code)
    ran = run("inject", "page.html", "--from-file", "code.html")
    assert ran.code == 0, ran.err
    assert run("inject", "page.html", "--from-file", "code.html", "--check").code == 0
    assert key in run("status", "page.html").out
    assert run("lint", "page.html").out == ""
    yield run("csp", "page.html").out
    assert run("remove", "page.html", "--key", key).code == 0
    assert Path("page.html").read_bytes() == PAGE
