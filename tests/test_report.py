"""The report: what it says of pages, that nothing from a page gets out of its place, and that it stays small."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag

from snippetkit import csp, report, snippets
from snippetkit.browser import FAULTS, Blocked, Fired, Observed, ScriptError, Verdict, Visit, judge
from snippetkit.report import charts
from snippetkit.terms import Variant
from snippetkit.work import Browsing
from tests.conftest import JS_PIXEL, PIXEL_ID, Run, sample

OTHER_ID = "6009125095681"
URL = f"https://www.facebook.com/offsite_event.php?id={PIXEL_ID}&value=19.99&currency=USD"
FIRED = Fired(PIXEL_ID, None, "19.99", "USD", 120, URL)
HOSTILE = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>'
UNSEEN = "\x1b]0;owned\x07\x9b31m\u202e\u2066\x00"


def _page(*codes: str) -> str:
    return f"<!doctype html>\n<html><head><title>x</title></head><body>{''.join(codes)}</body></html>\n"


def _visit(path: str = "site/a.html", *, javascript: bool = True, source: str = "", **seen: object) -> Verdict:
    return judge(Observed(path, javascript, source or _page(JS_PIXEL), **({"fired": (FIRED,)} | seen)))  # type: ignore[arg-type]


def _right(path: str, picture: bytes = b"") -> list[Verdict]:
    return [_visit(path, javascript=javascript, thumbnail=picture) for javascript in (True, False)]


def _render(verdicts: Iterable[Verdict], *arguments: Sequence[str]) -> BeautifulSoup:
    return BeautifulSoup(report.render(list(report.read_pages(verdicts)), *arguments), "html.parser")


def _rows(within: Tag) -> list[list[str]]:
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in within.select("tbody tr")
    ]


def _items(soup: BeautifulSoup, heading: str) -> list[str]:
    """The lines of the list behind a heading."""
    found = soup.find(lambda tag: tag.name in {"h3", "h4"} and tag.get_text() == heading)
    assert isinstance(found, Tag)
    behind = found.find_next_sibling("ul")
    assert isinstance(behind, Tag)
    return [item.get_text() for item in behind.find_all("li")]


def test_the_summary_counts_pages_pixels_and_what_is_wrong() -> None:
    soup = _render([*_right("a.html"), *_right("b.html"), _visit("c.html", fired=())])
    assert soup.title and soup.title.get_text() == "Conversion pixels on 3 pages"
    assert [found.get_text() for found in soup.select("dl dd")] == ["3: 2 right, 1 wrong", "1", "3"]
    assert _items(soup, "Pages that are wrong") == ["c.html: not-fired"]


def test_where_all_is_right_nothing_is_called_wrong() -> None:
    soup = _render(_right("a.html"))
    assert [found.get_text() for found in soup.select("dl dd")] == ["1: 1 right", "1", "1"]
    assert not soup.select(".wrong")
    assert [found.get_text() for found in soup.select("article .right")] == ["Right"]


def test_each_pixel_has_a_row_with_what_it_reports_how_often_it_fired_and_its_pages() -> None:
    other = _page(JS_PIXEL.replace(PIXEL_ID, OTHER_ID).replace("19.99", "5.00"))
    stray = Fired("1", "Lead", None, None, 1, "https://www.facebook.com/tr?id=1&ev=Lead")
    soup = _render([*_right("a.html"), *_right("b.html"), _visit("c.html", source=other, fired=(stray,))])
    assert _rows(soup.select("table")[0]) == [
        ["1", "Lead", "none", "none", "1", "0", "1 page c.html"],
        [PIXEL_ID, "none", "19.99", "USD", "2", "2", "2 pages a.html b.html"],
        [OTHER_ID, "none", "5.00", "USD", "0", "0", "1 page c.html"],
    ]
    for link in soup.select("table a"):
        target = soup.find(id=str(link["href"]).removeprefix("#"))
        assert isinstance(target, Tag) and target.get_text() == link.get_text()


def test_a_page_tells_what_stands_there_and_what_fired_with_javascript_first() -> None:
    soup = _render(reversed(_right("a.html")))
    standing, fired = soup.select("article table")
    assert _rows(standing) == [[PIXEL_ID, "fp", "none", "19.99", "USD", "live", "3"]]
    assert [row[4:6] for row in _rows(fired)] == [["on", "script"], ["off", "image"]]


def test_code_that_waits_for_a_call_is_told_with_the_function() -> None:
    source = "<script>fbq('init', '1234567'); function buy() { fbq('track', 'Lead'); }</script>"
    [standing] = _render([_visit(source=source, fired=())]).select("article table")[:1]
    assert _rows(standing) == [["1234567", "fbq", "Lead", "none", "none", "when called: buy()", "1"]]


def test_a_fault_of_both_visits_is_told_once_with_what_it_means() -> None:
    both = [_visit(javascript=javascript, failure="the server answered 500") for javascript in (True, False)]
    assert _items(_render(both), "What is wrong") == [
        f"not-loaded, with and without JavaScript, the server answered 500 {FAULTS['not-loaded']}"
    ]


def test_a_fault_of_one_visit_is_told_with_its_line() -> None:
    soup = _render([_visit(javascript=True), _visit(javascript=False, fired=())])
    [told] = _items(soup, "What is wrong")
    assert re.match(r"not-fired, without JavaScript, line [0-9]+: pixel [0-9]+ did not fire ", told)


def test_the_findings_of_lint_are_told_with_their_lines() -> None:
    assert _items(_render(_right("a.html")), "Findings of lint")[0].startswith("retired-endpoint, warning, line ")


def test_the_server_that_a_file_came_from_is_no_part_of_the_report_and_a_url_that_was_named_is() -> None:
    error = ScriptError("Error: no http://127.0.0.1:34567/x.js", "", 3)
    seen = {"source": _page(JS_PIXEL), "fired": (), "errors": (error,)}
    text = str(_render([_visit("site/a/b.html", **seen)]))
    assert "Error: no /x.js" in text
    assert "127.0.0.1" not in text
    assert "http://127.0.0.1:34567/x.js" in str(_render([_visit("http://127.0.0.1:34567/a/b.html", **seen)]))


def test_the_number_that_a_loader_puts_behind_an_event_is_no_part_of_the_report() -> None:
    blocked = Blocked(f"{URL}&ts=8041", "img-src")
    soup = _render([_visit(fired=(), blocked=(blocked,))])
    assert f"img-src blocks {URL} " in _items(soup, "What is wrong")[1]


@pytest.mark.parametrize("name", ["conditions", "failures"])
def test_how_the_pages_were_looked_at_and_what_could_not_be_read_is_told(name: str) -> None:
    text = report.render([], **{name: [f"so {HOSTILE}"]})
    assert "<li><bdi>so &#34;&gt;&lt;img src=x onerror=alert(1)&gt;&lt;/script&gt;" in text


def test_a_report_without_pages_says_so() -> None:
    text = _render([]).get_text()
    assert "There are no pages." in text
    assert "No pixel stands on these pages, and none fired." in text


def _code_of(soup: BeautifulSoup) -> dict[str, Tag]:
    """What each button copies, by the button's words that can be seen."""
    buttons = soup.select("button")
    found = {button: soup.find(id=str(button["aria-controls"])) for button in buttons}
    named = {button.get_text().partition(" of pixel")[0]: code for button, code in found.items()}
    return {name: code for name, code in named.items() if isinstance(code, Tag)}


