"""`snippetkit export`: write the code of a pixel as the import file of a tag manager."""

from __future__ import annotations

from importlib import import_module

import click

from snippetkit import exports
from snippetkit.cli._api import Api, api_options, say_what_it_reports
from snippetkit.cli._kind import connect, fetch, kind_option
from snippetkit.cli._modules import public_modules
from snippetkit.cli._output import printable
from snippetkit.cli._types import MINOR_UNITS, PIXEL_ID
from snippetkit.errors import SettingError
from snippetkit.terms import Kind

_FORMATS = public_modules(exports.__path__[0])


@click.command()
@click.argument("format_name", type=click.Choice(_FORMATS))
@click.option("--pixel", "pixel_id", type=PIXEL_ID, required=True, help="The pixel that the tag fires.")
@click.option("--value", "value_cents", type=MINOR_UNITS, help="What one conversion is worth: 1999 is 19.99 dollars.")
@click.option("--page-path", metavar="PATH", help="The exact path of the page on which the tag fires, '/thanks.html'.")
@click.option("-o", "--output", metavar="FILE", default="-", help="The file to write; stdout by default.")
@kind_option
@api_options
def command(
    api: Api,
    kind: Kind,
    format_name: str,
    pixel_id: str,
    value_cents: int | None,
    page_path: str | None,
    output: str,
) -> None:
    """Export a pixel as the import file of a tag manager: gtm is Google Tag Manager."""
    from pathlib import Path

    from snippetkit import files
    from snippetkit.model import ContainerTag

    if page_path is not None and not page_path.startswith("/"):
        raise SettingError(
            f"--page-path {page_path!r} does not begin with a slash", hint="give the URL's path: /thanks.html"
        )
    with connect(api, kind) as transport:
        name, snippet = fetch(transport, kind, pixel_id, value_cents)
    say_what_it_reports(snippet)
    tag = ContainerTag(f"{printable(name)} {pixel_id}", snippet, page_path)
    text = import_module(f"snippetkit.exports.{format_name}").export([tag])
    if output == "-":
        click.echo(text, nl=False)
    else:
        click.echo(f"{'wrote' if files.write(Path(output), text) else 'unchanged'}: {output}", err=True)
    if page_path is None:
        click.echo(f"note: the tag {tag.name!r} has no trigger yet; choose one there, or give --page-path", err=True)
