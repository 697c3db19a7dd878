"""`--pages`: the code of each pixel that page rules name, with each of its values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from snippetkit.cli._api import Fetched
from snippetkit.cli._kind import connect
from snippetkit.cli._many import fetch_all
from snippetkit.cli._output import printable
from snippetkit.cli._source import Source, Value, any_source_options, code_of_pixel, name_of, trusted_file, with_value
from snippetkit.cli._texts import STDIN, read_text
from snippetkit.errors import ApiError, SnippetError, SnippetkitError

if TYPE_CHECKING:
    from snippetkit.model import Snippet
    from snippetkit.rules import Conversion, Rule, Rules
    from snippetkit.snippets import Document

_ONE = "put all of its code into one"
_PAGES_OPTION = click.option(
    "--pages",
    "pages_file",
    metavar="FILE",
    help="Which pixel with which value is on which page: a CSV or JSON of page,pixel,value,currency; '-' is stdin.",
)


def pages_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--pages` and what `source_options` adds: the command gets `source`, and `pages_file` or None.

    With `--pages` the source names no pixel and no value: it says where the code of all of them is from.
    """

    @wraps(function)
    def command(source: Source, pages_file: str | None, **arguments: Any) -> None:
        if pages_file is None:
            source.check_named()
        else:
            _check_source(source, pages_file)
        function(source, pages_file=pages_file, **arguments)

    return _PAGES_OPTION(any_source_options(command))


def _check_source(source: Source, pages_file: str) -> None:
    if source.pixel_id is not None:
        raise click.UsageError("--pages is not for --pixel: each rule names its pixel.")
    if source.value.cents is not None:
        raise click.UsageError("--pages is not for --value: each rule has its value and its currency.")
    if pages_file == source.file == STDIN:
        raise click.UsageError("--pages and --from-file cannot both be read from stdin.")


def read_rules(file: str) -> Rules:
    """Return the page rules in a file, or in stdin for `-`.

    Raises:
        FileError: it cannot be read.
        SettingError: a rule is not what it should be, with its line.
    """
    from snippetkit import rules

    return rules.parse(read_text(file), name_of(file))


def load(rules: Rules, source: Source) -> dict[Conversion, Fetched]:
    """Return the code for each rule, checked as `Source.load` does, by what the rule wants reported.

    Each pixel is asked for once, whatever its values are; those are set here.

    Args:
        rules: at least one.
        source: the API, or the file that holds the code of all pixels; it names no pixel and no value.

    Raises:
        FileError: the file cannot be read.
        TokenError, ApiError, NetworkError: the API refused, or could not be reached.
        SnippetError, SettingError: code is not what it should be, or cannot report the value; with the rule's line.
    """
    first: dict[str, Rule] = {}
    for rule in rules.rules:
        first.setdefault(rule.pixel_id, rule)
    codes = _from_api(rules, first, source) if source.file is None else _from_file(rules, first, source)
    loaded: dict[Conversion, Fetched] = {}
    for rule in (rule for rule in rules.rules if rule.conversion not in loaded):
        value = Value(rule.value_cents, rule.currency, source.value.force)
        of_pixel = codes[rule.pixel_id]
        with _naming(rules, rule):
            loaded[rule.conversion] = of_pixel._replace(snippet=with_value(of_pixel.snippet, value))
    return loaded


def _from_api(rules: Rules, first: Mapping[str, Rule], source: Source) -> dict[str, Fetched]:
    codes: dict[str, Fetched] = {}
    failed: list[SnippetkitError] = []
    with connect(source.api, source.kind) as transport:
        for pixel_id, code in fetch_all(transport, source.kind, [*first], None):
            if isinstance(code, SnippetkitError):
                failed.append(_named(rules, first[pixel_id], code))
            else:
                codes[pixel_id] = code
    if len(failed) == 1:
        raise failed[0]
    for error in failed:
        click.echo(f"failed: {printable(str(error))}", err=True)
    if failed:
        raise ApiError(f"{len(failed)} of {len(first)} pixels failed", hint="nothing was written")
    return codes


def _from_file(rules: Rules, first: Mapping[str, Rule], source: Source) -> dict[str, Fetched]:
    assert source.file is not None  # noqa: S101
    _, found = trusted_file(source.file, [], source.allowed_hosts)
    scripts = _scripts(found)
    codes: dict[str, Fetched] = {}
    for pixel_id, rule in first.items():
        with _naming(rules, rule):
            codes[pixel_id] = Fetched("Pixel", None, _code_of(pixel_id, scripts, source.file))
    return codes


def _scripts(found: Sequence[Snippet]) -> dict[str, list[Document]]:
    """For each pixel its scripts, each with its noscript, and without what other scripts have told the queue."""
    from snippetkit import snippets

    at: dict[tuple[int, int], list[Snippet]] = defaultdict(list)
    for snippet in found:
        at[snippet.line, snippet.column].append(snippet)
    of_pixel: dict[str, list[Document]] = defaultdict(list)
    for of_script in at.values():
        best = max(of_script, key=lambda snippet: (bool(snippet.noscript_span), snippet.conversion))
        alone = snippets.parse(best.source)
        named = {code.pixel_id for code in alone.codes}
        for pixel_id in named if "" not in named else {snippet.pixel_id for snippet in of_script}:
            of_pixel[pixel_id].append(alone)
    return of_pixel


def _code_of(pixel_id: str, scripts: Mapping[str, Sequence[Document]], file: str) -> Snippet:
    documents = scripts.get(pixel_id, ())
    if not documents:
        there = ", ".join(known for known in scripts if known)
        raise SnippetError(f"{name_of(file)} has no code of pixel {pixel_id}, but of {there}")
    if len(documents) > 1:
        raise SnippetError(f"{name_of(file)} has {len(documents)} scripts of pixel {pixel_id}", hint=_ONE)
    return code_of_pixel(file, documents[0], pixel_id)


@contextmanager
def _naming(rules: Rules, rule: Rule) -> Iterator[None]:
    """Put the rule's line in front of an error."""
    try:
        yield
    except SnippetkitError as error:
        raise _named(rules, rule, error) from error.__cause__


def _named(rules: Rules, rule: Rule, error: SnippetkitError) -> SnippetkitError:
    """The same error, with the line and the pixel of a rule in front; its kind says how the command ends."""
    reason = str(error).removeprefix(f"pixel {rule.pixel_id}: ")
    error.args = (f"{rules.name}, line {rule.line}: pixel {rule.pixel_id}: {reason}",)
    return error
