"""Pages with conversion code, as real template engines show them: right, or refused before anything was written.

The engines and the pages are in `engines/`; the versions are pinned there. Each page gets each code with each set of
options, by the command line; what it holds then is shown by each engine of its language, and compared with what the
engine shows without the code.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engines import CASES, DATA, ENGINES, PAGES, Job, Page, Renderers
from tests.engines.judging import judge
from tests.pixels import CODES
from tests.sdks import cache_folder

pytestmark = [pytest.mark.engines]

OPTIONS = {
    "alone": (),
    "server": ("--server-code",),
    "fragments": ("--fragments",),
    "both": ("--server-code", "--fragments"),
}
_PLAIN = "<!doctype html><html><head></head><body></body></html>"
_FOLDS = {"tornado"}  # white space, in text and scripts alike, unless a page says otherwise
_LITERAL = {"smarty": "{literal}"}
_LIMIT_S = 120


def in_one_line(code: str) -> str:
    """The code as a minifier leaves it: no line ends and no blanks that mean nothing."""
    lines = " ".join(line.strip() for line in code.splitlines() if not line.startswith("<!--"))
    script, end, rest = lines.partition("</script>")
    head, begin, source = script.partition(">")
    return head + begin + re.sub(r" ?([=,;{}()?:|&!<>]) ?", r"\1", source).strip() + end + rest


CODE = {**CODES, **{f"{name}-min": in_one_line(code) for name, code in CODES.items()}}


@dataclass(frozen=True)
class Tried:
    """What the command did to a page: the reason where it refused it, else the text that it has then."""

    page: Page
    code: str
    options: str
    path: Path
    refused: str
    text: str
    again: str

    def __str__(self) -> str:
        return f"{self.code} {self.options}"


@dataclass(frozen=True)
class Survey:
    """All that was tried, what the engines made of it, and pages with nothing but the code."""

    tried: dict[Page, list[Tried]]
    shown: dict[Job, dict[str, str]]
    plain: dict[str, str]


def _snippetkit(folder: Path, command: str, *args: str) -> dict[str, dict[str, str]]:
    """Run the command on all files of a folder, and return what it says of each."""
    paths = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    line = [sys.executable, "-m", "snippetkit", command, "--json", *args, *paths]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SNIPPETKIT_")}
    ran = subprocess.run(line, cwd=folder, env=environment, capture_output=True, timeout=_LIMIT_S)
    assert ran.returncode in {0, 6}, ran.stderr.decode()
    return {file["path"]: file for file in json.loads(ran.stdout)["files"]}


def _write(folder: Path, pages: Iterable[Page]) -> dict[Page, Path]:
    paths = {page: folder / page.language / page.name for page in pages}
    for page, path in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.text, "utf-8", newline="")
    return paths


def _attempt(folder: Path, code: str, options: str) -> list[Tried]:
    """Put code onto every page, and put it again."""
    paths = _write(folder, CASES)
    args = ("--from-file", str(folder.parent.parent / f"{code}.code"), *OPTIONS[options])
    did = _snippetkit(folder, "inject", *args)
    texts = {page: path.read_bytes().decode() for page, path in paths.items()}
    again = _snippetkit(folder, "inject", *args)
    tried = []
    for page, path in paths.items():
        name = str(path.relative_to(folder))
        is_refused = did[name]["action"] in {"refused", "failed"}
        refused = f"{did[name]['action']}: {did[name]['reason']}" if is_refused else ""
        after = f"{again[name]['action']} {again[name]['reason'] or ''}".strip()
        tried.append(Tried(page, code, options, path, refused, texts[page], after))
    return tried


def _jobs(tried: Iterable[Tried]) -> list[Job]:
    """What has to be shown: each page as it was, and with each text that it got."""
    texts = {(page, page.text) for page in CASES} | {(one.page, one.text) for one in tried}
    ordered = sorted(texts, key=lambda found: (str(found[0]), found[1]))
    return [
        Job(engine, page, text, data)
        for page, text in ordered
        for engine, (_, language) in ENGINES.items()
        if language == page.language
        for data in range(len(DATA))
    ]


@pytest.fixture(scope="module")
def survey(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """Try all of it, and show all of it: a process for each set of options, and for each runtime."""
    return survey_in(tmp_path_factory.mktemp("engines"), cache_folder(pytestconfig))


def survey_in(folder: Path, cache: Path) -> Survey:
    """Try and show all of it in a folder."""
    for code, text in CODE.items():
        (folder / f"{code}.code").write_text(text, "utf-8")
    pairs = [
        (code, options) for code in CODE for options in OPTIONS if "--server-code" in OPTIONS[options] or code == "fbds"
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda pair: _attempt(folder / "tried" / "-".join(pair), *pair), pairs)
        tried = [one for several in found for one in several]
    _snippetkit(folder / "tried", "remove")
    (folder / "plain").mkdir()
    plain = {}
    for code in CODE:
        page = folder / "plain" / "plain.html"
        page.write_text(_PLAIN)
        _snippetkit(folder / "plain", "inject", "--from-file", str(folder / f"{code}.code"))
        plain[code] = page.read_text()
    shown = Renderers(cache, folder / "shown").render(_jobs(tried))
    return Survey({page: [one for one in tried if one.page == page] for page in CASES}, shown, plain)


def _wrong(survey: Survey, engine: str, page: Page, tried: Sequence[Tried]) -> list[str]:
    """What is wrong with what an engine makes of a page with code."""
    wrong = []
    for data in range(len(DATA)):
        before = survey.shown[Job(engine, page, page.text, data)]
        for one in tried:
            after = survey.shown[Job(engine, page, one.text, data)]
            if "error" in after:
                reasons = [f"the engine fails: {after['error']}"]
            else:
                options = {"is_part": page.is_part, "folds": engine in _FOLDS}
                reasons = judge(before["html"], after["html"], survey.plain[one.code], **options)
            wrong += [f"{one}, {'on' if DATA[data]['on'] else 'off'}: {reason}" for reason in reasons]
    return wrong


def _by_engine() -> list[tuple[str, Page]]:
    return [(engine, page) for engine, (_, language) in ENGINES.items() for page in CASES if page.language == language]


@pytest.mark.parametrize(("engine", "page"), _by_engine(), ids=str)
def test_an_engine_shows_the_page_as_it_is_without_code(survey: Survey, engine: str, page: Page) -> None:
    for data in range(len(DATA)):
        assert "html" in survey.shown[Job(engine, page, page.text, data)], survey.shown[
            Job(engine, page, page.text, data)
        ]


@pytest.mark.parametrize(("engine", "page"), _by_engine(), ids=str)
def test_an_engine_shows_a_page_that_was_not_refused_with_the_code_in_its_places(
    survey: Survey, engine: str, page: Page
) -> None:
    taken = {(one.code, one.text): one for one in survey.tried[page] if not one.refused}
    assert _wrong(survey, engine, page, list(taken.values())) == []


@pytest.mark.parametrize("page", CASES, ids=str)
def test_a_page_is_taken_or_refused_as_the_table_says(survey: Survey, page: Page) -> None:
    tried = [one for one in survey.tried[page] if one.options == ("both" if page.is_part else "server")]
    assert page.outcome == "safe" or {one.refused != "" for one in tried} == {page.outcome == "refused"}, tried
    assert page.outcome != "wrapped" or any(_is_wrapped(one) for one in tried)


def _is_wrapped(one: Tried) -> bool:
    mark = _LITERAL[one.page.language]
    return one.text.count(mark) > one.page.text.count(mark)


@pytest.mark.parametrize("page", CASES, ids=str)
def test_a_page_that_is_refused_stays_and_any_other_is_up_to_date_and_comes_back(survey: Survey, page: Page) -> None:
    for one in survey.tried[page]:
        assert one.text == page.text if one.refused else one.again == "unchanged", (str(one), one.again)
        assert one.path.read_bytes().decode() == page.text, str(one)


def test_every_page_of_a_language_that_others_include_is_there() -> None:
    for pages in PAGES.values():
        names = [page.name for page in pages]
        assert len(set(names)) == len(names)
        assert {page.main for page in pages} <= set(names)
