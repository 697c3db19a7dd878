"""`snippetkit sync`: bring pages and export files to what the project file declares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from snippetkit import work
from snippetkit.cli._api import Api, api_options
from snippetkit.cli._command import Command
from snippetkit.cli._kind import connect
from snippetkit.cli._output import read_made_at
from snippetkit.cli._project import need_project
from snippetkit.cli._rewriting import Running, running_options, say_waiting, tell
from snippetkit.cli._sheet import PagesFile
from snippetkit.cli._source import OF_PAGE, read_sent, say_failed, say_notes, say_table
from snippetkit.cli._template import say_note
from snippetkit.errors import SettingError, SheetError, SnippetkitError
from snippetkit.patterns import later
from snippetkit.work import Codes, DeclaredRules, Outside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

    from snippetkit.platforms import Ids
    from snippetkit.project import ProjectFile, Sheet
    from snippetkit.rules import Rules
    from snippetkit.run import Outcome
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
    with _told_in_keys():
        sites, exports = _planned(declared, names, prune=not no_prune, force=force)
        codes = declared.codes
        rows = [row for rules, of_each in codes.loaded for row in work.values_of(rules, of_each)]
        if rows and not running.as_json:
            say_table(rows, _told_by(declared, sites))
            say_notes(codes.made())
        asked = [row for rules, of_each in codes.loaded for row in work.asked_of(rules, of_each)]
        outcomes = map(_outcome_in_keys, work.sync(sites, exports, running.options(), say_waiting))
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


# Messages in the words of the project file, where the options of other commands are keys.

_BARE = {
    "--allow-empty-values": "sheet = { file = .., allow_empty_values = true }",
    "--allow-zero-values": "sheet = { file = .., allow_zero_values = true }",
    "--server-code": "server_code = true",
    "--fragments": "fragments = true",
    "--lazy-noscript": "lazy_noscript = true",
    "--follow-links": "follow_links = true",
    "--whole-in-head": "whole_in_head = true",
    "--adopt": "adopt = true",
    "--server-values": "server_values",
    "--nonce": "nonce",
    "--template": "template",
    "--set": "variables",
    "--event": "event",
    "--event-id": "event_id",
    "--value": "value",
    "--amount": "amount",
    "--currency": "currency",
    "--pixel": "id",
    "--kind": "kind",
    "--into": "into",
    "--all-pages": 'page = "/**"',
    "--include": "include",
    "--exclude": "exclude",
}
"""What an option is called in the file, where messages do not say its value."""

_VALUED = {
    "--hidden-rows": 'sheet = {{ file = .., hidden_rows = "{}" }}',
    "--sheet": 'sheet = {{ file = .., name = "{}" }}',
    "--placement": 'placement = "{}"',
    "--variant": 'variant = "{}"',
    "--as": 'tags_as = "{}"',
    "--on-conflict": 'on_conflict = "{}"',
    "--adopt": 'adopt = "{}"',
    "--allow": "allow = [{}]",
    "--allow-host": "allow_hosts = [{}]",
    "--format": "formats = [{}]",
}
"""The same, with its value, or its values in a list."""

HINTS = {
    "--force replaces it with a fixed one": "put a fixed value into the code",
    "--value with --force puts a fixed value in its place": "put a fixed value into the code",
}
"""What to do, where that is not the same with other words: `sync --force` is about pages, and leaves code as it is."""


def _any_of(options: Iterable[str]) -> str:
    return "|".join(sorted(options, key=len, reverse=True))


_VALUE = r"(?:'[^']*'|\"[^\"]*\"|[^\s;,'\"]*[^\s;,'\".])"
_OPTION = later(
    r"(?<![\w-])(?<!inject )(?:"
    rf"(?P<valued>{_any_of(_VALUED)})(?:(?<=adopt)=|(?<!adopt) )(?P<value>{_VALUE})(?P<more>(?: (?P=valued) {_VALUE})*)"
    rf"|(?P<bare>{_any_of(_BARE)})(?![\w-])(?: NAME\b)?)"
)
"""An option that is one of this command's file, and none of another command's: with its values, or by itself."""


def in_keys(text: str) -> str:
    """Return a message whose options are keys of the project file: `--hidden-rows skip` is `hidden_rows = "skip"`."""
    return _OPTION.sub(_in_key, text) if "--" in text else text


def _in_key(found: re.Match[str]) -> str:
    option = found["valued"]
    if option is None:
        return _BARE[found["bare"]]
    values = [value.strip("'\"") for value in (found["value"], *found["more"].split(f" {option} ")[1:])]
    is_list = "[" in _VALUED[option]
    return _VALUED[option].format(", ".join(f'"{value}"' for value in values) if is_list else values[0])


@contextmanager
def _told_in_keys() -> Iterator[None]:
    """Let errors name keys of the project file.

    Raises:
        SnippetkitError: what is raised inside, in these words.
    """
    try:
        yield
    except SnippetkitError as error:
        _reword(error)
        raise


def _outcome_in_keys(outcome: Outcome) -> Outcome:
    """Return how a page fared, in these words."""
    if not (outcome.reason or outcome.notes):
        return outcome
    return outcome._replace(reason=in_keys(outcome.reason), notes=tuple(map(in_keys, outcome.notes)))


def _reword(error: SnippetkitError) -> None:
    error.args = (in_keys(str(error)), *error.args[1:])
    error.hint = HINTS.get(error.hint) or in_keys(error.hint)
    for one in error.errors if isinstance(error, SheetError) else ():
        _reword(one)
