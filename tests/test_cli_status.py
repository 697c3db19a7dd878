"""`status`: which pages carry which pixels, in a region of ours or in none."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import snippets
from snippetkit.html import MARKER
from snippetkit.inject import apply, find_code, plan, plan_removal
from snippetkit.inject.layout import Layout
from snippetkit.inject.regions import render
from snippetkit.key import Key
from snippetkit.model import Loaded
from snippetkit.terms import Part, Placement
from tests.conftest import JS_PIXEL, PIXEL_ID, Run
from tests.pages import KEY, hostile_pages, make_insertion, make_options, pages
from tests.pixels import EVERY_CODE as CODE
from tests.pixels import META_ID, PURCHASE

OTHER_ID = "6009125095681"
OTHER = JS_PIXEL.replace(PIXEL_ID, OTHER_ID)
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
CSV_HEADER = ["path", "line", "key", "event", "value", "currency", "state"]


def _write(name: str, content: str | bytes = PAGE) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _page(code: str | bytes, charset: str = "utf-8") -> bytes:
    code = code.encode(charset) if isinstance(code, str) else code
    return PAGE.replace(b"  <p>x</p>\n", code)


def _region(code: bytes, key: str = KEY, part: Part = Part.SCRIPT) -> bytes:
    return render(key, part, code, Placement.HEAD_BOTTOM, Layout(b"\n", b""))


def _in_head(*regions: bytes) -> bytes:
    return PAGE.replace(b"</head>", b"".join(regions) + b"</head>")


def _injected(run: Run, page: Path, code: str = JS_PIXEL, *arguments: str) -> Path:
    assert run("inject", page, "--from-file", _write("code.txt", code), *arguments).code == 0
    return page


def _pixels(run: Run, *paths: str | Path, code: int = 0) -> list[dict[str, Any]]:
    ran = run("status", "--json", *paths)
    assert ran.code == code
    return [pixel for file in json.loads(ran.out)["files"] for pixel in file["pixels"]]


def _rows(run: Run, *arguments: str | Path) -> list[list[str]]:
    header, *rows = csv.reader(io.StringIO(run("status", "--format", "csv", *arguments).out, newline=""), strict=True)
    assert header == CSV_HEADER
    return rows


def _states(data: bytes) -> list[tuple[str, str | None, str]]:
    return [(carried.key, carried.value, carried.state) for carried in find_code(Loaded(data)).carried]


def test_the_table_has_a_row_for_each_pixel_and_event_and_the_summary_counts_pages(run: Run) -> None:
    _injected(run, _write("site/a.html"), PURCHASE)
    _write("site/b/c.htm", _page(JS_PIXEL + CODE["fbq"]))
    _write("site/b/none.html")
    _write("site/notes.txt", JS_PIXEL)
    _injected(run, _write("shop/thanks.html"), OTHER, "--placement", "body-bottom")
    ran = run("status", "site", "shop")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "PLACE                PIXEL                EVENT     VALUE  CURRENCY  STATE",
        f"site/a.html:5        fbq:{META_ID}  Purchase  30.00  USD       head-bottom",
        f"site/b/c.htm:8       fp:{PIXEL_ID}               19.99  USD       unmarked",
        f"site/b/c.htm:23      fbq:{META_ID}  PageView                   unmarked",
        f"shop/thanks.html:11  fp:{OTHER_ID}               19.99  USD       body-bottom",
    ]
    assert ran.err == "3 pages carry 3 pixels, 1 carries none\n"


def test_as_json_each_page_is_there_with_the_keys_that_other_programs_count_on(run: Run) -> None:
    _injected(run, _write("site/a.html"))
    _write("site/b.html", "<p>nothing</p>")
    _write("site/c.html", f"<p>{PURCHASE}")
    ran = run("status", "site", "--json")
    assert ran == run("status", "site", "--format", "json")
    assert (ran.code, ran.err) == (0, "2 pages carry 2 pixels, 1 carries none\n")
    managed = {
        "key": f"fp:{PIXEL_ID}",
        "dialect": "fp",
        "pixel_id": PIXEL_ID,
        "event": None,
        "value": "19.99",
        "currency": "USD",
        "dynamic": False,
        "managed": True,
        "edited": False,
        "reformatted": False,
        "placement": "head-bottom",
        "state": "head-bottom",
        "base_from": [],
        "function": None,
        "line": 5,
    }
    unmarked = {
        "key": f"fbq:{META_ID}",
        "dialect": "fbq",
        "pixel_id": META_ID,
        "event": "Purchase",
        "value": "30.00",
        "currency": "USD",
        "dynamic": False,
        "managed": False,
        "edited": False,
        "reformatted": False,
        "placement": None,
        "state": "unmarked",
        "base_from": [],
        "function": None,
        "line": 1,
    }
    files = json.loads(ran.out)["files"]
    assert files == [
        {"path": "site/a.html", "pixels": [managed]},
        {"path": "site/b.html", "pixels": []},
        {"path": "site/c.html", "pixels": [unmarked]},
    ]
    assert list(files[0]["pixels"][0]) == list(managed)


def test_csv_is_rfc_4180_and_no_cell_is_a_formula(run: Run) -> None:
    event = PURCHASE.replace("'Purchase'", '\'=HYPERLINK("x","y")\'')
    value = PURCHASE.replace("value: 30.00", "value: '-5.00'").replace("'USD'", "'+USD'")
    _write("a, b.html", event)
    _write("=cmd.html", value)
    _write('quo"te\n.html', CODE["audience"])
    ran = run("status", "--format", "csv", ".")
    assert ran.out.startswith("path,line,key,event,value,currency,state\r\n")
    assert _rows(run, ".") == [
        ["./=cmd.html", "1", f"fbq:{META_ID}", "Purchase", "-5.00", "'+USD", "unmarked"],
        ["a, b.html", "1", f"fbq:{META_ID}", '\'=HYPERLINK("x","y")', "30.00", "USD", "unmarked"],
        ['quo"te\\n.html', "1", f"audience:{META_ID}", "PixelInitialized", "", "", "unmarked"],
    ]
    assert Path(_rows(run, ".")[0][0]).exists()


@pytest.mark.parametrize("format_name", ["table", "json", "csv"])
def test_pages_without_code_and_no_pages_at_all(run: Run, format_name: str) -> None:
    Path("empty").mkdir()
    nothing_there = "failed: empty: no matching files; --include says which are taken"
    nothing = run("status", "empty", "--format", format_name)
    assert (nothing.code, nothing.err) == (6, f"{nothing_there}\n0 pages carry 0 pixels, 0 carry none\n")
    _write("page.html", f"<!-- {PURCHASE} -->")
    none = run("status", "page.html", "--format", format_name)
    assert (none.code, none.err) == (0, "0 pages carry 0 pixels, 1 carries none\n")
    expected = {"table": ("", ""), "csv": (",".join(CSV_HEADER) + "\r\n",) * 2}
    if format_name == "json":
        assert json.loads(nothing.out)["files"] == []
        assert json.loads(none.out)["files"] == [{"path": "page.html", "pixels": []}]
    else:
        assert (nothing.out, none.out) == expected[format_name]


def test_what_inject_puts_there_is_shown_and_gone_after_remove(run: Run) -> None:
    page = _injected(run, _write("page.html"), JS_PIXEL, "--value", "500")
    assert _rows(run, page) == [["page.html", "5", KEY, "", "5.00", "USD", "head-bottom"]]
    _injected(run, page, CODE["fbq"], "--placement", "head-top")
    assert [(row[2], row[6]) for row in _rows(run, page)] == [
        (f"fbq:{META_ID}", "head-top"),
        (KEY, "head-bottom"),
    ]
    assert run("remove", page, "--pixel", PIXEL_ID).code == 0
    assert [row[2] for row in _rows(run, page)] == [f"fbq:{META_ID}"]
    assert run("remove", page).code == 0
    assert _rows(run, page) == []


def test_combined_pixels_have_a_row_each_with_their_own_values(sandbox_run: Run) -> None:
    assert sandbox_run("pixels", "create", "--name", "Other", "--tag", "LEAD").out == f"{OTHER_ID}\n"
    page = _write("page.html")
    for pixel_id, value in ((PIXEL_ID, "1999"), (OTHER_ID, "500")):
        assert sandbox_run("inject", page, "--pixel", pixel_id, "--value", value).code == 0
    assert [row[1:] for row in _rows(sandbox_run, page)] == [
        ["5", f"fp:{PIXEL_ID}", "", "19.99", "USD", "head-bottom"],
        ["5", f"fp:{OTHER_ID}", "", "5.00", "USD", "head-bottom"],
    ]
    assert sandbox_run("remove", page, "--pixel", PIXEL_ID).code == 0
    assert [row[2:5] for row in _rows(sandbox_run, page)] == [[f"fp:{OTHER_ID}", "", "5.00"]]


def test_a_region_that_was_edited_is_edited_and_shows_what_it_reports_now(run: Run) -> None:
    page = _injected(run, _write("page.html"))
    before = page.read_bytes()
    page.write_bytes(before.replace(b"'19.99'", b"'7.50'"))
    [pixel] = _pixels(run, page)
    assert (pixel["value"], pixel["managed"], pixel["edited"], pixel["placement"]) == (
        "7.50",
        True,
        True,
        "head-bottom",
    )
    assert _rows(run, page)[0][-1] == "edited"
    page.write_bytes(before.replace(f"'{PIXEL_ID}'".encode(), f"'{OTHER_ID}'".encode()))
    assert [row[2] for row in _rows(run, page)] == [f"fp:{OTHER_ID}"]
    page.write_bytes(before.replace(b"<noscript>", b"<noscript><p>"))
    assert [row[4:] for row in _rows(run, page)] == [["19.99", "USD", "edited"]]


@pytest.mark.parametrize("dialect", ["fbds", "fbq", "fp"])
def test_code_of_each_dialect_is_shown_managed_and_unmarked(run: Run, dialect: str) -> None:
    [unmarked] = _pixels(run, _write("a.html", _page(CODE[dialect])))
    [managed] = _pixels(run, _injected(run, _write("b.html"), CODE[dialect]))
    assert (unmarked["dialect"], unmarked["managed"], managed["managed"]) == (dialect, False, True)
    changed = ("managed", "placement", "state", "line")
    assert {**unmarked, **{name: managed[name] for name in changed}} == managed


def test_code_in_and_beside_regions_is_told_apart(run: Run) -> None:
    page = _injected(run, _write("page.html"), CODE["fbq"])
    event = "<script>fbq('track', 'Lead', {value: 5, currency: 'EUR'})</script>"
    page.write_bytes(page.read_bytes().replace(b"  <p>x</p>", event.encode() + CODE["fbds"].encode()))
    assert [row[2:] for row in _rows(run, page)] == [
        [f"fbq:{META_ID}", "PageView", "", "", "head-bottom"],
        [f"fbq:{META_ID}", "Lead", "5", "EUR", "unmarked"],
        [f"fbds:{PIXEL_ID}", "", "19.99", "USD", "unmarked"],
    ]


def test_an_image_of_its_own_beside_a_region_of_the_same_pixel_is_unmarked() -> None:
    [script, _] = JS_PIXEL.split("<noscript>")
    script = script.partition("-->\n")[2].rstrip()
    data = _in_head(_region(script.encode()), CODE["image"].encode())
    assert _states(data) == [(KEY, "19.99", "head-bottom"), (f"image:{PIXEL_ID}", "19.99", "unmarked")]


def test_a_dynamic_value_is_never_shown_as_a_number(run: Run) -> None:
    page = _write("page.php", _page(JS_PIXEL.replace("'19.99'", "<?php echo $x ?>")))
    [pixel] = _pixels(run, page)
    assert (pixel["dynamic"], pixel["value"]) == (True, "<?php echo $x ?>")
    assert _rows(run, page)[0][4] == "dynamic"
    assert " dynamic " in run("status", page).out


@pytest.mark.parametrize("command", ["status", "inspect"])
def test_where_no_value_is_told_none_is_called_dynamic(run: Run, command: str) -> None:
    page = Path("a.html")
    page.write_text("<script>fbq('init', '{{ site.pixel }}'); fbq('track', 'PageView');</script>")
    out = run(command, page).out
    assert ("{{ site.pixel }}" in out, "dynamic" in out) == (True, False)


def test_code_whose_pixel_the_page_does_not_tell(run: Run) -> None:
    [pixel] = _pixels(run, _write("page.html", "<script>fbq('track', 'Lead')</script>"))
    assert (pixel["key"], pixel["pixel_id"], pixel["event"]) == ("fbq:", None, "Lead")
    ran = run("status", "page.html")
    assert ran.err == "1 page carries 1 event of unknown pixels, 0 carry none\n"
    assert ran.out.splitlines()[1].split() == ["page.html:1", "fbq:?", "Lead", "unmarked"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("30.00,", "31.00,", [(META_ID, "31.00", True)]),
        ("'track',", f"'trackSingle', '{OTHER_ID}',", [(OTHER_ID, "30.00", True)]),
        ("'track',", "'trackSingle', shop.id,", [("shop.id", "30.00", True)]),
    ],
)
def test_an_event_alone_that_was_edited_is_of_its_pixel_unless_it_names_another(
    old: str, new: str, told: list[tuple[str, str, bool]]
) -> None:
    call = b"<script>fbq('track', 'Purchase', {value: 30.00, currency: 'USD'});</script>"
    page = _in_head(_region(call, Key(f"fbq:{META_ID}/Purchase"))).replace(old.encode(), new.encode())
    assert [(one.pixel_id, one.value, one.is_edited) for one in find_code(Loaded(page)).carried] == told


UNREADABLE = b"<script>consented(function () { load('fp') })</script>"


@pytest.mark.parametrize(
    ("key", "code", "expected"),
    [
        (KEY, UNREADABLE, [(KEY, None)]),
        (f"fp:1+{OTHER_ID}", UNREADABLE, [("fp:1", None), (f"fp:{OTHER_ID}", None)]),
        (f"fp:1+{PIXEL_ID}", JS_PIXEL.encode(), [("fp:1", None), (KEY, "19.99")]),
        ("fbq:1", b"<script>fbq('track', 'Lead', {value: 5})</script>", [("fbq:1", "5")]),
        ("fp:1", b"<script>fb_param = {pixel_id: page.pixel, value: '5.00'}</script>", [("fp:1", "5.00")]),
        ("fp:1", b"\xff\x81", [("fp:1", None)]),
    ],
)
def test_a_region_whose_code_cannot_be_read_is_told_by_its_key(
    key: str, code: bytes, expected: list[tuple[str, str | None]]
) -> None:
    data = _in_head(_region(code, key))
    assert sorted(_states(data)) == sorted((*row, "head-bottom") for row in expected)


def test_a_noscript_alone_is_told_under_its_regions_key() -> None:
    data = _in_head(_region(CODE["image"].encode(), KEY, Part.NOSCRIPT))
    assert _states(data) == [(KEY, "19.99", "head-bottom")]


def test_of_a_region_that_was_edited_only_what_still_stands_there_is_told() -> None:
    data = _in_head(_region(JS_PIXEL.encode() + OTHER.encode(), f"fp:{PIXEL_ID}+{OTHER_ID}"))
    assert [state[0] for state in _states(data)] == [KEY, f"fp:{OTHER_ID}"]
    edited = data.replace(OTHER.encode(), b"")
    assert _states(edited) == [(KEY, "19.99", "edited")]
    assert [state[0] for state in _states(edited.replace(JS_PIXEL.encode(), b""))] == [KEY, f"fp:{OTHER_ID}"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_page_with_broken_markers_among_many_is_told_by_whichever_process(
    run: Run, monkeypatch: pytest.MonkeyPatch, jobs: str
) -> None:
    monkeypatch.setattr("snippetkit.run.runs.PARALLEL_FROM", 2)
    for name in "abc":
        Path(f"{name}.html").write_text(f"<p>{name}\n<!-- snippetkit:begin -->\n")
    ran = run("status", ".", "--jobs", jobs)
    assert ran.code == 6
    assert [line.partition(": line ")[0] for line in ran.err.splitlines() if ": line " in line] == [
        f"warning: {name}.html" for name in "abc"
    ]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_done(run: Run) -> None:
    ran = run("status", "no\nne.html", _write("a.html", JS_PIXEL), "b*.html", "--json")
    assert ran.code == 6
    assert ran.err.splitlines() == [
        "failed: b*.html: nothing matches this pattern",
        "failed: no\\nne.html: No such file or directory",
        "1 page carries 1 pixel, 0 carry none",
    ]
    assert [file["path"] for file in json.loads(ran.out)["files"]] == ["a.html"]


LOST = b"<!-- snippetkit:begin fp:1 script head-bottom sha256=0123456789abcdef -->\n"
TWICE = _region(b"<script></script>", "fp:1")


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (LOST, "line 5, column 1: this snippetkit region has lost its end marker; delete its lines by hand"),
        (TWICE + TWICE, "line 8, column 1: the script region of fp:1 is here twice; delete one by hand"),
        (LOST.replace(b"fp:1", b"1"), "line 5, column 1: a snippetkit marker that was changed by hand; "),
    ],
)
def test_where_regions_cannot_be_told_the_code_is_shown_all_the_same(run: Run, broken: bytes, reason: str) -> None:
    _write("a.html", PAGE.replace(b"</head>", JS_PIXEL.encode() + b"</head>"))
    data = PAGE.replace(b"  <title>x</title>\n", JS_PIXEL.encode()).replace(b"</head>", broken + b"</head>")
    line = data.count(b"\n", 0, data.index(LOST[:20]))
    ran = run("status", _write("b.html", data), "a.html", "--format", "csv")
    assert ran.code == 6
    warning, summary = ran.err.splitlines()
    shift = line - 4
    number = int(reason.split()[1].rstrip(",")) + shift
    assert warning.startswith(f"warning: b.html: line {number}, {reason.partition(', ')[2]}")
    assert summary == "2 pages carry 1 pixel, 0 carry none"
    assert [row[0::6] for row in csv.reader(io.StringIO(ran.out))][1:] == [
        ["b.html", "unclear"],
        ["a.html", "unmarked"],
    ]
    [pixel] = _pixels(run, "b.html", code=6)
    assert (pixel["managed"], pixel["edited"], pixel["placement"]) == (None, False, None)


def test_a_page_whose_end_is_not_certain_needs_no_regions_to_be_told(run: Run) -> None:
    ran = run("status", _write("a.html", f"<p>{JS_PIXEL}<textarea><table><svg><![CDATA["))
    assert (ran.code, ran.err) == (0, "1 page carries 1 pixel, 0 carry none\n")


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "windows-1252", "iso-8859-1"])
def test_in_each_encoding_regions_are_found_and_names_are_read(run: Run, charset: str) -> None:
    page = _injected(run, _write("page.html", _page("<p>Öffnung\n  <p>x</p>\n", charset)))
    event = "<script>fbq('trackSingle', '1', 'Käufe');fbq('trackSingle', '1', 'K\\u00e4ufe\\u2603')</script>\n"
    image = '<img src="https://www.facebook.com/tr?id=2&ev=K%C3%A4ufe"><img src="//facebook.com/tr?id=3&ev=Käufe">\n'
    data = page.read_bytes().replace(b"  <p>x</p>\n", f"{event}<p>{image}".encode(charset.removesuffix("-sig")))
    page.write_bytes(b"<!-- \xc3\xb6 -->" + data if charset == "utf-8" else data)
    rows = [row[2:] for row in _rows(run, page)]
    assert [(row[0], row[1], row[-1]) for row in rows] == [
        (KEY, "", "head-bottom"),
        ("fbq:1", "Käufe", "unmarked"),
        ("fbq:1", "Käufe☃", "unmarked"),
        ("image:2", "Käufe", "unmarked"),
        ("image:3", "Käufe", "unmarked"),
    ]


def test_bytes_that_no_encoding_has_do_no_harm(run: Run) -> None:
    script = b"<script>fbq('trackSingle', '1', 'a\x81\xff')</script>"
    page = _write("page.html", b"\x81\xff\xfe" + script)
    assert [pixel["pixel_id"] for pixel in _pixels(run, page)] == ["1"]
    assert run("status", page).code == 0
    assert len(_rows(run, page)) == 1


def test_stdin_is_a_page_beside_others(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in (["-"], [_write("a.html"), "-"]):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(JS_PIXEL.encode())))
        assert _rows(run, *arguments) == [["-", "2", KEY, "", "19.99", "USD", "unmarked"]]


def test_which_files_below_folders_are_taken(run: Run) -> None:
    names = ("a.html", "a.php", "skip/b.html", "ignored/c.html")
    for name in names:
        _write(f"site/{name}", JS_PIXEL)
    _write("site/.gitignore", "ignored/\n")
    _write("other/d.html", JS_PIXEL)
    Path("site/linked").symlink_to("../other")
    Path("site/e.html").symlink_to("../other/d.html")

    def listed(*arguments: str) -> list[str]:
        return [row[0].removeprefix("site/") for row in _rows(run, "site", *arguments)]

    assert listed() == ["a.html", "e.html", "skip/b.html"]
    assert listed("--exclude", "skip/") == ["a.html", "e.html"]
    assert listed("--include", "*.php,*.htm") == ["a.php"]
    assert listed("--no-gitignore") == ["a.html", "e.html", "ignored/c.html", "skip/b.html"]
    assert "linked/d.html" in listed("--follow-links", "--exclude", "e.html")


@pytest.mark.parametrize("command", ["inspect", "lint", "csp"])
def test_the_commands_that_read_take_include_and_exclude_and_what_git_ignores(run: Run, command: str) -> None:
    for name in ("site/a.html", "site/b.php", "site/c.html", "site/ignored.html"):
        _write(name, JS_PIXEL)
    _write("site/.gitignore", "ignored.html\n")

    def listed(*arguments: str) -> list[str]:
        return [file["path"] for file in json.loads(run(command, "--json", "site", *arguments).out)["files"]]

    assert listed() == ["site/a.html", "site/c.html", "site/ignored.html"]
    assert listed("--include", "*.php", "--include", "c.*", "--exclude", "c.html") == ["site/b.php"]


class _Unread:
    """A text that is searched, and must not be read."""

    head = PAGE
    is_whole = False

    def whole(self) -> bytes:
        raise AssertionError("a page without code is not read whole")

    def find(self, needle: bytes, start: int = 0) -> int:
        return PAGE.find(needle, start)

    def holds(self, test: Callable[[bytes], bool]) -> bool:
        return test(PAGE)


def test_a_page_without_code_is_searched_and_no_more() -> None:
    assert find_code(_Unread()) == ([], None)


_PIECES = [JS_PIXEL.encode(), PURCHASE.encode(), TWICE, LOST, _region(PURCHASE.encode()), b"<p>caf\xe9", b"\n"]


@given(pages())
def test_what_is_injected_into_any_page_is_found_there_and_nothing_else_changes(page: bytes) -> None:
    before = find_code(Loaded(page))
    after = apply(page, plan(Loaded(page), make_insertion("5.00"), make_options()))
    found = find_code(Loaded(after))
    assert [(one.key, one.value, one.state) for one in found.carried if one.is_managed] == [
        (KEY, "5.00", "head-bottom")
    ]
    assert len(found.carried) == len(before.carried) + 1
    removed = apply(after, plan_removal(Loaded(after)))
    assert find_code(Loaded(removed)) == before


@given(hostile_pages(), st.lists(st.sampled_from(_PIECES), max_size=5), st.integers(0, 200))
def test_every_code_that_is_read_on_a_page_is_shown_whatever_the_page(
    page: bytes, pieces: list[bytes], at: int
) -> None:
    data = page[:at] + b"".join(pieces) + page[at:]
    found = find_code(Loaded(data)).carried
    if MARKER not in data:
        read = snippets.read(data.decode("windows-1252" if b"\xe9" in data else "utf-8"))
        assert [(one.key, one.value, one.line) for one in found] == [(one.key, one.value, one.line) for one in read]
    assert [one.line for one in found] == sorted(one.line for one in found)


def test_no_path_is_a_usage_error(run: Run) -> None:
    assert run("status").code == 2


def test_a_fixed_value_of_a_pixel_that_a_server_names_is_shown_and_no_unknown_pixel_is_counted(run: Run) -> None:
    served = PURCHASE.partition("<noscript>")[0].replace(META_ID, "<?= $id ?>")
    nobody = "<script>fbq('track', 'Lead', {value: 5, currency: 'USD'})</script>"
    for name, text, value in (("served.html", served, "30.00"), ("nobody.html", nobody, "5")):
        page = _write(name, text.encode())
        assert f"  {value}  " in run("status", page).out
        assert f"  {value}  " in run("inspect", page).out
    ran = run("status", "nobody.html")
    assert ran.err == "1 page carries 1 event of unknown pixels, 0 carry none\n"
    priced = _write("priced.html", nobody.replace("5", "order.total").encode())
    assert "  dynamic  " in run("status", priced).out
    assert "  dynamic  " in run("inspect", priced).out


@pytest.mark.wide
@pytest.mark.parametrize("command", ["csp", "inspect", "lint", "status"])
def test_many_files_are_read_in_several_processes(run: Run, command: str) -> None:
    codes = [*CODE.values(), "", "<script>fbq('track', 'Lead')</script>", "\0\0\0\0"]
    for number in range(520):
        _write(f"site/{number % 7}/{number}.html", "" if number % 8 else codes[number // 8 % len(codes)])
    said = [run(command, "site", "--jobs", jobs, "--json") for jobs in ("1", "2")]
    assert said[0] == said[1]
    assert said[0].code == 6
    assert len(json.loads(said[0].out)["files"]) > 500
