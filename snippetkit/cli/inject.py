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


@click.command()
@run_options
@place_options
@template_options
@pages_options
def command(source: Source, pages_file: str | None, paths: Paths, how: How, place: Place, template: Choice) -> None:
    """Put the code of a pixel onto pages, or bring it up to date.

    PATH is a page, a folder whose .html and .htm files are taken, a pattern, or - for stdin to stdout. The script goes
    to the end of the head, the noscript right behind <body>, in marked regions that 'snippetkit remove' takes out
    again. A page where the place is not certain is refused and left as it is.
    """
    if STDIN in paths.paths and STDIN in {source.file, pages_file}:
        raise click.UsageError("'-' can be the page, or the code, or the rules.")
    inject = _inject_one if pages_file is None else _inject_by_rules
    click.get_current_context().exit(inject(source, pages_file or "", paths, how, place, template))


def _inject_one(source: Source, _: str, paths: Paths, how: How, place: Place, template: Choice) -> int:
    snippet = source.load().snippet
    say_what_it_reports(snippet)
    choice = place.choice(template)
    planner = OneForAll(make_insertion([snippet], choice), place.terms(choice, force=source.value.force))
    return carry_out(paths, planner, how)


def _inject_by_rules(source: Source, file: str, paths: Paths, how: How, place: Place, template: Choice) -> int:
    if STDIN in paths.paths:
        raise click.UsageError("--pages is for files: a page from stdin has no path.")
    rules = read_rules(file)
    choice = place.choice(template)
    insertions = {found: make_insertion([code.snippet], choice) for found, code in load(rules, source).items()}
    terms = place.terms(choice, force=source.value.force)
    planner = ByRules(rules, insertions, terms, roots_of(paths.paths))
    return carry_out(paths, planner, how, planner)
