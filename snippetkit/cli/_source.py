"""Where the code comes from: the API, a file that somebody sent, or here; and what it is to report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from snippetkit import work
from snippetkit.cli._api import Api, api_options, say_what_it_reports
from snippetkit.cli._command import add_options, refuse_options
from snippetkit.cli._kind import code_kind_option, connect
from snippetkit.cli._output import printable, shown_value, table
from snippetkit.cli._paths import File
from snippetkit.cli._saying import say, warn
from snippetkit.cli._sheet import PagesFile, pages_file_options
from snippetkit.cli._texts import name_of, read_code
from snippetkit.cli._types import AMOUNT, ASKED, CODE_PIXEL, CURRENCY, HOST, LANGUAGE, MINOR_UNITS
from snippetkit.terms import STDIN, Kind
from snippetkit.work import Allowed, Fetched, FromApi, FromFile, Made, Origin, Sent, Value

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from snippetkit.model import Snippet
    from snippetkit.platforms import Ids
    from snippetkit.rules import PixelValue, Rules


def _complete_events(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    from snippetkit.cli import _completing

    return _completing.events(ctx, incomplete)


_FOR_THE_API = ("kind", "event_id", "api_url", "api_version", "access_token_file", "token_in", "no_cache", "offline")
_FILE_OPTION = click.option(
    "--from-file",
    metavar="FILE",
    type=File(),
    is_eager=True,
    help="Take the code from a file instead of the API; '-' is stdin.",
)
_LANGUAGES_OPTION = click.option(
    "--server-values",
    "languages",
    multiple=True,
    type=LANGUAGE,
    help="Allow plain values of this server language in the file's code, such as php; repeatable.",
)
_OPTIONS = (
    click.option(
        "--pixel",
        "pixel_ids",
        type=CODE_PIXEL,
        multiple=True,
        help="The pixel; repeatable. With --from-file, which of the pixels there.",
    ),
    _FILE_OPTION,
    click.option(
        "--allow-host", multiple=True, type=HOST, help="Allow the file's code to reach this host; repeatable."
    ),
    click.option(
        "--allow",
        multiple=True,
        type=ASKED,
        help="Allow what a refusal of the file's code names, such as consent:grant; repeatable.",
    ),
    _LANGUAGES_OPTION,
)
_VALUE_OPTIONS = (
    click.option("--value", "value_cents", type=MINOR_UNITS, help="What a conversion is worth: 1999 is 19.99 dollars."),
    click.option("--amount", type=AMOUNT, metavar="AMOUNT", help="The same in major units: 19.99 is 19.99 dollars."),
    click.option("--currency", type=CURRENCY, help="The value's currency, such as USD.  [default: the code's]"),
    click.option(
        "--event",
        metavar="NAME",
        shell_complete=_complete_events,
        help="With --kind meta or NAME, the event to report: Purchase, or a name of your own. With "
        "--from-file, which event the value is for.",
    ),
    click.option(
        "--event-id", metavar="ID", help="With --event, the id under which your server reports the same event."
    ),
    click.option(
        "--force", is_flag=True, help="Also replace values that are expressions, and on pages what was edited by hand."
    ),
)


class Source(NamedTuple):
    """The code of pixels: from the API, made here, or from a file, and then only with what is allowed."""

    api: Api
    kind: str
    pixel_ids: tuple[str, ...]
    file: str | None
    value: Value
    allowed: Allowed

    def origin(self) -> Origin:
        """Return where the code comes from; a file is read for it.

        Raises:
            FileError: the file cannot be read.
        """
        kind = self.kind
        if not isinstance(kind, Kind):
            return Made(kind)
        if self.file is None:
            return FromApi(lambda: connect(self.api, kind), kind)
        return FromFile(read_sent(self.file), self.allowed)

    def ids(self) -> list[Ids]:
        """Return what the ids of its pixels look like: in a file as any platform has them, none where the API does."""
        from snippetkit import platforms

        if not isinstance(self.kind, Kind):
            return [platforms.ids_of(self.kind)]
        return [] if self.file is None else [platform.ids for platform in platforms.every_platform()]

    def load_by_rules(self, rules: Rules) -> dict[PixelValue, Fetched]:
        """Return the code for each rule; where several pixels fail, say on stderr why each does.

        Raises:
            FileError: the file cannot be read.
            SnippetkitError: as `work.load_by_rules` does.
        """
        return work.load_by_rules(rules, self.origin(), self.value, say_failed)

    def say(self, snippet: Snippet, where: str = "", setter: str = "--value") -> None:
        """Print on stderr what code reports, and where the value comes from, if nobody asked for one.

        Args:
            snippet: the code.
            where: on which pages that holds, if not on all.
            setter: what asks for another value.
        """
        if snippet.value is None or self.value.is_given:
            say_what_it_reports(snippet)
            return
        whose = "the API's default" if self.file is None else f"from {name_of(self.file)}"
        say_what_it_reports(snippet, ", ".join(filter(None, [whose, where])) + f"; {setter} changes it")

    def say_notes(self, snippets: Iterable[Snippet]) -> None:
        """Print on stderr what there is to know about code that was made here, or sent, each thing once."""
        if not isinstance(self.kind, Kind):
            say_notes(snippets)
        elif self.file is not None:
            say_retired(snippets)

    def say_values(self, rules: Rules, loaded: Mapping[PixelValue, Fetched], where: str = "") -> None:
        """Print on stderr what each rule puts where, to show a value off by 100, and whose a missing one is.

        Args:
            rules: as they were read.
            loaded: the code of each.
            where: on which pages a value that no rule asks for holds, if not on all.
        """
        kept = work.keeps_values(rules) if where else ()
        say_table(work.values_of(rules, loaded), dict.fromkeys(kept, OF_PAGE))
        self.say_notes([fetched.snippet for fetched in loaded.values()])
        for wanted, fetched in loaded.items():
            if not work.of_rule(wanted).is_given and fetched.snippet.value is not None:
                self.say(fetched.snippet, where, "a value in its rule")


OF_PAGE = "the page's"
"""What tells a value where a rule has none."""


def say_table(rows: Sequence[Mapping[str, str | None]], whose: Mapping[int, str] = {}) -> None:
    """Print on stderr what each rule puts where.

    Args:
        rows: at least one, as `work.values_of` gives them.
        whose: what tells the value, by the places, from 0, of those whose code's value only counts where it does not.
    """
    values = (shown_value(row["value"], row["currency"]) for row in rows)
    shown = (f"{whose[at]}, or {value}" if value and at in whose else value for at, value in enumerate(values))
    cells = ({**row, "value": value}.values() for row, value in zip(rows, shown, strict=True))
    say(table([[name.upper() for name in rows[0]], *([cell or "" for cell in row] for row in cells)]))


def say_failed(reason: str) -> None:
    """Say on stderr why one of several pixels failed."""
    warn(f"failed: {printable(reason)}")


def say_notes(made: Iterable[Snippet]) -> None:
    """Print on stderr what there is to know about code that was made here, each thing once."""
    for note in dict.fromkeys(note for snippet in made for note in work.notes(snippet)):
        say(printable(f"note: {note}"))


def say_retired(sent: Iterable[Snippet]) -> None:
    """Print on stderr that nothing is counted any more of code that somebody sent, each thing once."""
    for reason in dict.fromkeys(filter(None, map(work.why_retired, sent))):
        say(f"note: {reason}")


def read_sent(file: str) -> Sent:
    """Return the text of a file, or of stdin for `-`, and its name.

    Raises:
        FileError: it cannot be read.
    """
    return Sent(name_of(file), read_code(file))


def file_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--from-file` and `--server-values`."""
    return _FILE_OPTION(_LANGUAGES_OPTION(function))


