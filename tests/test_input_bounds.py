"""What comes from outside is read up to a bound; what is larger is one line that says so, but it cannot be read."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from snippetkit import interface
from snippetkit.errors import SlowReadingError
from snippetkit.javascript import parsing as _parsing
from tests.conftest import ACCOUNT, CASES, PIXEL_ID, Run
from tests.containers import export, html_tag

AD = ("--name", "x", "--campaign", "1", "--creative", "1", "--bid-type", "1", "--max-bid", "5", "--account", ACCOUNT)
CODE = str(CASES / "code" / "fp.html")
INPUTS = {
    "inject": (["inject", "{}", "--from-file", CODE], 512),
    "remove": (["remove", "{}"], 512),
    "status": (["status", "{}"], 512),
    "lint": (["lint", "{}"], 512),
    "inspect": (["inspect", "{}"], 512),
    "csp": (["csp", "{}"], 512),
    "code of snippet": (["snippet", "--from-file", "{}"], 64),
    "code of inject": (["inject", ".", "--from-file", "{}"], 64),
    "code of migrate": (["migrate", "{}", "--pixel", PIXEL_ID, "--event", "Lead"], 64),
    "rules": (["inject", ".", "--pages", "{}", "--from-file", CODE], 64),
    "container": (["lint-container", "{}"], 64),
    "containers": (["diff-container", "{}", "{}"], 64),
    "import": (["import", "{}"], 64),
    "into": (["export", "gtm", "--from-file", CODE, "--page-path", "/x", "--into", "{}"], 64),
    "specs": (["ads", "specs", "--from", "{}"], 64),
}


@pytest.mark.parametrize("name", INPUTS)
def test_a_file_that_is_larger_than_any_is_one_line_and_not_read(run: Run, name: str) -> None:
    command, mebibytes = INPUTS[name]
    with Path("sparse.html").open("wb") as sparse:
        sparse.truncate(mebibytes * 1024**2 + 1)
    ran = run(*(part.format("sparse.html") for part in command))
    said = [line for line in ran.err.splitlines() if f"sparse.html: larger than {mebibytes} MiB" in line]
    assert (ran.code, ran.out, len(said)) == (6, "", 1)


@pytest.mark.parametrize(
    ("command", "bound"),
    [
        (["lint", "-"], "snippetkit.files.MAX_BYTES"),
        (["inject", "-", "--from-file", CODE], "snippetkit.files.MAX_BYTES"),
        (["lint-container", "-"], "snippetkit.cli._texts.MAX_TEXT_BYTES"),
        (["ads", "specs", "--from", "-"], "snippetkit.cli.ads.MAX_TEXT_BYTES"),
    ],
    ids=str,
)
def test_stdin_is_read_up_to_a_bound(run: Run, monkeypatch: pytest.MonkeyPatch, command: list[str], bound: str) -> None:
    endless = io.BytesIO(bytes(5 * 1024**2))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(endless))
    monkeypatch.setattr(bound, 1024**2)
    ran = run(*command)
    assert (ran.code, ran.out) == (6, "")
    assert "larger than 1 MiB, the largest that is read" in ran.err
    assert endless.tell() <= 3 * 1024**2


def test_a_text_that_is_longer_than_a_token_is_not_sent_as_one(run: Run) -> None:
    Path("token").write_text("x" * 100_000)
    ran = run("pixels", "list", "--account", ACCOUNT, "--api-url", "https://127.0.0.1:1", "--token-file", "token")
    assert (ran.code, ran.out, ran.err) == (3, "", "error: token: too long for an access token\n")


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there is no such file")  # noqa: PTH110
def test_a_file_without_an_end_is_read_up_to_a_bound(run: Run) -> None:
    token = run("pixels", "list", "--account", ACCOUNT, "--api-url", "https://127.0.0.1:1", "--token-file", "/dev/zero")
    assert (token.code, token.err) == (3, "error: /dev/zero: too long for an access token\n")
    template = run("snippet", "--from-file", CODE, "--template", "/dev/zero")
    assert (template.code, template.out) == (2, "")
    assert template.err.splitlines()[-1].startswith("error: /dev/zero: not a regular file")


BROKEN = "fb_param{" * 9000
"""A script that the parser works on for forty times as long as on one that is one."""
SLOW = {
    "inspect": ["inspect", "page.html"],
    "lint": ["lint", "page.html"],
    "lint of a script": ["lint", "script.js"],
    "lint of stdin": ["lint", "-"],
    "status": ["status", "page.html"],
    "inject": ["inject", "page.html", "--from-file", CODE],
    "inject of stdin": ["inject", "-", "--from-file", CODE],
    "code of inject": ["inject", ".", "--from-file", "page.html"],
    "code of snippet": ["snippet", "--from-file", "page.html"],
    "code of migrate": ["migrate", "page.html", "--pixel", PIXEL_ID, "--event", "Lead"],
    "import": ["import", "container.json"],
    "lint-container": ["lint-container", "container.json"],
}
NAMES = ("page.html", "script.js", "container.json", "stdin")


@pytest.mark.wide
@pytest.mark.parametrize("name", SLOW)
def test_code_that_would_be_slow_to_read_is_one_line_and_not_read(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    page = f"<!DOCTYPE html><title>x</title><script>{BROKEN}</script>"
    Path("page.html").write_text(page)
    Path("script.js").write_text(BROKEN)
    Path("container.json").write_text(json.dumps(export(tag=[html_tag("1", "A", f"<script>{BROKEN}</script>")])))
    monkeypatch.setattr(_parsing, "_MOST_S", 0.01)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(page.encode())))
    ran = run(*SLOW[name])
    said = [line for line in ran.err.splitlines() if "broken in so many places" in line]
    assert (ran.code, len(said)) == (6, 1)
    assert "Traceback" not in ran.err
    assert any(file in said[0] for file in NAMES)
    assert said[0].endswith("fix the script, or leave the file out")
    assert Path("page.html").read_text() == page


def test_other_pages_are_read_beside_one_that_would_be_slow(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.html").write_text(f"<!DOCTYPE html><title>x</title><script>{BROKEN}</script>")
    Path("b.html").write_text(f"<!DOCTYPE html><title>x</title>{Path(CODE).read_text()}")
    monkeypatch.setattr(_parsing, "_MOST_S", 0.01)
    ran = run("inspect", ".")
    assert (ran.code, "b.html:" in ran.out, "a.html" in ran.out) == (6, True, False)


def test_python_is_told_of_code_that_would_be_slow_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parsing, "_MOST_S", 0.01)
    with pytest.raises(SlowReadingError):
        interface.read(f"<script>{BROKEN}</script>")


def test_a_script_that_is_one_is_read_however_long_it_is() -> None:
    script = b"fbq('track','Lead');function f(a){return `x${a}`}\n" * 4000
    read = _parsing.root_of(script)
    assert (read.end_byte, read.has_error, read.named_child_count) == (len(script), False, 8000)
    assert read.named_children[-1].text == b"function f(a){return `x${a}`}"
    broken = _parsing.root_of(script + b"fbq(")
    assert (broken.end_byte, broken.has_error) == (len(script) + 4, True)
