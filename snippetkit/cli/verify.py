"""`snippetkit verify`: load pages in a real browser, and say what fires and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from snippetkit import work
from snippetkit.cli._again import Again, again_options, refuse_urls
from snippetkit.cli._browsing import browsing_options, find_pages
from snippetkit.cli._command import Command, format_options, refuse_options, unique
from snippetkit.cli._paths import File, Folder
from snippetkit.cli._progress import Line
from snippetkit.cli._saying import say
from snippetkit.cli._sources import Sources, sources_options
from snippetkit.cli._texts import Paths, any_source_options
from snippetkit.cli._verdicts import FORMATS, Summary, telling
from snippetkit.errors import SettingError
from snippetkit.work import Browsing

if TYPE_CHECKING:
    from snippetkit.browser import Expected, Verdict

_EXPECTED = ("pixel", "event", "value", "currency")
_LONGEST_NAME = 150
# A walk loads each page with JavaScript, several times, and leaves it again.
_NOT_ON_A_WALK = "no_js both consent event_name data live since only_changed screenshot".split()


@click.command(cls=Command)
@click.option(
    "--expect",
    "expected",
    multiple=True,
    metavar="pixel=ID,...",
    help="An event that has to fire, once, and no other: pixel=123,event=Purchase,value=19.99,currency=USD. "
    "Without it the code on each page says what has to fire.",
)
@browsing_options
@again_options
@click.option(
    "--navigate",
    "start",
    metavar="FILE",
    type=File(),
    help="Walk from this page of the site, a file or a URL, to each page by a click on a link, then back, forward and "
    "reload, and say what fires when.",
)
@click.option(
    "--screenshot", metavar="DIR", type=Folder(), help="Save a screenshot of each page that is loaded in this folder."
)
@format_options(FORMATS, "Output format; junit is XML for CI, summary is counts.")
@any_source_options
@sources_options
def command(
    paths: Paths,
    expected: tuple[str, ...],
    browsing: Browsing,
    again: Again,
    start: str | None,
    sources: Sources,
    screenshot: str | None,
    format_name: str,
) -> None:
    """Load pages in a real browser, and say which pixels fire, with what, and what is wrong.

    PATH is a page, a folder whose .html and .htm files are taken, or a URL. Files are served on loopback; the vendor's
    loaders are stand-ins, what they would send is caught, and nothing leaves this machine unless --live lets it.
    The exit code is 1 where something is not as it should be.
    """
    if start is not None:
        refuse_options("cannot be used with --navigate.", *_NOT_ON_A_WALK)
    wanted, screenshots = _read_expected(expected), _Screenshots(screenshot)
    paths = sources.added_to(paths, browsing)
    refuse_urls(again, paths.paths)
    earlier = again.earlier()
    found, failed = find_pages(paths, browsing)
    pages, same = again.split(found)
    unchanged = [path for path, _ in same]
    summary = Summary(unchanged)
    browsing = browsing._replace(with_screenshot=screenshot is not None, start=start)
    with telling(FORMATS[format_name](unchanged)) as tell:
        for verdict in work.verify(pages, browsing, wanted, Line("visit"), earlier):
            tell(verdict)
            summary.add(verdict)
            screenshots.add(verdict)
    say(summary)
    click.get_current_context().exit(6 if failed else summary.exit_code)


def _read_expected(texts: Sequence[str]) -> list[Expected] | None:
    """Return what `--expect` says, one event a text, or None where there is none.

    Raises:
        SettingError: a text is not what it should be.
    """
    return [_expected(text) for text in texts] or None


def _expected(text: str) -> Expected:
    from snippetkit import platforms
    from snippetkit.browser import Expected

    pairs = (part.partition("=")[::2] for part in text.split(","))
    fields = unique(f"--expect {text[:60]!r}", pairs)
    for name in (name for name in fields if name not in _EXPECTED):
        raise SettingError(f"--expect has no {name[:60]!r}", hint="such as pixel=123,value=19.99,currency=USD")
    pixel_id = fields.get("pixel", "")
    if not any(platforms.is_id(dialect.name, pixel_id) for dialect in platforms.every()):
        raise SettingError(f"--expect {text[:60]!r} names no pixel", hint="such as pixel=123,value=19.99")
    return Expected(pixel_id, fields.get("event"), fields.get("value"), fields.get("currency"))


class _Screenshots:
    """Writes the pictures of visits into a folder, each under a name of its own, which says the page's.

    Raises:
        SettingError: it is a file.
    """

    def __init__(self, folder: str | None) -> None:
        from pathlib import Path

        if folder is not None and Path(folder).is_file():
            raise SettingError(f"--screenshot {folder} is a file", hint="name a folder")
        self._folder = folder
        self._taken: set[str] = set()

    def add(self, verdict: Verdict) -> None:
        """Write one, if there is one.

        Raises:
            FileError: it cannot be written.
        """
        from pathlib import Path

        from snippetkit import files

        if self._folder is not None and verdict.observed.screenshot:
            files.write(Path(self._folder) / self._name(verdict), verdict.observed.screenshot)

    def _name(self, verdict: Verdict) -> str:
        import re
        from itertools import count

        observed = verdict.observed
        stem = re.sub(r"[^A-Za-z0-9.-]+", "_", observed.path).strip("_.")[-_LONGEST_NAME:] or "page"
        stem += "" if observed.javascript else ".no-js"
        numbered = (f"{stem}-{number}" if number > 1 else stem for number in count(1))
        name = next(name for name in numbered if name.lower() not in self._taken)
        self._taken.add(name.lower())
        return f"{name}.png"
