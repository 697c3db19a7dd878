"""`inspect`, `lint`, and code from a file on `snippet`, `inject` and `export`: what a person sees of them."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest

from snippetkit.lint import CODES as LINT_CODES
from tests import formatters
from tests.conftest import CASES, JS_PIXEL, PIXEL_ID, Ran, Run
from tests.pixels import EVERY_CODE as CODE
from tests.pixels import META_ID, PURCHASE
from tests.sdks import cache_folder

OTHER_ID = "6009125095681"
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
    dynamic = f"fp        {PIXEL_ID}                      dynamic  USD       live   retired-endpoint, dynamic-value"
    assert ran.out.splitlines() == [
        "PLACE             DIALECT   PIXEL            EVENT             VALUE    CURRENCY  STATE  FINDINGS",
        f"site/a.html:1:1   fbq       {META_ID}  Purchase          30.00    USD       live",
        f"site/a.html:6:1   audience  {META_ID}  PixelInitialized                     live   retired-endpoint",
        f"site/b/c.htm:3:1  {dynamic}",
        f"mail.txt:1:1      fbq       {META_ID}  Purchase          30.00    USD       live   value-mismatch",
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
        "order_id": None,
        "event_id": None,
        "dynamic": False,
        "state": "live",
        "reason": None,
        "base_from": [],
        "function": None,
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
    assert document == {"version": 1, "files": [{"path": "a.html", "snippets": [snippet]}]}
    [found] = document["files"][0]["snippets"]
    assert list(found) == list(snippet)


def _inspected(run: Run, *paths: str | Path) -> list[dict[str, Any]]:
    files = json.loads(run("inspect", "--json", *paths).out)["files"]
    return [snippet for file in files for snippet in file["snippets"]]


def test_inspect_shows_what_is_not_there_as_null_and_never_a_dynamic_value_as_a_number(run: Run) -> None:
    [bare] = _inspected(run, _write("a.html", "<script>fbq('track', 'Lead')</script>"))
    names = ("pixel_id", "value", "currency", "noscript", "image_url")
    assert [bare[name] for name in names] == [None] * len(names)
    assert (bare["event"], bare["conversion"], bare["dynamic"]) == ("Lead", True, False)
    assert [finding["code"] for finding in bare["findings"]] == ["unknown-pixels"]
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


@pytest.mark.parametrize("content", ["", "<p>x</p>", f"<!-- {PURCHASE} -->", b"\x80\xff\xfe" * 1000])
def test_inspect_says_that_nothing_is_there(run: Run, content: str | bytes) -> None:
    ran = run("inspect", _write("a.html", content))
    assert (ran.code, ran.out, ran.err) == (0, "", "no conversion code found\n")
    assert json.loads(run("inspect", "a.html", "--json").out)["files"] == [{"path": "a.html", "snippets": []}]


def test_inspect_takes_an_empty_folder(run: Run) -> None:
    Path("empty").mkdir()
    ran = run("inspect", "--json", "empty")
    assert (ran.code, json.loads(ran.out)["files"]) == (6, [])


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


@pytest.mark.parametrize("command", ["inspect", "lint", "status", "csp"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (PURCHASE.encode("utf-16"), "this is UTF-16"),
        (b"\xfe\xff" + PURCHASE.encode("utf-16-be"), "this is UTF-16"),
        (PURCHASE.encode("utf-32"), "this is UTF-16"),
        (PURCHASE.encode("utf-16-le"), "not text: this is UTF-16, or a binary file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4, "not text: this is UTF-16"),
    ],
)
def test_what_is_no_text_that_can_be_read_is_a_failure_and_not_a_page_without_code(
    run: Run, command: str, content: bytes, reason: str
) -> None:
    _write("bad.html", content)
    ran = run(command, "bad.html", _write("good.html", PURCHASE))
    assert ran.code == 6
    assert f"failed: bad.html: {reason}" in ran.err
    assert command in {"lint", "csp"} or META_ID in ran.out


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize(
    "command", [["snippet", "--from-file"], ["migrate"], ["export", "html", "--all-pages", "--from-file"]]
)
def test_code_in_utf_16_is_refused_and_not_code_that_is_missing(run: Run, command: list[str], encoding: str) -> None:
    ran = run(*command, _write("code.html", PURCHASE.encode(encoding)))
    assert (ran.code, ran.out, "this is UTF-16" in ran.err) == (6, "", True)


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
    (
        "retired-endpoint",
        "warning",
        "its endpoint was switched off in 2017; 'snippetkit migrate' turns it into today's code",
        9,
        21,
    ),
]


def test_lint_prints_a_line_for_each_finding_and_counts_them_on_stderr(run: Run) -> None:
    ran = run("lint", _write("a.html", MISMATCH + JS_PIXEL), _write("b.html", PURCHASE))
    lines = [f"a.html:{line}:{col}: {level} {code}: {text}" for code, level, text, line, col in TWO_FINDINGS]
    assert (ran.code, ran.out.splitlines(), ran.err) == (1, lines, "2 findings in 2 files\n")


@pytest.mark.parametrize(
    ("format_name", "out"),
    [("text", ""), ("github", ""), ("json", '{\n  "version": 1,\n'), ("sarif", '{\n  "$schema"')],
)
def test_lint_of_right_code_is_0(run: Run, format_name: str, out: str) -> None:
    ran = run("lint", _write("a.html", PURCHASE), "--format", format_name)
    assert (ran.code, ran.err) == (0, "0 findings in 1 file\n")
    assert ran.out == out if not out else ran.out.startswith(out)


def test_lint_as_json_has_one_document_by_either_option(run: Run) -> None:
    path = _write("a.html", MISMATCH + JS_PIXEL)
    ran = run("lint", path, "--json")
    assert ran == run("lint", path, "--format", "json") == run("lint", path, "--format", "json", "--json")
    names = ("code", "level", "message", "line", "column")
    findings = [dict(zip(names, row, strict=True)) | {"snippet": n} for n, row in enumerate(TWO_FINDINGS)]
    assert (ran.code, json.loads(ran.out)["files"]) == (1, [{"path": "a.html", "findings": findings}])


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


@pytest.fixture(scope="module")
def sarif_schema(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The JSON schema of SARIF 2.1.0, by OASIS, as a package of npm holds it."""
    folder = tmp_path_factory.mktemp("sarif")
    npm = shutil.which("npm") or formatters.installed(cache_folder()) / "bin" / "npm"
    subprocess.run([npm, "pack", "--silent", "@microsoft/jest-sarif@1.0.0-beta.0"], cwd=folder, check=True, timeout=120)
    [packed] = folder.iterdir()
    assert sha256(packed.read_bytes()).hexdigest() == "748e2c3d1a842e7bb258416685c7ea3a0da40005b72267b2052c2856d48ad102"
    with tarfile.open(packed) as package:
        schema = package.extractfile("package/lib/schemas/sarif-2.1.0-rtm.5.json")
        assert schema
        return json.load(schema)


