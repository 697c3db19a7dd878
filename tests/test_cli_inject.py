"""`inject` and `remove`: each option, what is printed, and the exit code."""

from __future__ import annotations

import gzip
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from snippetkit import inject, snippets
from snippetkit.model import Edit, PageBytes
from tests.conftest import JS_PIXEL, PIXEL_ID, Ran, Run
from tests.pixels import CODES
from tests.screens import read_rest

PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
PART = b"<p>part of a page"
OTHER_ID = "6009125095681"
RETIRED = (
    "note: the endpoint of fp code was switched off in 2017, so nothing is counted; "
    "'snippetkit migrate' turns it into today's code\n"
)
SAID = (
    f"pixel {PIXEL_ID} reports 19.99 USD, from code.txt, where a page has no value yet; --value changes it\n{RETIRED}"
)
REFUSED = "line 1, column 1: only part of a page: no doctype, <html>, <head> or <body>; --fragments accepts such files"
CODE = ("--from-file", "code.txt")
BEGIN = b"<!-- snippetkit:begin "
PIXELS = f"{JS_PIXEL}\n{JS_PIXEL.replace(PIXEL_ID, OTHER_ID)}"

Pages = dict[str, bytes]


def _write(pages: Pages) -> None:
    for name, data in pages.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(data)


def _read(folder: str = ".") -> Pages:
    return {str(path): path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file()}


@pytest.fixture(autouse=True)
def code() -> None:
    """The code of the CHECKOUT pixel, and of two."""
    Path("code.txt").write_text(JS_PIXEL)
    Path("pixels.txt").write_text(PIXELS)


@pytest.fixture
def page() -> Path:
    _write({"page.html": PAGE})
    return Path("page.html")


Feed = Callable[..., Ran]


@pytest.fixture
def feed(run: Run, monkeypatch: pytest.MonkeyPatch) -> Feed:
    """Run a command line with a page on stdin."""

    def feed(data: bytes, *args: str) -> Ran:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        return run(*args)

    return feed


def _reports(data: bytes) -> dict[str, str | None]:
    return {found.pixel_id: found.value for found in snippets.read(data.decode("utf-8", "surrogateescape"))}


def _places(data: bytes) -> list[str]:
    """What is said of each region: its part and its placement."""
    return [" ".join(line.split()[1:3]) for line in map(bytes.decode, data.split(BEGIN)[1:])]


@pytest.mark.parametrize("placement", ["head-top", "head-bottom", "body-top", "body-bottom"])
def test_each_placement_is_taken_moved_and_reversed(run: Run, page: Path, placement: str) -> None:
    assert run("inject", page, *CODE, "--placement", placement).code == 0
    placed = page.read_bytes()
    assert sorted(_places(placed)) == ["noscript body-top", f"script {placement}"]
    top, bottom = placed.index(b"<script"), placed.index(b"</script>")
    edges = {"head-top": b"<title>", "head-bottom": b"</head>", "body-top": b"<p>x", "body-bottom": b"</body>"}
    assert top < bottom < placed.index(edges[placement])
    for other in ("head-bottom", "body-top", placement):
        assert run("inject", page, *CODE, "--placement", other).code == 0
    assert page.read_bytes() == placed
    assert run("inject", page, *CODE, "--placement", placement).err == f"{SAID}1 unchanged\n"
    assert run("remove", page).code == 0
    assert page.read_bytes() == PAGE


