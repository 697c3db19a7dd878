"""When and what a tag of an export fires: pages, or an event, and which part of the code."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from snippetkit.cli._command import add_options
from snippetkit.terms import Consent, Match, TagVariant
from snippetkit.work import Tagging

# Each page option, what its text is called, and what it is for.
_PAGE_OPTIONS = {
    Match.EXACT: ("--page-path", "PATH", "Fire on the page with exactly this path, '/thanks.html'."),
    Match.PREFIX: ("--page-prefix", "PATH", "Fire on pages whose path begins with this."),
    Match.REGEX: ("--page-regex", "REGEX", "Fire on pages whose path matches this."),
    Match.CONTAINS: ("--page-contains", "TEXT", "Fire on pages whose URL contains this, query included."),
    Match.HOST: ("--page-host", "HOST", "Fire on pages of this host."),
}
_KEYS = {"value": "value_key", "currency": "currency_key", "order_id": "order_key"}
_TAGGING_OPTIONS = (
    *(
        click.option(option, f"page_{match}", multiple=True, metavar=metavar, help=text)
        for match, (option, metavar, text) in _PAGE_OPTIONS.items()
    ),
    click.option("--all-pages", "page_all", is_flag=True, help="Fire on every page."),
    click.option("--ignore-case", is_flag=True, help="Ignore case in paths, hosts and URLs."),
    click.option("--on-event", "event_name", metavar="NAME", help="Fire when this custom event is pushed."),
    click.option("--value-key", metavar="KEY", help="Where the event's value is in the data layer.  [default: value]"),
    click.option("--currency-key", metavar="KEY", help="Where its currency is there.  [default: currency]"),
    click.option("--order-key", metavar="KEY", help="Where the order's id is there."),
    click.option(
        "--variant",
        type=click.Choice([variant.value for variant in TagVariant]),
        default=TagVariant.SCRIPT.value,
        show_default=True,
        help="What fires: the script, the image, or both, each in its own tag.",
    ),
    click.option(
        "--consent",
        type=click.Choice([consent.value for consent in Consent]),
        default=Consent.ADS.value,
        show_default=True,
        help="What a tag waits for: the visitor's consent to ads, or nothing.",
    ),
)


def tagging_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say where, when and what a tag fires: the command gets them as one `Tagging`."""

    @wraps(function)
    def command(ignore_case: bool, event_name: str | None, variant: str, consent: str, **arguments: Any) -> None:
        texts = {match: arguments.pop(f"page_{match}") for match in _PAGE_OPTIONS}
        pages = tuple((match, text) for match, given in texts.items() for text in given)
        pages += ((Match.ALL, ""),) if arguments.pop("page_all") else ()
        given = {name: arguments.pop(option) for name, option in _KEYS.items()}
        keys = {name: key for name, key in given.items() if key is not None}
        tagging = Tagging(pages, ignore_case, event_name, keys, TagVariant(variant), Consent(consent))
        _check_tagging(tagging)
        function(tagging=tagging, **arguments)

    return add_options(command, *_TAGGING_OPTIONS)


def _check_tagging(tagging: Tagging) -> None:
    """Make sure that the options go together."""
    if tagging.pages and tagging.event_name is not None:
        raise click.UsageError("Give pages, such as --page-path, or --on-event: a tag fires on one or the other.")
    if len(tagging.pages) > 1 and (Match.ALL, "") in tagging.pages:
        raise click.UsageError("--all-pages already covers what --page-path and the like name; give one or the other.")
    if tagging.keys and tagging.event_name is None:
        raise click.UsageError("--value-key, --currency-key and --order-key need --on-event.")
    if tagging.ignore_case and not {match for match, _ in tagging.pages} - {Match.ALL, Match.HOST}:
        raise click.UsageError("--ignore-case needs a page's path or URL.")