@pytest.mark.formatters  # it installs from npm
def test_a_sarif_log_is_what_the_schema_of_oasis_says(run: Run, sarif_schema: Any) -> None:
    validator = jsonschema.Draft4Validator(sarif_schema, format_checker=jsonschema.FormatChecker())
    odd = _write("a b%ä.html", MISMATCH)
    logs = [
        run("lint", "--format", "sarif", *paths).out
        for paths in (
            [_write("a.html", MISMATCH + JS_PIXEL), "missing.html"],
            [odd.absolute()],
            [_write("none.html", "")],
        )
    ]
    for log in map(json.loads, logs):
        validator.validate(log)
    assert [len(json.loads(log)["runs"][0]["results"]) > 0 for log in logs] == [True, True, False]
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({**json.loads(logs[0]), "version": "2.0.0"})


FAILED = {"missing.html": "missing.html: No such file", "wide.html": "wide.html: this is UTF-16"}


def _lint_failing(run: Run, format_name: str) -> Ran:
    Path("wide.html").write_bytes(PURCHASE.encode("utf-16"))
    ran = run("lint", "--format", format_name, "missing.html", _write("a.html", MISMATCH), "wide.html")
    assert ran.code == 6
    return ran


def test_a_sarif_log_says_which_files_could_not_be_read(run: Run) -> None:
    [failed] = json.loads(_lint_failing(run, "sarif").out)["runs"]
    [invocation] = failed["invocations"]
    assert (invocation["executionSuccessful"], len(failed["results"])) == (False, 1)
    told = {
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: (one["level"], one["message"]["text"])
        for one in invocation["toolExecutionNotifications"]
    }
    assert told.keys() == FAILED.keys()
    assert all(level == "error" and text.startswith(FAILED[path]) for path, (level, text) in told.items())
    [right] = json.loads(run("lint", "--format", "sarif", "a.html").out)["runs"]
    assert right["invocations"] == [{"executionSuccessful": True}]


def test_github_is_told_which_files_could_not_be_read(run: Run) -> None:
    finding, *failed = _lint_failing(run, "github").out.splitlines()
    assert finding.startswith("::error file=a.html,line=5,")
    assert len(failed) == len(FAILED)
    for line in failed:
        [path] = [path for path in FAILED if f"file={path}," in line]
        assert line.startswith(f"::error file={path},title=not read::{FAILED[path]}")