def test_all_of_it_in_the_head_comes_with_a_warning_and_moves_back(run: Run, page: Path) -> None:
    usual = run("inject", page, *CODE)
    before = page.read_bytes()
    whole = run("inject", page, *CODE, "--whole-in-head")
    assert "warning" not in usual.err
    assert whole.err.startswith("warning: with --whole-in-head the noscript's image ends the head for visitors without")
    assert whole.err.endswith("updated: page.html\n1 updated\n")
    assert _places(page.read_bytes()) == ["script head-bottom", "noscript head-bottom"]
    assert page.read_bytes().index(b"</noscript>") < page.read_bytes().index(b"</head>")
    assert run("inject", page, *CODE, "--whole-in-head").err.endswith("\n1 unchanged\n")
    assert run("inject", page, *CODE).err.endswith("\n1 updated\n")
    assert page.read_bytes() == before
    run("inject", page, *CODE, "--whole-in-head", "--placement", "head-top")
    run("remove", page)
    assert page.read_bytes() == PAGE


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["page.html"], "Give --pixel, or --from-file."),
        ([*CODE], "Missing argument 'PATH...'"),
        (["", *CODE], "PATH is empty; leave it out, or give it a value"),
        (["page.html", *CODE, "--whole-in-head", "--placement", "body-top"], "--whole-in-head cannot be used with"),
        (["page.html", *CODE, "--placement", "top"], "'top' is not one of 'head-top'"),
        (["page.html", *CODE, "--nonce", ""], "--nonce is empty; leave it out, or give it a value"),
        (["page.html", *CODE, "--nonce", "x", "--template", "snippet"], "the template has no variable nonce"),
        (["page.html", *CODE, "--jobs", "0"], "0 is not in the range"),
        (["page.html", *CODE, "--set", "a=b"], "--set needs --template."),
        (["page.html", *CODE, "--currency", "USD"], "--currency needs --value or --amount."),
        (["page.html", *CODE, "--value", "19.99"], "1999"),
        (["page.html", *CODE, "--template", "none"], "there is no template 'none'"),
        (["page.html", *CODE, "--pages", "rules.csv", "--value", "1"], "--value cannot be used with --pages"),
        (["page.html", *CODE, "--pages", "rules.csv", "--pixel", "1"], "--pixel cannot be used with --pages"),
        (["page.html", "--pages", "-", "--from-file", "-"], "cannot both be read from stdin"),
        (["-", "--from-file", "-"], "'-' can be only one of the page, the code and the rules."),
        (["-", *CODE, "--pages", "-"], "'-' can be only one of the page, the code and the rules."),
        (["-", *CODE, "--pages", "rules.csv"], "--pages is for files: a page from stdin has no path."),
        (["-", "page.html", *CODE], "'-' cannot be combined with another PATH"),
        (["-", *CODE, "--json"], "--json cannot be used with '-'"),
        (["-", *CODE, "--backup", "old"], "--backup cannot be used with '-'"),
        (["page.html", *CODE, "--backup", "full"], "full is not empty; name a new folder for the backup"),
        (["page.html", *CODE, "--json", "--backup", "full"], "full is not empty; name a new folder for the backup"),
        (["page.html", *CODE, "--backup", "page.html"], "page.html: Not a directory"),
    ],
)  # fmt: skip
def test_options_that_make_no_sense_are_a_usage_error_and_touch_nothing(
    run: Run, page: Path, arguments: list[str], reason: str
) -> None:
    _write({"rules.csv": f"page,pixel\n/page.html,{PIXEL_ID}\n".encode(), "full/page.html": b"old"})
    before = _read()
    ran = run("inject", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert reason in ran.err.splitlines()[-1]
    assert _read() == before


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--key", "fp"], "a key is dialect:id"),
        (["--key", "fp:1+"], "a key is dialect:id"),
        (["--pixel", "?"], "'?': no platform's pixel has such an id"),
        (["--json", "-"], "'-' cannot be combined with another PATH"),
    ],
)
def test_remove_says_what_is_wrong_with_its_options(run: Run, page: Path, arguments: list[str], reason: str) -> None:
    ran = run("remove", page, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert reason in ran.err


def test_a_page_from_stdin_goes_to_stdout_with_the_code_and_back(feed: Feed) -> None:
    injected = feed(PAGE, "inject", "-", *CODE)
    assert (injected.code, injected.err) == (0, SAID)
    assert _reports(injected.out.encode()) == {PIXEL_ID: "19.99"}
    again = feed(injected.out.encode(), "inject", "-", *CODE)
    assert again == injected
    assert feed(injected.out.encode(), "remove", "-") == Ran(0, PAGE.decode(), "")
    assert feed(PAGE, "remove", "-") == Ran(0, PAGE.decode(), "")


def test_stdin_with_check_and_diff_prints_what_a_file_would(feed: Feed) -> None:
    assert feed(PAGE, "inject", "-", *CODE, "--check") == Ran(1, "", SAID)
    diff = feed(PAGE, "inject", "-", *CODE, "--diff")
    assert diff.code == 0
    assert diff.out.startswith("--- a/stdin\n+++ b/stdin\n@@ ")
    assert feed(PAGE, "inject", "-", *CODE, "--check", "--diff") == Ran(1, diff.out, SAID)
    done = feed(PAGE, "inject", "-", *CODE).out.encode()
    assert feed(done, "inject", "-", *CODE, "--check") == Ran(0, "", SAID)
    assert feed(done, "remove", "-", "--check") == Ran(1, "", "")


def test_a_page_from_stdin_that_is_refused_prints_nothing(feed: Feed) -> None:
    assert feed(PART, "inject", "-", *CODE) == Ran(6, "", f"{SAID}error: stdin: {REFUSED}\n")
    edited = feed(PAGE, "inject", "-", *CODE).out.encode().replace(b"19.99';", b"1.00';")
    for command in (["inject", "-", *CODE], ["remove", "-"]):
        ran = feed(edited, *command)
        assert (ran.code, ran.out) == (6, "")
        assert "error: stdin: line 5, column 3: this snippetkit region was edited by hand" in ran.err


POLICY = PAGE.replace(b"  <title>", b'<meta http-equiv="Content-Security-Policy" content="script-src x">\n  <title>')
NOTE = "line 4 has its own Content-Security-Policy, which may block this code; 'snippetkit csp' says what it must allow"


def test_a_policy_of_the_page_is_noted_for_files_and_stdin(run: Run, feed: Feed, page: Path) -> None:
    page.write_bytes(POLICY)
    assert f"note: stdin: {NOTE}\n" in feed(POLICY, "inject", "-", *CODE).err
    ran = run("inject", page, *CODE, "--json", "--check")
    assert json.loads(ran.out)["files"][0]["notes"] == [NOTE]
    assert run("inject", page, *CODE).err == f"{SAID}inserted: page.html\nnote: page.html: {NOTE}\n1 inserted\n"
    assert run("inject", page, *CODE).err == f"{SAID}1 unchanged\n"
    assert "note" not in run("remove", page).err


MIXED = {"site/a.html": PAGE, "site/b.html": PART, "site/c.html": PAGE, "site/shop/d.htm": PAGE}


def _document(ran: Ran) -> tuple[list[tuple[str, str]], dict[str, int]]:
    document = json.loads(ran.out)
    assert document.keys() == {"version", "files", "summary"}
    return [(page["path"], page["action"]) for page in document["files"]], document["summary"]


def test_json_is_one_document_with_the_failures_in_it(run: Run) -> None:
    _write(MIXED)
    would = run("inject", "site", "none.html", *CODE, "--json", "--check")
    assert (would.code, would.err) == (6, SAID)
    pages = [
        ("site/a.html", "would be inserted"),
        ("site/b.html", "refused"),
        ("site/c.html", "would be inserted"),
        ("site/shop/d.htm", "would be inserted"),
        ("none.html", "failed"),
    ]
    assert _document(would) == (pages, {"would be inserted": 3, "refused": 1, "failed": 1})
    ran = run("inject", "site", "none.html", *CODE, "--json")
    assert _document(ran)[0] == [(path, action.removeprefix("would be ")) for path, action in pages]
    refused, failed = json.loads(ran.out)["files"][1], json.loads(ran.out)["files"][4]
    assert refused == {
        "path": "site/b.html",
        "action": "refused",
        "reason": REFUSED.partition(": ")[2],
        "line": 1,
        "column": 1,
        "offset": 0,
        "notes": [],
    }
    assert (failed["reason"], failed["line"], failed["column"]) == ("No such file or directory", None, None)
    assert _document(run("inject", "site", *CODE, "--json"))[1] == {"unchanged": 3, "refused": 1}
    assert _document(run("remove", "site", "--json", "--check"))[1] == {"would be removed": 3, "unchanged": 1}
    assert _document(run("remove", "site", "--json"))[1] == {"removed": 3, "unchanged": 1}
    assert _read("site") == MIXED


def test_json_has_the_diff_where_it_is_asked_for(run: Run, page: Path) -> None:
    text = run("inject", page, *CODE, "--diff").out
    [told] = json.loads(run("inject", page, *CODE, "--diff", "--json").out)["files"]
    assert (told["action"], told["diff"]) == ("would be inserted", text)
    assert page.read_bytes() == PAGE


def test_json_of_nothing_is_a_document_too(run: Run) -> None:
    Path("empty").mkdir()
    assert _document(run("remove", "empty", "--json")) == ([("empty", "failed")], {"failed": 1})


RULES = [
    ("/a.html", PIXEL_ID, "100", "USD"),
    ("/shop/", PIXEL_ID, "250", "EUR"),
    ("/shop/*.html", OTHER_ID, "500", ""),
    ("/deep/**", OTHER_ID, "", ""),
]
SITE = ("a.html", "b.html", "shop/index.html", "shop/tea.html", "deep/x/y.html")
WANTED: dict[str, dict[str, str | None]] = {
    "a.html": {PIXEL_ID: "1.00"},
    "b.html": {},
    "shop/index.html": {PIXEL_ID: "2.50", OTHER_ID: "5.00"},
    "shop/tea.html": {OTHER_ID: "5.00"},
    "deep/x/y.html": {OTHER_ID: "19.99"},
}


def _rules(*rules: tuple[str, str, str, str], kind: str = "csv") -> list[str]:
    columns = ("page", "pixel", "value", "currency")
    rows = [dict(zip(columns, rule, strict=True)) for rule in rules or RULES]
    text = (
        json.dumps(rows)
        if kind == "json"
        else "\n".join([",".join(columns), *(",".join(rule) for rule in rules or RULES)])
    )
    Path(f"rules.{kind}").write_text(text)
    return ["--pages", f"rules.{kind}", "--allow-empty-values", "--from-file", "pixels.txt"]


@pytest.mark.wide
@pytest.mark.parametrize("kind", ["csv", "json"])
@pytest.mark.parametrize("start", ["site", "site/", "./site", "site/../site", "{cwd}/site", "sit?"])
def test_page_rules_put_the_right_value_on_each_page(run: Run, kind: str, start: str) -> None:
    _write({f"site/{name}": PAGE for name in SITE})
    rules = _rules(kind=kind)
    ran = run("inject", start.format(cwd=Path.cwd()), *rules)
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "4 inserted, 1 unchanged")
    assert {name: _reports(Path("site", name).read_bytes()) for name in SITE} == WANTED
    again = run("inject", start.format(cwd=Path.cwd()), *rules)
    assert (again.code, again.err.splitlines()[-1]) == (0, "5 unchanged")
    assert run("remove", "site").code == 0
    assert _read("site") == {f"site/{name}": PAGE for name in sorted(SITE)}


