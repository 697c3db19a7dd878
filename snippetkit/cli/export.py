"""`snippetkit export`: write the code of a pixel as the import file of a tag manager."""

from __future__ import annotations

from importlib import import_module

import click

from snippetkit import exports
from snippetkit.cli._api import say_what_it_reports
from snippetkit.cli._modules import public_modules
from snippetkit.cli._output import printable
from snippetkit.cli._source import Source, source_options
from snippetkit.errors import SettingError

_FORMATS = public_modules(exports.__path__[0])


@click.command()
@click.argument("format_name", type=click.Choice(_FORMATS))
@click.option("--page-path", metavar="PATH", help="The exact path of the page on which the tag fires, '/thanks.html'.")
@click.option("-o", "--output", metavar="FILE", default="-", help="The file to write; stdout by default.")
@source_options
def command(source: Source, format_name: str, page_path: str | None, output: str) -> None:
    """Export a pixel as the import file of a tag manager: gtm is Google Tag Manager."""
    from pathlib import Path

    from snippetkit import files
    from snippetkit.model import ContainerTag

    if page_path is not None and not page_path.startswith("/"):
        raise SettingError(
            f"--page-path {page_path!r} does not begin with a slash", hint="give the URL's path: /thanks.html"
        )
    name, snippet = source.load()
    say_what_it_reports(snippet)
    tag = ContainerTag(f"{printable(name)} {snippet.pixel_id}", snippet, page_path)
    text = import_module(f"snippetkit.exports.{format_name}").export([tag])
    if output == "-":
        click.echo(text, nl=False)
    else:
        click.echo(f"{'wrote' if files.write(Path(output), text) else 'unchanged'}: {output}", err=True)
    if page_path is None:
        click.echo(f"note: the tag {tag.name!r} has no trigger yet; choose one there, or give --page-path", err=True)