def test_services_get_paths_below_the_working_folder(
    run: Run, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = tmp_path_factory.mktemp("away") / "b.html"
    away.write_text(MISMATCH, "utf-8")
    Path("site").mkdir()
    _write("site/a.html", MISMATCH)
    names = {
        str(Path("site/a.html").absolute()): ("site/a.html", "site/a.html"),
        "./site/a.html": ("site/a.html", "site/a.html"),
        str(away): (str(away), away.as_uri()),
        "-": ("stdin", "stdin"),
    }
    for path, (name, uri) in names.items():
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(MISMATCH.encode())))
        assert f"::error file={name},line=5," in run("lint", "--format", "github", path).out
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(MISMATCH.encode())))
        log = json.loads(run("lint", "--format", "sarif", path).out)
        [result] = log["runs"][0]["results"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


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
    ran = run("inject", page, "--from-file", _write("a.html", STEERING.replace("\x1b[2J", "1.50")))
    assert ran.err.startswith(f"pixel {META_ID} reports Lead, with 1.50 \\x07, from a.html, ")


LATIN_1 = JS_PIXEL.encode().replace(b"{};", b"{}; // caf\xe9")
SETTABLE = {
    "fp": (CODE["fp"], [("'19.99'", "'5.00'"), ("value=19.99", "value=5"), ("'USD'", "'EUR'"), ("=USD", "=EUR")]),
    "fbds": (CODE["fbds"], [("'19.99'", "'5.00'"), ("'USD'", "'EUR'"), ("]=19.99", "]=5.00"), ("]=USD", "]=EUR")]),
    "fbq": (PURCHASE, [("value: 30.00", "value: 5.00"), ("'USD'", "'EUR'"), ("]=30.00", "]=5.00"), ("]=USD", "]=EUR")]),
    "crlf": (PURCHASE.replace("\n", "\r\n"), [("30.00", "5.00"), ("USD", "EUR")]),
}  # fmt: skip


def _changed(name: str) -> tuple[str, str]:
    """The code of a dialect, and what is to be printed of it with 5.00 EUR."""
    code, changes = SETTABLE[name]
    expected = _code(code).rstrip("\r\n")
    for old, new in changes:
        assert old in expected
        expected = expected.replace(old, new)
    return code, expected


@pytest.mark.parametrize("name", SETTABLE)
def test_a_value_changes_its_literals_and_no_other_byte_and_twice_is_as_once(run: Run, name: str) -> None:
    code, expected = _changed(name)
    once = run("snippet", "--from-file", _write("code.html", code), *TO_EUR_500)
    assert (once.code, once.out) == (0, expected)
    assert once.err.endswith("5.00 EUR\n")
    twice = _pipe("snippet", "--from-file", "-", *TO_EUR_500, text=once.out)
    assert (twice.returncode, twice.stdout.decode()) == (0, expected)
    assert Path("code.html").read_bytes() == code.encode()


@pytest.mark.parametrize("name", ["fp", "fbds", "fbq", "audience", "image"])
def test_code_is_printed_as_it_stands_where_no_value_is_asked_for(run: Run, name: str) -> None:
    text = CODE[name].replace(' nonce="Zr0pQ1aB"', "")
    ran = run("snippet", "--from-file", _write("code.html", CODE[name]))
    start = text.index("<noscript" if name == "image" else "<script")
    assert (ran.code, ran.out) == (0, text[start : text.rindex("</noscript>") + len("</noscript>")])


def test_bytes_that_are_not_utf_8_are_printed_as_they_stand() -> None:
    code = PURCHASE.encode().replace(b'alt=""', b'alt="caf\xe9"')
    done = _pipe("snippet", "--from-file", "-", "--value", "500", text=code)
    assert done.stdout == code.replace(b"30.00", b"5.00").rstrip(b"\n")


@pytest.mark.parametrize(
    ("code", "script", "image"),
    [
        (JS_PIXEL, "'150.00'", "value=150&"),
        (CODE["fbds"], "'150.00'", "cd[value]=150.00&"),
        (PURCHASE, "value: 150.00,", "cd[value]=150.00&"),
    ],
)
def test_a_currency_without_cents_counts_whole_units(run: Run, code: str, script: str, image: str) -> None:
    path = _write("code.html", code)
    yen = ["snippet", "--from-file", path, "--value", "150", "--currency", "JPY"]
    assert script in run(*yen).out
    assert image in run(*yen, "--variant", "image").out
    in_the_codes_currency = ["snippet", "--from-file", _write("yen.html", code.replace("USD", "JPY")), "--value", "150"]
    assert run(*in_the_codes_currency).out == run(*yen).out


@pytest.mark.parametrize("value", ["0", "1", "999999999999999"])
def test_the_smallest_and_the_largest_value_are_read_back(run: Run, value: str) -> None:
    ran = run("snippet", "--from-file", _write("code.html", JS_PIXEL), "--value", value)
    [snippet] = _inspected(run, _write("again.html", ran.out))
    assert snippet["value"] == f"{int(value) // 100}.{int(value) % 100:02}"
    assert [finding["code"] for finding in snippet["findings"]] == ["retired-endpoint"]


@pytest.mark.parametrize("variant", ["full", "script", "noscript", "image"])
@pytest.mark.parametrize("name", ["fp", "fbds", "fbq"])
def test_each_variant_of_code_from_a_file(run: Run, name: str, variant: str) -> None:
    code, expected = _changed(name)
    noscript = expected.partition("<noscript>")[2].partition("</noscript>")[0]
    url = noscript.partition('src="')[2].partition('"')[0].replace("&amp;", "&")
    parts = {"script": expected.partition("\n<noscript>")[0], "noscript": noscript, "image": url, "full": expected}
    ran = run("snippet", "--from-file", _write("code.html", code), *TO_EUR_500, "--variant", variant)
    assert (ran.code, ran.out) == (0, parts[variant])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["fp", "fbds", "fbq"]),
        ([PIXEL_ID], ["fp", "fbds"]),
        ([META_ID], ["fbq"]),
        ([META_ID, PIXEL_ID], ["fp", "fbds", "fbq"]),
    ],
)
def test_all_code_of_a_page_is_printed_or_that_of_the_pixels_that_are_named(
    run: Run, arguments: list[str], expected: list[str]
) -> None:
    page = f"<!doctype html>\n<title>x</title>\n<body>{CODE['fp']}<p>x</p>\n{CODE['fbds']}\n{PURCHASE}</body>"
    ran = run("snippet", *arguments, "--from-file", _write("page.html", page), *TO_EUR_500)
    newline = "" if len(expected) == 1 else "\n"
    assert (ran.code, ran.out) == (0, "".join(f"{_changed(name)[1]}{newline}" for name in expected))
    assert ran.err.count("5.00 EUR\n") == len(expected)