def test_what_rules_put_where_is_a_table_on_stderr_and_with_json_in_the_document_too(run: Run) -> None:
    _write({f"site/{name}": PAGE for name in SITE})
    rules = _rules(
        ("/a.html", PIXEL_ID, "20", "USD"), ("/shop/*.html", PIXEL_ID, "", ""), ("/shop/", OTHER_ID, "150", "JPY")
    )
    whose = "where a page has no value yet; a value in its rule changes it"
    told = run("inject", "site", *rules, "--check")
    assert told.err.splitlines()[:6] == [
        "PAGE          PIXEL          VALUE                 CURRENCY",
        f"/a.html       {PIXEL_ID}  0.20                  USD",
        f"/shop/*.html  {PIXEL_ID}  the page's, or 19.99  USD",
        f"/shop/        {OTHER_ID}  150                   JPY",
        RETIRED.rstrip(),
        f"pixel {PIXEL_ID} reports 19.99 USD, from pixels.txt, {whose}",
    ]
    assert run("inject", "site", *rules, "--json", "--check").err == "\n".join(told.err.splitlines()[:6]) + "\n"
    ran = run("inject", "site", *rules, "--json", "--quiet")
    assert "VALUE" not in ran.err
    assert json.loads(ran.out)["rules"] == [
        {"page": "/a.html", "pixel": PIXEL_ID, "value": "0.20", "currency": "USD"},
        {"page": "/shop/*.html", "pixel": PIXEL_ID, "value": None, "currency": None},
        {"page": "/shop/", "pixel": OTHER_ID, "value": "150.00", "currency": "JPY"},
    ]
    assert "rules" not in json.loads(run("inject", "site", *CODE, "--json").out)


def test_a_pattern_of_pages_counts_from_the_current_folder(run: Run) -> None:
    _write({f"site/{name}": PAGE for name in SITE})
    ran = run("inject", "site/*.html", *_rules(("/site/a.html", PIXEL_ID, "100", "")))
    assert (ran.code, ran.err.splitlines()[3:]) == (0, ["inserted: site/a.html", "1 inserted, 1 unchanged"])


