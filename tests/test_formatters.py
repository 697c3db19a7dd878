"""Pages with code in them, as formatters and minifiers that this project did not write leave them.

What a tool only writes in another way is reformatted: up to date, updated in place, taken out. What it changes, or what
has lost its markers, is refused with a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from snippetkit.browser import Verdict, Visit, judge, serving, visit_all
from snippetkit.inject import find_code
from snippetkit.model import Loaded
from tests import formatters
from tests.conftest import CHROMIUM, Run
from tests.pages import insertion_of, put, take_out, why_refused
from tests.pixels import CODES
from tests.sdks import cache_folder

pytestmark = [pytest.mark.formatters]

PAGE = b"""<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Thank you</title>
</head>
<body class="shop">
  <h1>Thank you</h1>
  <p>Your order is on its way.</p>
</body>
</html>
"""
_EDITED = "this snippetkit region was edited by hand"
# What no more does what it did, and why it is refused: there is no script left that runs, or no marker.
CHANGED = {
    "cheerio, XML": dict.fromkeys(CODES, _EDITED),  # &apos; is no quote in a script
    "tidy, xhtml": dict.fromkeys(("fbds", "fbq"), _EDITED),  # <![CDATA[ is no comment in a script
    "diffable-html": dict.fromkeys(CODES, "--adopt puts marked code in its place"),  # it takes out all comments
}
# These leave white space behind between the comments, where there would have been none.
SPACED = {
    "css-html-js-minify",
    "html-minifier-terser, conservative",
    "html5lib, minimal",
    "htmlmin",
    "htmlnano",
    "pretty",
}
TOOLS = [
    "@minify-html/node",
    "@minify-html/node, scripts",
    "BeautifulSoup, decode",
    "BeautifulSoup, lxml",
    "BeautifulSoup, prettify",
    "BeautifulSoup, prettify, html5",
    "biome",
    "cheerio",
    "cheerio, XML",
    "cheerio, htmlparser2",
    "css-html-js-minify",
    "diffable-html",
    "djlint",
    "djlint, with styles and scripts",
    "html-minifier-next",
    "html-minifier-next, all",
    "html-minifier-terser",
    "html-minifier-terser, attributes",
    "html-minifier-terser, conservative",
    "html-minifier-terser, names",
    "html-minifier-terser, scripts",
    "html5lib",
    "html5lib, minimal",
    "htmlmin",
    "htmlmin, all",
    "htmlnano",
    "htmlnano, no scripts",
    "js-beautify",
    "js-beautify, blocks",
    "js-beautify, narrow",
    "js-beautify, tabs",
    "lxml",
    "lxml, pretty",
    "minify-html",
    "minify-html, scripts",
    "parse5",
    "parse5, without scripting",
    "posthtml",
    "posthtml, slashes",
    "prettier",
    "prettier, narrow",
    "prettier, no semicolons",
    "prettier, tabs",
    "prettier, vue",
    "pretty",
    "rehype",
    "rehype, format",
    "rehype, short",
    "tidy",
    "tidy, indented",
    "tidy, xhtml",
]
EVERY = [(tool, dialect) for tool in TOOLS for dialect in CODES]
KEPT = [(tool, dialect) for tool, dialect in EVERY if dialect not in CHANGED.get(tool, ())]
REFUSED = [(tool, dialect, reason) for tool, reasons in CHANGED.items() for dialect, reason in reasons.items()]
# What changes, and how often it stands in the code.
_NEW = {"fp": ("19.99", "5.00", 2), "fbds": ("19.99", "5.00", 2), "fbq": ("/en_US/", "/de_DE/", 1)}

Made = Callable[[str, str], bytes]


@pytest.fixture(scope="module")
def tools(pytestconfig: pytest.Config) -> dict[str, dict[str, str]]:
    pages = {dialect: put(PAGE, insertion_of(code)).decode() for dialect, code in CODES.items()}
    return formatters.make(cache_folder(pytestconfig), {"": PAGE.decode(), **pages})


@pytest.fixture(scope="module")
def made(tools: dict[str, dict[str, str]]) -> Made:
    """What a tool makes of the page with the code of a dialect, or of the page alone."""
    return lambda tool, dialect: tools[tool][dialect].encode()


def _compared(tool: str, page: bytes) -> bytes:
    return b"".join(page.split()) if tool in SPACED else page


def test_each_tool_is_held_to_something(tools: dict[str, dict[str, str]]) -> None:
    assert sorted(tools) == TOOLS
    assert len(KEPT) > 100


@pytest.mark.parametrize(("tool", "dialect"), KEPT)
def test_what_was_reformatted_is_up_to_date_and_goes_as_if_it_had_not_been(made: Made, tool: str, dialect: str) -> None:
    page, insertion = made(tool, dialect), insertion_of(CODES[dialect])
    assert {carried.state for carried in find_code(Loaded(page)).carried} <= {"reformatted", "head-bottom"}
    assert put(page, insertion) == page
    assert _compared(tool, take_out(page)) == _compared(tool, made(tool, ""))


@pytest.mark.parametrize(("tool", "dialect"), KEPT)
def test_what_was_reformatted_is_updated_in_place(made: Made, tool: str, dialect: str) -> None:
    page, (old, new, times) = made(tool, dialect), _NEW[dialect]
    updated = put(page, insertion_of(CODES[dialect].replace(old, new)))
    assert (updated.count(old.encode()), updated.count(new.encode())) == (0, times)
    assert _compared(tool, take_out(updated)) == _compared(tool, made(tool, ""))


@pytest.mark.parametrize(("tool", "dialect", "reason"), REFUSED)
def test_what_was_changed_is_refused(made: Made, tool: str, dialect: str, reason: str) -> None:
    assert reason in why_refused(made(tool, dialect), insertion_of(CODES[dialect]))


@pytest.mark.parametrize("dialect", CODES)
def test_the_command_line_agrees(made: Made, run: Run, dialect: str) -> None:
    Path("site").mkdir()
    Path("code.txt").write_text(CODES[dialect])
    pages = {Path(f"site/{number}.html"): made(*one) for number, one in enumerate(KEPT) if one[1] == dialect}
    for path, page in pages.items():
        path.write_bytes(page)
    checked = run("inject", "site", "--from-file", "code.txt", "--check")
    assert (checked.code, checked.out) == (0, "")
    assert f"{len(pages)} unchanged" in checked.err
    states = [line.rpartition(",")[2] for line in run("status", "site", "--format", "csv").out.splitlines()[1:]]
    assert {*states} == {"reformatted", "head-bottom"}
    assert states.count("reformatted") >= 40
    assert run("remove", "site").code == 0
    assert not any(b"facebook" in path.read_bytes() for path in pages)


@pytest.mark.browser
def test_what_was_reformatted_fires(made: Made, tmp_path: Path) -> None:
    assert CHROMIUM
    with serving(tmp_path) as url:
        visits = []
        for number, (tool, dialect) in enumerate(KEPT):
            (tmp_path / f"{number}.html").write_bytes(made(tool, dialect))
            name = f"{tool}, {dialect}"
            visits.append(Visit(name, f"{url}/{number}.html", javascript=number % 4 > 0, timeout_s=60))
        verdicts = {observed.path: judge(observed) for _, observed in visit_all(visits, CHROMIUM, parallel=4)}
    assert len(verdicts) == len(KEPT)
    wrong = {name: verdict.faults for name, verdict in verdicts.items() if verdict.faults or not _fired_once(verdict)}
    assert not wrong


def _fired_once(verdict: Verdict) -> bool:
    return len(verdict.observed.fired) == 1