def value_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--value`, `--amount`, `--currency` and what goes with them: the command gets one `Value`."""

    @wraps(function)
    def command(
        *args: Any,
        value_cents: int | None,
        amount: str | None,
        currency: str | None,
        event: str | None,
        event_id: str | None,
        force: bool,
        **arguments: Any,
    ) -> None:
        if event_id and event is None and isinstance(arguments["kind"], Kind):
            raise click.UsageError("--event-id needs --event.")
        if value_cents is not None and amount is not None:
            raise click.UsageError("--value and --amount cannot be used together: they are the same in two units.")
        value = Value(value_cents, currency, force, event, event_id, amount=amount)
        if currency and not value.is_given:
            raise click.UsageError("--currency needs --value or --amount.")
        function(*args, value=value, **arguments)

    return add_options(command, *_VALUE_OPTIONS)


def pages_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--pages`, and the options for the code: the command gets `source` and `pages_file`.

    With `--pages` the source names no pixel and no value: it says where the code of all of them is from.
    """

    @wraps(function)
    def command(
        api: Api,
        kind: str,
        pixel_ids: tuple[str, ...],
        from_file: str | None,
        allow_host: tuple[str, ...],
        languages: tuple[str, ...],
        allow: tuple[str, ...],
        pages_file: PagesFile,
        value: Value,
        **arguments: Any,
    ) -> None:
        check_file(from_file, kind, languages)
        allowed = Allowed(frozenset(allow_host), frozenset(languages), frozenset(allow))
        source = Source(api, kind, tuple(dict.fromkeys(pixel_ids)), from_file, value, allowed)
        _check_source(source, pages_file)
        function(source=source, pages_file=pages_file, **arguments)

    with_rules = pages_file_options(value_options(code_kind_option(api_options(command))))
    return add_options(with_rules, *_OPTIONS)


def _check_source(source: Source, pages_file: PagesFile) -> None:
    if pages_file.path is None:
        if not source.pixel_ids and source.file is None:
            raise click.UsageError("Give --pixel, or --from-file.")
        return
    if source.pixel_ids:
        raise click.UsageError("--pixel cannot be used with --pages; each rule names its pixel.")
    if source.value.is_given:
        option = "--value" if source.value.amount is None else "--amount"
        raise click.UsageError(f"{option} cannot be used with --pages; put values into the rules file.")
    if pages_file.path == source.file == STDIN:
        raise click.UsageError("--pages and --from-file cannot both be read from stdin.")


def check_file(file: str | None, kind: str, languages: Sequence[str]) -> None:
    """Make sure that no option would be lost with `--from-file`, or without it."""
    if file is not None:
        refuse_options("cannot be used with --from-file, which asks no API.", *_FOR_THE_API, "take_all", "via")
        return
    refuse_options("needs --from-file.", "allow_host", "allow")
    if kind is Kind.CONVERSION:
        refuse_options("needs a --kind that has events, such as meta, or --from-file.", "event", "event_id")
    if languages:
        raise click.UsageError("--server-values needs --from-file: the API's code has no server code.")
