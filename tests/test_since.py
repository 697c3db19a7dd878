"""`--since` and `--only-changed`: what has not changed is not loaded again, and what has is, whatever it changed in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from snippetkit import schemas
from snippetkit.browser import Expected
from snippetkit.work import Browsing, split_unchanged
from snippetkit.work.fingerprints import digest_page, digest_visit, find_named
from tests.conftest import Run
from tests.faulty import FP, FP_SCRIPT, A, page

PAGE = page('<script src="/js/shop.js?v=3"></script>\n<script type=module>import "./part.mjs"</script>\n', "<p>x</p>")
FILES = {
    "site/page.html": PAGE,
    "site/other.html": page(FP),
    "site/sub/frame.html": page('<iframe src="../inner"></iframe><script src="//cdn.example/js/free.js"></script>'),
    "site/inner": b"<p>",
    "site/part.mjs": b'import x from "./js/deep.js";\n',
    "site/js/shop.js": b'load("deep.js"); load("../../../outside.js")\n',
    "site/js/deep.js": b"/* \n */ load('shop.js')\n",
    "site/js/free.js": b"/* */\n",
    "site/js/gone.txt": b"",
    "outside.js": b"",
}


@pytest.fixture
def site() -> Path:
    """A site whose pages name scripts and a frame."""
    for name, content in FILES.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)
    return Path("site")


# What a visit depends on.


def test_what_a_page_names_is_found_as_a_server_would_find_it(site: Path) -> None:
    names = {"page": {"js/shop.js", "part.mjs", "js/deep.js"}, "other": set[str](), "sub/frame": {"inner"}}
    for name, named in names.items():
        found = find_named((f"site/{name}.html", "site"))
        assert {Path(file).relative_to(site).as_posix() for file in found.there} == named


CHANGES: dict[str, tuple[Callable[[], object], bool]] = {
    "the page": (lambda: Path("site/page.html").write_bytes(PAGE + b"\n"), True),
    "a script that it names": (lambda: Path("site/js/shop.js").write_bytes(b""), True),
    "a script that a script names": (lambda: Path("site/js/deep.js").write_bytes(b""), True),
    "a script that is gone": (lambda: Path("site/js/deep.js").unlink(), True),
    "another page": (lambda: Path("site/other.html").write_bytes(b""), False),
    "a script of others": (lambda: Path("site/js/free.js").write_bytes(b""), False),
    "a file outside": (lambda: Path("outside.js").write_bytes(b"x"), False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_digest_changes_with_what_the_page_depends_on(site: Path, name: str) -> None:
    change, changes = CHANGES[name]
    before = digest_page(("site/page.html", "site"))
    change()
    assert (digest_page(("site/page.html", "site")) != before) is changes


def test_a_digest_changes_with_the_options_and_with_the_place() -> None:
    ways = [Browsing(), Browsing(csp="x"), Browsing(consent="grant"), Browsing(events=("x",)), Browsing(browser="x")]
    digests = [digest_visit("a", way, None, javascript=True) for way in ways]
    digests += [digest_visit("a", Browsing(), [Expected(A)], javascript=True)]
    digests += [
        digest_visit("a", Browsing(), None, javascript=False),
        digest_visit("b", ways[0], None, javascript=True),
    ]
    assert len({*digests}) == len(digests)
    assert digest_visit("a", Browsing(timeout_s=1, with_screenshot=True), None, javascript=True) == digests[0]
    assert digest_page(("https://shop.example/", "")) == digest_page(("gone.html", ".")) == ""


# The command line.


def _put(name: str, content: bytes) -> None:
    Path("site").mkdir(exist_ok=True)
    Path("site", name).write_bytes(content)


def _json(run: Run, *arguments: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run("verify", "site", "--json", "--timeout", "60", *arguments).out)
    jsonschema.Draft202012Validator(schemas.schema("verify")).validate(document)
    return document


def _carried(document: dict[str, Any]) -> dict[str, bool]:
    return {Path(visit["path"]).stem: visit["carried"] for visit in document["visits"]}


@pytest.mark.browser
def test_what_changed_or_was_wrong_is_loaded_and_the_rest_is_carried_over(run: Run) -> None:
    for name in ("same", "quiet", "changed"):
        _put(f"{name}.html", page("" if name == "quiet" else FP_SCRIPT))
    _put("wrong.html", page(FP_SCRIPT.replace(">", ">ready();", 1)))
    first = _json(run)
    Path("before.json").write_text(json.dumps(first))
    _put("changed.html", page(FP_SCRIPT * 2))
    _put("new.html", page(FP_SCRIPT))
    second = _json(run, "--since", "before.json")
    assert _carried(second) == {"changed": False, "new": False, "quiet": True, "same": True, "wrong": False}
    assert [visit for visit in second["visits"] if visit["carried"]] == [
        visit | {"carried": True} for visit in first["visits"] if Path(visit["path"]).stem in {"same", "quiet"}
    ]
    assert [bool(visit["faults"]) for visit in second["visits"]][:2] == [True, False]
    Path("before.json").write_text(json.dumps(second))
    for name in ("changed", "wrong"):
        Path("site", f"{name}.html").unlink()
    _carried_over_by_each_format_and_with_no_browser(run)


def _carried_over_by_each_format_and_with_no_browser(run: Run) -> None:
    again = ("verify", "site", "--since", "before.json")
    assert run(*again, "--browser", "none").err.startswith("error: none is not a program")  # another one: load all
    text = run(*again)
    fired = "by the script in line 5, carried over"
    assert text.out.splitlines() == [
        f"fired: site/new.html (JavaScript): pixel {A}, 19.99 USD, {fired}",
        "quiet: site/quiet.html (JavaScript): nothing fired, carried over",
        f"fired: site/same.html (JavaScript): pixel {A}, 19.99 USD, {fired}",
    ]
    assert (text.code, text.err) == (0, "0 visits checked, 3 carried over\n")
    assert "carried over: 3 visits\n" in run(*again, "--summary").out
    suite = ElementTree.fromstring(run(*again, "--format", "junit").out)
    assert [case.findtext("system-out", "").partition(",")[0] for case in suite] == [
        "carried over from an earlier run"
    ] * 3
    third = _json(run, "--since", "before.json")
    assert _carried(third) == {"new": True, "quiet": True, "same": True}
    ran = run("report", "site/same.html", "--since", "before.json")
    assert ran.code == 0
    assert "1 visit checked, all OK, 1 carried over\n" in ran.err
    report = Path("report.html").read_text()
    assert "carried over from an earlier run" in report
    assert "The code on this page" in report


WRONG = [
    (["--since", "a.json", "--only-changed", "HEAD"], "Error: --since and --only-changed cannot be used together."),
    (["--since", "gone.json"], "error: gone.json: "),
    (["--since", "bad.json"], "error: bad.json is not JSON: "),
    (["--since", "zip.json"], "error: zip.json is not JSON: it is not UTF-8 text; give what "),
    (
        ["--since", "list.json"],
        "error: list.json is not a document of 'snippetkit verify --json'; give what 'snippetkit verify --json' ",
    ),
    (["--since", "odd.json"], "error: odd.json is not a document of 'snippetkit verify --json'; "),
    (["--since", "new.json"], "error: new.json has version 9, and not 1; run 'snippetkit verify --json' again"),
    (["http://127.0.0.1/", "--since", "a.json"], "Error: --since is for files: "),
    (["http://127.0.0.1/", "--only-changed", "x"], "Error: --only-changed is for files: "),
    (["--only-changed", "HEAD"], "error: site is not in a git repository; take --since "),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[" ".join(arguments) for arguments, _ in WRONG])
@pytest.mark.parametrize("command", ["verify", "report"])
def test_what_cannot_tell_what_changed_is_refused(run: Run, command: str, arguments: list[str], message: str) -> None:
    _put("right.html", page(FP))
    texts = {"bad": "{", "list": "[1]", "new": '{"version": 9}', "a": '{"version": 1, "visits": []}'}
    texts["odd"] = '{"version": 1, "visits": [{"digest": "x", "path": "site/right.html", "javascript": true}]}'
    for name, text in texts.items():
        Path(f"{name}.json").write_text(text)
    Path("zip.json").write_bytes(b"PK\x03\x04\xe9")
    ran = run(command, "site", *arguments)
    assert ran.code in {2, 6}
    assert ran.out == ""
    assert ran.err.splitlines()[-1].startswith(message)


# What git knows.

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="asks git")


def _git(*arguments: str) -> None:
    of = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    by = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "core.autocrlf=false")
    subprocess.run(["git", *by, *arguments], check=True, capture_output=True, env={**os.environ, **of})


@needs_git
def test_pages_as_they_were_at_a_commit_are_not_loaded(run: Run, site: Path) -> None:
    _git("init", "-q", "--object-format=sha1")
    Path(site, "lines.html").write_bytes(page(FP))
    Path(site, "link.html").symlink_to("other.html")
    _git("add", "site")
    _git("commit", "-q", "-m", "x")
    link = run("verify", "site", "--only-changed", "HEAD", "--browser", "none")
    assert link.err.startswith("error: none is not a program")  # it may have led elsewhere
    Path(site, "link.html").unlink()
    quiet = run("verify", "site", "--only-changed", "HEAD", "--both", "--browser", "none")
    names = ["lines", "other", "page", "sub/frame"]
    assert quiet.out.splitlines() == [f"unchanged: site/{name}.html: not loaded" for name in names]
    assert (quiet.code, quiet.err) == (0, "0 visits checked, 4 pages unchanged\n")
    assert _json(run, "--only-changed", "HEAD")["unchanged"] == [f"site/{name}.html" for name in names]
    suite = ElementTree.fromstring(run("verify", "site", "--only-changed", "HEAD", "--format", "junit").out)
    assert (suite.attrib["skipped"], len(suite.findall(".//skipped"))) == ("4", 4)
    assert "unchanged: 4 pages, not loaded" in run("verify", "site", "--only-changed", "HEAD", "--summary").out
    assert run("report", "site", "--only-changed", "HEAD").code == 0
    assert "since they are as they were at HEAD: 4 pages." in Path("report.html").read_text()

    Path(site, "js/deep.js").write_bytes(b"changed")
    Path(site, "lines.html").write_bytes(page(FP).replace(b"\n", b"\r\n"))
    Path(site, "new.html").write_bytes(page(FP))
    pages = [(f"site/{name}.html", "site") for name in [*names, "new"]]
    changed, unchanged = split_unchanged(pages, "HEAD")
    assert [path for path, _ in changed] == ["site/page.html", "site/new.html"]
    assert [path for path, _ in unchanged] == [f"site/{name}.html" for name in ("lines", "other", "sub/frame")]
    Path(site, "js/deep.js").unlink()
    assert [path for path, _ in split_unchanged(pages, "HEAD")[0]] == ["site/page.html", "site/new.html"]
    for revision in ("nope", "--output=x"):
        told = f"error: git has no revision '{revision}' in site; fetch it first; CI often fetches one commit only\n"
        assert run("verify", "site", "--only-changed", revision).err == told


@needs_git
def test_git_gets_no_token(monkeypatch: pytest.MonkeyPatch, site: Path) -> None:
    Path("bin").mkdir()
    Path("bin/git").write_text(f"#!/bin/sh\nenv > {Path('env').resolve()}\nexit 1\n")
    Path("bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{Path('bin').resolve()}:{os.environ['PATH']}")
    monkeypatch.setenv("SNIPPETKIT_ACCESS_TOKEN", "a-secret")
    with pytest.raises(Exception, match="site is not in a git repository"):
        split_unchanged([("site/page.html", str(site))], "HEAD")
    assert "PATH" in Path("env").read_text()
    assert "a-secret" not in Path("env").read_text()
