"""Real template engines, and pages of ours that are written for them.

`pages/NAME.txt` holds pages in a language, each behind a line such as

    === base.html: right by home.html

which says the page's file name, what becomes of it when conversion code is put onto it, and which page is then shown,
where that is another one. A page without an outcome is only there for others to include. The outcomes:

- `right`: the code is put there, with `--server-code`, and the engine gives the page with it.
- `wrapped`: so too, and code that the language would read stands in what it has for text that is not read.
- `refused`: there is no place in it of which one can be certain.
- `safe`: either of them.

`part` says that it is a part of a page, for `--fragments`. A page named `crlf` has such line ends. Whatever the
options, no page may go wrong.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.engines.nginx import render as render_by_nginx
from tests.sdks import environment

HERE = Path(__file__).parent
PYPI = (
    "Jinja2==3.1.6 Django==5.2.19 Mako==1.4.3 tornado==6.6.1 python-liquid==2.3.6 Chameleon==4.6.0 bottle==0.13.4 "
    "CT3==3.4.0.post5 airspeed==0.7.1 chevron==0.14.0 yatl==20260805.1"
)
NPM = (
    "handlebars@4.7.10 nunjucks@3.2.4 liquidjs@10.30.1 ejs@7.0.2 twig@3.0.0 mustache@4.2.0 eta@4.6.0 edge.js@6.5.1 "
    "velocityjs@2.1.7 @sveltejs/kit@2.70.4 svelte@5.57.3 gray-matter@4.0.3"
)
# Debian 12's own: PHP 8.2.36, Smarty 4.3.0, Twig 3.5.1, Ruby 3.1.2, Go 1.19.8, nginx 1.22.1.

# Each engine: what runs it, and the language of its pages.
ENGINES = {
    **{name: ("python", name) for name in "jinja2 django mako tornado chameleon bottle cheetah yatl".split()},
    "liquid": ("python", "liquid"),
    "airspeed": ("python", "velocity"),
    "chevron": ("python", "mustache"),
    **{name: ("node", name) for name in "handlebars nunjucks ejs mustache eta edge sveltekit".split()},
    "liquidjs": ("node", "liquid"),
    "twigjs": ("node", "twig"),
    "velocityjs": ("node", "velocity"),
    **{name: ("php", name) for name in "php smarty twig".split()},
    "erb": ("ruby", "erb"),
    "html/template": ("go", "go"),
    "nginx": ("nginx", "ssi"),
}
LANGUAGES = sorted({language for _, language in ENGINES.values()})

_GOODS = [{"name": "Green", "price": "4.50"}, {"name": "Black", "price": "3.90"}]
_DATA = {"title": "Tea and more", "name": "Mia", "lang": "en", "css": "/shop.css", "total": "19.99", "goods": _GOODS}
DATA: list[dict[str, Any]] = [{**_DATA, "on": True}, {**_DATA, "on": False}]
"""What each page is shown with: a page that is right with one is not yet right."""

_HEADER = re.compile(r"^=== (\S+)(?:: (right|wrapped|refused|safe)( part)?(?: by (\S+))?)?\n", re.MULTILINE)
_LIMIT_S = 300


@dataclass(frozen=True)
class Page:
    """A page of a language; without an outcome it is only there for others."""

    language: str
    name: str
    text: str
    outcome: str
    is_part: bool
    main: str

    def __str__(self) -> str:
        return f"{self.language}/{self.name}"


def read_pages(language: str) -> list[Page]:
    """Return the pages of a language."""
    _, *parts = _HEADER.split((HERE / "pages" / f"{language}.txt").read_text("utf-8"))
    rows = zip(*[iter(parts)] * 5, strict=True)
    return [
        Page(language, name, _line_ends(name, text), outcome or "", bool(part), main or name)
        for name, outcome, part, main, text in rows
    ]


def _line_ends(name: str, text: str) -> str:
    return text.replace("\n", "\r\n") if name.startswith("crlf") else text


PAGES = {language: read_pages(language) for language in LANGUAGES}
CASES = [page for pages in PAGES.values() for page in pages if page.outcome]


@dataclass(frozen=True)
class Job:
    """A page to show: the engine, the page, the text in the place of the page's own, and which of the data."""

    engine: str
    page: Page
    text: str
    data: int


class Renderers:
    """What renders pages: a process per runtime, with all of its jobs at once."""

    def __init__(self, cache: Path, folder: Path) -> None:
        self._cache = cache
        self._folder = folder
        self._commands: dict[str, Callable[[], list[str | Path]]] = {
            "python": lambda: [environment(cache, *PYPI.split()), "-W", "ignore", HERE / "render.py"],
            "node": lambda: ["node", HERE / "render.mjs", self._modules()],
            "php": lambda: ["php", HERE / "render.php"],
            "ruby": lambda: ["ruby", HERE / "render.rb"],
            "go": lambda: [self._program()],
        }

    def render(self, jobs: Sequence[Job]) -> dict[Job, dict[str, str]]:
        """Return for each job the `html` that the engine gave, or the `error` with which it failed."""
        runtimes = list(dict.fromkeys(ENGINES[job.engine][0] for job in jobs))
        given: dict[Job, dict[str, str]] = {}
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for some in pool.map(lambda runtime: self._render(jobs, runtime), runtimes):
                given |= some
        return given

    def _render(self, jobs: Sequence[Job], runtime: str) -> dict[Job, dict[str, str]]:
        ours = [job for job in jobs if ENGINES[job.engine][0] == runtime]
        folder = self._folder / runtime
        asked = list(self._asked(ours, folder))
        answers = render_by_nginx(folder, asked) if runtime == "nginx" else self._run(runtime, asked)
        return dict(zip(ours, answers, strict=True))

    def _run(self, runtime: str, asked: list[dict[str, Any]]) -> list[dict[str, str]]:
        ran = subprocess.run(
            self._commands[runtime](), input=json.dumps(asked).encode(), capture_output=True, timeout=_LIMIT_S
        )
        assert ran.returncode == 0, ran.stderr.decode()
        answers: list[dict[str, str]] = json.loads(ran.stdout)
        return answers

    def _asked(self, jobs: Sequence[Job], folder: Path) -> Iterator[dict[str, Any]]:
        for number, job in enumerate(jobs):
            place = folder / str(number)
            place.mkdir(parents=True)
            for page in PAGES[job.page.language]:
                (place / page.name).write_text(job.text if page == job.page else page.text, "utf-8", newline="")
            yield {"engine": job.engine, "folder": str(place), "main": job.page.main, "data": DATA[job.data]}

    def _modules(self) -> Path:
        folder = self._cache / f"npm-{zlib.crc32(NPM.encode()):08x}"
        if not (folder / "whole").exists():
            folder.mkdir(parents=True, exist_ok=True)
            options = "--no-audit --no-fund --silent --ignore-scripts --legacy-peer-deps".split()
            subprocess.run(["npm", "install", *options, "--prefix", folder, *NPM.split()], check=True)
            (folder / "whole").touch()
        return folder

    def _program(self) -> Path:
        settings = {"GO111MODULE": "off", "GOCACHE": str(self._cache / "go")}
        program = self._cache / "render-go"
        subprocess.run(["go", "build", "-o", program, HERE / "render.go"], env={**os.environ, **settings}, check=True)
        return program
