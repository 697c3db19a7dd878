"""`snippetkit snippet`: print the code of pixels."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from snippetkit import work
from snippetkit.cli._api import Api, api_options, say_what_it_reports
from snippetkit.cli._command import Command, refuse_options
from snippetkit.cli._kind import code_kind_option, connect
from snippetkit.cli._output import printable
from snippetkit.cli._saying import put, say, warn
from snippetkit.cli._source import check_file, file_options, read_sent, say_notes, say_retired, value_options
from snippetkit.cli._template import say_note, template_options
from snippetkit.cli._types import ACCOUNT, CODE_PIXEL
from snippetkit.errors import ApiError, SettingError, SnippetError, SnippetkitError
from snippetkit.terms import Kind, Variant
from snippetkit.work import Rendering, Sent, Value

if TYPE_CHECKING:
    from snippetkit.graph import Transport
    from snippetkit.model import Snippet


class _Output(NamedTuple):
    """What to print of each snippet: a variant, or what a template makes of all."""

    variant: Variant
    rendering: Rendering

    def text(self, snippet: Snippet) -> str:
        """Return the variant of a snippet.

        Raises:
            SettingError: its image is to be lazy, but there is none in a noscript.
        """
        from snippetkit.snippets import take_variant

        text = take_variant(snippet, self.variant)
        if not self.rendering.is_lazy:
            return text
        if self.variant is Variant.FULL:
            return work.lazy_text(text, snippet)
        around = "<noscript>", "</noscript>"
        return work.lazy_text(text.join(around), snippet).removeprefix(around[0]).removesuffix(around[1])


@click.command(cls=Command)
@click.argument("pixel_ids", metavar="[PIXEL...]", type=CODE_PIXEL, nargs=-1)
@click.option("--all", "take_all", is_flag=True, help="All pixels of --account.")
@click.option("--account", type=ACCOUNT, envvar="SNIPPETKIT_ACCOUNT", show_envvar=True, help="For --all.")
@file_options
@value_options
@click.option(
    "--variant",
    type=click.Choice([variant.value for variant in Variant]),
    default=Variant.FULL.value,
    show_default=True,
    help="All of it, the script, the HTML between <noscript> and </noscript>, or the image's URL.",
)
@click.option(
    "--via",
    type=click.Choice(["js_pixel", "snippets"]),
    default="js_pixel",
    show_default=True,
    help="Which of the API's two calls fetches a conversion pixel's code.",
)
@template_options
@code_kind_option
@api_options
def command(
    api: Api,
    kind: str,
    pixel_ids: tuple[str, ...],
    take_all: bool,
    account: str | None,
    from_file: str | None,
    languages: tuple[str, ...],
    value: Value,
    variant: str,
    via: str,
    rendering: Rendering,
) -> None:
    """Print the code of a pixel, byte for byte.

    Only a terminal gets a newline behind it. Several pixels, or --all, are fetched in batches of 50, and each code
    has a newline behind it. With --from-file the code is taken from a text, a page for example: all of it, or that
    of the PIXELs. With a --kind NAME it is made here, by what the platform says of its code.
    """
    check_file(from_file, kind, languages)
    _check_options(rendering, Variant(variant), from_file, take_all=take_all, value=value)
    output = _Output(Variant(variant), rendering)
    if from_file is not None:
        _print_file(read_sent(from_file), pixel_ids, value, output, languages)
        return
    if not isinstance(kind, Kind):
        _print_made(kind, pixel_ids, value, output)
        return
    one = len(pixel_ids) == 1
    if bool(pixel_ids) == take_all or (take_all and account is None) or (via == "snippets" and not one):
        raise click.UsageError(
            "Give one PIXEL, or several, or --all with --account, or --from-file; --via snippets takes one."
        )
    with connect(api, kind) as transport:
        if take_all or not one:
            pixel_ids = pixel_ids or tuple(work.list_ids(transport, kind, account or ""))
            _print_many(transport, kind, pixel_ids, value, output)
            return
        snippet = _fetch_one(transport, kind, pixel_ids[0], value, via)
    _print([[snippet]], output)


def _check_options(rendering: Rendering, variant: Variant, file: str | None, *, take_all: bool, value: Value) -> None:
    """Make sure that no option would be lost."""
    if rendering.name:
        refuse_options("cannot be used with --template: the template decides what is printed.", "variant")
    else:
        refuse_options("needs --template.", "folder")
        if variant in {Variant.SCRIPT, Variant.IMAGE}:
            refuse_options(f"is for the noscript, not for --variant {variant}.", "is_lazy")
    if not take_all:
        refuse_options("needs --all.", "account")
    if not value.is_given:
        refuse_options("needs --value or --amount.", "force", *(["event"] if file else []))


def _print_file(
    sent: Sent, pixel_ids: tuple[str, ...], value: Value, output: _Output, languages: tuple[str, ...]
) -> None:
    from snippetkit import lint, snippets

    document, readings = work.find_snippets(sent, pixel_ids)
    for finding in lint.find_untrusted(document, languages=frozenset(languages)):
        _warn(sent.reason(finding) + (f"; {work.hint_of(finding)}" if finding.languages else ""))
    for finding in work.find_errors(document, readings, value):
        _warn(sent.reason(finding))
    say_retired(readings)
    _print([_with_value(sent.name, group, value) for group in snippets.group(readings)], output)


def _warn(reason: str) -> None:
    warn(f"warning: {printable(reason)}")


def _with_value(name: str, group: Sequence[Snippet], value: Value) -> list[Snippet]:
    """What belongs together, as one snippet; where it cannot be one, as one for each pixel and event, with one source.

    Raises:
        SnippetError: there is no place for the value, or one of several snippets would get it, and the others not.
    """
    from snippetkit import snippets

    try:
        joined = snippets.join(group)
    except SnippetError as error:
        changed = [work.with_value(snippet, value) for snippet in snippets.share_source(group)]
        if len({snippet.source for snippet in changed}) > 1:
            raise SnippetError(f"{name}: {error}", hint="name the PIXEL that --value is for") from error
        return changed
    return [work.with_value(joined, value)]


def _print_made(kind: str, pixel_ids: tuple[str, ...], value: Value, output: _Output) -> None:
    refuse_options(f"cannot be used with --kind {kind}: code that is made here has no value to replace.", "force")
    if not pixel_ids:
        raise click.UsageError(f"Give the PIXEL for which --kind {kind} makes the code.")
    made = [fetched.snippet for fetched in work.make_each(kind, pixel_ids, value)]
    needs_image = output.variant in {Variant.NOSCRIPT, Variant.IMAGE}
    for reason in filter(None, map(work.why_no_image, made if needs_image else ())):
        raise SettingError(f"--variant {output.variant}: {reason}", hint="leave it out")
    _print([[snippet] for snippet in made], output)
    say_notes(made)


def _print_many(transport: Transport, kind: Kind, pixel_ids: tuple[str, ...], value: Value, output: _Output) -> None:
    if value.currency or value.event:
        raise click.UsageError(f"{'--currency' if value.currency else '--event'} takes one PIXEL.")
    if output.rendering.name:
        fetched = work.fetch_each(transport, kind, pixel_ids, value.cents)
        every = [work.with_wanted(one.snippet, kind, value) for one in fetched]
        for snippet in every:
            say_what_it_reports(snippet)
        _print_rendered(output.rendering, every)
    else:
        _print_codes(transport, kind, pixel_ids, value, output)


def _print_codes(transport: Transport, kind: Kind, pixel_ids: Sequence[str], value: Value, output: _Output) -> None:
    """Print each pixel's code, a newline behind each, and name the pixels that failed.

    Raises:
        ApiError: at least one failed; the others were printed.
    """
    if not pixel_ids:
        say("the ad account has no pixels; 'snippetkit pixels create' makes one")
    failed = 0
    for pixel_id, fetched in work.fetch_all(transport, kind, pixel_ids, value.cents):
        if isinstance(fetched, SnippetkitError):
            failed += 1
            warn(f"failed: {pixel_id}: {printable(fetched.with_hint())}")
        else:
            put(output.text(work.with_wanted(fetched.snippet, kind, value)).encode())
    if failed:
        raise ApiError(f"{failed} of {len(pixel_ids)} pixels failed", hint="the others were printed")


def _print_rendered(rendering: Rendering, snippets: Sequence[Snippet]) -> None:
    """Print the template's text for these snippets: the script, then the noscript, each ended by a newline."""
    for text in rendering.render(snippets, say_note).values():
        put(text.encode())


def _print(groups: Sequence[Sequence[Snippet]], output: _Output) -> None:
    """Print the snippets; what those that share a source have in common is printed once."""
    every = [snippet for group in groups for snippet in group]
    for snippet in every:
        say_what_it_reports(snippet)
    if output.rendering.name:
        _print_rendered(output.rendering, every)
        return
    texts = [text for group in groups for text in dict.fromkeys(output.text(one) for one in group)]
    for text in texts:
        put(text.encode("utf-8", "surrogateescape"), nl=sys.stdout.isatty() or len(texts) > 1)


def _fetch_one(transport: Transport, kind: Kind, pixel_id: str, value: Value, via: str) -> Snippet:
    from snippetkit.graph import read_code

    if via == "snippets":
        snippet = work.check_code(read_code(transport, pixel_id, value.cents), pixel_id, value.cents)
    else:
        snippet = work.fetch(transport, kind, pixel_id, value.cents).snippet
    return work.with_wanted(snippet, kind, value)
