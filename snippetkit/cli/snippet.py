"""`snippetkit snippet`: print the code of pixels."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from snippetkit.cli._api import Api, api_options, checked_snippet, say_what_it_reports
from snippetkit.cli._kind import connect, fetch, kind_option
from snippetkit.cli._many import fetch_each, list_ids, print_codes
from snippetkit.cli._template import Choice, print_rendered, template_options
from snippetkit.cli._types import ACCOUNT, MINOR_UNITS, PIXEL_ID
from snippetkit.terms import Kind, Variant

if TYPE_CHECKING:
    from snippetkit.graph import Transport
    from snippetkit.model import Snippet


@click.command()
@click.argument("pixel_ids", metavar="[PIXEL...]", type=PIXEL_ID, nargs=-1)
@click.option("--all", "take_all", is_flag=True, help="All pixels of --account.")
@click.option("--account", type=ACCOUNT, envvar="SNIPPETKIT_ACCOUNT", show_envvar=True, help="For --all.")
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
@template_options
@kind_option
@api_options
def command(
    api: Api,
    kind: Kind,
    pixel_ids: tuple[str, ...],
    take_all: bool,
    account: str | None,
    value_cents: int | None,
    variant: str,
    via: str,
    template: Choice,
) -> None:
    """Print the code of a pixel, byte for byte.

    Only a terminal gets a newline behind it. Several pixels, or --all, are fetched in batches of 50, and each code
    has a newline behind it.
    """
    from snippetkit.snippets import take_variant

    _check_template(template)
    one = len(pixel_ids) == 1
    if bool(pixel_ids) == take_all or (take_all and account is None) or (via == "snippets" and not one):
        raise click.UsageError("Give one PIXEL, or several, or --all with --account; --via snippets takes one.")
    with connect(api, kind) as transport:
        if take_all or not one:
            pixel_ids = pixel_ids or tuple(list_ids(transport, kind, account or ""))
            if template.name:
                print_rendered(template, fetch_each(transport, kind, pixel_ids, value_cents))
                return
            print_codes(transport, kind, pixel_ids, value_cents, Variant(variant))
            return
        snippet = _fetch_one(transport, kind, pixel_ids[0], value_cents, via)
    say_what_it_reports(snippet)
    if template.name:
        print_rendered(template, [snippet])
        return
    click.echo(take_variant(snippet, Variant(variant)).encode(), nl=sys.stdout.isatty())


def _check_template(template: Choice) -> None:
    given = click.get_current_context().get_parameter_source("variant")
    if template.name and given is not ParameterSource.DEFAULT:
        raise click.UsageError("Give --template or --variant: a template says itself what is printed.")


def _fetch_one(transport: Transport, kind: Kind, pixel_id: str, value_cents: int | None, via: str) -> Snippet:
    from snippetkit.graph import read_code

    if via == "snippets":
        return checked_snippet(read_code(transport, pixel_id, value_cents), pixel_id, value_cents)
    return fetch(transport, kind, pixel_id, value_cents)[1]