NO_PLACE = [
    (CODE["fbq"], "line 15: add {value: 0.00, currency: 'USD'} as the last argument"),
    (JS_PIXEL.replace("fb_param.value = '19.99';\n", ""), "line 4: add fb_param.value = '0.00';"),
    (JS_PIXEL.replace("&amp;value=19.99", ""), "line 15: add &amp;value=0.00 to the image's URL"),
]
BOTH = JS_PIXEL + PURCHASE
_TR = "tr?ev=6009125095680&amp;cd[value]=19.99&amp;cd[currency]=USD"
assert _TR in CODE["fbds"]


@pytest.mark.parametrize("command", [["snippet"], *WRITERS])
@pytest.mark.parametrize(("code", "place"), NO_PLACE)
def test_where_there_is_no_place_for_a_value_it_is_named(
    run: Run, page: Path, command: list[str], code: str, place: str
) -> None:
    ran = run(*command, "--from-file", _write("code.html", code), "--value", "500")
    assert (ran.code, ran.out) == (6, "")
    assert "no value to set: " in ran.err
    assert place in ran.err
    assert _is_untouched(page)


@pytest.mark.parametrize("value", [[], ["--value", "500"]])
@pytest.mark.parametrize("command", WRITERS)
@pytest.mark.parametrize(
    ("code", "old", "new", "said"),
    [
        (CODE["fbds"], _TR, "tr?ev=6009125095680&amp;cd=&amp;cd=USD", "has cd= where cd[value]= and"),
        (CODE["fbds"], _TR, _TR.replace("[", "%255B").replace("]", "%255D"), "has %255B for %5B, so 'cd' is lost"),
        (JS_PIXEL, "&amp;value", "&amp;id=6009125095680&amp;value", "names 'id' twice"),
        (JS_PIXEL, "&amp;value", "&amp;value=1&amp;value", "names 'value' twice"),
        (JS_PIXEL, "&amp;", "&amp;amp;", "has &amp;amp; for &amp;, so 'value' is lost"),
        (CODE["fbq"], "&ev=", "&ev=Lead&ev=", "names 'ev' twice"),
    ],
)
def test_an_image_whose_parameters_do_not_arrive_goes_onto_no_page(
    run: Run, page: Path, command: list[str], code: str, old: str, new: str, said: str, value: list[str]
) -> None:
    assert old in code
    ran = run(*command, "--from-file", _write("code.html", code.replace(old, new)), *value)
    assert (ran.code, ran.out) == (6, "")
    assert f"noscript-parameters: the image's URL {said}" in ran.err
    assert _is_untouched(page)


def _is_untouched(page: Path) -> bool:
    return page.read_bytes() == PAGE and not Path("gtm.json").exists()


@pytest.mark.parametrize("command", [["snippet"], *WRITERS])
def test_a_dynamic_value_is_replaced_by_force_alone(run: Run, page: Path, command: list[str]) -> None:
    arguments = [*command, "--from-file", _write("code.html", DYNAMIC), "--server-values", "php", *TO_EUR_500]
    refused = run(*arguments)
    assert (refused.code, refused.out) == (6, "")
    assert "built or shown: <?php echo $x ?>; --force replaces it with a fixed one" in refused.err
    assert _is_untouched(page)
    forced = run(*arguments, "--force")
    assert (forced.code, forced.err.splitlines()[command == ["snippet"]]) == (0, f"pixel {PIXEL_ID} reports 5.00 EUR")
    if command == ["snippet"]:
        assert forced.out == _changed("fp")[1]


@pytest.mark.parametrize("command", [["snippet"], *WRITERS])
@pytest.mark.parametrize("given", [[], ["--server-values", "jinja"]])
def test_a_value_that_a_server_tells_is_asked_for_by_name(
    run: Run, page: Path, command: list[str], given: list[str]
) -> None:
    ran = run(*command, "--from-file", _write("code.html", DYNAMIC), *given)
    said = "code.html:5:18: unexpected-script: '<?php echo $x ?>' is a value that a server fills in"
    hint = "--server-values takes it, with the language that makes the page: blade or php"
    assert f"{said}; {hint}" in ran.err
    assert (ran.code, _is_untouched(page)) == (0 if command == ["snippet"] else 6, True)


@pytest.mark.parametrize(
    ("value", "language"),
    [("<?= $x ?>", "php"), ("@Model.Total", "razor"), ("'${order.total}'", "jsp"), ("'$!{x}'", "velocity"),
     ("'{$x nofilter}'", "smarty"), ("'{{ order.total }}'", "jinja"), ("'<%= @total %>'", "erb")],
)  # fmt: skip
def test_code_with_a_server_value_is_put_in_found_kept_and_taken_out(
    run: Run, page: Path, value: str, language: str
) -> None:
    path = _write("code.html", JS_PIXEL.replace("'19.99'", value))
    arguments = ["inject", page, "--from-file", path, "--server-values", language]
    assert "inserted: page.html" in run(*arguments).err
    assert "1 unchanged" in run(*arguments).err
    assert "dynamic" in run("status", page).out
    assert "its hash cannot be known; give the script a nonce" in run("csp", page).err
    run("remove", page)
    assert page.read_bytes() == PAGE


@pytest.mark.parametrize("command", [["snippet"], *WRITERS])
def test_server_values_are_of_a_known_language_and_in_a_file(run: Run, page: Path, command: list[str]) -> None:
    path = _write("code.html", DYNAMIC)
    unknown = run(*command, "--from-file", path, "--server-values", "asp")
    assert unknown.code == 2
    assert "'asp': unknown, or without plain values; give one of jinja, django" in unknown.err
    pixel = [PIXEL_ID] if command == ["snippet"] else ["--pixel", PIXEL_ID]
    without = run(*command, *pixel, "--server-values", "php")
    assert (without.code, _is_untouched(page)) == (2, True)
    assert "--server-values needs --from-file" in without.err


