"""`snippetkit csp`: print what a Content-Security-Policy needs for the code to fire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from snippetkit.cli._input import read_input
from snippetkit.cli._output import printable
from snippetkit.errors import FileError

if TYPE_CHECKING:
    from snippetkit.csp import Additions


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON document, with what each file needs.")
def command(paths: tuple[str, ...], as_json: bool) -> int:
    """Print what a Content-Security-Policy has to allow so that the conversion code on these pages fires.

    PATH is a page, a folder whose .html and .htm files are taken, or - for stdin. What is printed is what all of the
    pages need together, a directive a line; add the sources to the directives of the same name.
    """
    from snippetkit import csp

    failures: list[FileError] = []
    pages: dict[str, Additions] = {}
    for path, data in _read(paths, failures):
        pages[path] = csp.additions(data)
        _report(path, pages[path], csp.own_policies(data))
    for failure in failures:
        click.echo(f"failed: {printable(str(failure))}", err=True)
    whole = csp.union(pages.values())
    if as_json:
        _print_json(pages, whole)
    elif directives := whole.directives():
        click.echo("\n".join(directives))
    return 6 if failures else int(any(page.unknown for page in pages.values()))


def _read(paths: tuple[str, ...], failures: list[FileError]) -> Iterator[tuple[str, bytes]]:
    from pathlib import Path

    from snippetkit import files

    for given in dict.fromkeys(paths):
        for path in ["-"] if given == "-" else map(str, files.walk([Path(given)], failures.append)):
            try:
                yield path, read_input(path)
            except FileError as error:
                failures.append(error)


def _report(path: str, page: Additions, policies: list[int]) -> None:
    name = "stdin" if path == "-" else printable(path)
    if not page.img_src:
        click.echo(f"note: {name}: no conversion code", err=True)
    for line in policies if page.img_src else []:
        click.echo(f"note: {name}:{line}: a policy of the page's own; each policy has to allow all of it", err=True)
    for line in page.nonces:
        click.echo(
            f"note: {name}:{line}: the script has a nonce; where the policy names it, no hash is needed", err=True
        )
    for line, reason in page.unknown:
        click.echo(
            f"error: {name}:{line}: {reason}; give the script a nonce, or run this on the page as served", err=True
        )


def _print_json(pages: dict[str, Additions], whole: Additions) -> None:
    import json

    found = [{"path": path, "script-src": page.script_src, "img-src": page.img_src} for path, page in pages.items()]
    click.echo(json.dumps({"files": found, "script-src": whole.script_src, "img-src": whole.img_src}, indent=2))
