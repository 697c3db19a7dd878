"""`snippetkit pixels`: the conversion pixels of an ad account."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from snippetkit.cli._api import Api, account_option, api_options
from snippetkit.cli._output import printable, table
from snippetkit.cli._types import ACCOUNT, PIXEL_ID
from snippetkit.terms import PIXEL_TAGS

if TYPE_CHECKING:
    from snippetkit.model import Pixel

_TAG = click.Choice(PIXEL_TAGS, case_sensitive=False)
_pixel_argument = click.argument("pixel_id", metavar="PIXEL", type=PIXEL_ID)
_accounts_argument = click.argument("account_ids", metavar="ACCOUNT...", type=ACCOUNT, nargs=-1, required=True)
_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group()
def command() -> None:
    """List, show and change conversion pixels, and who may use them."""


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
@_pixel_argument
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
    type=_TAG,
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


@command.command()
@_pixel_argument
@click.option("--name", help="A new name.")
@click.option("--tag", type=_TAG, help="A new tag.")
@api_options
def update(api: Api, pixel_id: str, name: str | None, tag: str | None) -> None:
    """Change the name of a pixel, its tag, or both."""
    from snippetkit.graph import update_pixel

    if name is None and tag is None:
        raise click.UsageError("Give --name, --tag, or both.")
    with api.connect() as transport:
        update_pixel(transport, pixel_id, name=name, tag=tag)
    click.echo(f"updated: {pixel_id}", err=True)


@command.command()
@_pixel_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@api_options
def delete(api: Api, pixel_id: str, yes: bool) -> None:
    """Delete a pixel, after asking."""
    from snippetkit.graph import delete_pixel, read_pixel

    with api.connect() as transport:
        if not yes and not _confirm_deletion(read_pixel(transport, pixel_id)):
            click.echo(f"kept: {pixel_id}", err=True)
            return
        delete_pixel(transport, pixel_id)
    click.echo(f"deleted: {pixel_id}", err=True)


@command.command()
@_pixel_argument
@api_options
def accounts(api: Api, pixel_id: str) -> None:
    """List the ad accounts that may use a pixel."""
    from snippetkit.graph import list_accounts

    with api.connect() as transport:
        click.echo("\n".join(list_accounts(transport, pixel_id)))


@command.command()
@_pixel_argument
@_accounts_argument
@api_options
def authorize(api: Api, pixel_id: str, account_ids: tuple[str, ...]) -> None:
    """Let ad accounts use a pixel."""
    from snippetkit import graph

    with api.connect() as transport:
        graph.authorize(transport, pixel_id, account_ids)
    click.echo(f"authorized: {', '.join(account_ids)}", err=True)


@command.command()
@_pixel_argument
@_accounts_argument
@api_options
def deauthorize(api: Api, pixel_id: str, account_ids: tuple[str, ...]) -> None:
    """Let ad accounts no longer use a pixel."""
    from snippetkit import graph

    with api.connect() as transport:
        graph.deauthorize(transport, pixel_id, account_ids)
    click.echo(f"deauthorized: {', '.join(account_ids)}", err=True)


def _confirm_deletion(pixel: Pixel) -> bool:
    if not sys.stdin.isatty():
        raise click.UsageError("This asks first, and there is nobody to ask: give --yes.")
    return click.confirm(f"Delete the {pixel.tag} pixel '{printable(pixel.name)}' ({pixel.id})?", err=True)


def _print_json(document: object) -> None:
    import json

    click.echo(json.dumps(document, indent=2))


def _members(pixel: Pixel) -> dict[str, str]:
    from dataclasses import asdict

    return {name: value for name, value in asdict(pixel).items() if name != "js_pixel"}
