"""Where the code comes from: the API, or a file that somebody sent; and what it is to report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from snippetkit.cli._api import Api, Fetched, api_options
from snippetkit.cli._kind import connect, fetch, kind_option
from snippetkit.cli._output import printable
from snippetkit.cli._texts import STDIN, read_text
from snippetkit.cli._types import CURRENCY, HOST, MINOR_UNITS, PIXEL_ID
from snippetkit.errors import SnippetError
from snippetkit.terms import Kind

if TYPE_CHECKING:
    from snippetkit.lint import Finding
    from snippetkit.model import Snippet
    from snippetkit.snippets import Document


class Value(NamedTuple):
    """What one conversion is to be worth: minor units, the currency, and whether an expression is replaced too."""

    cents: int | None
    currency: str | None
    force: bool


class Source(NamedTuple):
    """One pixel's code: from the API, or from a file, and then only with the hosts that are allowed."""

    api: Api
    kind: Kind
    pixel_id: str | None
    file: str | None
    value: Value
    allowed_hosts: frozenset[str]

    def check_named(self) -> None:
        """Make sure that `--pixel` or `--from-file` is given."""
        if self.pixel_id is None and self.file is None:
            raise click.UsageError("Give --pixel, or --from-file.")

    def load(self) -> Fetched:
        """Return the pixel's code, checked, with the value set.

        Raises:
            SnippetError: the code is not what it should be.
        """
        if self.file is not None:
            snippet = checked_file(self.file, self.pixel_id, self.allowed_hosts)
            return Fetched("Pixel", None, with_value(snippet, self.value))
        assert self.pixel_id  # noqa: S101
        with connect(self.api, self.kind) as transport:
            fetched = fetch(transport, self.kind, self.pixel_id, self.value.cents)
        snippet = fetched.snippet
        return fetched._replace(snippet=with_value(snippet, self.value) if self.value.currency else snippet)


_VALUE_OPTIONS = (
    click.option("--value", "value_cents", type=MINOR_UNITS, help="What a conversion is worth: 1999 is 19.99 dollars."),
    click.option("--currency", type=CURRENCY, help="The value's currency, such as USD.  [default: the code's]"),
    click.option(
        "--force", is_flag=True, help="Replace a value that is an expression; on pages, also what was edited by hand."
    ),
)
_FILE_OPTION = click.option(
    "--from-file", metavar="FILE", help="Take the code from a file, or from stdin with '-', and not from the API."
)
_SOURCE_OPTIONS = (
    click.option("--pixel", "pixel_id", type=PIXEL_ID, help="The pixel; with --from-file, which of several there."),
    click.option("--allow-host", multiple=True, type=HOST, help="Another host that the file's code may reach."),
)


def value_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--value`, `--currency`, `--force`: the command gets them as one `Value`."""

    @wraps(function)
    def command(*args: Any, value_cents: int | None, currency: str | None, force: bool, **arguments: Any) -> None:
        if currency and value_cents is None:
            raise click.UsageError("--currency goes with --value.")
        function(*args, value=Value(value_cents, currency, force), **arguments)

    for option in reversed(_VALUE_OPTIONS):
        command = option(command)
    return command


def file_option(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--from-file`."""
    return _FILE_OPTION(function)


def source_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say which code, from where, and what it is worth: the command gets them as one `Source`."""

    @wraps(function)
    def command(source: Source, **arguments: Any) -> None:
        source.check_named()
        function(source, **arguments)

    return any_source_options(command)