def test_rules_count_from_the_current_folder_and_from_each_folder_that_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write({"one/a.html": PAGE, "two/a.html": PAGE, "a.html": PAGE})
    rules = _rules(("/a.html", PIXEL_ID, "100", ""))
    assert run("inject", "one", "two", "a.html", *rules).err.endswith("3 inserted\n")
    monkeypatch.chdir("one")
    rules = ["--pages", "../rules.csv", "--from-file", "../pixels.txt"]
    assert run("inject", ".", *rules).err.splitlines()[3:] == ["1 unchanged"]
    assert run("inject", "a.html", *rules).err.splitlines()[3:] == ["1 unchanged"]
    assert run("inject", "../two", *rules).err.splitlines()[3:] == ["1 unchanged"]


@pytest.mark.parametrize(
    ("page", "meant"),
    [
        ("/Thanks.html", "/thanks.html"),
        ("/thanks", "/thanks.html"),
        ("/thank.html", "/thanks.html"),
        ("/a%20b.html", "/a b.html"),
        ("/gr%C3%B6%C3%9Fe/x.htm", "/größe/x.html"),
        ("/größe/mu\u0308sli.html", "/größe/müsli.html"),
        ("/größe", "/größe/"),
    ],
)
def test_a_page_that_is_nearly_the_one_of_a_rule_is_named(run: Run, page: str, meant: str) -> None:
    _write({"site/thanks.html": PAGE, "site/a b.html": PAGE, "site/größe/x.html": PAGE, "site/größe/müsli.html": PAGE})
    for site in ("site", "site/"):
        ran = run("inject", site, *_rules((page, PIXEL_ID, "", "")))
        assert (ran.code, ran.err.splitlines()[-2]) == (
            6,
            f"failed: rules.csv, line 2: there is no page {page}; there is {meant}",
        )


def test_a_page_of_a_rule_that_is_left_out_is_told_as_such(run: Run) -> None:
    _write({"site/thanks.html": PAGE})
    ran = run("inject", "site", *_rules(("/thanks.html", PIXEL_ID, "", "")), "--exclude", "thanks.*")
    told = "/thanks.html is there, and is left out, as --include, --exclude or .gitignore says"
    assert (ran.code, ran.err.splitlines()[-2]) == (6, f"failed: rules.csv, line 2: {told}")


@pytest.mark.parametrize("page", ["/", "/x", "/x/y", "/**/x/*", "/empty/"])
def test_no_page_is_named_where_none_is_near(run: Run, page: str) -> None:
    _write({"site/thanks.html": PAGE, "site/empty/a.txt": b""})
    ran = run("inject", "site", *_rules((page, PIXEL_ID, "", "")))
    assert ran.err.splitlines()[-2] == f"failed: rules.csv, line 2: there is no page {page}"


def test_a_rule_that_no_page_meets_fails_with_its_line(run: Run) -> None:
    _write({"site/a.html": PAGE})
    rules = _rules(RULES[0], ("/none.html", PIXEL_ID, "", ""), ("/none/", OTHER_ID, "", ""))
    ran = run("inject", "site", *rules)
    assert ran.code == 6
    assert ran.err.splitlines()[-4:] == [
        "inserted: site/a.html",
        "failed: rules.csv, line 3: there is no page /none.html",
        "failed: rules.csv, line 4: there is no page /none/",
        "1 inserted, 2 failed",
    ]
    told = json.loads(run("inject", "site", *rules, "--json", "--check").out)
    assert told["files"][1]["path"] == "rules.csv, line 3"
    assert told["summary"] == {"unchanged": 1, "failed": 2}


def test_a_page_that_is_refused_is_a_page_to_its_rule(run: Run) -> None:
    _write({"site/a.html": PART})
    ran = run("inject", "site", *_rules(RULES[0]))
    assert (ran.code, ran.err.splitlines()[-2:]) == (6, [f"refused: site/a.html: {REFUSED}", "1 refused"])


def test_a_rule_that_is_none_is_named_with_its_line_and_nothing_is_touched(run: Run) -> None:
    _write({"site/a.html": PAGE})
    for rule, reason in (
        (("/a.html", "x y", "", ""), "the pixel 'x y' is not an id of any platform"),
        (("/a.html", PIXEL_ID, "1.50", ""), "a value is in minor units: 150 is 1.50"),
        (("/a.html", PIXEL_ID, "$20", ""), "a value is in minor units: 1999 is 19.99"),
        (("/a.html", PIXEL_ID, "20 €", ""), "a value is in minor units: 1999 is 19.99"),
        (("/../a.html", PIXEL_ID, "", ""), "goes through '.' or '..'"),
        (("/a.html", PIXEL_ID, "5", "XXX"), "unknown currency 'XXX'"),
    ):
        ran = run("inject", "site", *_rules(RULES[0], rule))
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("error: rules.csv, line 3: ")
        assert reason in ran.err
        assert ran.err.count("\n") == 1
    assert _read("site") == {"site/a.html": PAGE}


SELECTED = [
    ([], "a.html b.HTM deep/d.html"),
    (["--include", "*.php"], "e.php"),
    (["--include", "*.php,*.html", "--include", "*.htm"], "a.html b.HTM e.php deep/d.html"),
    (["--exclude", "deep"], "a.html b.HTM"),
    (["--exclude", "*.HTM,d.*"], "a.html"),
    (["--exclude", "/a.html"], "b.HTM deep/d.html"),
    (["--no-gitignore"], "a.html b.HTM ignored.html deep/d.html"),
    (["--include", "deep/*"], "deep/d.html deep/t.txt"),
]


