"""`snippetkit sync`: bring pages and export files to what the project file declares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from snippetkit import work
from snippetkit.cli._api import Api, api_options
from snippetkit.cli._command import Command
from snippetkit.cli._keys import in_keys, outcome_in_keys, told_in_keys
from snippetkit.cli._kind import connect
from snippetkit.cli._output import read_made_at
from snippetkit.cli._project import need_project
from snippetkit.cli._rewriting import Running, running_options, say_waiting, tell
from snippetkit.cli._sheet import PagesFile
from snippetkit.cli._source import OF_PAGE, read_sent, say_failed, say_notes, say_table
from snippetkit.cli._template import say_note
from snippetkit.errors import SettingError
from snippetkit.work import Codes, DeclaredRules, Outside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

    from snippetkit.platforms import Ids
    from snippetkit.project import ProjectFile, Sheet
    from snippetkit.rules import Rules
    from snippetkit.work import ExportFile, SitePlan


def _complete_sites(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    from snippetkit.cli import _completing

    return _completing.sites(ctx, incomplete)


_ADD_ONE = "add [[sites]] or [[exports]]; 'snippetkit init -o example.toml' writes an example"


@click.command(cls=Command)
@api_options
@running_options
@click.option(
    "--site",
    "names",
    multiple=True,
    metavar="NAME",
    shell_complete=_complete_sites,
    help="Only this site's pages, and no exports.",
)
@click.option("--no-prune", is_flag=True, help="Leave code on pages that no rule names any more.")
@click.option("--force", is_flag=True, help="Replace what was edited by hand.")
def command(api: Api, running: Running, names: tuple[str, ...], no_prune: bool, force: bool) -> None:
    """Bring pages and export files to what snippetkit.toml declares.

    Each page of a site gets the code that the rules name, and loses what snippetkit put there and no rule names any
    more. What is up to date is not written. 'snippetkit init' writes the file.
    """
    file = need_project()
    declared = DeclaredRules(Codes(file, _outside(api)))
    with told_in_keys():
        sites, exports = _planned(declared, names, prune=not no_prune, force=force)
        codes = declared.codes
        rows = [row for rules, of_each in codes.loaded for row in work.values_of(rules, of_each)]
        if rows and not running.as_json:
            say_table(rows, _told_by(declared, sites))
            say_notes(codes.made())
        asked = [row for rules, of_each in codes.loaded for row in work.asked_of(rules, of_each)]
        outcomes = map(outcome_in_keys, work.sync(sites, exports, running.options(), say_waiting))
        click.get_current_context().exit(tell(outcomes, running, asked))


def _planned(
    declared: DeclaredRules, names: Sequence[str], *, prune: bool, force: bool
) -> tuple[list[SitePlan], list[ExportFile]]:
    """What is to become of pages and files; whatever is wrong is said before any of them is written."""
    file = declared.codes.file
    if not (file.project.sites or file.project.exports):
        raise SettingError(f"{file.name} has no sites and no exports", hint=_ADD_ONE)
    sites = [
        work.plan_site(declared, number, prune=prune, force=force, tell=_say_note) for number in _chosen(file, names)
    ]
    work.check_apart(sites)
    if names:
        return sites, []
    work.check_outputs(file, sites)
    numbers = range(len(file.project.exports))
    return sites, [work.make_export(declared, number, read_made_at()) for number in numbers]


def _say_note(note: str) -> None:
    say_note(in_keys(note))


def _told_by(declared: DeclaredRules, sites: Sequence[SitePlan]) -> dict[int, str]:
    """What tells the value of rules that have none, by their places in the table: a page, or an event."""
    of_pages = {id(site.planner.rules) for site in sites}
    told: dict[int, str] = {}
    first = 0
    for rules, _ in declared.codes.loaded:
        kept = work.keeps_values(rules) if id(rules) in of_pages else ()
        told |= {first + at: OF_PAGE for at in kept}
        told |= {first + at: "the event's" for at in declared.tells_values(rules)}
        first += len(rules.rules)
    return told


def _outside(api: Api) -> Outside:
    return Outside(
        lambda kind: connect(api, kind),
        read_sent,
        _read_sheet,
        lambda reason: say_failed(in_keys(reason)),
        work.MadeBefore(api.kept("exports")),
    )


def _read_sheet(sheet: Sheet, ids: Sequence[Ids]) -> Rules:
    file = PagesFile(sheet.file, sheet.name, sheet.hidden_rows, sheet.allow_empty_values, sheet.allow_zero_values)
    return file.read(ids)


def _chosen(file: ProjectFile, names: Sequence[str]) -> Iterable[int]:
    """The numbers of the sites that are named, of all where none is."""
    there = [site.name for site in file.project.sites]
    for name in names:
        if name not in there:
            known = ", ".join(filter(None, there)) or "none of them has a name"
            raise SettingError(f"{file.name} has no site {name!r}", hint=f"sites: {known}")
    return [number for number, name in enumerate(there) if not names or name in names]
