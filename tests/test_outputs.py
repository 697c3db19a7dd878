"""What a command writes is not what it reads: code, rules, a container, a page; refused before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.pixels import META_ID, PURCHASE

PAGE = "<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n</body>\n</html>\n"
EXPORT = ["export", "gtm", "--from-file", "mail.html"]
PAGES = [*EXPORT, "--pages", "p.csv"]


def _made(run: Run) -> dict[str, bytes]:
    """A site, a mail, rules and a container; returns all there is."""
    Path("site").mkdir()
    Path("site/thanks.html").write_text(PAGE)
    Path("m2.html").write_text(PAGE)
    Path("mail.html").write_text(PURCHASE)
    Path("p.csv").write_text(f"page,pixel\n/thanks.html,{META_ID}\n")
    Path("token").write_text("x")
    Path("snippetkit.toml").write_text("[api]\n")
    assert run(*EXPORT, "--all-pages", "-o", "e.json").code == 0
    Path("linked.html").symlink_to("mail.html")
    return _files()


def _files() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([*PAGES, "-o", "p.csv", "-q"], "-o and --pages name the same file; give -o another one"),
        ([*EXPORT, "--all-pages", "-o", "mail.html"], "-o and --from-file name the same file"),
        (
            ["export", "html", *EXPORT[2:], "--all-pages", "-o", "./site/../mail.html"],
            "-o and --from-file name the same",
        ),
        (
            ["export", "bundle", *EXPORT[2:], "--all-pages", "-o", "linked.html"],
            "-o and --from-file name the same file",
        ),
        ([*EXPORT, "--all-pages", "--into", "e.json", "-o", "e.json"], "-o and --into name the same file"),
        ([*EXPORT, "--all-pages", "-o", "snippetkit.toml"], "-o and the project name the same file"),
        ([*EXPORT, "--all-pages", "-o", "e.json", "--report", "mail.html"], "--report and --from-file name the same"),
        ([*EXPORT, "--all-pages", "-o", "x", "--report", "x"], "-o and --report name the same file"),
        (["report", "e.json", "-o", "e.json", "--browser", "sh"], "-o and PATH e.json name the same file"),
        (["report", "site", "m2.html", "-o", "m2.html", "--browser", "sh"], "-o and the page m2.html name the same"),
        (["report", "site", "-o", "site/thanks.html", "--browser", "sh"], "-o and the page site/thanks.html name"),
        (["migrate", "mail.html", "-o", "mail.html", "--pixel", META_ID], "-o and FILE name the same file"),
        (["init", "--from-file", "mail.html", "--force", "-o", "mail.html"], "-o and --from-file name the same file"),
        (["init", "site", "--force", "-o", "site/thanks.html"], "-o and the page thanks.html name the same file"),
    ],
)
def test_what_is_read_is_not_written_over(run: Run, arguments: list[str], told: str) -> None:
    before = _made(run)
    ran = run(*arguments)
    assert (ran.code, _files()) == (2, before), ran.err
    assert told in ran.err


def test_another_file_and_a_device_are_written(run: Run) -> None:
    _made(run)
    Path("to-new.json").symlink_to("new.json")
    for output in ("/dev/null", "new.json", "to-new.json", "-"):
        assert run(*PAGES, "-o", output).code == 0
