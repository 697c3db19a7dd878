"""What is searched for before anything is read: each name and each mark of a URL is found, wherever it stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from snippetkit import needles, platforms, searching, snippets
from snippetkit.platforms import shipped
from snippetkit.platforms.listing import make_list
from snippetkit.platforms.needles import make_bare_marks
from snippetkit.platforms.vocabulary import make_reporting
from tests.pixels import EVERY_CODE

NAMES = sorted({name for dialect in platforms.every() for name in dialect.names})
MARKS = sorted({endpoint.mark for platform in platforms.every_platform() for endpoint in platform.images})
COMMANDS = [f"{command} code.html" for command in ("lint", "inspect", "status", "csp")]
AROUND = b"<p>The quick jazz fox questions \xff \n <a href='https://example.com/z?q=x'>"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("before", [b"", b"\n", b"window.", AROUND, AROUND * 20])
def test_a_name_is_found(name: str, before: bytes) -> None:
    assert platforms.needles().are_in(before + name.encode())
    assert platforms.needles().are_in(before + name.encode() + AROUND)


@pytest.mark.parametrize("mark", MARKS)
def test_a_url_is_found_in_any_case_and_with_escaped_slashes(mark: str) -> None:
    for url in (mark.encode(), mark.upper().encode()):
        assert platforms.needles().are_in(AROUND + url + AROUND)
        assert platforms.needles().are_in(AROUND * 20 + url)
        escaped = url.replace(b"/", rb"\/")
        assert platforms.needles().are_in(AROUND + escaped)


def test_what_is_shipped_is_what_the_platforms_say() -> None:
    assert platforms.make_needles() == needles.find_shipped(), "run .ci/needles.py"
    assert make_list() == shipped.SHIPPED, "run .ci/needles.py"
    marks = {mark for one in needles.find_shipped().urls for mark in one.texts}
    assert {mark for one in shipped.SHIPPED for mark in one.marks} == marks  # whose images nobody reads are none
    assert make_reporting() == shipped.REPORTING, "run .ci/needles.py"
    assert {mark.encode() for mark in make_bare_marks()} == shipped.BARE_MARKS, "run .ci/needles.py"


@pytest.mark.parametrize("command", ["inject page.html --from-file code.html", *COMMANDS])
def test_code_of_a_platform_loads_no_other_one(tmp_path: Path, command: str) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><title>x</title><p>none")
    (tmp_path / "code.html").write_text(EVERY_CODE["fbq"])
    told = "print(*{name.split('.')[2] for name in sys.modules if re.match(r'snippetkit.platforms.[a-z]+[.]', name)})"
    loaded = f"import re, sys; from snippetkit.cli import main\ntry: main()\nfinally: {told}"
    ran = subprocess.run([sys.executable, "-c", loaded, *command.split()], capture_output=True, text=True, cwd=tmp_path)
    assert ran.stdout.splitlines()[-1] == "facebook", ran.stderr


def test_what_a_clean_page_takes_does_not_load_the_platforms(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><p>none")
    told = "print('snippetkit.platforms' in sys.modules)"
    loaded = f"import sys; from snippetkit.cli import main\ntry: main()\nfinally: {told}"
    for command in ("lint", "inspect", "status"):
        ran = subprocess.run(
            [sys.executable, "-c", loaded, command, tmp_path], capture_output=True, text=True, check=True
        )
        assert ran.stdout.endswith("False\n"), command


def test_a_text_without_any_has_none() -> None:
    for data in (b"", AROUND, AROUND * 1000, bytes(range(256))):
        assert not platforms.needles().are_in(data)


@pytest.mark.parametrize("name", NAMES)
def test_a_part_of_a_longer_name_is_none(name: str) -> None:
    for longer in (f"x{name}", f"{name}x", f"${name}", f"{name}_", f"0{name}"):
        is_another = longer in NAMES
        assert platforms.needles().are_in(f"<p>{longer}</p>".encode()) == is_another
        assert platforms.needles().are_in(f"<p>{longer}</p>".encode() * 99) == is_another


@pytest.mark.parametrize("escape", [rb"\n", rb"\u003e", rb"\x3E", b"%20"])
@pytest.mark.parametrize("name", NAMES)
def test_an_escape_in_front_is_no_part_of_a_name(name: str, escape: bytes) -> None:
    assert platforms.needles().are_in(b"<p>" + escape + name.encode() + b"(")


@pytest.mark.parametrize(
    ("data", "text", "is_there"), [(b"a\0bc", b"\0b", True), (b"", b"x", False), (b"x", b"xx", False)]
)
def test_the_search_takes_any_bytes(data: bytes, text: bytes, is_there: bool) -> None:
    for around in (b"", b"\xff" * 2000):
        assert searching.searching(around + data + around)(text) == is_there
        assert searching.holds_any(around + data + around, (b"\1\1", text)) == is_there


@pytest.mark.parametrize("size", [0, 5000])
def test_a_text_is_found_where_it_stands_from_an_offset_on(size: int) -> None:
    data = b"\xffab" + b"." * size + b"ab" + b"\xff" * size
    find = searching.finding(data)
    for text, start in (
        (b"ab", 0),
        (b"ab", 1),
        (b"ab", 2),
        (b"ab", size + 4),
        (b"ba", 0),
        (b"ab", len(data)),
        (b"a", 99999),
    ):
        assert find(text, start) == data.find(text, start)


@pytest.mark.parametrize("data", [b"", b"?", b"<", b"<?", b"?<", b"a<?", b"??<?", b"?<" * 9])
def test_a_pair_is_searched_for_by_its_second_byte(data: bytes) -> None:
    for before in (b"", b"?" * 15, b"? ?" * 20, b"<!?" * 20):
        assert searching.has_pair(before + data, b"<?") == (b"<?" in before + data)


@pytest.mark.parametrize("name", sorted(EVERY_CODE))
def test_what_stands_in_a_script_names_each_dialect_that_reads_it(name: str) -> None:
    for _, script in snippets.parse(EVERY_CODE[name]).scripts:
        reports = [report for dialect in platforms.every() for report in dialect.find_reports(script)]
        assert platforms.reports_in(script) == reports


@pytest.mark.parametrize("name", NAMES)
def test_mentions_are_names_as_words_and_urls_of_images(name: str) -> None:
    text = f"<p>x{name} {name}x</p><i {name}><img src='//www.FACEBOOK.com/tr?'>".encode()
    mentions = platforms.Mentions(text)
    at = text.index(b"<i ") + 3
    assert [*mentions.names(0, len(text))] == [at]
    for start, end in ((0, at), (0, at + len(name)), (at, len(text)), (at + 1, len(text)), (0, 0)):
        assert mentions.are_in(start, end) == (platforms.mention().search(text, start, end) is not None)


def test_code_that_is_handed_the_name_of_its_global_is_read() -> None:
    text = "<script>(function (w, u) { w[u] = new UET({ti: '40123456', q: w[u]}) })(window, rdt)</script>"
    [(_, script)] = snippets.parse(text).scripts
    assert [(one.dialect, one.pixel_id and one.pixel_id.text) for one in platforms.reports_in(script)] == [
        ("uetq", "40123456")
    ]
