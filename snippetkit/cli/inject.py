"""`snippetkit inject`: put the code of a pixel onto pages."""

from __future__ import annotations

import click

from snippetkit.cli._api import say_what_it_reports
from snippetkit.cli._pages import insertion, page_options, rewrite
from snippetkit.cli._source import Source, source_options
from snippetkit.cli._template import Choice, template_options


@click.command()
@page_options
@template_options
@source_options
def command(source: Source, paths: tuple[str, ...], check: bool, show_diff: bool, template: Choice) -> None:
    """Put the code of a pixel onto pages, or bring it up to date.

    PATH is a page, or a folder whose .html and .htm files are taken. The script goes to the end of the head, the
    noscript right behind <body>, in marked regions that 'snippetkit remove' takes out again. A page where the
    place is not certain is refused and left as it is.
    """
    from functools import partial

    from snippetkit import inject

    _, snippet = source.load()
    say_what_it_reports(snippet)
    plan = partial(inject.plan, insertion=insertion(snippet, template))
    click.get_current_context().exit(rewrite(paths, plan, check=check, show_diff=show_diff))