def test_server_code_is_not_exported_to_where_no_server_runs_it(run: Run, page: Path) -> None:
    path = ["--from-file", _write("code.html", DYNAMIC), "--server-values", "php"]
    ran = run("export", "gtm", *path, "-o", "gtm.json")
    assert ran.code == 6
    assert "the code holds server code, which no tag manager runs; --value with --force" in ran.err
    assert _is_untouched(page)
    assert run("inject", page, *path).code == 0


@pytest.mark.parametrize("command", [["snippet"], *WRITERS])
@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["--currency", "EUR"], 2, "--currency needs --value or --amount."),
        (["--value", "500", "--currency", "ABC"], 2, "unknown currency 'ABC'; give one of those that are taken"),
        (["--value", "500", "--currency", "euro"], 2, "'euro' is not a code: give --currency EUR"),
        (["--value", "500", "--currency", "dm"], 2, "three letters"),
        (["--value", "5.00"], 2, "5.00 dollars are 500"),
        (["--value", "-5"], 2, "whole number of minor units"),
        (["--value", "1000000000000000"], 2, "at most 15"),
    ],
)
def test_a_value_that_cannot_be_is_a_usage_error(
    run: Run, page: Path, command: list[str], arguments: list[str], code: int, reason: str
) -> None:
    ran = run(*command, "--from-file", _write("code.html", JS_PIXEL), *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert reason in ran.err
    assert _is_untouched(page)


@pytest.mark.parametrize("command", [["snippet"], *WRITERS])
@pytest.mark.parametrize(
    ("content", "code", "err"),
    [
        (None, 6, "error: code.html: No such file or directory\n"),
        ("", 6, "error: code.html: the file is empty\n"),
        (f"<!-- {PURCHASE} -->", 6, "error: code.html: no conversion code; 'snippetkit lint' may say why\n"),
        (b"\x00\xff" * 100, 6, "error: code.html: not text: this is UTF-16, or a binary file\n"),
    ],
)
def test_a_file_without_code_is_said(
    run: Run, page: Path, command: list[str], content: str | bytes | None, code: int, err: str
) -> None:
    if content is not None:
        _write("code.html", content)
    ran = run(*command, "--from-file", "code.html")
    assert (ran.code, ran.out, ran.err) == (code, "", err)
    assert _is_untouched(page)


@pytest.mark.parametrize("command", [["snippet", OTHER_ID], ["snippet", META_ID, OTHER_ID],
                                     *([*writer, "--pixel", OTHER_ID] for writer in WRITERS)])  # fmt: skip
def test_a_pixel_that_is_not_in_the_file_is_named_with_those_that_are(run: Run, page: Path, command: list[str]) -> None:
    ran = run(*command, "--from-file", _write("code.html", BOTH))
    there = f"fp:{PIXEL_ID}, fbq:{META_ID}"
    assert (ran.code, ran.out, ran.err) == (6, "", f"error: code.html has no code of pixel {OTHER_ID}, only {there}\n")
    assert _is_untouched(page)


@pytest.mark.parametrize("arguments", [["--all"], ["--via", "snippets"]])
def test_a_file_is_not_asked_as_an_api(run: Run, arguments: list[str]) -> None:
    ran = run("snippet", "--from-file", _write("code.html", BOTH), *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert f"{arguments[0]} cannot be used with --from-file, which asks no API." in ran.err


@pytest.mark.parametrize("writer", WRITERS)
def test_two_codes_in_a_file_are_refused_unless_the_pixel_is_named(run: Run, page: Path, writer: list[str]) -> None:
    arguments = [*writer, "--from-file", _write("code.html", BOTH)]
    ran = run(*arguments)
    keys = f"fp:{PIXEL_ID}, fbq:{META_ID}"
    assert ran.code == 6
    assert ran.err == f"error: code.html has 2 scripts: {keys}; give one, or name its --pixel\n"
    assert _is_untouched(page)
    named = run(*arguments, "--pixel", META_ID)
    assert named.code == 0
    assert named.err.startswith(f"pixel {META_ID} reports Purchase, with 30.00 USD, from code.html")


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (CODE["audience"], "code.html has an audience pixel, not a conversion pixel's code"),
        (CODE["image"], "code.html has an image pixel, not a conversion pixel's code"),
        (CODE["rakuten"], "code.html has a rakuten pixel, not a conversion pixel's code"),
        (LATIN_1, "code.html: the code is not UTF-8, as pages are; save it as UTF-8"),
    ],
)
def test_what_is_no_conversion_pixels_code_is_refused(
    run: Run, page: Path, writer: list[str], code: str | bytes, reason: str
) -> None:
    ran = run(*writer, "--from-file", _write("code.html", code))
    assert (ran.code, ran.out, ran.err) == (6, "", f"error: {reason}\n")
    assert _is_untouched(page)