def any_source_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the same options, for a command that may take the pixels from elsewhere: `Source.check_named` is its own."""

    @wraps(function)
    def command(
        api: Api, kind: Kind, pixel_id: str | None, from_file: str | None, allow_host: tuple[str, ...], **arguments: Any
    ) -> None:
        value = arguments.pop("value")
        function(Source(api, kind, pixel_id, from_file, value, frozenset(allow_host)), **arguments)

    with_options = value_options(kind_option(api_options(command)))
    for option in reversed((_SOURCE_OPTIONS[0], _FILE_OPTION, _SOURCE_OPTIONS[1])):
        with_options = option(with_options)
    return with_options


def file_snippets(file: str, pixel_ids: Sequence[str]) -> tuple[Document, list[Snippet]]:
    """Return the code in a file as a document, and its snippets: of these pixels, or all where none is named.

    Raises:
        FileError: it cannot be read.
        SnippetError: there are none, or none of a pixel that is named.
    """
    from snippetkit import snippets

    document = snippets.parse(snippets.without_nonce(read_text(file)))
    found = snippets.read_document(document)
    if not found:
        raise SnippetError(f"{name_of(file)}: no conversion code", hint="'snippetkit lint' may say why")
    there = {snippet.pixel_id: snippet.key for snippet in found}
    for missing in (pixel_id for pixel_id in pixel_ids if pixel_id not in there):
        raise SnippetError(f"{name_of(file)} has no code of pixel {missing}, but {', '.join(there.values())}")
    return document, [snippet for snippet in found if not pixel_ids or snippet.pixel_id in pixel_ids]


def by_script(found: Sequence[Snippet]) -> list[Snippet]:
    """Return snippets with those of one script and one pixel joined, where they report one conversion."""
    from itertools import groupby

    from snippetkit import snippets

    joined: list[Snippet] = []
    for _, group in groupby(found, key=lambda snippet: (snippet.line, snippet.column)):
        of_script = list(group)
        try:
            joined.append(snippets.join(of_script))
        except SnippetError:
            joined += of_script
    return joined


def checked_file(file: str, pixel_id: str | None, allowed_hosts: frozenset[str]) -> Snippet:
    """Return the code of the one script in a file, found to do nothing else than conversion code does.

    Where the script combines several pixels, it is the named pixel's, in fresh code of its own.

    Raises:
        FileError: it cannot be read.
        SnippetError: there is not one script, with its noscript, or it reaches further.
    """
    document, found = trusted_file(file, [pixel_id] if pixel_id else [], allowed_hosts)
    places = {(snippet.line, snippet.column) for snippet in found}
    if len(places) > 1:
        keys = ", ".join(snippet.key for snippet in found)
        raise SnippetError(f"{name_of(file)} has {len(places)} scripts: {keys}", hint="give one, or name its --pixel")
    return code_of_pixel(file, document, pixel_id, *places)


def trusted_file(file: str, pixel_ids: Sequence[str], allowed_hosts: frozenset[str]) -> tuple[Document, list[Snippet]]:
    """Return what `file_snippets` does, found to do nothing else than conversion code does.

    Raises:
        FileError, SnippetError: as `file_snippets` does; SnippetError also where the code reaches further.
    """
    from snippetkit import lint

    document, found = file_snippets(file, pixel_ids)
    untrusted = lint.find_untrusted(document, allowed_hosts)
    if untrusted:
        raise SnippetError(_reason(file, untrusted[0]), hint=_hint(untrusted[0]))
    return document, found


def code_of_pixel(file: str, document: Document, pixel_id: str | None, place: tuple[int, int] | None = None) -> Snippet:
    """Return code as that of one pixel: the named one, in fresh code, where several are combined, else the only one.

    Args:
        file: for messages.
        document: holds the code.
        pixel_id: which pixel.
        place: the line and column of the script that counts, or None where nothing else is in the document.

    Raises:
        SnippetError: several pixels share the script; or it is no conversion pixel's code, or no UTF-8.
    """
    from snippetkit import snippets

    found = [*zip(document.codes, snippets.read_document(document), strict=True)]
    of_script = [pair for pair in found if place is None or (pair[1].line, pair[1].column) == place]
    queues = {code.report.queue for code, _ in of_script}
    named = [snippet for _, snippet in of_script if snippet.pixel_id == pixel_id]
    is_combined = len(of_script) > 1 == len(queues) and queues != {None}
    if is_combined and len(named) == 1:
        snippet = _written_anew(named[0])
    else:
        hint = "name its --pixel" if is_combined else "give each pixel a script of its own"
        snippet = _joined(file, [snippet for _, snippet in of_script], hint)
    if not snippet.script or snippet.dialect == "audience":
        raise SnippetError(f"{name_of(file)} has an {snippet.dialect} pixel, not a conversion pixel's code")
    if any("\ud800" <= char <= "\udfff" for char in snippet.source):
        raise SnippetError(f"{name_of(file)}: the code is not UTF-8, as pages are", hint="save it as UTF-8")
    return snippet


def _written_anew(snippet: Snippet) -> Snippet:
    """One of several pixels of a script, in a script of its own."""
    from snippetkit import snippets
    from snippetkit.templating import Template, render_blocks

    [alone] = snippets.read("\n".join(render_blocks(Template("clean"), [snippet]).values()))
    return alone


def _joined(file: str, found: list[Snippet], hint: str) -> Snippet:
    from snippetkit import snippets

    try:
        return snippets.join(found)
    except SnippetError as error:
        raise SnippetError(f"{name_of(file)}: {error}", hint=hint) from error


def with_value(snippet: Snippet, value: Value) -> Snippet:
    """Return the snippet with the value that is wanted, if one is.

    Raises:
        SettingError: the vendor does not know the currency.
        SnippetError: there is no place for it.
    """
    from snippetkit import money

    if value.cents is None:
        return snippet
    currency = value.currency or snippet.currency or "USD"
    try:
        return snippet.with_value(money.to_major(value.cents, currency), value.currency, force=value.force)
    except SnippetError as error:
        raise SnippetError(f"pixel {snippet.pixel_id}: {error}", hint=error.hint) from error


def say_untrusted(file: str, document: Document) -> None:
    """Print on stderr what keeps a file's code from going onto a page."""
    from snippetkit import lint

    for finding in lint.find_untrusted(document):
        click.echo(f"warning: {printable(_reason(file, finding))}", err=True)


def _reason(file: str, finding: Finding) -> str:
    return f"{name_of(file)}:{finding.line}:{finding.column}: {finding.code}: {finding.message}"


def _hint(finding: Finding) -> str:
    hosts = " ".join(f"--allow-host {host}" for host in finding.hosts)
    return f"{hosts} allows it" if hosts else "nothing was written; send only the vendor's code"


def name_of(file: str) -> str:
    """Return what messages call a file."""
    return "stdin" if file == STDIN else file
