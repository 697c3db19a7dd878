"""`snippetkit pixels`: the conversion pixels of an ad account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from snippetkit.cli._api import Api, account_option, api_options
from snippetkit.cli._output import table
from snippetkit.cli._types import PIXEL_ID
from snippetkit.terms import PIXEL_TAGS

if TYPE_CHECKING:
    from snippetkit.model import Pixel

_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group()
def command() -> None:
    """List, show and create conversion pixels."""


@command.command("list")
@account_option
@_json_option
@api_options
def list_(api: Api, account: str, as_json: bool) -> None:
    """List all pixels of an ad account."""
    from snippetkit.graph import list_pixels

    with api.connect() as transport:
        pixels = list(list_pixels(transport, account))
    if as_json:
        _print_json({"pixels": [_members(pixel) for pixel in pixels]})
    elif pixels:
        click.echo(table([("ID", "TAG", "STATUS", "NAME"), *((p.id, p.tag, p.status, p.name) for p in pixels)]))
    else:
        click.echo(f"act_{account} has no pixels; 'snippetkit pixels create' makes one", err=True)


@command.command()
@click.argument("pixel_id", metavar="PIXEL", type=PIXEL_ID)
@_json_option
@api_options
def show(api: Api, pixel_id: str, as_json: bool) -> None:
    """Show one pixel."""
    from snippetkit.graph import read_pixel

    with api.connect() as transport:
        members = _members(read_pixel(transport, pixel_id))
    if as_json:
        _print_json(members)
    else:
        click.echo(table(list(members.items())))


@command.command()
@click.option("--name", required=True, help="A name that no other pixel of the account has.")
@click.option(
    "--tag",
    type=click.Choice(PIXEL_TAGS, case_sensitive=False),
    default="OTHER",
    show_default=True,
    help="What the pixel reports.",
)
@account_option
@api_options
def create(api: Api, account: str, name: str, tag: str) -> None:
    """Create a pixel and print its id."""
    from snippetkit.graph import create_pixel

    with api.connect() as transport:
        pixel_id = create_pixel(transport, account, name, tag)
    click.echo(pixel_id)
    click.echo(f"created; 'snippetkit snippet {pixel_id}' prints its code", err=True)


def _print_json(document: object) -> None:
    import json

    click.echo(json.dumps(document, indent=2))


def _members(pixel: Pixel) -> dict[str, str]:
    from dataclasses import asdict

    return {name: value for name, value in asdict(pixel).items() if name != "js_pixel"}