ONLY_THE_VENDORS = "nothing was written; use only the vendor's code"
ALLOWS_IT = "--allow-host cdn.example.com allows it"
IMAGE = "<img src='https://cdn.example.com/x'></noscript>"
SCRIPT = "<script src='https://cdn.example.com/x.js'></script>"
NO_CONVERSION_CODE = "unexpected-script: a script that is not conversion code"
UNTRUSTED = [
    (FOREIGN, "7:18: foreign-host: the script reaches cdn.example.com", ALLOWS_IT),
    (PURCHASE.replace("</noscript>", IMAGE), "5:132: foreign-host: the img loads from cdn.example.com", ALLOWS_IT),
    (SCRIPT + PURCHASE, "1:1: foreign-host: the script loads from cdn.example.com", ALLOWS_IT),
    (
        PURCHASE.replace("fbq('init'", "eval('x'); fbq('init'"),
        "2:1: unexpected-script: 'eval' is not",
        ONLY_THE_VENDORS,
    ),
    (f"{PURCHASE}<script>alert(1)</script>", f"6:1: {NO_CONVERSION_CODE}", ONLY_THE_VENDORS),
    (FOREIGN.replace("</script>", "eval('x');</script>"), "7:18: foreign-host: the script reaches cdn", ALLOWS_IT),
    (HOSTILE, f"1:12: {NO_CONVERSION_CODE}", ONLY_THE_VENDORS),
]


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(("code", "reason", "hint"), UNTRUSTED)
def test_code_that_does_more_is_refused_with_its_place_and_may_be_allowed_its_host(
    run: Run, page: Path, writer: list[str], code: str, reason: str, hint: str
) -> None:
    arguments = [*writer, "--from-file", _write("my code.html", code)]
    for other in ([], ["--allow-host", "example.com", "--allow-host", "www.cdn.example.com"]):
        ran = run(*arguments, *other)
        assert (ran.code, ran.out) == (6, "")
        assert ran.err.startswith(f"error: my code.html:{reason}")
        assert ran.err.endswith(f"; {hint}\n")
        assert _is_untouched(page)
    allowed = run(*arguments, "--allow-host", "cdn.example.com")
    does_more = hint == ONLY_THE_VENDORS or "eval" in code
    assert allowed.code == (6 if does_more else 0)
    assert _is_untouched(page) is does_more


FP_IMAGE = f"php?id={PIXEL_ID}&amp;value=19.99&"
BY_HAND = "nothing was written; fix the script or the noscript so that both report the same"
BY_VALUE = "--value or the rule's value sets both"
BY_CURRENCY = "--value with --currency or the rule's currency sets both"
AT_ODDS = [
    (PURCHASE, f"?id={META_ID}", "?id=111", "5:59: id-mismatch", BY_HAND, set()),
    (PURCHASE, "ev=Purchase", "ev=Lead", "5:78: event-mismatch", BY_HAND, set()),
    (PURCHASE, "]=30.00", "]=5", "5:97: value-mismatch", BY_VALUE, {"--value", "--currency"}),
    (PURCHASE, "]=USD", "]=EUR", "5:116: currency-mismatch", BY_CURRENCY, {"--currency"}),
    (CODE["fbds"], f"tr?ev={PIXEL_ID}", "tr?ev=111", "16:101: id-mismatch", BY_HAND, set()),
    (JS_PIXEL, FP_IMAGE, FP_IMAGE.replace(PIXEL_ID, "111"), "15:116: id-mismatch", BY_HAND, set()),
    (JS_PIXEL, FP_IMAGE, FP_IMAGE.replace("19.99", "1.99"), "15:140: value-mismatch", BY_VALUE,
     {"--value", "--currency"}),
]  # fmt: skip
SETTING = {"": [], "--value": ["--value", "777"], "--currency": ["--value", "777", "--currency", "EUR"]}


@pytest.mark.wide
@pytest.mark.parametrize("given", SETTING)
@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(("code", "old", "new", "said", "hint", "mended_by"), AT_ODDS)
def test_code_whose_halves_disagree_is_refused_unless_both_are_set(
    run: Run, page: Path, writer: list[str], given: str, code: str, old: str, new: str, said: str, hint: str,
    mended_by: set[str],
) -> None:  # fmt: skip
    assert old in code
    path = _write("code.html", code.replace(old, new))
    printed = run("snippet", "--from-file", path, *SETTING[given])
    ran = run(*writer, "--from-file", path, *SETTING[given])
    if given in mended_by:
        assert (printed.code, ran.code, "warning" in printed.err) == (0, 0, False)
        return
    assert (ran.code, ran.out, _is_untouched(page)) == (6, "", True)
    assert ran.err.startswith(f"error: code.html:{said}: the script's ")
    assert ran.err.endswith(f"; {hint}\n")
    assert ran.err.count("\n") == 1
    assert (printed.code, printed.err.partition(": the script's")[0]) == (0, f"warning: code.html:{said}")


def test_only_what_is_taken_must_agree(run: Run, page: Path) -> None:
    path = _write("code.html", JS_PIXEL.replace(FP_IMAGE, FP_IMAGE.replace("19.99", "1.99")) + PURCHASE)
    assert run("inject", page, "--from-file", path, "--pixel", META_ID).code == 0


def test_a_value_in_the_noscript_of_the_page_view_is_not_mended_by_a_value(run: Run, page: Path) -> None:
    event = "fbq('track', 'Purchase', {value: 30, currency: 'USD'});\n</script>"
    code = CODE["fbq"].replace("</script>", event).replace("ev=PageView", "ev=PageView&amp;cd[value]=5")
    ran = run("inject", page, "--from-file", _write("code.html", code), "--value", "500")
    assert (ran.code, _is_untouched(page)) == (6, True)
    assert "value-mismatch: the script's value is missing, the noscript's 5; " in ran.err
    assert ran.err.endswith(f"; {BY_HAND}\n")