@pytest.mark.parametrize(("options", "wanted"), SELECTED)
def test_files_below_folders_are_chosen(run: Run, options: list[str], wanted: str) -> None:
    names = (
        "a.html",
        "b.HTM",
        "deep/d.html",
        "deep/t.txt",
        "e.php",
        "ignored.html",
        ".hidden/h.html",
        "node_modules/n.html",
    )
    _write({f"site/{name}": PAGE for name in names} | {"site/.gitignore": b"ignored*\n"})
    assert run("inject", "site", *CODE, *options).code == 0
    changed = {name for name, data in _read("site").items() if BEGIN in data}
    assert changed == {f"site/{name}" for name in wanted.split()}
    assert run("remove", "site", *options).err.endswith(f"{len(changed)} removed\n")


def test_a_file_that_is_named_is_taken_whatever_the_selection(run: Run) -> None:
    _write({"site/x.txt": PAGE, "site/.gitignore": b"*\n"})
    assert run("inject", "site/x.txt", *CODE, "--exclude", "*").err == f"{SAID}inserted: site/x.txt\n1 inserted\n"
    _write({"x.svg": PAGE})
    assert run("inject", "x.svg", *CODE).err.endswith(
        "failed: x.svg: XML has rules of its own; only HTML pages are taken\n1 failed\n"
    )


@pytest.mark.parametrize("name", ["x.jsx", "x.tsx", "x.vue", "x.astro", "x.json"])
def test_markup_in_a_program_is_no_part_of_a_page(run: Run, name: str) -> None:
    _write({name: b"export default () => <button onClick={() => fbq('track', 'Lead')}>x</button>"})
    before = _read()
    for command in (["inject", name, *CODE, "--fragments", "--server-code"], ["remove", name]):
        ran = run(*command)
        assert (ran.code, "only HTML pages are taken: change it by hand" in ran.err) == (6, True)
    assert _read() == before


def test_patterns_and_several_paths_name_each_page_once(run: Run) -> None:
    _write({"site/a.html": PAGE, "site/b.html": PAGE, "site/shop/c.html": PAGE, "[x].html": PAGE})
    ran = run("inject", "site/a*", "site", "site/**/*.html", "[x].html", "site/b.html", *CODE)
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "4 inserted")
    nothing = run("inject", "none/*.html", *CODE)
    assert (nothing.code, nothing.err) == (6, f"{SAID}failed: none/*.html: nothing matches this pattern\n1 failed\n")


def test_links_are_followed_only_when_asked(run: Run, page: Path) -> None:
    Path("site").mkdir()
    Path("site/link.html").symlink_to("../page.html")
    assert run("inject", "site", *CODE).err == f"{SAID}skipped: site/link.html: a symbolic link\n1 skipped\n"
    assert "failed: site/link.html: a symbolic link" in run("inject", "site/link.html", *CODE).err
    assert page.read_bytes() == PAGE
    assert run("inject", "site", *CODE, "--follow-links").code == 0
    assert Path("site/link.html").is_symlink()
    assert _reports(page.read_bytes()) == {PIXEL_ID: "19.99"}
    assert run("remove", "site", "--follow-links").code == 0
    assert page.read_bytes() == PAGE


def test_a_backup_has_the_bytes_from_before_of_what_changed_and_is_new_each_time(run: Run) -> None:
    _write(MIXED)
    run("inject", "site/c.html", *CODE)
    assert run("inject", "site", *CODE, "--backup", "old/one").code == 6
    assert _read("old") == {f"old/one/{name}": PAGE for name in ("site/a.html", "site/shop/d.htm")}
    full = run("inject", "site", *CODE, "--value", "5", "--backup", "old/one")
    assert (full.code, full.out) == (2, "")
    assert full.err.endswith("error: old/one is not empty; name a new folder for the backup\n")
    assert "'0.05'" not in Path("site/a.html").read_text()
    assert run("remove", "site", "--backup", "old/two").code == 0
    assert len(_read("old/two")) == 3


def test_check_and_diff_make_no_backup(run: Run, page: Path) -> None:
    assert run("inject", page, *CODE, "--check", "--diff", "--backup", "old").code == 1
    assert not Path("old").exists()


@pytest.mark.parametrize("options", [[], ["--json"], ["--fsync"]])
def test_one_process_and_two_do_and_say_the_same(run: Run, options: list[str]) -> None:
    said = []
    site = {f"{number % 7}/{number}.html": PART if number % 50 == 0 else PAGE for number in range(640)}
    for folder, jobs in (("one", "1"), ("two", "2")):
        _write({f"{folder}/{name}": data for name, data in site.items()})
        ran = run("inject", folder, *CODE, "--jobs", jobs, *options)
        assert ran.code == 6
        assert "627 inserted" in ran.err or json.loads(ran.out)["summary"] == {"refused": 13, "inserted": 627}
        said.append((ran.out.replace(folder, "site"), ran.err.replace(folder, "site")))
    assert said[0] == said[1]
    assert [*_read("one").values()] == [*_read("two").values()]
    for folder, jobs in (("one", "2"), ("two", "1")):
        assert run("remove", folder, "--jobs", jobs, *options).code == 0
        assert _read(folder) == {f"{folder}/{name}": data for name, data in sorted(site.items())}


def test_rules_meet_their_pages_in_other_processes_too(run: Run) -> None:
    _write({f"site/{number}.html": PAGE for number in range(600)})
    rules = _rules(*((f"/{number}.html", PIXEL_ID, str(number + 1), "") for number in range(600)))
    for jobs in ("2", "1"):
        ran = run("inject", "site", *rules, "--jobs", jobs)
        assert (ran.code, ran.err.splitlines()[-1]) == (0, "600 inserted" if jobs == "2" else "600 unchanged")
    assert _reports(Path("site/599.html").read_bytes()) == {PIXEL_ID: "6.00"}


def test_fragments_are_taken_when_asked(run: Run) -> None:
    _write({"part.html": PART})
    assert run("inject", "part.html", *CODE).err == f"{SAID}refused: part.html: {REFUSED}\n1 refused\n"
    assert run("inject", "part.html", *CODE, "--fragments").code == 0
    assert _reports(Path("part.html").read_bytes()) == {PIXEL_ID: "19.99"}
    assert run("inject", "part.html", *CODE, "--fragments").err == f"{SAID}1 unchanged\n"
    assert run("remove", "part.html").code == 0
    assert Path("part.html").read_bytes() == PART


