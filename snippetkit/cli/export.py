"""`snippetkit export`: write the code of pixels as the import file of a tag manager."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from snippetkit import exports, work
from snippetkit.cli._browsing import verify_options
from snippetkit.cli._command import Command, add_options, refuse_options
from snippetkit.cli._container_report import write_report
from snippetkit.cli._output import (
    OutputFile,
    check_dry,
    counted,
    dry_options,
    hold_against,
    output_option,
    printable,
    put_out,
    read_made_at,
)
from snippetkit.cli._paths import File, Folder
from snippetkit.cli._progress import Line, show_step
from snippetkit.cli._saying import say, warn
from snippetkit.cli._source import Source, pages_options, read_sent
from snippetkit.cli._tagging import tagging_options
from snippetkit.cli._verdicts import Summary, told_faults
from snippetkit.errors import SettingError
from snippetkit.terms import STDIN, Kind, OnConflict, TagsAs, TagVariant
from snippetkit.work import Browsing, Destination, Fetched, Tagging

if TYPE_CHECKING:
    from snippetkit.cli._sheet import PagesFile
    from snippetkit.containers import ContainerTag, Export

_FORMATS = exports.names()
_BUNDLE = "bundle"
_TARGET_OPTIONS = (
    click.argument("format_name", metavar=f"[{'|'.join(_FORMATS)}]", type=click.Choice(_FORMATS)),
    output_option,
    *dry_options,
    click.option(
        "--site", metavar="DIR", type=Folder(), help="With --pages, the site's folder, which has to have each page."
    ),
    click.option(
        "--report", metavar="FILE", type=OutputFile(), help="Then write a report on the container, to send around."
    ),
    click.option("--into", metavar="FILE", type=File(), help="Merge the tags into this export of your container."),
    click.option(
        "--on-conflict",
        type=click.Choice([choice.value for choice in OnConflict]),
        help="With --into, what to do when a name is already taken.  [default: fail]",
    ),
    click.option(
        "--format",
        "formats",
        multiple=True,
        type=click.Choice([name for name in _FORMATS if name != _BUNDLE]),
        help="A format to put into the bundle; repeatable.  [default: all]",
    ),
    click.option(
        "--as",
        "tags_as",
        type=click.Choice([choice.value for choice in TagsAs]),
        default=TagsAs.AUTO.value,
        show_default=True,
        help="For gtm: the platform's own tag type where it can carry all that the code says, or Custom HTML.",
    ),
)


class _Target(NamedTuple):
    """The file that is written: its format, where it goes, and what is merged into it or put into it."""

    format_name: str
    output: str
    into: str | None
    on_conflict: str | None
    formats: tuple[str, ...]
    tags_as: str

    def destination(self) -> Destination:
        """Return the same for the work itself, with the container that is merged into read."""
        made_at, into = read_made_at(), None if self.into is None else read_sent(self.into)
        conflict = OnConflict(self.on_conflict or OnConflict.FAIL)
        return Destination(self.format_name, into, conflict, self.formats, made_at, TagsAs(self.tags_as))


def _target_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the format and what belongs to it: the command gets `target`."""

    @wraps(function)
    def command(
        *args: Any,
        format_name: str,
        output: str,
        into: str | None,
        on_conflict: str | None,
        formats: tuple[str, ...],
        tags_as: str,
        **arguments: Any,
    ) -> None:
        target = _Target(format_name, output, into, on_conflict, formats, tags_as)
        function(*args, target=target, **arguments)

    return add_options(command, *_TARGET_OPTIONS)


@click.command(cls=Command)
@_target_options
@tagging_options
@pages_options
@verify_options("Then check in a real browser that the tags fire.")
def command(
    source: Source,
    pages_file: PagesFile,
    tagging: Tagging,
    target: _Target,
    check: bool,
    show_diff: bool,
    site: str | None,
    report: str | None,
    is_verified: bool,
    browser: str | None,
) -> None:
    """Export pixels as the import file of a tag manager.

    gtm is Google Tag Manager, html is code to paste into any other, bundle a zip of several formats with a README.
    Each tag fires once on the pages, or each time on the event, that are named. Pages may be named several times, and
    in several ways: it fires on all of them.
    """
    is_dry = check or show_diff
    _check_target(target, source, pages_file)
    _check_output(target, report, is_dry=is_dry)
    _check_source(source, pages_file, tagging)
    browsing = _browsing(target, browser) if is_verified else None
    tags = _of_pixels(source, tagging) if pages_file.path is None else _by_rules(source, pages_file, tagging, site)
    export = _export(tags, target)
    put = partial(hold_against, show_diff=show_diff) if is_dry else put_out
    differs = put(export.content, target.output)
    for note in export.notes:
        say(printable(f"note: {note}"))
    tried = _try(target.format_name, tags, export, browsing) if browsing is not None else 0
    told = write_report(target.output, Browsing(browser=browser), report) if report is not None else 0
    click.get_current_context().exit(tried or told or int(check and differs))


def _export(tags: Sequence[ContainerTag], target: _Target) -> Export:
    """The file with these tags; what was changed in a container that it was merged into is said on stderr."""
    destination = target.destination()
    show_step(f"exporting {counted(len(tags), 'tag')}")
    export = work.export(tags, destination)
    for line in export.changes:
        say(printable(line))
    return export


