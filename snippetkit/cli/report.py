"""`snippetkit report`: write one HTML page about pages or a container: what is there, what fires, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from snippetkit import work
from snippetkit.cli._again import Again, again_options, refuse_urls
from snippetkit.cli._browsing import both_modes_options, find_pages
from snippetkit.cli._command import Command, refuse_options, refuse_output
from snippetkit.cli._container_report import is_container, write_report
from snippetkit.cli._output import OutputFile, check_writable, counted, printable, put_out
from snippetkit.cli._progress import Line, show_step
from snippetkit.cli._saying import say
from snippetkit.cli._sources import Sources, sources_options
from snippetkit.cli._texts import Paths, any_source_options
from snippetkit.cli._verdicts import Summary
from snippetkit.terms import STDIN
from snippetkit.work import Browsing

if TYPE_CHECKING:
    from snippetkit.browser import Verdict

_NO_PICTURES = "note: no pictures of the numbers, which drawsvg draws: pip install drawsvg"
_OF_PAGES = (
    "csp consent event_name data as_visitor live since only_changed sitemap crawl"  # what a container has not
    " include exclude no_gitignore follow_links".split()
)


@click.command(cls=Command)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=OutputFile(),
    default="report.html",
    show_default=True,
    help="The file to write; '-' is stdout.",
)
@both_modes_options
@again_options
@any_source_options
@sources_options
def command(paths: Paths, browsing: Browsing, again: Again, sources: Sources, output: str) -> None:
    """Write one HTML page, to read and to send around: what is there, what fires, and what is wrong.

    PATH is a page, a folder whose .html and .htm files are taken, or a URL. Each is loaded in a real browser with
    JavaScript and without, as by 'snippetkit verify'. The report holds all that it needs, a picture of each page too.
    PATH may also be one container of a tag manager, gtm.json or bundle.zip: then the report is about its tags, their
    triggers and what a stand-in of the tag manager fires. The exit code is 1 where something is not as it should be;
    the report is written in any case.
    """
    from snippetkit import report

    check_writable(output)
    if any(map(is_container, paths.paths)):
        refuse_output(output, {f"PATH {path}": path for path in paths.paths})
        click.get_current_context().exit(_about_container(paths, browsing, output))
    paths = sources.added_to(paths, browsing)
    refuse_urls(again, paths.paths)
    earlier = again.earlier()
    named, failed = find_pages(paths, browsing)
    pages, same = again.split([page for page in named if not _is_report(page[0], output)])
    unchanged = [path for path, _ in same]
    summary = Summary(unchanged)
    visits = work.verify(pages, browsing._replace(with_thumbnail=True), None, Line("visit"), earlier)
    seen = map(_with_source, _counted(visits, summary))
    read = report.read_pages(seen, paths.paths)
    show_step("writing the report")
    text = report.render(read, _conditions(browsing, again, unchanged), [str(error) for error in failed])
    say(summary)
    if len(read) > 1 and not report.can_draw():
        say(_NO_PICTURES)
    put_out(text.encode(), output)
    click.get_current_context().exit(6 if failed else summary.exit_code)


def _about_container(paths: Paths, browsing: Browsing, output: str) -> int:
    if len(paths.paths) > 1:
        raise click.UsageError("A container has a report of its own: give it alone.")
    refuse_options("is for pages, not for a container.", *_OF_PAGES)
    return write_report(paths.paths[0], browsing, output)


def _counted(verdicts: Iterable[Verdict], summary: Summary) -> Iterator[Verdict]:
    for verdict in verdicts:
        summary.add(verdict)
        yield verdict


def _is_report(path: str, output: str) -> bool:
    """Whether a page is the report of an earlier run, in whose place the new one goes.

    Raises:
        click.UsageError: it is another page, which would be lost.
    """
    from snippetkit import files, report

    if output == STDIN or "://" in path or not files.is_same(path, output):
        return False
    if not report.is_report(files.read(path)):
        refuse_output(output, {f"the page {printable(path)}": path})
    return True


def _with_source(verdict: Verdict) -> Verdict:
    """The verdict, with the page as it stands there where it was not loaded."""
    from snippetkit import files
    from snippetkit.browser import decode
    from snippetkit.records import replace

    if not verdict.is_carried:
        return verdict
    return verdict._replace(observed=replace(verdict.observed, source=decode(files.read(verdict.observed.path))))


def _conditions(browsing: Browsing, again: Again, unchanged: Sequence[str]) -> list[str]:
    """How the pages were looked at, if not in the usual way."""
    left_out = f"Not in here, since they are as they were at {again.revision}: {counted(len(unchanged), 'page')}."
    said = {
        left_out: unchanged,
        "The pages could not tell that the browser was automated.": browsing.as_visitor,
        "The vendor's real loaders ran, and the events were sent.": browsing.is_live,
        f"The files were served with the Content-Security-Policy {browsing.csp}": browsing.csp,
        f"The visitor said to consent: {browsing.consent}": browsing.consent,
        f"On the loaded page this was run: {''.join(browsing.events)}": browsing.events,
    }
    return [sentence for sentence, is_so in said.items() if is_so]
