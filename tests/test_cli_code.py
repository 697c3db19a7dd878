"""`inspect`, `lint`, and code from a file on `snippet`, `inject` and `export`: what a person sees of them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from snippetkit.lint import CODES as LINT_CODES
from tests.conftest import CASES, JS_PIXEL, PIXEL_ID, Run

CODE = {name: (CASES / "code" / f"{name}.html").read_text() for name in ("audience", "fbds", "fbq", "fp", "image")}
OTHER_ID = "6009125095681"
META_ID = "434566956589050"
PURCHASE = f"""<script>
fbq('init', '{META_ID}');
fbq('track', 'Purchase', {{value: 30.00, currency: 'USD'}});
</script>
<noscript><img alt="" src="https://www.facebook.com/tr?id={META_ID}&ev=Purchase&cd[value]=30.00&cd[currency]=USD&noscript=1"></noscript>
"""
MISMATCH = PURCHASE.replace("]=30.00", "]=3000.00")
DYNAMIC = JS_PIXEL.replace("'19.99'", "<?php echo $x ?>")
FOREIGN = CODE["fbds"].replace("//connect.facebook.net", "//cdn.example.com")
HOSTILE_NAME = "CV --><script>alert(1)</script>"
HOSTILE = JS_PIXEL.replace("Conversion code for Thank you", HOSTILE_NAME)
STEERING = f'<script>fbq("init","{META_ID}");fbq("track","Lead",{{value:"\x1b[2J",currency:"\x07"}})</script>'
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
TO_EUR_500 = ["--value", "500", "--currency", "EUR"]
WRITERS = [["inject", "page.html"], ["export", "gtm", "-o", "gtm.json"]]
SNIPPETKIT = [sys.executable, "-m", "snippetkit"]


@pytest.fixture
def page() -> Path:
    path = Path("page.html")
    path.write_bytes(PAGE)
    return path


def _write(name: str, content: str | bytes) -> Path:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _pipe(*args: str, text: str | bytes) -> subprocess.CompletedProcess[bytes]:
    data = text.encode() if isinstance(text, str) else text
    return subprocess.run([*SNIPPETKIT, *args], input=data, capture_output=True)


def _code(text: str) -> str:
    """What is printed of a text: the script and the noscript."""
    return text[text.index("<script") :].partition("\n<!-- End")[0].rstrip("\n")


def _has_control_characters(text: str) -> bool:
    return not text.replace("\n", "").isprintable()


def test_inspect_lists_each_code_with_its_place(run: Run) -> None:
    _write("site/a.html", PURCHASE + CODE["audience"])
    _write("site/b/c.htm", f"\n <p>x</p>{DYNAMIC}")
    _write("site/notes.txt", JS_PIXEL)
    ran = run("inspect", "site", _write("mail.txt", MISMATCH))
    assert (ran.code, ran.err) == (0, "")
    dynamic = f"fp        {PIXEL_ID}                      dynamic  USD       retired-endpoint, dynamic-value"
    assert ran.out.splitlines() == [
        "PLACE             DIALECT   PIXEL            EVENT             VALUE    CURRENCY  FINDINGS",
        f"site/a.html:1:1   fbq       {META_ID}  Purchase          30.00    USD",
        f"site/a.html:6:1   audience  {META_ID}  PixelInitialized                     retired-endpoint",
        f"site/b/c.htm:3:1  {dynamic}",
        f"mail.txt:1:1      fbq       {META_ID}  Purchase          30.00    USD       value-mismatch",
    ]


def test_inspect_as_json_has_the_keys_that_other_programs_count_on(run: Run) -> None:
    ran = run("inspect", "--json", _write("a.html", MISMATCH.replace(' alt=""', "").replace("]=USD&", "]=USD&amp;")))
    assert (ran.code, ran.err) == (0, "")
    url = f"https://www.facebook.com/tr?id={META_ID}&ev=Purchase&cd[value]=3000.00&cd[currency]=USD&noscript=1"
    no_alt = 'the image has no alt attribute; add alt=""'
    snippet = {
        "dialect": "fbq",
        "conversion": True,
        "pixel_id": META_ID,
        "event": "Purchase",
        "value": "30.00",
        "currency": "USD",
        "dynamic": False,
        "noscript": f'<img src="{url.replace("]=USD&", "]=USD&amp;")}">',
        "image_url": url,
        "line": 1,
        "column": 1,
        "findings": [
            {"code": "img-alt-missing", "message": no_alt, "line": 5, "column": 11},
            {
                "code": "value-mismatch",
                "message": "the script's value is 30.00, the noscript's 3000.00",
                "line": 5,
                "column": 90,
            },
        ],
    }
    document = json.loads(ran.out)
    assert document == {"files": [{"path": "a.html", "snippets": [snippet]}]}
    [found] = document["files"][0]["snippets"]
    assert list(found) == list(snippet)


def _inspected(run: Run, *paths: str | Path) -> list[dict[str, Any]]:
    files = json.loads(run("inspect", "--json", *paths).out)["files"]
    return [snippet for file in files for snippet in file["snippets"]]


def test_inspect_shows_what_is_not_there_as_null_and_never_a_dynamic_value_as_a_number(run: Run) -> None:
    [bare] = _inspected(run, _write("a.html", "<script>fbq('track', 'Lead')</script>"))
    names = ("pixel_id", "value", "currency", "noscript", "image_url")
    assert [bare[name] for name in names] == [None] * len(names)
    assert (bare["event"], bare["conversion"], bare["dynamic"], bare["findings"]) == ("Lead", True, False, [])
    [dynamic] = _inspected(run, _write("b.html", DYNAMIC))
    assert (dynamic["dynamic"], dynamic["value"]) == (True, "<?php echo $x ?>")
    [empty] = _inspected(run, _write("c.html", "<script>fbq('track', 'Lead')</script><noscript></noscript>"))
    assert empty["noscript"] in ("", None)
    [view] = _inspected(run, _write("d.html", CODE["fbq"]))
    assert (view["conversion"], view["value"], view["event"]) == (False, None, "PageView")


def test_inspect_names_each_file_once_even_where_it_has_no_code(run: Run) -> None:
    paths = [_write("site/a.html", JS_PIXEL), _write("site/b.html", "<p>fbq('track', 'Lead')</p>"), Path("site")]
    files = json.loads(run("inspect", "--json", *paths).out)["files"]
    assert [(file["path"], len(file["snippets"])) for file in files] == [("site/a.html", 1), ("site/b.html", 0)]


@pytest.mark.parametrize("content", ["", "<p>x</p>", f"<!-- {PURCHASE} -->", b"\x00\xff\xfe" * 1000])
def test_inspect_says_that_nothing_is_there(run: Run, content: str | bytes) -> None:
    ran = run("inspect", _write("a.html", content))
    assert (ran.code, ran.out, ran.err) == (0, "", "no conversion code there\n")
    assert json.loads(run("inspect", "a.html", "--json").out) == {"files": [{"path": "a.html", "snippets": []}]}


def test_inspect_takes_an_empty_folder(run: Run) -> None:
    Path("empty").mkdir()
    ran = run("inspect", "--json", "empty")
    assert (ran.code, json.loads(ran.out)) == (0, {"files": []})


def test_inspect_keeps_the_bytes_of_a_noscript_that_is_not_utf_8(run: Run) -> None:
    noscript = b'\xff\n<img alt="caf\xe9" src="https://www.facebook.com/offsite_event.php?id=6009125095680&value=1">'
    [snippet] = _inspected(run, _write("a.html", b"\xe9<noscript>%s</noscript>\x00" % noscript))
    assert snippet["noscript"].encode("utf-8", "surrogateescape") == noscript
    assert (snippet["dialect"], snippet["line"], snippet["column"]) == ("image", 1, 2)


@pytest.mark.parametrize("command", ["inspect", "lint"])
@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_a_file_that_cannot_be_read_is_named_and_the_others_are_done(run: Run, command: str, flags: list[str]) -> None:
    Path("closed.html").symlink_to("nowhere")
    ran = run(command, *flags, "no\nne.html", "closed.html", _write("a.html", JS_PIXEL))
    assert ran.code == 6
    assert ran.err.splitlines()[:2] == [
        "failed: no\\nne.html: No such file or directory",
        "failed: closed.html: No such file or directory",
    ]
    assert "retired-endpoint" in ran.out
    if flags:
        assert [file["path"] for file in json.loads(ran.out)["files"]] == ["a.html"]


def test_stdin_is_inspected_and_linted() -> None:
    done = _pipe("inspect", "-", "--json", text=PURCHASE.encode() + b"\xff")
    assert (done.returncode, done.stderr) == (0, b"")
    [file] = json.loads(done.stdout)["files"]
    assert (file["path"], file["snippets"][0]["pixel_id"]) == ("-", META_ID)
    linted = _pipe("lint", "-", text=MISMATCH)
    assert linted.returncode == 1
    assert linted.stdout.startswith(b"-:5:97: error value-mismatch: ")


@pytest.mark.parametrize("command", ["inspect", "lint"])
def test_no_path_is_a_usage_error(run: Run, command: str) -> None:
    assert run(command).code == 2


TWO_FINDINGS = [
    ("value-mismatch", "error", "the script's value is 30.00, the noscript's 3000.00", 5, 97),
    ("retired-endpoint", "warning", "its endpoint was switched off in 2017; 'snippetkit migrate' helps", 9, 21),
]


def test_lint_prints_a_line_for_each_finding_and_counts_them_on_stderr(run: Run) -> None:
    ran = run("lint", _write("a.html", MISMATCH + JS_PIXEL), _write("b.html", PURCHASE))
    lines = [f"a.html:{line}:{col}: {level} {code}: {text}" for code, level, text, line, col in TWO_FINDINGS]
    assert (ran.code, ran.out.splitlines(), ran.err) == (1, lines, "2 findings in 2 files\n")


@pytest.mark.parametrize(
    ("format_name", "out"), [("text", ""), ("github", ""), ("json", '{\n  "files": [\n'), ("sarif", '{\n  "$schema"')]
)
def test_lint_of_right_code_is_0(run: Run, format_name: str, out: str) -> None:
    ran = run("lint", _write("a.html", PURCHASE), "--format", format_name)
    assert (ran.code, ran.err) == (0, "0 findings in 1 files\n")
    assert ran.out == out if not out else ran.out.startswith(out)


def test_lint_as_json_has_one_document_by_either_option(run: Run) -> None:
    path = _write("a.html", MISMATCH + JS_PIXEL)
    ran = run("lint", path, "--json")
    assert ran == run("lint", path, "--format", "json") == run("lint", path, "--format", "json", "--json")
    names = ("code", "level", "message", "line", "column")
    findings = [dict(zip(names, row, strict=True)) | {"snippet": n} for n, row in enumerate(TWO_FINDINGS)]
    assert (ran.code, json.loads(ran.out)) == (1, {"files": [{"path": "a.html", "findings": findings}]})


def test_lint_writes_githubs_annotations(run: Run) -> None:
    ran = run("lint", _write("a.html", MISMATCH + JS_PIXEL), "--format", "github")
    assert ran.out.splitlines() == [
        f"::{level} file=a.html,line={line},col={column},title={code}::{text}"
        for code, level, text, line, column in TWO_FINDINGS
    ]


ODD_NAMES = {
    "my page.html": ("my page.html", "my page.html", "my%20page.html"),
    "100%.html": ("100%.html", "100%25.html", "100%25.html"),
    "a:b,c.html": ("a:b,c.html", "a%3Ab%2Cc.html", "a%3Ab%2Cc.html"),
    "a\nb\r.html": ("a\\nb\\r.html", "a%0Ab%0D.html", "a%0Ab%0D.html"),
    "\x1b[31m.html": ("\\x1b[31m.html", "\\x1b[31m.html", "%1B%5B31m.html"),
    "é\udce9.html": ("é\\udce9.html", "é\\udce9.html", "%C3%A9%E9.html"),
}


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_files_odd_name_is_escaped_as_the_format_asks(run: Run, name: str) -> None:
    text, github, uri = ODD_NAMES[name]
    _write(name, MISMATCH)
    assert run("lint", name).out.startswith(f"{text}:5:97: error ")
    assert run("lint", name, "--format", "github").out.startswith(f"::error file={github},line=5,col=97,title=value")
    assert json.loads(run("lint", name, "--json").out)["files"][0]["path"] == name
    [result] = json.loads(run("lint", name, "--format", "sarif").out)["runs"][0]["results"]
    found = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert found == uri
    assert unquote_to_bytes(found) == name.encode("utf-8", "surrogateescape")
    assert run("inspect", name).out.splitlines()[1].startswith(f"{text}:1:1 ")


def test_a_message_is_escaped_for_github(run: Run) -> None:
    path = _write("a.html", PURCHASE.replace("30.00", "f('50%',\r\n::error::x)", 1))
    ran = run("lint", path, "--format", "github")
    assert "f('50%25',%0D%0A::error::x)" in ran.out
    for line in ran.out.splitlines():
        assert re.match(r"::(error|warning) file=a\.html,line=\d+,col=\d+,title=[a-z-]+::", line)


def test_lint_writes_a_sarif_log(run: Run) -> None:
    ran = run("lint", "--format", "sarif", _write("a.html", MISMATCH + JS_PIXEL), _write("b.html", DYNAMIC))
    assert ran.code == 1
    log = json.loads(ran.out)
    assert (list(log), log["version"]) == (["$schema", "version", "runs"], "2.1.0")
    assert log["$schema"].endswith("sarif-2.1.0.json")
    [sarif_run] = log["runs"]
    driver = sarif_run["tool"]["driver"]
    assert driver["name"] == "snippetkit"
    assert {rule["id"]: rule["shortDescription"]["text"] for rule in driver["rules"]} == LINT_CODES
    assert len(driver["rules"]) == len(LINT_CODES)
    rows = []
    for result in sarif_run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        [location] = result["locations"]
        place = location["physicalLocation"]
        region = place["region"]
        rows.append((place["artifactLocation"]["uri"], result["ruleId"], result["level"], result["message"]["text"],
                     region["startLine"], region["startColumn"]))  # fmt: skip
    assert rows[:2] == [("a.html", *row) for row in TWO_FINDINGS]
    assert [row[:3] for row in rows[2:]] == [
        ("b.html", "retired-endpoint", "warning"),
        ("b.html", "dynamic-value", "warning"),
    ]


def test_sarif_counts_columns_as_it_says(run: Run) -> None:
    text = MISMATCH.replace("<noscript>", "<p>\U0001f600é</p><noscript>")
    log = json.loads(run("lint", "--format", "sarif", _write("a.html", text)).out)
    [sarif_run] = log["runs"]
    [result] = sarif_run["results"]
    assert sarif_run["columnKind"] == "unicodeCodePoints"
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 5, "startColumn": 97 + 9}


@pytest.mark.parametrize(
    "command",
    [
        ["inspect"],
        ["inspect", "--json"],
        *(["lint", "--format", name] for name in ("text", "json", "github", "sarif")),
        ["snippet", "--value", "500", "--from-file"],
        ["inject", "page.html", "--check", "--from-file"],
        ["export", "gtm", "--from-file"],
    ],
)
@pytest.mark.parametrize(
    "code",
    [
        STEERING,
        STEERING.replace('"Lead"', '"\\x1b[31m\\u202e\\n"'),
        STEERING.replace('"\x1b[2J"', "order\x1b[31m\x9b.total"),
        STEERING.replace(META_ID, "\\x1b[31m"),
    ],
)
def test_no_text_from_a_file_steers_the_terminal(run: Run, page: Path, command: list[str], code: str) -> None:
    ran = run(*command, _write("a.html", code))
    assert not _has_control_characters(ran.out + ran.err)
    assert ran.out + ran.err != ""


def test_what_the_code_reports_is_said_without_its_control_characters(run: Run, page: Path) -> None:
    ran = run("inject", page, "--from-file", _write("a.html", STEERING))
    assert ran.err.startswith(f"pixel {META_ID} reports Lead, with \\x1b[2J \\x07\n")