def _check_target(target: _Target, source: Source, pages_file: PagesFile) -> None:
    """Make sure that the options about the format go together."""
    of_format = exports.find_format(target.format_name)
    if target.into == STDIN and STDIN in {source.file, pages_file.path}:
        raise click.UsageError("--into and another file cannot both be read from stdin.")
    if target.formats and target.format_name != _BUNDLE:
        raise click.UsageError("--format can only be used with a bundle.")
    if target.on_conflict and target.into is None:
        raise click.UsageError("--on-conflict needs --into.")
    if target.into is not None and not of_format.MERGES:
        raise click.UsageError(f"--into cannot be used with {target.format_name}.")
    if not of_format.HAS_NATIVE:
        refuse_options("is for gtm only: the other formats have no tag types for platforms.", "tags_as")


def _check_output(target: _Target, report: str | None, *, is_dry: bool) -> None:
    """Make sure that the file can be written, or held against what is there, and a report be about it."""
    if target.format_name == _BUNDLE and target.output == STDIN and _is_terminal():
        raise click.UsageError("A bundle is a zip: give -o FILE.")
    if is_dry:
        check_dry(target.output)
        refuse_options("cannot be used with --check or --diff, which write no file.", "is_verified", "report")
    if report is not None:
        _check_report(target.format_name, target.output)


def _check_source(source: Source, pages_file: PagesFile, tagging: Tagging) -> None:
    """Make sure that the options about the code go together."""
    _check_worth(source, pages_file)
    if not isinstance(source.kind, Kind):
        _check_made(source, tagging, by_rules=pages_file.path is not None)


def _check_worth(source: Source, pages_file: PagesFile) -> None:
    """Make sure that no option about values or pages would be lost."""
    if pages_file.path is not None:
        return
    refuse_options("needs --pages.", "site")
    if not source.value.is_given:
        refuse_options("needs --value or --amount.", "force", *(["event"] if source.file else []))


def _check_report(format_name: str, output: str) -> None:
    """Make sure that there is a file for the report to be about."""
    if format_name != _BUNDLE and format_name not in exports.readable():
        raise click.UsageError(f"--report needs a container, and {format_name} is not one.")
    if output == STDIN:
        raise click.UsageError("--report is about a file: give -o FILE.")


def _is_terminal() -> bool:
    return sys.stdout.isatty()


def _browsing(target: _Target, browser: str | None) -> Browsing:
    """How an export is tried; whether it can be is checked before anything is written."""
    from snippetkit.browser import can_try

    if not can_try(target.format_name) or target.into is not None:
        raise click.UsageError("--verify needs an export to gtm, matomo, zaraz or adobe.")
    browsing = Browsing(browser=browser)
    browsing.executable()
    return browsing


def _of_pixels(source: Source, tagging: Tagging) -> list[ContainerTag]:
    tagging.event()  # what is wrong with it, or with the rules, is said before any request
    tagging.rules()
    source = _with_order(source, tagging)
    show_step("loading the code")
    codes = work.load(source.origin(), source.pixel_ids, source.value)
    for fetched in codes:
        source.say(fetched.snippet)
    _check_images(source, tagging, codes)
    source.say_notes(fetched.snippet for fetched in codes)
    named = [fetched._replace(name=printable(fetched.name)) for fetched in codes]
    return work.make_tags(named, tagging, is_fixed=source.value.is_given)


def _with_order(source: Source, tagging: Tagging) -> Source:
    """The same source, whose code has a place for an order's id where the data layer tells one."""
    is_made = not isinstance(source.kind, Kind)
    place = work.ORDER if is_made and "order_id" in tagging.keys else None
    return source._replace(value=source.value._replace(order_id=place))


def _check_made(source: Source, tagging: Tagging, *, by_rules: bool) -> None:
    """Make sure that the options go with code that is made here."""
    refuse_options(
        f"cannot be used with --kind {source.kind}: code that is made here has no value to replace.", "force"
    )
    amounts = [f"--{name}-key" for name in ("value", "currency") if name in tagging.keys]
    if amounts and not source.value.is_given and not by_rules:
        raise click.UsageError(f"{amounts[0]} needs --value, which is used where the event has none.")


def _check_images(source: Source, tagging: Tagging, codes: Iterable[Fetched]) -> None:
    """Make sure that code which is made here has the image that is to fire."""
    if tagging.variant is TagVariant.SCRIPT or isinstance(source.kind, Kind):
        return
    for reason in filter(None, (work.why_no_image(fetched.snippet) for fetched in codes)):
        raise SettingError(f"--variant {tagging.variant}: {reason}", hint="leave it out")


def _by_rules(source: Source, pages_file: PagesFile, tagging: Tagging, site: str | None) -> list[ContainerTag]:
    if tagging.is_named:
        raise click.UsageError("--page-path and the like cannot be used with --pages: the rules name the pages.")
    rules = pages_file.read(source.ids())
    if site is not None:
        work.check_pages(rules, site)
    show_step("loading the code")
    loaded = source.load_by_rules(rules)
    _check_images(source, tagging, loaded.values())
    source.say_values(rules, loaded)
    return work.make_tags_by_rules(rules, loaded, tagging)


def _try(format_name: str, tags: Sequence[ContainerTag], export: Export, browsing: Browsing) -> int:
    """Try an export, say on stderr what is wrong, and return the exit code."""
    run_here = [tag for tag in tags if tag.name not in export.native]
    tried = work.try_export(format_name, run_here, export.content, browsing, Line("visit"))
    summary = Summary()
    for verdict in tried.verdicts:
        summary.add(verdict)
        for line in told_faults(verdict):
            warn(printable(line))
    for name in export.native:
        say(printable(f"note: {name!r} runs in the tag manager itself, so it was not tried"))
    for rule in tried.untried:
        say(printable(f"note: there is no page to try {rule.description!r} on, so that was not tried"))
    say(f"in a stand-in of {exports.find_format(format_name).TITLE}: {summary}")
    return summary.exit_code
