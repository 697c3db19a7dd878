"""`snippetkit lint`: say what is wrong with the conversion code in files."""

from __future__ import annotations

import click

from snippetkit.cli._formats import FORMATS, FileFindings
from snippetkit.cli._output import counted
from snippetkit.cli._selection import Paths, every_file_options
from snippetkit.cli._texts import Texts


@click.command()
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="A line for each finding, one JSON document, GitHub's annotations, or SARIF 2.1.0.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@every_file_options
def command(paths: Paths, format_name: str, as_json: bool) -> None:
    """Say what is wrong with the conversion code in files; exit with 1 where something is.

    PATH is a file, a folder whose .html and .htm files are taken, or - for stdin.
    """
    from snippetkit import lint, snippets

    texts = Texts(paths)
    files = [FileFindings(path, lint.find(snippets.parse(text))) for path, text in texts]
    out = FORMATS["json" if as_json else format_name](files)
    click.echo(out, nl=bool(out))
    count = sum(len(file.findings) for file in files)
    click.echo(f"{counted(count, 'finding')} in {counted(len(files), 'file')}", err=True)
    click.get_current_context().exit(6 if texts.failed else int(count > 0))
