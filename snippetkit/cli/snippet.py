"""`snippetkit snippet`: the code of a pixel."""

from __future__ import annotations

import sys

import click

from snippetkit.cli._api import Api, api_options, checked_snippet, say_what_it_reports
from snippetkit.cli._kind import connect, fetch, kind_option
from snippetkit.cli._types import MINOR_UNITS, PIXEL_ID
from snippetkit.terms import Kind, Variant


@click.command()
@click.argument("pixel_id", metavar="PIXEL", type=PIXEL_ID)
@click.option("--value", "value_cents", type=MINOR_UNITS, help="What one conversion is worth: 1999 is 19.99 dollars.")
@click.option(
    "--variant",
    type=click.Choice([variant.value for variant in Variant]),
    default=Variant.FULL.value,
    show_default=True,
    help="All of it, the script, the HTML between <noscript> and </noscript>, or the image's URL.",
)
@click.option(
    "--via",
    type=click.Choice(["js_pixel", "snippets"]),
    default="js_pixel",
    show_default=True,
    help="Which of the API's two ways to a conversion pixel's code to take.",
)
@kind_option
@api_options
def command(api: Api, kind: Kind, pixel_id: str, value_cents: int | None, variant: str, via: str) -> None:
    """Print the code of a pixel, byte for byte.

    Only a terminal gets a newline behind it.
    """
    from snippetkit import graph, snippets

    with connect(api, kind) as transport:
        if via == "snippets":
            code = graph.read_code(transport, pixel_id, value_cents)
            snippet = checked_snippet(code, pixel_id, value_cents)
        else:
            _, snippet = fetch(transport, kind, pixel_id, value_cents)
    say_what_it_reports(snippet)
    click.echo(snippets.take_variant(snippet, Variant(variant)).encode(), nl=sys.stdout.isatty())
