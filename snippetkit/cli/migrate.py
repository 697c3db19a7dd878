"""`snippetkit migrate`: turn a conversion pixel's page code into today's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from snippetkit.cli._command import Command, refuse_options, unique
from snippetkit.cli._output import output_option, printable, put_out, table
from snippetkit.cli._paths import File
from snippetkit.cli._saying import say
from snippetkit.cli._texts import name_of, read_code
from snippetkit.cli._types import PIXEL_ID
from snippetkit.errors import SnippetError, reading
from snippetkit.terms import PIXEL_TAGS

if TYPE_CHECKING:
    from snippetkit.migrate import MigratedEvent
    from snippetkit.model import Snippet
    from snippetkit.snippets import Document

_NO_PIXEL = (
    "Give --pixel ID, a Meta Pixel's: a conversion pixel's id is not valid in a Meta Pixel's code. "
    "'snippetkit pixels list --kind meta' shows it."
)
_NO_EVENT = "The code does not say its pixel's tag: give --tag TAG, or --event NAME."
_INFERRED = (
    "note: which event a tag means is inferred, the vendor does not say; --event NAME or --map TAG=NAME overrides it"
)


@click.command(cls=Command)
@click.argument("file", metavar="FILE|-", type=File())
@click.option("--pixel", "pixel_id", type=PIXEL_ID, help="The Meta Pixel that takes over; required.")
@click.option("--tag", type=click.Choice(PIXEL_TAGS, case_sensitive=False), help="The conversion pixel's tag.")
@click.option("--event", metavar="NAME", help="The event to report, whatever the tag: Purchase, or a name of your own.")
@click.option("--map", "pairs", metavar="TAG=NAME", multiple=True, help="Another event for a tag; repeatable.")
@click.option("--currency", metavar="CODE", help="The currency, for code that has none, such as USD.")
@click.option("--old-pixel", "old_id", type=PIXEL_ID, help="Which pixel to migrate, if FILE has several.")
@output_option
def command(
    file: str,
    pixel_id: str | None,
    tag: str | None,
    event: str | None,
    pairs: tuple[str, ...],
    currency: str | None,
    old_id: str | None,
    output: str,
) -> None:
    """Turn a conversion pixel's page code (2012 to 2016) into that of a Meta Pixel.

    FILE is a page or a piece of code; - is stdin. The new script and noscript report the same value and currency.
    """
    from snippetkit import migrate, snippets

    if event is not None:
        refuse_options("cannot be used with --event, which names the event whatever the tag.", "pairs")
    overrides = _overrides(pairs)
    with reading(name_of(file)):
        document = snippets.parse(read_code(file))
    readings = snippets.read_document(document)
    with _named(name_of(file)):
        snippet = migrate.pick(readings, old_id)
    if pixel_id is None:
        raise click.UsageError(_NO_PIXEL)
    event = event if event is not None else _event_of(tag, overrides)
    with _named(name_of(file)):
        migrated = migrate.convert(snippet, pixel_id, event, currency)
    _say_where_it_disagrees(document, readings.index(snippet))
    _say(snippet, migrated)
    put_out(migrated.code().encode(), output)


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Say which file it is whose code is not what it should be.

    Raises:
        SnippetError: it is not.
    """
    try:
        yield
    except SnippetError as error:
        raise SnippetError(
            f"{name}, {error}" if str(error).startswith("line ") else f"{name}: {error}", hint=error.hint
        ) from error


def _event_of(tag: str | None, overrides: dict[str, str]) -> str:
    from snippetkit import migrate

    events = migrate.TAG_EVENTS | overrides
    say(table([("TAG", "EVENT"), *((name, events.get(name, "(name one)")) for name in PIXEL_TAGS)]))
    say(_INFERRED)
    if tag is None:
        raise click.UsageError(_NO_EVENT)
    return migrate.event_of(tag, overrides)


def _overrides(pairs: tuple[str, ...]) -> dict[str, str]:
    overrides = []
    for pair in pairs:
        tag, _, event = pair.partition("=")
        if tag.upper() not in PIXEL_TAGS or not event:
            raise click.UsageError(f"--map {pair!r}: give TAG=NAME; a tag is one of {', '.join(PIXEL_TAGS)}.")
        overrides.append((tag.upper(), event))
    return unique("--map", overrides)


def _say_where_it_disagrees(document: Document, number: int) -> None:
    from snippetkit import lint

    for finding in lint.find_disagreements(document):
        if finding.snippet == number:
            say(printable(f"note: line {finding.line}: {finding.message}; the script's is taken"))


def _say(snippet: Snippet, migrated: MigratedEvent) -> None:
    worth = " ".join(filter(None, [migrated.value, migrated.currency])) or "no value"
    kind = "event" if migrated.verb == "track" else "custom event"
    old, new = f"pixel {snippet.pixel_id} ({snippet.dialect})", f"pixel {migrated.pixel_id} ({migrated.dialect})"
    say(printable(f"{old} becomes {new}: {kind} {migrated.event}, {worth}"))
    if snippet.reason:
        say(printable(f"note: {snippet.reason}; the new code runs at once and waits for nothing"))
    if migrated.value and not migrated.currency:
        say("note: the code names no currency, and a value needs one; --currency CODE adds it")
    elif migrated.event == "Purchase" and not migrated.value:
        say("note: the code has no value, and a Purchase needs one; add it to the code that was printed")
