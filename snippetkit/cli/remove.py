"""`snippetkit remove`: take what was injected out of pages again."""

from __future__ import annotations

import click

from snippetkit.cli._pages import page_options, rewrite


@click.command()
@page_options
def command(paths: tuple[str, ...], check: bool, show_diff: bool) -> None:
    """Take all code that snippetkit put onto pages out again; the original bytes come back."""
    from snippetkit import inject

    click.get_current_context().exit(rewrite(paths, inject.plan_removal, check=check, show_diff=show_diff))
