"""What a terminal gets: a line that says how far it is, colours; how loud a command is; and what a pipe gets."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from snippetkit import __version__
from snippetkit.cli import _terminal
from tests.conftest import JS_PIXEL, PIXEL_ID, Run
from tests.screens import on_screen

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind")

CODE = ["--from-file", "code.html"]
PAGE = "<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n</body>\n</html>\n"
READING = pytest.mark.parametrize("command", ["lint", "status", "inspect", "csp"])
BROKEN = JS_PIXEL.replace("var fb_param = {};", "var fb_param = {;")


@pytest.fixture(autouse=True)
def _site() -> None:
    Path("code.html").write_text(JS_PIXEL)
    for name, text in {"a": BROKEN, "b": JS_PIXEL, "c": JS_PIXEL, "d": PAGE}.items():
        Path("site").mkdir(exist_ok=True)
        Path(f"site/{name}.html").write_text(text)


@READING
def test_the_line_is_there_before_the_first_file_is_read_and_gone_in_the_end(command: str) -> None:
    with on_screen(command, "-", "site") as screen:
        screen.wait_for(b"] 0 files")
        screen.end(JS_PIXEL.encode())
    assert screen.is_cursor_shown
    assert not [line for line in screen.lines if "files" in line and "]" in line]
    assert screen.lines


@READING
def test_ctrl_c_leaves_a_clean_line(command: str) -> None:
    with on_screen(command, "-", "site") as screen:
        screen.wait_for(b"] 0 files")
        screen.process.send_signal(signal.SIGINT)
        assert screen.end() == 130
    assert (screen.lines[-2:], screen.is_cursor_shown) == (["", "error: interrupted"], True)


def test_the_line_counts_what_is_done() -> None:
    program = "from snippetkit.cli import _progress, main; _progress._REDRAW_S = 0; main()"
    with on_screen("status", "site", program=program) as screen:
        screen.end()
    counts = re.findall(rb"\] (\d files?)", screen.drawn)
    assert counts == [b"0 files", b"1 file", b"2 files", b"3 files", b"4 files"]


@pytest.mark.parametrize("arguments", [["--json"], ["--format", "csv"]], ids=["json", "csv"])
def test_a_document_on_the_same_terminal_is_not_drawn_over(arguments: list[str]) -> None:
    with on_screen("status", "site", *arguments) as screen:
        assert screen.end() == 0
    said = "3 pages carry 1 pixel, 1 carries none"
    assert screen.lines[-1] == said
    if "--json" in arguments:
        document = json.loads("\n".join(screen.lines[:-1]))
        assert [page["path"] for page in document["files"]] == [f"site/{name}.html" for name in "abcd"]


def test_the_line_is_drawn_where_only_stdout_is_a_pipe() -> None:
    with Path("out.csv").open("wb") as out, on_screen("status", "-", "--format", "csv", out=out.fileno()) as screen:
        screen.wait_for(b"] 0 files")
        screen.end(JS_PIXEL.encode())
    assert b"\x1b" not in Path("out.csv").read_bytes()
    assert screen.lines == ["1 page carries 1 pixel, 0 carry none"]


def test_an_export_and_a_run_over_pages_are_seen() -> None:
    with on_screen("export", "gtm", *CODE, "--all-pages", "-o", "gtm.json") as screen:
        assert screen.end() == 0
    for step in (b"loading the code ...", b"exporting 1 tag ..."):
        assert step in screen.drawn
    assert screen.lines[-1].startswith("note: ") or screen.lines[-1] == "wrote: gtm.json"
    with on_screen("remove", "site") as screen:
        assert screen.end() == 0
    assert b"] 0 pages" in screen.drawn
    assert screen.lines == ["4 unchanged"]


def test_what_a_project_declares_is_seen() -> None:
    Path("snippetkit.toml").write_text(
        '[pixels.checkout]\nfile = "code.html"\n[[sites]]\npaths = ["site"]\n'
        'rules = [{ page = "/d.html", pixel = "checkout", value = 1999, currency = "USD" }]\n'
    )
    with on_screen("sync", "--check") as screen:
        assert screen.end() == 1, screen.lines
    assert b"] 0 pages" in screen.drawn
    assert screen.lines[-1] == "3 unchanged, 1 would be inserted"


def test_a_question_does_not_stand_behind_a_line(sandbox_run: Run) -> None:
    with on_screen("pixels", "delete", PIXEL_ID, has_keyboard=True) as screen:
        screen.wait_for(b"[y/N]: ")
        screen.type(b"n\n")
        assert screen.end() == 0
    assert b"asking the API ..." in screen.drawn
    assert screen.lines == [f"Delete the CHECKOUT pixel 'Thank you' ({PIXEL_ID})? [y/N]: n", f"kept: {PIXEL_ID}"]


@pytest.mark.browser
@pytest.mark.parametrize("command", [["verify"], ["report", "-o", "r.html"]], ids=["verify", "report"])
def test_visits_are_seen(command: list[str]) -> None:
    with on_screen(*command, "site/b.html") as screen:
        assert screen.end() == 0
    assert b"finding the pages ..." in screen.drawn
    assert re.search(rb"\[-+\] 0 of [12] visits?", screen.drawn)
    assert not [line for line in screen.lines if line.startswith("[")]
    assert screen.is_cursor_shown


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"COLUMNS": "1"}], ids=["dumb", "narrow"])
def test_a_terminal_that_knows_no_escapes_gets_none(environment: dict[str, str]) -> None:
    with on_screen("lint", "site", **environment) as screen:
        assert screen.end() == 1
    assert (b"\x1b" in screen.drawn) == ("TERM" not in environment)


COLOURED = pytest.mark.parametrize(
    ("command", "shown"),
    [
        (["lint", "site/a.html"], b": \x1b[31merror\x1b[0m script-error: "),
        (["inject", "site/d.html", *CODE, "--check"], b"\x1b[32mwould be inserted\x1b[0m: site/d.html"),
        (["inject", "site/d.html", *CODE, "--diff"], b"\n\x1b[32m+"),
        (["inject", "site/d.html", *CODE, "--diff"], b"\n\x1b[36m@@ "),
        (["inject", "none.html", *CODE], b"\x1b[31mfailed\x1b[0m: none.html"),
        (["snippet", "--from-file", "none.html"], b"\x1b[31merror\x1b[0m: none.html"),
    ],
    ids=["lint", "check", "diff", "place", "failed", "error"],
)


@pytest.mark.wide
@COLOURED
def test_verdicts_and_diffs_have_colours_on_a_terminal(command: list[str], shown: bytes) -> None:
    with on_screen(*command) as screen:
        screen.end()
    assert shown in screen.drawn.replace(b"\r\n", b"\n")


@COLOURED
@pytest.mark.parametrize(
    ("environment", "has_colours"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": ""}, False),
    ],
)
def test_a_pipe_has_colours_only_where_they_are_forced(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    shown: bytes,
    environment: dict[str, str],
    has_colours: bool,
) -> None:
    bare = run(*command)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    ran = run(*command)
    printed = (ran.out + ran.err).encode()
    assert (shown in printed, b"\x1b" in printed) == (has_colours, has_colours)
    assert _terminal_free(printed) == (bare.out + bare.err).encode()


def test_lines_that_differ_between_containers_have_colours(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("a", "1999"), ("b", "500")):
        assert run("export", "gtm", *CODE, "--all-pages", "--value", value, "-o", f"{name}.json").code == 0
    bare = run("diff-container", "a.json", "b.json").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = run("diff-container", "a.json", "b.json").out
    assert "\x1b[36mchanged\x1b[0m: " in shown
    assert re.search(r"^    \x1b\[31m-.*19\.99.*\x1b\[0m\n    \x1b\[32m\+.*5\.00.*\x1b\[0m$", shown, re.MULTILINE)
    assert _terminal_free(shown.encode()).decode() == bare


def _terminal_free(text: bytes) -> bytes:
    return re.sub(rb"\x1b\[[0-9;]*m", b"", text)


@pytest.mark.wide
@COLOURED
def test_no_color_counts_on_a_terminal_too(command: list[str], shown: bytes) -> None:
    with on_screen(*command, NO_COLOR="1") as screen:
        screen.end()
    assert not re.search(rb"\x1b\[[0-9;]*m", screen.drawn)


def test_the_bytes_of_code_and_a_document_have_no_colour(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [["lint", "site", "--format", form] for form in ("json", "github", "sarif")]
    for command in (["snippet", *CODE], *documents):
        bare = run(*command).out
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert run(*command).out == bare != ""
        monkeypatch.delenv("FORCE_COLOR")


def test_the_installed_command_knows_a_pipe_and_what_forces_colours() -> None:
    command = [sys.executable, "-m", "snippetkit", "lint", "site/a.html"]
    forced = {**os.environ, "FORCE_COLOR": "1"}
    bare, coloured = (subprocess.run(command, capture_output=True, env=env).stdout for env in (None, forced))
    assert (b"\x1b" in bare, _terminal_free(coloured) == bare != coloured) == (False, True)


def test_each_word_that_has_a_colour_is_one_that_is_said() -> None:
    source = "".join(path.read_text() for path in Path(_terminal.__file__).parents[1].rglob("*.py"))
    for word in _terminal._STYLES:
        assert source.count(word.removeprefix("would be ")) > 1, word


@pytest.mark.parametrize(
    ("command", "err"),
    [
        (["lint", "site/d.html", "none.html"], "failed: none.html: No such file or directory\n"),
        (["csp", "site/d.html"], ""),
        (["inject", "site/d.html", "none.html", *CODE], "failed: none.html: No such file or directory\n"),
        (["export", "gtm", *CODE, "--all-pages", "-o", "gtm.json"], ""),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_quiet_leaves_what_went_wrong(run: Run, command: list[str], err: str) -> None:
    ran = run(*command, "-q")
    assert (ran.out, ran.err) == ("", err)


def test_quiet_draws_no_line() -> None:
    with on_screen("lint", "-", "-q") as screen:
        assert screen.end(PAGE.encode()) == 0
    assert screen.drawn == b""


def test_verbose_names_each_file_and_each_page_that_stays(run: Run) -> None:
    assert run("lint", "site/b.html", "site/c.html", "-v").err.startswith("read: site/b.html\nread: site/c.html\n")
    assert run("remove", "site", "-v").err.startswith("unchanged: site/a.html\n")
    assert run("remove", "site").err == "4 unchanged\n"


def test_quiet_and_verbose_are_not_used_together(run: Run) -> None:
    for both in (["-q", "-v"], ["--verbose", "--quiet"]):
        ran = run("lint", "site", *both)
        assert (ran.code, "--quiet and --verbose cannot be used together" in ran.err) == (2, True)
    assert run("lint", "site/b.html", "-qq").err == ""


def test_the_version_has_a_short_option(run: Run) -> None:
    assert run("-V").out == run("--version").out == f"snippetkit {__version__}\n"


SUMMARIES = {
    "lint": "COUNT  FILES  LEVEL    CODE              MEANING\n3      3      warning  retired-endpoint  ",
    "status": "PAGES  PIXEL             EVENT  VALUE  CURRENCY  STATE\n"
    f"2      fp:{PIXEL_ID}         19.99  USD       unmarked\n",
    "inspect": "COUNT  DIALECT  PIXEL          EVENT  VALUE  CURRENCY  STATE  FINDINGS\n"
    f"2      fp       {PIXEL_ID}         ",
}


@pytest.mark.parametrize("command", SUMMARIES)
def test_a_summary_has_counts_and_no_line_for_each_page(run: Run, command: str) -> None:
    ran = run(command, "site", "--summary")
    assert ran.out.startswith(SUMMARIES[command]), ran.out
    assert "site/" not in ran.out
    assert ran.err == run(command, "site").err
    assert ran == run(command, "site", "--format", "summary")
    assert run(command, "site", "--summary", "--json").code == 2


def test_a_summary_of_csp_counts_its_notes(run: Run) -> None:
    ran = run("csp", "site", "--summary")
    assert ran.out == run("csp", "site").out
    assert "note: 1 page: no conversion code\n" in ran.err
    assert "site/" not in ran.err


def test_a_summary_of_a_run_counts_pages_by_what_was_in_the_way(run: Run) -> None:
    for number in range(3):
        Path(f"site/part{number}.html").write_text("<p>part")
    ran = run("inject", "site", *CODE, "--summary")
    each = run("inject", "site", *CODE)
    refused = [line for line in each.err.splitlines() if line.startswith("refused: site/part")]
    reason = refused[0].rpartition(": line 1, column 1: ")[2]
    assert (ran.code, each.code) == (6, 6)
    assert f"refused: {len(refused) + 3} pages: {reason}\n" in ran.err
    assert "site/" not in ran.err.partition("\n")[2]
    for contradiction in (["--json"], []):
        where = "site" if contradiction else "-"
        assert run("inject", where, *CODE, "--summary", *contradiction).code == 2


@pytest.mark.browser
def test_a_summary_of_visits_counts_what_fired(run: Run) -> None:
    ran = run("verify", "site/b.html", "site/c.html", "site/d.html", "--summary")
    assert ran.out == f"fired: 2 visits: pixel {PIXEL_ID}, 19.99 USD\nquiet: 1 visit\n"
