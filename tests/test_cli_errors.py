"""Errors that once pointed elsewhere: each says what is wrong, and what to do next."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.conftest import CASES, PIXEL_ID, Run

MAIL = str(CASES / "docs" / "mail.html")
PAGE = (CASES / "docs" / "site" / "thanks.html").read_text("utf-8")
EMPTY = "stdin is empty; the command before the pipe may have failed; or name a file"


@pytest.fixture(autouse=True)
def page() -> None:
    Path("page.html").write_text(PAGE)


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (
            ["pixels", "list", "--account", "1", "--api-url", "ftp://x"],
            2,
            "the API URL 'ftp://x' is not an https URL; give one such as https://graph.facebook.com",
        ),
        (["injct", "page.html"], 2, "No such command 'injct'. (Did you mean one of: 'inject', 'inspect', 'lint'?)"),
        (["inject", "page.html", "--from-file", "."], 6, ".: a folder; name a file in it"),
        (["lint-container", "."], 6, ".: a folder; name a file in it"),
        (["report", "page.html", "-o", "."], 2, ". is a folder; name a file in it."),
        (["report", "page.html", "-o", "typo/x.html"], 2, "there is no folder typo; create it first."),
        (["migrate", MAIL, "-o", "typo/x.html"], 2, "there is no folder typo; create it first."),
        (["lint-container", "page.html"], 2, "page.html: not JSON: line 1, column 1: unexpected '<'; export"),
    ],
    ids=lambda part: part if isinstance(part, str) else None,
)
def test_an_error_names_what_is_wrong(run: Run, arguments: list[str], code: int, error: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert error in ran.err
    assert sorted(path.name for path in Path().iterdir()) == ["page.html"]


@pytest.mark.parametrize(
    "command",
    [
        ["inject", "page.html", "--from-file", "-"],
        ["inject", "-", "--from-file", MAIL],
        ["inject", "page.html", "--from-file", MAIL, "--pages", "-"],
        ["snippet", "--from-file", "-"],
        ["remove", "-"],
        ["status", "-"],
        ["lint", "-"],
        ["inspect", "-"],
        ["lint-container", "-"],
        ["import", "-"],
    ],
    ids=" ".join,
)
def test_nothing_on_stdin_is_said(run: Run, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    ran = run(*command)
    assert ran.code == 6
    assert EMPTY in ran.err


def test_a_name_that_is_too_long_is_not_sent_to_the_list_of_pixels(sandbox_run: Run) -> None:
    ran = sandbox_run("pixels", "create", "--tag", "LEAD", "--name", "x" * 101)
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.endswith(": (#100) name must have 1 to 100 characters (HTTP 400, code 100)\n")


def test_a_currency_without_a_minor_unit_is_shown_without_decimals(run: Run, sandbox_run: Run) -> None:
    made = sandbox_run("snippet", PIXEL_ID, "--value", "1999", "--currency", "JPY", "--variant", "image")
    assert f"pixel {PIXEL_ID} reports 1999 JPY\n" in made.err
    Path("rules.csv").write_text("page,pixel,value,currency\n/page.html,434566956589050,1999,JPY\n")
    ran = run("inject", "page.html", "--from-file", MAIL, "--pages", "rules.csv", "--check")
    assert ran.err.splitlines()[1].split() == ["/page.html", "434566956589050", "1999", "JPY"]
