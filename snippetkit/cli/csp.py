"""`snippetkit csp`: print what a Content-Security-Policy needs for the code to fire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from snippetkit.cli._command import Command
from snippetkit.cli._output import printable
from snippetkit.cli._texts import Paths, Texts, every_file_options
from snippetkit.terms import STDIN

if TYPE_CHECKING:
    from snippetkit.csp import Additions


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, with what each file needs.")
@every_file_options
def command(paths: Paths, as_json: bool) -> None:
    """Print what a Content-Security-Policy has to allow so that the conversion code on these pages fires.

    PATH is a file, a folder whose .html and .htm files are taken, or - for stdin. What is printed is what all of the
    pages need together, a directive a line; add the sources to the directives of the same name.
    """
    from snippetkit import csp

    texts = Texts(paths)
    pages: dict[str, Additions] = {}
    for path, (page, policies) in texts.each_in_bytes(lambda _, text: _look(text.whole())):
        pages[path] = page
        _report(path, page, policies)
    whole = csp.union(pages.values())
    if as_json:
        _print_json(pages, whole)
    else:
        click.echo("".join(f"{directive}\n" for directive in whole.directives()), nl=False)
    is_known = not any(page.unknown for page in pages.values())
    click.get_current_context().exit(6 if texts.failed else 0 if is_known else 1)


def _look(data: bytes) -> tuple[Additions, list[int]]:
    from snippetkit import csp

    return csp.additions(data), csp.own_policies(data)


def _report(path: str, page: Additions, policies: list[int]) -> None:
    name = "stdin" if path == STDIN else printable(path)
    if not page.img_src:
        click.echo(f"note: {name}: no conversion code", err=True)
    for line in policies if page.img_src else []:
        click.echo(
            f"note: {name}:{line}: the page has a policy of its own; each policy has to allow all of it", err=True
        )
    for line in page.nonces:
        click.echo(
            f"note: {name}:{line}: the script has a nonce; where the policy names it, no hash is needed", err=True
        )
    for line, reason in page.unknown:
        click.echo(f"error: {name}:{line}: {reason}", err=True)


def _print_json(pages: dict[str, Additions], whole: Additions) -> None:
    import json

    listed = [{"path": path, **page.sources} for path, page in pages.items()]
    click.echo(json.dumps({"files": listed, **whole.sources}, indent=2))
