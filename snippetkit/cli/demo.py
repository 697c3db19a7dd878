"""`snippetkit demo`: show the whole line, from a pixel to a page and to a tag manager."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import click

from snippetkit import work
from snippetkit.cli._api import SANDBOX, Api
from snippetkit.cli._command import Command
from snippetkit.cli._progress import Line
from snippetkit.cli._saying import put
from snippetkit.errors import BrowserError, FileError, PageRefusedError, SettingError
from snippetkit.terms import Kind
from snippetkit.work import Browsing, Rendering, SameForAll

if TYPE_CHECKING:
    from pathlib import Path

    from snippetkit.browser import Verdict
    from snippetkit.graph import Transport
    from snippetkit.model import Snippet

ACCOUNT = "434566956589050"
DATABASE = "sandbox.db"
CONTAINER = "gtm-container.json"
_LONGEST_S = 60.0

_NEXT = """
Next:
  Look at {page}: the script ends the head, the noscript begins the body.
  Take it all out again:    snippetkit remove {folder}
  See the two pixels:       snippetkit pixels list --account {account} --api-url {url}
  Into Google Tag Manager:  Admin > Import Container > {container}, "Merge"
"""


class _Step(NamedTuple):
    """One pixel of the demo, and its page."""

    tag: str
    name: str
    value_cents: int
    page: str


_STEPS = (
    _Step("CHECKOUT", "Demo checkout", 1999, "checkout.html"),
    _Step("REGISTRATION", "Demo registration", 500, "registration.html"),
)


@click.command(cls=Command)
@click.argument("folder", metavar="[DIR]", default="snippetkit-demo", type=click.Path(file_okay=False))
def command(folder: str) -> None:
    """Show the whole line: two pixels, their code, two pages, one tag-manager container.

    All of it happens on the embedded API, in DIR (snippetkit-demo by default), with no account and no network.
    """
    from pathlib import Path

    _run(Path(folder))


def _run(folder: Path) -> None:
    _check_folder(folder)
    url = f"{SANDBOX}{(folder / DATABASE).as_posix()}"
    put(f"The embedded Graph API is {url}")
    verbs: list[str] = []
    snippets: list[Snippet] = []
    with Api(url, makes_folder=True).connect() as transport:
        for step in _STEPS:
            snippets.append(_fetch(transport, step))
            verbs += _put_onto_page(folder / step.page, snippets[-1])
    verbs.append(_export(folder / CONTAINER, snippets))
    if set(verbs) - {"unchanged"}:
        _watch(folder)
    put(_next(folder, url) if set(verbs) - {"unchanged"} else "\nNothing changed: everything was there already.")


def _next(folder: Path, url: str) -> str:
    from shlex import quote

    paths = {"page": folder / _STEPS[0].page, "folder": folder, "container": folder / CONTAINER}
    names = {name: path.as_posix() for name, path in paths.items()} | {"url": url}
    return _NEXT.format(account=ACCOUNT, **{name: quote(value) for name, value in names.items()})


def _check_folder(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / DATABASE).exists():
        raise SettingError(f"{folder} is not empty", hint="name a new folder: snippetkit demo DIR")


def _fetch(transport: Transport, step: _Step) -> Snippet:
    from snippetkit.graph import create_pixel, list_pixels

    ids = {pixel.name: pixel.id for pixel in list_pixels(transport, ACCOUNT)}
    pixel_id = ids.get(step.name) or create_pixel(transport, ACCOUNT, step.name, step.tag)
    snippet = work.fetch(transport, Kind.CONVERSION, pixel_id, step.value_cents).snippet
    put(f"{step.tag} pixel {pixel_id}: {step.value_cents} cents are {snippet.value} {snippet.currency}")
    return snippet


def _put_onto_page(page: Path, snippet: Snippet) -> list[str]:
    from snippetkit import files, run, templating
    from snippetkit.inject import PlanOptions

    verbs = []
    if not page.exists():
        files.write(page, templating.render(f"demo/{page.name}.j2").encode())
        verbs.append(_say("wrote", page))
    try:
        planner = SameForAll([work.make_insertion([snippet], Rendering())], PlanOptions())
        verb = run.change_page(str(page), planner).verb
    except PageRefusedError as error:
        raise FileError(f"{page}: {error}", hint="delete this page, and run the demo again") from error
    return [*verbs, _say(verb, page)]


def _export(container: Path, snippets: list[Snippet]) -> str:
    from snippetkit import exports, files
    from snippetkit.containers import ContainerTag, PageRule
    from snippetkit.terms import Match

    put("Google Tag Manager container for both")
    tags = [
        ContainerTag(f"{step.name} {snippet.pixel_id}", (snippet,), rules=(PageRule.of(Match.EXACT, f"/{step.page}"),))
        for step, snippet in zip(_STEPS, snippets, strict=True)
    ]
    content = exports.find_format("gtm").export(tags).content
    return _say("wrote" if files.write(container, content) else "unchanged", container)


def _watch(folder: Path) -> None:
    """Load the pages in a real browser, where there is one, and say what fired."""
    pages = [((folder / step.page).as_posix(), folder.as_posix()) for step in _STEPS]
    try:
        browser = os.environ.get("SNIPPETKIT_BROWSER")
        seen = list(
            work.verify(pages, Browsing((True, False), browser=browser, timeout_s=_LONGEST_S), progress=Line("visit"))
        )
    except (BrowserError, SettingError) as error:
        put(f"Not tried in a real browser: {error}; {error.hint}")
        return
    put("In a real browser")
    for step, path in zip(_STEPS, (path for path, _ in pages), strict=True):
        _say_what_fired(step.tag, path, [verdict for verdict in seen if verdict.observed.path == path])


def _say_what_fired(tag: str, path: str, seen: list[Verdict]) -> None:
    from snippetkit.cli._verdicts import told_faults

    fired = [one for verdict in seen for one in verdict.observed.fired]
    faults = [line for verdict in seen for line in told_faults(verdict)]
    if not faults and [len(verdict.observed.fired) for verdict in seen] == [1, 1]:
        value = f"{fired[0].value} {fired[0].currency}"
        put(f"  fired      {path}: {tag} once with JavaScript and once without, {value}")
    for line in faults:
        put(f"  {line}")


def _say(verb: str, path: Path) -> str:
    put(f"  {verb:9}  {path.as_posix()}")
    return verb