@pytest.mark.parametrize(("value", "code"), [("", 6), ("500", 0)])
def test_with_pages_a_value_in_the_rule_mends_it(run: Run, page: Path, value: str, code: int) -> None:
    rules = _write("rules.csv", f"page,pixel,value\n/page.html,{META_ID},{value}\n")
    command = ["inject", page, "--pages", rules, "--from-file", _write("code.html", MISMATCH), "--allow-empty-values"]
    ran = run(*command)
    assert ran.code == code, ran.err
    said = f"error: rules.csv, line 2: pixel {META_ID}: code.html:5:97: value-mismatch: "
    assert ran.err.startswith(said) is (code == 6)
    assert _is_untouched(page) is (code == 6)


def test_lint_says_that_a_noscript_in_its_region_names_another_pixel_or_event(run: Run, page: Path) -> None:
    run("inject", page, "--from-file", _write("code.html", PURCHASE))
    assert run("lint", page).code == 0
    right = page.read_text()
    for old, new, said in ((f"?id={META_ID}", "?id=111", "id"), ("ev=Purchase", "ev=Lead", "event")):
        _write("page.html", right.replace(old, new))
        ran = run("lint", page)
        assert (ran.code, f"error {said}-mismatch: the script's " in ran.out) == (1, True)


@pytest.mark.parametrize("host", ["https://cdn.example.com", "CDN.example.com", "cdn.example.com/x"])
def test_what_is_no_host_is_a_usage_error(run: Run, page: Path, host: str) -> None:
    ran = run("inject", page, "--from-file", _write("code.html", FOREIGN), "--allow-host", host)
    assert ran.code == 2
    assert "give a host's name in lower case" in ran.err


def test_snippet_prints_code_that_does_more_and_warns(run: Run) -> None:
    ran = run("snippet", "--from-file", _write("code.html", FOREIGN))
    assert (ran.code, ran.out) == (0, _code(FOREIGN))
    assert ran.err.startswith("warning: code.html:7:18: foreign-host: the script reaches cdn.example.com\n")


@pytest.mark.parametrize("name", ["fp", "fbds", "fbq"])
def test_a_files_code_goes_onto_a_page_once_and_removal_gives_the_bytes_back(run: Run, page: Path, name: str) -> None:
    code, expected = _changed(name)
    inject = ["inject", page, "--from-file", _write("code.txt", code), *TO_EUR_500]
    ran = run(*inject)
    assert (ran.code, ran.err.splitlines()[-2:]) == (0, ["inserted: page.html", "1 inserted"])
    off = f"note: the endpoint of {name} code was switched off in 2017, so nothing is counted; "
    assert (off in ran.err) == (name in ("fp", "fbds"))
    after = page.read_text()
    head, _, body = after.partition("</head>")
    script, _, noscript = expected.partition("\n<noscript>")
    assert "\n".join(f"  {line}" for line in script.split("\n")) in head
    assert f"<noscript>{noscript}" in body
    again = run(*inject, "--check", "--diff")
    assert (again.code, again.out, again.err.splitlines()[-1:]) == (0, "", ["1 unchanged"])
    assert run(*inject).err.splitlines()[-1:] == ["1 unchanged"]
    assert page.read_text() == after
    assert [snippet["value"] for snippet in _inspected(run, page)] == ["5.00"]
    dollars = run(*inject[:-4], "--value", "700")
    assert (dollars.code, page.read_text()) == (6, after)
    assert "the page has 5.00 EUR, but the new value is in USD; --currency, or the rule's, says which" in dollars.err
    other = run(*inject[:-4], "--value", "700", "--currency", "EUR")
    assert (other.code, other.err.splitlines()[-2:]) == (0, ["updated: page.html", "1 updated"])
    assert run("remove", page).code == 0
    assert page.read_bytes() == PAGE


def test_stdins_code_is_injected_and_exported(page: Path) -> None:
    done = _pipe("inject", "page.html", "--from-file", "-", text=PURCHASE)
    assert done.returncode == 0
    assert b"fbq('track', 'Purchase'" in page.read_bytes()
    exported = _pipe("export", "gtm", "--from-file", "-", *TO_EUR_500, text=PURCHASE)
    [tag] = json.loads(exported.stdout)["containerVersion"]["tag"]
    assert tag["name"] == f"Pixel {META_ID}"
    assert tag["parameter"][0]["value"] == _changed("fbq")[1].partition("\n<noscript>")[0]
    refused = _pipe("inject", "page.html", "--from-file", "-", text=HOSTILE)
    assert refused.stderr.startswith(b"error: stdin:1:12: unexpected-script: ")


@pytest.mark.parametrize("writer", [["inject", "page.html"], ["export", "gtm"]])
def test_neither_a_pixel_nor_a_file_is_a_usage_error(run: Run, page: Path, writer: list[str]) -> None:
    ran = run(*writer)
    assert (ran.code, ran.out) == (2, "")
    assert "Give --pixel, or --from-file." in ran.err


COMMANDS = [["snippet", PIXEL_ID], *([*writer, "--pixel", PIXEL_ID] for writer in WRITERS)]


