"""`snippetkit export`: write the code of pixels as the import file of a tag manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from snippetkit.cli._api import say_what_it_reports
from snippetkit.cli._output import printable
from snippetkit.cli._rules import load, pages_options, read_rules
from snippetkit.cli._source import Source
from snippetkit.cli._tagging import Tagging, tagging_options
from snippetkit.cli._target import Target, target_options

if TYPE_CHECKING:
    from snippetkit.cli._browsing import Browsing
    from snippetkit.containers import ContainerTag

_STDOUT = "-"


@click.command()
@target_options
@tagging_options
@pages_options
@click.option("--verify", "is_verified", is_flag=True, help="Then try in a real browser whether the tags fire.")
@click.option("--browser", metavar="FILE", envvar="SNIPPETKIT_BROWSER", show_envvar=True, help="The one for --verify.")
def command(
    source: Source,
    pages_file: str | None,
    tagging: Tagging,
    target: Target,
    output: str,
    is_verified: bool,
    browser: str | None,
) -> None:
    """Export pixels as the import file of a tag manager.

    gtm is Google Tag Manager, html is code to paste into any other, bundle a zip of several formats with a README.
    Each tag fires once on the pages, or each time on the event, that are named.
    """
    target.check(output, source.file, pages_file)
    browsing = _browsing(target, browser) if is_verified else None
    tags = _of_one(source, tagging) if pages_file is None else _by_rules(source, pages_file, tagging)
    export = target.export(tags)
    for line in export.changes:
        click.echo(printable(line), err=True)
    _write(export.content, output)
    for note in export.notes:
        click.echo(printable(f"note: {note}"), err=True)
    if browsing is not None:
        from snippetkit.cli._trying import try_export

        click.get_current_context().exit(try_export(target.format_name, tags, export.content, browsing))


def _browsing(target: Target, browser: str | None) -> Browsing:
    """How an export is tried; that it can be is made sure of before anything is written."""
    from snippetkit.browser import can_try
    from snippetkit.cli._browsing import Browsing

    if not can_try(target.format_name) or target.into is not None:
        raise click.UsageError("--verify is for an export of its own, to gtm, matomo, zaraz or adobe.")
    browsing = Browsing(browser=browser)
    browsing.executable()
    return browsing


def _of_one(source: Source, tagging: Tagging) -> list[ContainerTag]:
    from snippetkit.containers import ContainerTag

    tagging.event(())  # what is wrong with it is said before anything is asked for
    rules = tagging.rules()
    name, account, snippet = source.load()
    say_what_it_reports(snippet)
    event = tagging.event(() if source.value.cents is not None else {place.name for place in snippet.places})
    name = f"{printable(name)} {snippet.pixel_id}"
    return [ContainerTag(name, (snippet,), tagging.variant, rules, (), event, tagging.consent, account)]


def _by_rules(source: Source, file: str, tagging: Tagging) -> list[ContainerTag]:
    from snippetkit.containers import make_tags

    if tagging.is_named:
        raise click.UsageError("--pages is not for --page-path and its siblings: the rules name the pages.")
    rules = read_rules(file)
    codes = load(rules, source)
    accounts = {pixel_id: code.account for (pixel_id, _, _), code in codes.items()}
    snippets = {conversion: code.snippet for conversion, code in codes.items()}
    return make_tags(rules, snippets, accounts, tagging.variant, tagging.consent)


def _write(content: bytes, output: str) -> None:
    from pathlib import Path

    from snippetkit import files

    if output == _STDOUT:
        click.echo(content, nl=False)
    else:
        click.echo(f"{'wrote' if files.write(Path(output), content) else 'unchanged'}: {output}", err=True)
