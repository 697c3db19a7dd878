"""`snippetkit inject`: put the code of a pixel onto pages."""

from __future__ import annotations

import click

from snippetkit.cli._api import Api, api_options, say_what_it_reports
from snippetkit.cli._kind import connect, fetch, kind_option
from snippetkit.cli._pages import insertion, page_options, rewrite
from snippetkit.cli._template import Choice, template_options
from snippetkit.cli._types import MINOR_UNITS, PIXEL_ID
from snippetkit.terms import Kind


@click.command()
@click.option("--pixel", "pixel_id", type=PIXEL_ID, required=True, help="The pixel that the pages are to fire.")
@click.option("--value", "value_cents", type=MINOR_UNITS, help="What one conversion is worth: 1999 is 19.99 dollars.")
@page_options
@template_options
@kind_option
@api_options
def command(
    api: Api,
    kind: Kind,
    paths: tuple[str, ...],
    pixel_id: str,
    value_cents: int | None,
    check: bool,
    show_diff: bool,
    template: Choice,
) -> None:
    """Put the code of a pixel onto pages, or bring it up to date.

    PATH is a page, or a folder whose .html and .htm files are taken. The script goes to the end of the head, the
    noscript right behind <body>, in marked regions that 'snippetkit remove' takes out again. A page where the
    place is not certain is refused and left as it is.
    """
    from functools import partial

    from snippetkit import inject

    with connect(api, kind) as transport:
        _, snippet = fetch(transport, kind, pixel_id, value_cents)
    say_what_it_reports(snippet)
    plan = partial(inject.plan, insertion=insertion(snippet, template))
    click.get_current_context().exit(rewrite(paths, plan, check=check, show_diff=show_diff))