def _exported_code() -> list[str]:
    """The scripts in what was exported; a tag's name is the pixel's, and only shown."""
    if not Path("gtm.json").exists():
        return []
    tags = json.loads(Path("gtm.json").read_text())["containerVersion"]["tag"]
    return [parameter["value"] for tag in tags for parameter in tag["parameter"]]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_pixels_hostile_name_comes_out_nowhere(sandbox_run: Run, page: Path, command: list[str]) -> None:
    for name in (HOSTILE_NAME, "--!><script>alert(1)</script>", "x --> <img src=x onerror=alert(1)>"):
        sandbox_run("pixels", "update", PIXEL_ID, "--name", name)
        ran = sandbox_run(*command)
        for text in (ran.out, page.read_text(), *_exported_code()):
            assert "alert" not in text
            assert "-->" not in re.sub(r"<!-- snippetkit:.* -->", "", text)
    sandbox_run("pixels", "update", PIXEL_ID, "--name", "a 'quoted' {{ name }}")
    assert sandbox_run(*command).code == 0
    assert "quoted" not in page.read_text()


def test_a_files_hostile_comment_is_not_printed(run: Run) -> None:
    ran = run("snippet", "--from-file", _write("code.html", HOSTILE), *TO_EUR_500)
    assert (ran.code, ran.out) == (0, _changed("fp")[1])
    assert "unexpected-script" in ran.err


@pytest.mark.parametrize("how", [[], ["--via", "snippets"]])
def test_the_apis_code_takes_another_currency(sandbox_run: Run, how: list[str]) -> None:
    dollars = sandbox_run("snippet", PIXEL_ID, *how, "--value", "500").out
    euros = sandbox_run("snippet", PIXEL_ID, *how, *TO_EUR_500)
    assert (euros.code, euros.out) == (0, dollars.replace("USD", "EUR"))
    yen = sandbox_run("snippet", PIXEL_ID, *how, "--value", "150", "--currency", "JPY").out
    assert "fb_param.value = '150.00';" in yen
    assert "&amp;value=150&amp;currency=JPY" in yen


def test_the_apis_code_is_injected_and_exported_in_another_currency(sandbox_run: Run, page: Path) -> None:
    inject = ["inject", page, "--pixel", PIXEL_ID, *TO_EUR_500]
    assert sandbox_run(*inject).err.startswith(f"pixel {PIXEL_ID} reports 5.00 EUR\ninserted: page.html\n")
    assert "&amp;value=5&amp;currency=EUR" in page.read_text()
    assert sandbox_run(*inject, "--check").code == 0
    exported = sandbox_run("export", "gtm", "--pixel", PIXEL_ID, *TO_EUR_500)
    assert "fb_param.currency = 'EUR';" in exported.out
    assert "USD" not in exported.out


@pytest.mark.parametrize("command", COMMANDS)
def test_the_apis_code_in_a_currency_that_is_unknown_or_without_a_value(
    sandbox_run: Run, page: Path, command: list[str]
) -> None:
    for arguments in (["--currency", "EUR"], ["--value", "500", "--currency", "ABC"]):
        ran = sandbox_run(*command, *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert _is_untouched(page)


def test_a_base_code_with_its_purchase_is_put_onto_a_page_whole_and_its_value_is_the_purchases(
    run: Run, page: Path
) -> None:
    base = (CASES / "code" / "fbq.html").read_text("utf-8")
    event = "fbq('track', 'Purchase', {value: 30, currency: 'USD'});\n"
    code = _write("code.html", base.replace("</script>", f"{event}</script>"))
    ran = run("inject", page, "--from-file", code, "--value", "500")
    assert (ran.code, ran.err.splitlines()[0]) == (0, f"pixel {META_ID} reports Purchase, with 5.00 USD")
    text = page.read_text()
    assert "fbq('track', 'PageView');\n" in text
    assert event.replace("30", "5.00") in text
    assert "ev=PageView&noscript=1" in text
    assert run("inject", page, "--from-file", code, "--value", "500").err.endswith("1 unchanged\n")


@pytest.mark.parametrize("writer", WRITERS)
def test_a_script_that_reports_for_two_pixels_is_refused_even_if_one_is_named(
    run: Run, page: Path, writer: list[str]
) -> None:
    code = _write("code.html", "<script>_fbq.push(['track', '6009125095680'], ['track', '6009125095681'])</script>")
    ran = run(*writer, "--from-file", code, "--pixel", PIXEL_ID)
    assert ran.code == 6
    assert ran.err == (
        "error: code.html:1:58: second-pixel: the code of pixel 6009125095680 also names pixel 6009125095681, "
        "which then gets events too; nothing was written; give each pixel a script of its own\n"
    )
    assert _is_untouched(page)


def test_a_base_code_with_its_purchase_is_printed_once_with_the_value_of_the_purchase(run: Run) -> None:
    base = (CASES / "code" / "fbq.html").read_text("utf-8").replace(' nonce="Zr0pQ1aB"', "")
    event = "fbq('track', 'Purchase', {value: 30, currency: 'USD'});\n"
    code = base.replace("</script>", f"{event}</script>")
    ran = run("snippet", "--from-file", _write("code.html", code), "--value", "500")
    assert (ran.code, ran.err) == (0, f"pixel {META_ID} reports Purchase, with 5.00 USD\n")
    printed = code.replace("value: 30", "value: 5.00").partition("-->\n")[2].rpartition("\n<!--")[0]
    assert ran.out == printed


def test_a_placeholder_for_an_id_does_not_hide_the_value(run: Run) -> None:
    Path("a.html").write_text(
        "<script>fbq('init', 'YOUR_ID'); fbq('track', 'Purchase', {value: 5, currency: 'USD'})</script>"
    )
    [snippet] = json.loads(run("inspect", "--json", "a.html").out)["files"][0]["snippets"]
    assert (snippet["pixel_id"], snippet["value"], snippet["dynamic"]) == ("YOUR_ID", "5", False)
    assert "dynamic" not in run("inspect", "a.html").out