def test_each_variant_of_the_code_can_be_copied_byte_for_byte() -> None:
    [snippet] = snippets.read(JS_PIXEL)
    names = ("Copy the full code", "Copy the script", "Copy the noscript", "Copy the image URL")
    codes = _code_of(_render(_right("a.html")))
    texts = {
        name: code.get_text().removeprefix("\n") for name, code in codes.items()
    }  # a pre's first line break is none
    assert texts == dict(zip(names, (snippets.take_variant(snippet, variant) for variant in Variant), strict=True))
    assert not any(code.has_attr("data-exact") for code in codes.values())


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u202e\n", "\x1b\n", "\x00\n", "\x9b\n", "\u2028\n", "\ud800\n"])
def test_code_with_characters_that_cannot_be_seen_is_shown_with_escapes_and_copied_as_it_is(end: str) -> None:
    source = _page(JS_PIXEL.replace(";\n", f";{end}"))
    [snippet] = snippets.read(source)
    assert end in snippet.script
    code = _code_of(_render([_visit(source=source)]))["Copy the script"]
    assert json.loads(str(code["data-exact"])) == snippet.script
    shown = end.replace("\r\n", "\n").replace("\n", "").encode("unicode_escape").decode()
    assert shown in code.get_text()


def test_the_events_of_one_script_are_listed_apart_and_their_code_stands_there_once() -> None:
    source = _page("<script>fbq('init', '434566956589050');fbq('track', 'PageView');fbq('track', 'Lead');</script>")
    soup = _render([_visit(source=source, fired=())])
    assert [row[2] for row in _rows(soup.select("article table")[0])] == ["PageView", "Lead"]
    assert [*_code_of(soup)] == ["Copy the full code", "Copy the script"]