def test_a_part_of_a_head_gets_no_body_that_would_end_the_head_around_it(run: Run) -> None:
    head = b"<meta charset=utf-8>\n<link rel=stylesheet href=x>\n"
    _write({"part.html": head})
    ran = run("inject", "part.html", *CODE, "--fragments")
    assert (ran.code, Path("part.html").read_bytes()) == (6, head)
    assert "line 1, column 1: a part of a head, which has no body; --whole-in-head puts the noscript there" in ran.err
    assert run("inject", "part.html", *CODE, "--fragments", "--whole-in-head").code == 0
    assert b"<body" not in Path("part.html").read_bytes()
    assert run("inject", "part.html", *CODE, "--fragments", "--whole-in-head").err.endswith("\n1 unchanged\n")
    assert run("remove", "part.html").code == 0
    assert Path("part.html").read_bytes() == head


SERVER_PAGES = {
    "php": b"""<?php if ($x) { echo '<head>'; } ?>
<html><head>
<?php echo '</head><body>' ?>
</head>
<body <?= $a ?>>
<p>""",
    "erb": b"""<!doctype html>
<html>
<head>
  <%= yield :head %>
</head>
<body class='<%= x > y %>'>
<p><%# </body> %>
""",
    "j2": b"""<html>
<head>{% block head %}<title>{{ '</head>' }}</title>{% endblock %}</head>
<body>{% if a > b %}{% endif %}</body>""",
}
SERVER_CODE = re.compile(rb"<\?.*?(?:\?>|\Z)|<%.*?%>|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


@pytest.mark.parametrize("name", SERVER_PAGES)
@pytest.mark.parametrize("placement", ["head-top", "head-bottom", "body-top", "body-bottom"])
def test_server_code_is_taken_when_asked_and_never_inserted_into(run: Run, name: str, placement: str) -> None:
    data = SERVER_PAGES[name]
    _write({"page.php": data})
    refused = run("inject", "page.php", *CODE)
    assert (refused.code, Path("page.php").read_bytes()) == (6, data)
    assert "--server-code accepts such pages" in refused.err
    assert run("inject", "page.php", *CODE, "--server-code", "--placement", placement).code == 0
    done = Path("page.php").read_bytes()
    assert SERVER_CODE.findall(done) == SERVER_CODE.findall(data)
    assert run("inject", "page.php", *CODE, "--server-code", "--placement", placement).err == f"{SAID}1 unchanged\n"
    assert run("remove", "page.php").code == 0
    assert Path("page.php").read_bytes() == data


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"<?php\nfunction f() { return 1; }\n", "line 1, column 1"),
        (b"<?php\nfunction f() { return 1; }\n?>\n", "line 1, column 1: nothing but server code"),
        (b"<p>x</p>\n<?php include 'footer.php';\n", "line 2, column 1"),
        (b"<html><head></head><body>\n<?php include 'footer.php';", "line 2, column 1"),
        (b"<html><head>\n<title>x</title><% footer", "line 2, column 17"),
    ],
)
def test_nothing_is_put_into_server_code_that_does_not_end(run: Run, data: bytes, place: str) -> None:
    _write({"page.php": data})
    options = ["--server-code", "--fragments", "--placement", "body-bottom"]
    ran = run("inject", "page.php", *CODE, *options)
    assert (ran.code, Path("page.php").read_bytes()) == (6, data)
    assert f"refused: page.php: {place}" in ran.err


def test_server_code_at_the_end_hinders_no_other_place(run: Run) -> None:
    data = b"<html><head></head><body>\n<p>x</p>\n<?php /* </body> */ include 'footer.php';\n"
    _write({"page.php": data})
    assert run("inject", "page.php", *CODE, "--server-code").code == 0
    assert Path("page.php").read_bytes().endswith(data[data.index(b"<p>") :])
    assert run("remove", "page.php").code == 0
    assert Path("page.php").read_bytes() == data


def test_server_code_that_chooses_between_two_bodies_is_refused(run: Run) -> None:
    two = b"<html><head></head><?php if (x) { ?><body class=a><?php } else { ?><body class=b><?php } ?></body></html>"
    _write({"page.php": two})
    ran = run("inject", "page.php", *CODE, "--server-code")
    assert (ran.code, Path("page.php").read_bytes()) == (6, two)
    assert "refused: page.php: line 1, column 68: a second <body> in a page with server code" in ran.err


@pytest.mark.parametrize("attribute", ["amp", "AMP4ADS", "\N{HIGH VOLTAGE SIGN}", "lang=en amp4email=''"])
def test_an_amp_page_is_refused(run: Run, page: Path, attribute: str) -> None:
    page.write_text(PAGE.decode().replace("<html>", f"<html {attribute}>"))
    ran = run("inject", page, *CODE)
    assert ran.code == 6
    assert "refused: page.html: line 2, column 1: an AMP page takes no scripts of its own" in ran.err


@pytest.mark.parametrize("attribute", ["lang=amp", "class='example'", "data-amp", "ampere"])
def test_a_page_that_only_looks_like_amp_is_taken(run: Run, page: Path, attribute: str) -> None:
    page.write_bytes(PAGE.replace(b"<html>", f"<html {attribute}>".encode()))
    assert run("inject", page, *CODE).code == 0


