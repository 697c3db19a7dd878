"""`snippetkit inject`: put the code of a pixel onto pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from snippetkit import work
from snippetkit.cli._browsing import verify_options
from snippetkit.cli._command import Command, OptionalValue, add_options, refuse_options
from snippetkit.cli._progress import Line
from snippetkit.cli._rewriting import Running, carry_out, run_options
from snippetkit.cli._saying import warn
from snippetkit.cli._source import Source, pages_options
from snippetkit.cli._template import say_note, template_options
from snippetkit.terms import STDIN, Placement

if TYPE_CHECKING:
    from snippetkit.cli._sheet import PagesFile
    from snippetkit.cli._texts import Paths
    from snippetkit.work import ByRules, Placing, Rendering, SameForAll, Verification

_WHERE = "where a page has no value yet"
_HEAD_WARNING = (
    "warning: with --whole-in-head the noscript's image ends the head for visitors without JavaScript: "
    "what stands behind it in the head belongs to the body for them"
)
_PLACE_OPTIONS = (
    click.option(
        "--placement",
        type=click.Choice([placement.value for placement in Placement]),
        default=Placement.HEAD_BOTTOM.value,
        show_default=True,
        help="Where the script goes; the noscript goes right after <body>.",
    ),
    click.option("--whole-in-head", is_flag=True, help="Put the noscript into the head too, as in 2013."),
    click.option("--nonce", help="The nonce of the page's Content-Security-Policy, for the script."),
    click.option(
        "--adopt",
        cls=OptionalValue,
        bare="whole",
        type=click.Choice(["whole", "replace"]),
        metavar="[=replace]",
        help="Replace unmarked code of the same pixel with marked code; =replace also replaces code that does more.",
    ),
    click.option(
        "--fragments", is_flag=True, help="Accept parts of pages, without doctype, <html>, <head> and <body>."
    ),
    click.option("--server-code", is_flag=True, help="Accept pages with PHP, ERB, Jinja and the like."),
)


def _place_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options; the command gets them as one `Placing`, named `placing`."""

    @wraps(function)
    def command(
        placement: str,
        whole_in_head: bool,
        nonce: str | None,
        adopt: str | None,
        fragments: bool,
        server_code: bool,
        **arguments: Any,
    ) -> None:
        placing = work.Placing(Placement(placement), whole_in_head, nonce, adopt, fragments, server_code)
        if reason := placing.why_not():
            raise click.UsageError(reason)
        if whole_in_head:
            warn(_HEAD_WARNING)
        function(placing=placing, **arguments)

    return add_options(command, *_PLACE_OPTIONS)


@click.command(cls=Command)
@run_options
@_place_options
@template_options
@pages_options
@click.option("--prune", is_flag=True, help="With --pages, take out snippetkit's code that no rule names.")
@verify_options("Then check in a real browser that the code fires.")
def command(
    source: Source,
    pages_file: PagesFile,
    paths: Paths,
    running: Running,
    placing: Placing,
    rendering: Rendering,
    prune: bool,
    is_verified: bool,
    browser: str | None,
) -> None:
    """Put the code of a pixel onto pages, or bring it up to date.

    PATH is a page, a folder whose .html and .htm files are taken, a pattern, or - for stdin to stdout. The script goes
    to the end of the head, the noscript right behind <body>, in marked regions that 'snippetkit remove' takes out
    again. A page where the place is not certain is refused and left as it is.
    """
    if STDIN in paths.paths and STDIN in {source.file, pages_file.path}:
        raise click.UsageError("'-' can be only one of the page, the code and the rules.")
    if source.allowed.languages:  # with this code the pages are templates, if they were not before
        placing = placing._replace(server_code=True, languages=source.allowed.languages)
    if pages_file.path is None:
        refuse_options("needs --pages.", "prune")
    if pages_file.path is None and source.file and not source.value.is_given:
        refuse_options("needs --value or --amount.", "event")
    verification = _verification(paths, running, browser, by_rules=pages_file.path is not None) if is_verified else None
    if pages_file.path is None:
        code = carry_out(paths, _for_all(source, placing, rendering), running, verification=verification)
    else:
        placed = (paths, placing, rendering)
        planner = _by_rules(source, pages_file, *placed, prune=prune)
        code = carry_out(paths, planner, running, planner.values, verification)
    click.get_current_context().exit(code)


def _verification(paths: Paths, running: Running, browser: str | None, *, by_rules: bool) -> Verification:
    """What looks at the pages afterwards; whether there is a browser is checked before anything is written."""
    if STDIN in paths.paths or running.check or running.show_diff:
        raise click.UsageError("--verify cannot be used with '-', --check or --diff, which write no page.")
    if paths.in_store():
        reason = "cannot be used with an object store: give 'snippetkit verify' the site's URL afterwards."
        raise click.UsageError(f"--verify {reason}")
    browsing = work.Browsing((True, False), consent="grant", browser=browser)
    browsing.executable()
    return work.Verification(browsing, work.roots_of(paths.paths), by_rules, Line("visit"))


def _for_all(source: Source, placing: Placing, rendering: Rendering) -> SameForAll:
    codes = work.load_for_pages(source.origin(), source.pixel_ids, source.value)
    snippets = [fetched.snippet for fetched in codes]
    for snippet in snippets:
        source.say(snippet, _WHERE)
    source.say_notes(snippets)
    return work.plan_for_all(snippets, rendering, placing, source.value, say_note)


def _by_rules(
    source: Source, pages_file: PagesFile, paths: Paths, placing: Placing, rendering: Rendering, *, prune: bool
) -> ByRules:
    if STDIN in paths.paths:
        raise click.UsageError("--pages is for files: a page from stdin has no path.")
    rules = pages_file.read(source.ids())
    loaded = source.load_by_rules(rules)
    source.say_values(rules, loaded, _WHERE)
    force = source.value.force
    return work.plan_by_rules(rules, loaded, paths.paths, rendering, placing, force=force, prune=prune, tell=say_note)
