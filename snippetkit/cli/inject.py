"""`snippetkit inject`: put the code of a pixel onto pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from snippetkit.cli._api import say_what_it_reports
from snippetkit.cli._inserting import ByRules, OneForAll, Place, make_insertion, place_options, roots_of
from snippetkit.cli._rewriting import How, carry_out, run_options
from snippetkit.cli._rules import load, pages_options, read_rules
from snippetkit.cli._source import Source
from snippetkit.cli._template import Choice, template_options
from snippetkit.cli._texts import STDIN

if TYPE_CHECKING:
    from snippetkit.cli._selection import Paths
    from snippetkit.cli._verifying import Verification


@click.command()
@run_options
@place_options
@template_options
@pages_options
@click.option("--verify", "is_verified", is_flag=True, help="Then look in a real browser whether the code fires.")
@click.option("--browser", metavar="FILE", envvar="SNIPPETKIT_BROWSER", show_envvar=True, help="The one for --verify.")
def command(
    source: Source,
    pages_file: str | None,
    paths: Paths,
    how: How,
    place: Place,
    template: Choice,
    is_verified: bool,
    browser: str | None,
) -> None:
    """Put the code of a pixel onto pages, or bring it up to date.

    PATH is a page, a folder whose .html and .htm files are taken, a pattern, or - for stdin to stdout. The script goes
    to the end of the head, the noscript right behind <body>, in marked regions that 'snippetkit remove' takes out
    again. A page where the place is not certain is refused and left as it is.
    """
    if STDIN in paths.paths and STDIN in {source.file, pages_file}:
        raise click.UsageError("'-' can be the page, or the code, or the rules.")
    verification = _verification(paths, how, browser, by_rules=pages_file is not None) if is_verified else None
    if pages_file is None:
        code = carry_out(paths, _for_one(source, place, template), how, verification=verification)
    else:
        rules = _by_rules(source, pages_file, paths, place, template)
        code = carry_out(paths, rules, how, rules, verification)
    click.get_current_context().exit(code)


def _verification(paths: Paths, how: How, browser: str | None, *, by_rules: bool) -> Verification:
    """What looks at the pages afterwards; that there is a browser is made sure of before anything is written."""
    from snippetkit.cli._browsing import Browsing
    from snippetkit.cli._verifying import Verification

    if STDIN in paths.paths or how.check or how.show_diff:
        raise click.UsageError("--verify is for pages that are written: not for '-', --check or --diff.")
    browsing = Browsing((True, False), consent="grant", browser=browser)
    browsing.executable()
    return Verification(browsing, roots_of(paths.paths), by_rules)


def _for_one(source: Source, place: Place, template: Choice) -> OneForAll:
    snippet = source.load().snippet
    say_what_it_reports(snippet)
    choice = place.choice(template)
    return OneForAll(make_insertion([snippet], choice), place.terms(choice, force=source.value.force))


def _by_rules(source: Source, file: str, paths: Paths, place: Place, template: Choice) -> ByRules:
    if STDIN in paths.paths:
        raise click.UsageError("--pages is for files: a page from stdin has no path.")
    rules = read_rules(file)
    choice = place.choice(template)
    insertions = {found: make_insertion([code.snippet], choice) for found, code in load(rules, source).items()}
    terms = place.terms(choice, force=source.value.force)
    return ByRules(rules, insertions, terms, roots_of(paths.paths))
