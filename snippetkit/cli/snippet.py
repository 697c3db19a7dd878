"""`snippetkit snippet`: print the code of pixels."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

import click
from click.core import ParameterSource

from snippetkit.cli._api import Api, api_options, checked_snippet, say_what_it_reports
from snippetkit.cli._kind import connect, fetch, kind_option
from snippetkit.cli._many import fetch_each, list_ids, print_codes
from snippetkit.cli._source import (
    Value,
    by_script,
    file_option,
    file_snippets,
    say_untrusted,
    value_options,
    with_value,
)
from snippetkit.cli._template import Choice, print_rendered, template_options
from snippetkit.cli._types import ACCOUNT, PIXEL_ID
from snippetkit.terms import Kind, Variant

if TYPE_CHECKING:
    from snippetkit.graph import Transport
    from snippetkit.model import Snippet


class _Output(NamedTuple):
    """What to print of each snippet: a variant, or what a template makes of all."""

    variant: Variant
    template: Choice


@click.command()
@click.argument("pixel_ids", metavar="[PIXEL...]", type=PIXEL_ID, nargs=-1)
@click.option("--all", "take_all", is_flag=True, help="All pixels of --account.")
@click.option("--account", type=ACCOUNT, envvar="SNIPPETKIT_ACCOUNT", show_envvar=True, help="For --all.")
@file_option
@value_options
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
    from_file: str | None,
    value: Value,
    variant: str,
    via: str,
    template: Choice,
) -> None:
    """Print the code of a pixel, byte for byte.

    Only a terminal gets a newline behind it. Several pixels, or --all, are fetched in batches of 50, and each code
    has a newline behind it. With --from-file the code is taken from a text, a page for example: all of it, or that
    of the PIXELs.
    """
    _check_template(template)
    output = _Output(Variant(variant), template)
    if from_file is not None:
        _print_file(from_file, pixel_ids, value, output, other=take_all or via == "snippets")
        return
    one = len(pixel_ids) == 1
    if bool(pixel_ids) == take_all or (take_all and account is None) or (via == "snippets" and not one):
        raise click.UsageError(
            "Give one PIXEL, or several, or --all with --account, or --from-file; --via snippets takes one."
        )
    with connect(api, kind) as transport:
        if take_all or not one:
            pixel_ids = pixel_ids or tuple(list_ids(transport, kind, account or ""))
            _print_many(transport, kind, pixel_ids, value, output)
            return
        snippet = _fetch_one(transport, kind, pixel_ids[0], value, via)
    _print([snippet], output)


def _check_template(template: Choice) -> None:
    given = click.get_current_context().get_parameter_source("variant")
    if template.name and given is not ParameterSource.DEFAULT:
        raise click.UsageError("Give --template or --variant: a template says itself what is printed.")


def _print_file(file: str, pixel_ids: tuple[str, ...], value: Value, output: _Output, *, other: bool) -> None:
    if other:
        raise click.UsageError("--from-file is not for --all or --via: it asks no API.")
    document, found = file_snippets(file, pixel_ids)
    say_untrusted(file, document)
    _print([with_value(snippet, value) for snippet in by_script(found)], output)


def _print_many(transport: Transport, kind: Kind, pixel_ids: tuple[str, ...], value: Value, output: _Output) -> None:
    if value.currency:
        raise click.UsageError("--currency takes one PIXEL.")
    if output.template.name:
        print_rendered(output.template, fetch_each(transport, kind, pixel_ids, value.cents))
    else:
        print_codes(transport, kind, pixel_ids, value.cents, output.variant)


def _print(found: list[Snippet], output: _Output) -> None:
    from snippetkit.snippets import take_variant

    for snippet in found:
        say_what_it_reports(snippet)
    if output.template.name:
        print_rendered(output.template, found)
        return
    for snippet in found:
        text = take_variant(snippet, output.variant).encode("utf-8", "surrogateescape")
        click.echo(text, nl=sys.stdout.isatty() or len(found) > 1)


def _fetch_one(transport: Transport, kind: Kind, pixel_id: str, value: Value, via: str) -> Snippet:
    from snippetkit.graph import read_code

    if via == "snippets":
        snippet = checked_snippet(read_code(transport, pixel_id, value.cents), pixel_id, value.cents)
    else:
        snippet = fetch(transport, kind, pixel_id, value.cents).snippet
    return with_value(snippet, value) if value.currency else snippet