def test_code_that_is_too_long_is_not_shown() -> None:
    long = JS_PIXEL.replace("</script>", f"//{'x' * 70_000}\n</script>")
    soup = _render([_visit(source=_page(long))])
    assert not soup.select("button, pre")
    assert re.search(r"Too long for a report: 7[0-9]{4} characters\.", soup.get_text())


def test_a_page_that_repeats_itself_does_not_make_the_report_heavy() -> None:
    many = tuple(FIRED._replace(at_ms=number, url=f"{URL}&ts={number}") for number in range(1000))
    text = str(_render([_visit(fired=many)]))
    assert "900 more lines about this page are left out." in text
    assert len(text) < 100_000


def test_a_value_without_an_end_is_cut_in_the_tables() -> None:
    source = _page(JS_PIXEL.replace("19.99", "9" * 5000))
    [row] = _rows(_render([_visit(source=source)]).select("article table")[0])
    assert row[3] == "9" * 199 + "…"


@pytest.mark.parametrize(("modes", "taken"), [((True, False), [True, False]), ((False,), [True])])
def test_one_picture_is_taken_of_each_page(modes: tuple[bool, ...], taken: list[bool], tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>a</p>")
    browsing = Browsing(modes, with_thumbnail=True)
    with browsing.serving([(str(tmp_path / "a.html"), str(tmp_path))]) as visits:
        assert [visit.with_thumbnail for visit in visits] == taken


def test_a_picture_that_two_visits_share_is_there_once_and_says_so() -> None:
    same = _render(_right("a.html", b"\xff\xd8"))
    assert [image["src"] for image in same.select("article img")] == ["data:image/jpeg;base64,/9g="]
    assert same.select("article img")[0]["alt"] == "The top of a.html in a browser with and without JavaScript"
    two = _render(_visit(thumbnail=data, javascript=on) for on, data in ((True, b"1"), (False, b"2")))
    told = [found.get_text() for found in two.select("article figcaption")]
    assert told == ["In a browser with JavaScript", "In a browser without JavaScript"]


def _chart(soup: BeautifulSoup, number: int) -> tuple[str, list[str], BeautifulSoup]:
    """A chart's alternative text, the texts in its picture, and the picture."""
    image = soup.select("#content > section:first-of-type img")[number]
    kind, _, data = str(image["src"]).partition(",")
    assert kind == "data:image/svg+xml;base64"
    picture = BeautifulSoup(base64.b64decode(data).decode(), "html.parser")
    return str(image["alt"]), [text.get_text() for text in picture.select("text")], picture


def test_the_numbers_are_shown_as_pictures_that_need_no_colour_and_ask_for_nothing() -> None:
    soup = _render([*_right("a.html"), *_right("b.html"), _visit("c.html", fired=())])
    alt, shown, picture = _chart(soup, 0)
    assert alt == "Pages by verdict: right: 2, wrong: 1"
    assert shown == ["Pages by verdict", "right", "2", "wrong", "1"]
    assert {tag.name for tag in picture.find_all(True)} == {"defs", "rect", "svg", "text"}
    assert not [tag for tag in picture.find_all(True) if {"href", "style", "src"} & tag.attrs.keys()]
    alt, shown, _ = _chart(soup, 1)
    assert alt == f"Pages by pixel, event and value: {PIXEL_ID} 19.99 USD: 3"
    assert shown[1:] == [f"{PIXEL_ID} 19.99 USD", "3"]
    assert not _render(_right("a.html")).select("#content > section:first-of-type img")


def test_a_picture_of_many_numbers_has_the_longest_bars_and_the_rest_as_one() -> None:
    bars = [charts.Bar(f"pixel {number} {'x' * number}", number) for number in range(1, 61)]
    drawn = charts.draw("Pages", bars)
    assert drawn == charts.draw("Pages", bars)
    assert drawn and drawn.text.startswith("pixel 60 xxx") and drawn.text.endswith(", 41 others: 861")
    assert charts.draw("Pages", []) is None


def test_a_picture_has_no_markup_and_no_sign_of_control_from_a_page() -> None:
    drawn = charts.draw("Pages", [charts.Bar(HOSTILE + UNSEEN, 1), charts.Bar(UNSEEN, 0)])
    assert drawn
    picture = base64.b64decode(drawn.uri.partition(",")[2]).decode()
    assert ElementTree.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"
    assert "<img" not in picture and "<script" not in picture
    assert {char for char in picture if not char.isprintable()} <= {"\n"}


def test_without_what_draws_them_the_numbers_stand_there_as_text(
    run: Run, visited: list[Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("snippetkit.report.charts.find_spec", lambda name: None)
    ran = run("report", _site("a.html", "b.html"), "--browser", "sh")
    assert ran.err.splitlines()[1] == "note: no pictures of the numbers, which drawsvg draws: pip install drawsvg"
    assert "In pictures" not in Path("report.html").read_text("utf-8")


def test_a_page_that_was_not_loaded_has_no_picture() -> None:
    soup = _render([_visit(source="<p>", fired=(), failure="the server answered 404")])
    assert "the server answered 404" in _items(soup, "What is wrong")[0]
    assert "None: the page was not loaded." in soup.get_text()


def _hostile() -> list[Verdict]:
    text = HOSTILE + UNSEEN
    quoted = json.dumps(text).replace("</", "<\\/")
    comment = f";/*{text.replace('</script>', '')}*/"
    code = f"<script>fb_param = {{}}; fb_param.pixel_id = {quoted}; fb_param.value = {quoted};</script>"
    fired = Fired(text, text, text, text, 1, URL)
    error = ScriptError(text, f"http://127.0.0.1:1/{text}", 1)
    return [
        _visit(text, source=_page(code, JS_PIXEL), fired=(fired,), errors=(error,), failure=text, thumbnail=b"x"),
        _visit(text, source=_page(code.replace(";", comment)), blocked=(Blocked(text, text),)),
    ]


def test_nothing_from_a_page_becomes_an_element_an_attribute_or_a_script() -> None:
    hostile = report.render(list(report.read_pages(_hostile())), [HOSTILE + UNSEEN], [HOSTILE + UNSEEN])
    soup = BeautifulSoup(hostile, "html.parser")
    assert len(soup.select("script")) == 1
    assert not [name for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert {str(image["src"])[:11] for image in soup.select("img")} == {"data:image/"}
    assert {str(link["href"])[0] for link in soup.select("a")} == {"#"}


def test_no_character_of_the_file_can_speak_to_a_terminal_or_turn_a_line_around() -> None:
    hostile = report.render(list(report.read_pages(_hostile())), [UNSEEN], [UNSEEN])
    assert {char for char in hostile if not char.isprintable()} <= {"\n", "\t"}
    assert r"\x1b]0;owned\x07\x9b31m\u202e\u2066" in hostile


def test_the_file_loads_nothing_and_its_policy_allows_its_own_style_and_script_alone() -> None:
    text = report.render(list(report.read_pages(_right("a.html", b"x"))))
    soup = BeautifulSoup(text, "html.parser")
    [policy] = [str(meta["content"]) for meta in soup.select("meta[http-equiv]")]
    hashes = {name: csp.hash_source(soup.select(name)[0].get_text().encode()) for name in ("script", "style")}
    assert policy.split("; ") == [
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "img-src data:",
        f"script-src {hashes['script']}",
        f"style-src {hashes['style']}",
    ]
    loads = [tag.get(name) for tag in soup.find_all(True) for name in ("src", "href", "srcset", "data", "poster")]
    assert {str(url).partition(":")[0] for url in loads if url and str(url)[0] != "#"} == {"data"}
    assert not soup.select("[style], form, iframe, object, base")


def test_the_same_visits_give_the_same_bytes_however_long_they_took() -> None:
    later = FIRED._replace(at_ms=900, url=f"{URL}&ts=9")
    other = Fired(OTHER_ID, None, "1", "USD", 5, URL.replace(PIXEL_ID, OTHER_ID))
    first, second = _visit(fired=(FIRED, other)), _visit(fired=(other._replace(at_ms=7), later))
    assert str(_render([first])) == str(_render([second]))


def test_five_hundred_pages_give_a_file_that_a_browser_opens() -> None:
    picture = bytes(range(256)) * 90
    pages = sample(range(500))
    verdicts = (verdict for number in pages for verdict in _right(f"site/{number}.html", picture))
    assert len(report.render(list(report.read_pages(verdicts)))) < 50_000 * len(pages)


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch) -> list[Visit]:
    """The visits that were asked for; each sees the page's file, and that its pixel fired."""
    asked: list[Visit] = []

    def visit_all(
        visits: Sequence[Visit],
        executable: str,
        wrong: Callable[[int, Observed], frozenset[str]],
        tell: Callable[[float], None],
    ) -> Iterator[tuple[int, Observed]]:
        asked.extend(visits)
        for number, visit in enumerate(visits):
            fired = () if "quiet" in visit.path else (FIRED,)
            observed = Observed(visit.path, visit.javascript, _page(JS_PIXEL), fired, thumbnail=b"x")
            wrong(number, observed)
            yield number, observed

    monkeypatch.setattr("snippetkit.browser.visit_all", visit_all)
    return asked


def _site(*names: str) -> Path:
    folder = Path("site")
    folder.mkdir()
    for name in names:
        (folder / name).write_text(_page(JS_PIXEL))
    return folder


def test_the_command_looks_at_each_page_twice_and_writes_the_report(run: Run, visited: list[Visit]) -> None:
    ran = run("report", _site("a.html", "b.html"), "--browser", "sh")
    assert (ran.code, ran.out, ran.err) == (0, "", "4 visits checked, all OK\nwrote: report.html\n")
    assert [(visit.path, visit.javascript) for visit in visited] == [
        (f"site/{name}.html", javascript) for name in "ab" for javascript in (True, False)
    ]
    assert all(visit.with_thumbnail == visit.javascript and not visit.with_screenshot for visit in visited)
    assert run("report", "site", "--browser", "sh").err.endswith("unchanged: report.html\n")


def test_where_something_is_wrong_it_exits_with_1_and_has_written_the_report(run: Run, visited: list[Visit]) -> None:
    Path("out").mkdir()
    ran = run("report", _site("quiet.html"), "-o", "out/r.html", "--browser", "sh")
    assert (ran.code, ran.err) == (1, "2 visits checked, 2 wrong\nwrote: out/r.html\n")
    assert "did not fire" in Path("out/r.html").read_text("utf-8")


def test_where_files_failed_it_exits_with_6_and_the_report_names_them(run: Run, visited: list[Visit]) -> None:
    ran = run("report", _site("a.html"), "gone.html", "--browser", "sh")
    assert ran.code == 6
    assert "failed: gone.html: " in ran.err
    assert "<bdi>gone.html: " in Path("report.html").read_text("utf-8")


def test_a_page_is_looked_at_once_however_often_it_is_named(run: Run, visited: list[Visit]) -> None:
    (_site("a.html") / "sub").mkdir()
    Path("site/sub/b.html").write_text(_page(JS_PIXEL))
    ran = run("report", "site", "site/sub", "site/sub/b.html", "site/*/b.html", "--browser", "sh")
    assert (ran.code, ran.err) == (0, "4 visits checked, all OK\nwrote: report.html\n")


def test_a_pattern_names_pages_below_the_folder_in_front_of_it(run: Run, visited: list[Visit]) -> None:
    (_site() / "sub").mkdir()
    Path("site/sub/b.html").write_text(_page(JS_PIXEL))
    assert run("report", "site/*/b.html", "--browser", "sh").code == 0
    assert {visit.url.partition("/sub/")[2] for visit in visited} == {"b.html"}


def test_a_name_that_is_not_utf_8_is_asked_for_as_it_is_and_shown_with_escapes(run: Run, visited: list[Visit]) -> None:
    assert run("report", _site(os.fsdecode(b"caf\xe9.html")), "--browser", "sh").code == 0
    assert visited[0].url.endswith("/caf%E9.html")
    assert r"site/caf\udce9.html" in Path("report.html").read_text("utf-8")


def test_the_report_goes_to_stdout_for_a_dash(run: Run, visited: list[Visit]) -> None:
    ran = run("report", _site("a.html"), "-o", "-", "--browser", "sh")
    assert ran.out.startswith("<!doctype html>\n")
    assert ran.err == "2 visits checked, all OK\n"
    assert not Path("report.html").exists()


def test_the_report_of_an_earlier_run_is_no_page(run: Run, visited: list[Visit]) -> None:
    folder = _site("a.html")
    for _ in range(2):
        assert run("report", folder, "-o", folder / "report.html", "--browser", "sh").code == 0
    assert {visit.path for visit in visited} == {"site/a.html"}


def test_how_the_pages_are_looked_at_is_told_in_the_report(run: Run, visited: list[Visit]) -> None:
    options = ["--csp", "img-src 'none'", "--consent", "grant", "--event", "purchase", "--live"]
    run("report", _site("a.html"), *options, "--browser", "sh")
    text = BeautifulSoup(Path("report.html").read_text("utf-8"), "html.parser").get_text()
    for said in (
        "Content-Security-Policy img-src 'none'",
        "consent: grant",
        '{"event": "purchase"}',
        "real loaders ran",
    ):
        assert said in text


def test_a_folder_without_pages_gives_a_report_without_pages(run: Run) -> None:
    folder = _site()
    ran = run("report", folder)
    assert (ran.code, ran.err) == (
        6,
        f"failed: {folder}: no matching files; --include says which are taken\n0 visits checked\nwrote: report.html\n",
    )


def test_without_a_browser_it_says_how_to_get_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    ran = run("report", _site("a.html"))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: no Chromium found; install Chromium, Chrome or Edge (")
    assert not Path("report.html").exists()


@pytest.mark.parametrize("option", ["--no-js", "--both", "--expect", "--json"])
def test_an_option_that_makes_no_sense_for_a_report_is_refused(run: Run, option: str) -> None:
    assert run("report", "site", option).code == 2


def test_a_page_from_stdin_is_refused(run: Run) -> None:
    ran = run("report", "-")
    assert ran.code == 2
    assert "A page from stdin has no address" in ran.err


def test_a_part_of_a_page_has_its_base_code_in_another_one_and_the_report_says_in_which() -> None:
    base, event = "<script>fbq('init', '434566956589050');</script>", "<script>fbq('track', 'Lead');</script>"
    parts = (_visit("header.html", source=base, fired=()), _visit("thanks.html", source=event, fired=()))
    for visits in (parts, parts[::-1]):
        soup = _render(visits)
        [table] = soup.select("article table")
        assert [cell.get_text() for cell in table.select("thead th")][-1] == "Base code in"
        assert _rows(table) == [["434566956589050", "fbq", "Lead", "none", "none", "live", "1", "header.html"]]
        assert "unknown-pixels" not in soup.get_text()
    alone = _render(parts[1:])
    assert "unknown-pixels" in alone.get_text()
    assert "Base code in" not in alone.get_text()