def test_compressed_twins_and_hard_links_are_noted(run: Run, page: Path) -> None:
    Path("page.html.gz").write_bytes(gzip.compress(PAGE))
    Path("page.html.br").write_bytes(b"x")
    os.link(page, "hard")
    assert run("inject", page, *CODE).err == (
        f"{SAID}inserted: page.html\n"
        "note: page.html: has 2 hard links; the others keep the old bytes\n"
        "note: page.html: page.html.gz holds the old page; compress it again\n"
        "note: page.html: page.html.br holds the old page; compress it again\n"
        "1 inserted\n"
    )
    assert Path("hard").read_bytes() == gzip.decompress(Path("page.html.gz").read_bytes()) == PAGE
    assert run("inject", page, *CODE).err == f"{SAID}1 unchanged\n"


def test_a_read_only_page_is_left_alone(run: Run, page: Path) -> None:
    page.chmod(0o444)
    for options in ([], ["--check"]):
        ran = run("inject", page, *CODE, *options)
        assert (ran.code, ran.out) == (6, "")
        assert ran.err == f"{SAID}failed: page.html: read-only; chmod u+w makes it writable\n1 failed\n"
    assert page.read_bytes() == PAGE


@pytest.mark.parametrize("command", ["inject", "remove"])
def test_a_page_that_somebody_changes_meanwhile_keeps_that(
    run: Run, page: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    if command == "remove":
        run("inject", page, *CODE)
    before = page.read_bytes()
    name = "plan_all" if command == "inject" else "plan_removal"
    plan = getattr(inject, name)

    def slowly(text: PageBytes, *arguments: object) -> list[Edit]:
        edits: list[Edit] = plan(text, *arguments)
        page.write_bytes(before + b"<!-- new -->")
        return edits

    monkeypatch.setattr(inject, name, slowly)
    ran = run(command, page, *(CODE if command == "inject" else ()))
    assert ran.code == 6
    assert ran.err.endswith("failed: page.html: changed during the run; run again\n1 failed\n")
    assert page.read_bytes() == before + b"<!-- new -->"
    assert {path.name for path in Path().iterdir()} == {"page.html", "code.txt", "pixels.txt"}


def test_code_beyond_ascii_is_for_utf_8_pages(run: Run, page: Path) -> None:
    Path("own.html.j2").write_text("{% block script %}<script>'é';</script>{% endblock %}", "utf-8")
    options = [*CODE, "--template", "./own.html.j2"]
    assert run("inject", page, *options).code == 0
    assert "'é';" in page.read_text("utf-8")
    western = PAGE.replace(b"<p>x", b"<p>caf\xe9")
    page.write_bytes(western)
    ran = run("inject", page, *options)
    assert (ran.code, page.read_bytes()) == (6, western)
    assert "line 7, column 9: the code has characters beyond ASCII, and this page is not UTF-8" in ran.err


def test_remove_takes_pixels_keys_or_all_of_it(run: Run, page: Path) -> None:
    Path("fbds.txt").write_text(CODES["fbds"])
    both = ["--from-file", "pixels.txt"]
    for pixel in (PIXEL_ID, OTHER_ID):
        assert run("inject", page, *both, "--pixel", pixel).code == 0
    assert run("inject", page, "--from-file", "fbds.txt").code == 0
    full = page.read_bytes()
    assert run("remove", page, "--key", f"fp:{PIXEL_ID}").err == "updated: page.html\n1 updated\n"
    assert f"begin fp:{OTHER_ID} " in page.read_text()
    page.write_bytes(full)
    assert run("remove", page, "--pixel", "1", "--key", "fbq:1").err == "1 unchanged\n"
    assert run("remove", page, "--pixel", OTHER_ID).err == "updated: page.html\n1 updated\n"
    assert _reports(page.read_bytes()) == {PIXEL_ID: "19.99"}
    page.write_bytes(full)
    assert run("remove", page, "--key", f"fp:{PIXEL_ID}+{OTHER_ID}").code == 0
    assert run("remove", page, "--key", f"fbds:{PIXEL_ID}").err == "removed: page.html\n1 removed\n"
    assert page.read_bytes() == PAGE
    page.write_bytes(full)
    assert run("remove", page, "--pixel", PIXEL_ID, "--pixel", OTHER_ID).code == 0
    assert page.read_bytes() == PAGE
    page.write_bytes(full)
    assert run("remove", page).code == 0
    assert page.read_bytes() == PAGE


def test_force_overwrites_and_removes_a_hand_edit(run: Run, page: Path) -> None:
    run("inject", page, *CODE)
    done = page.read_bytes()
    edited = done.replace(b"19.99';", b"1.00';")
    page.write_bytes(edited)
    assert run("inject", page, *CODE).code == run("remove", page).code == 6
    assert page.read_bytes() == edited
    assert run("inject", page, *CODE, "--value", "1999", "--force").err.endswith(
        f"USD\n{RETIRED}updated: page.html\n1 updated\n"
    )
    assert page.read_bytes() == done
    page.write_bytes(edited)
    assert run("remove", page, "--force").err == "removed: page.html\n1 removed\n"
    assert page.read_bytes() == PAGE


def test_unmarked_code_is_named_and_adopted(run: Run, page: Path) -> None:
    page.write_bytes(PAGE.replace(b"  <p>", JS_PIXEL.partition("\n")[2].encode() + b"  <p>"))
    refused = run("inject", page, *CODE)
    place = f"line 7, column 1: the page carries unmarked code of fp:{PIXEL_ID}"
    assert (refused.code, refused.err) == (
        6,
        f"{SAID}refused: page.html: {place}; --adopt puts marked code in its place\n1 refused\n",
    )
    by_hand = page.read_bytes()
    kept = r"the page as it was is kept in \.snippetkit/adopted/page\.html/\w{16}\.html, from which .*"
    told = f"{re.escape(SAID)}updated: page.html\nnote: page.html: {kept}\n1 updated\n"
    assert re.fullmatch(told, run("inject", page, *CODE, "--adopt").err)
    assert run("inject", page, *CODE).err == f"{SAID}1 unchanged\n"
    run("remove", page)
    assert page.read_bytes() == by_hand


def test_a_nonce_and_a_template_reach_the_page(run: Run, page: Path) -> None:
    run("inject", page, *CODE, "--nonce", "Zr0pQ1aB")
    assert b'<script nonce="Zr0pQ1aB">' in page.read_bytes()
    run("inject", page, *CODE, "--template", "consent", "--set", "consent_event=yes")
    assert b'"yes"' in page.read_bytes()
    assert b'<script nonce="Zr0pQ1aB">' in page.read_bytes()
    run("inject", page, *CODE, "--template", "noscript-only", "--force")
    assert _places(page.read_bytes()) == ["noscript body-top"]
    run("remove", page)
    assert page.read_bytes() == PAGE


def test_the_summary_counts_each_kind(run: Run) -> None:
    _write(MIXED)
    run("inject", "site/a.html", *CODE)
    run("inject", "site/c.html", *CODE, "--value", "5")
    Path("site/link.html").symlink_to("a.html")
    ran = run("inject", "site", "none.html", *CODE, "--value", "1999")
    assert ran.err.splitlines()[-1] == "1 unchanged, 1 refused, 1 updated, 1 skipped, 1 inserted, 1 failed"


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind")
@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_drawn_on_a_terminal_only(terminal: bool) -> None:
    _write({f"site/{number}.html": PAGE for number in range(20)})
    program = "from snippetkit.cli import _progress, main; _progress._REDRAW_S = 0; import sys; main(sys.argv[1:])"
    ours, theirs = pty.openpty()
    ran = subprocess.run(
        [sys.executable, "-c", program, "inject", "site", *CODE],
        env={**os.environ, "NO_COLOR": "1", "TERM": "xterm"},
        stderr=theirs if terminal else subprocess.PIPE,
        stdout=subprocess.PIPE,
        timeout=60,
        check=True,
    )
    os.close(theirs)
    said = read_rest(ours) + (ran.stderr or b"")
    assert ran.stdout == b""
    assert (b"] 20 pages" in said) == (b"\x1b" in said) == terminal
    assert said.replace(b"\r\n", b"\n").endswith(b"20 inserted\n")
    assert b"inserted: site/19.html" in said


@pytest.mark.wide
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("path", ["page.html", "-"])
def test_a_stream_that_is_closed_is_no_defect(page: Path, closed: str, path: str) -> None:
    command = f'"$0" -m snippetkit inject {path} --from-file code.txt {closed}'
    ran = subprocess.run(["/bin/sh", "-c", command, sys.executable], input=PAGE, capture_output=True, timeout=60)
    assert b"Traceback" not in ran.stderr
    assert ran.returncode == (6 if path == "-" and "<" in closed else 0)
    assert (BEGIN in page.read_bytes()) == (path != "-")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("caf\udce9.html", r"caf\udce9.html"), ("a\nb.html", r"a\nb.html"), ("\x1b[31m.html", r"\x1b[31m.html")],
)
def test_odd_names_are_shown_on_one_line_and_escaped_in_json(run: Run, name: str, shown: str) -> None:
    _write({name: PAGE, "rules.csv": f"page,pixel\n/*.html,{PIXEL_ID}\n".encode()})
    assert run("inject", ".", *CODE).err == f"{SAID}inserted: {shown}\n1 inserted\n"
    [told] = json.loads(run("remove", ".", "--json", "--diff").out)["files"]
    assert (told["path"], told["action"]) == (name, "would be removed")
    assert run("inject", ".", *CODE, "--pages", "rules.csv").err.endswith("\n1 unchanged\n")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "only part of a page"),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0", "this is UTF-16"),
        (bytes(range(256)) * 4000, "not text: this is UTF-16, or a binary file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not text: this is UTF-16, or a binary file"),
        (b"<!doctype html><!-- ", "a comment, or server code, that is never closed"),
        (b"<!doctype html><head><script>", "<script> is never closed"),
        (b"<!doctype html><head><title>x</head><body></body>", "column 22: <title> is never closed"),
        (b"<!doctype html><html " + b"<html " * 100_000, "a tag that is never closed"),
        (b"<!doctype html><frameset><frame></frameset>", "a frameset page has no body"),
    ],
    ids=["empty", "UTF-16", "binary", "picture", "comment", "script", "title", "long tag", "frameset"],
)
def test_what_is_no_page_is_refused_in_one_line_and_stays(run: Run, page: Path, data: bytes, reason: str) -> None:
    page.write_bytes(data)
    ran = run("inject", page, *CODE)
    assert ran.code == 6
    assert ran.err.startswith(f"{SAID}refused: page.html: line ")
    assert reason in ran.err
    assert ran.err.removeprefix(SAID).count("\n") == 2
    if "not text" in reason:
        assert run("inject", page, *CODE, "--fragments", "--check").code == 6
    assert page.read_bytes() == data


@pytest.mark.parametrize(
    ("text", "reason", "exit_code"),
    [
        (None, "code.txt: No such file or directory", 6),
        ("", "code.txt: the file is empty", 6),
        ("<p>hello</p>", "code.txt: no conversion code", 6),
        (JS_PIXEL + "<script>alert(1)</script>", "unexpected-script", 6),
        (PIXELS, "code.txt has 2 scripts", 6),
    ],
)
def test_code_that_cannot_be_used_is_said_before_anything_is_touched(
    run: Run, page: Path, text: str | None, reason: str, exit_code: int
) -> None:
    Path("code.txt").unlink()
    if text is not None:
        Path("code.txt").write_text(text)
    ran = run("inject", page, *CODE, "--json")
    assert (ran.code, ran.out) == (exit_code, "")
    assert reason in ran.err
    assert ran.err.count("\n") == 1
    assert page.read_bytes() == PAGE
