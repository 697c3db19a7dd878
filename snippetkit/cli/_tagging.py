"""On which pages, or on which event, a container tag fires, and what of the code it fires."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from snippetkit.terms import Consent, Match, TagVariant

if TYPE_CHECKING:
    from snippetkit.containers import DataLayerEvent, PageRule

# Each page option, with what its text is called, and what for.
_PAGE_OPTIONS = {
    Match.EXACT: ("--page-path", "PATH", "Fire on the page with exactly this path, '/thanks.html'."),
    Match.PREFIX: ("--page-prefix", "PATH", "Fire on the pages whose path begins with this."),
    Match.REGEX: ("--page-regex", "REGEX", "Fire on the pages in whose path this is found."),
    Match.CONTAINS: ("--page-contains", "TEXT", "Fire on the pages whose URL has this in it, in its query too."),
    Match.HOST: ("--page-host", "HOST", "Fire on the pages of this host."),
}
_KEYS = {"value": "value_key", "currency": "currency_key"}
_TAGGING_OPTIONS = (
    *(
        click.option(option, f"page_{match}", metavar=metavar, help=text)
        for match, (option, metavar, text) in _PAGE_OPTIONS.items()
    ),
    click.option("--all-pages", "page_all", is_flag=True, help="Fire on every page."),
    click.option("--ignore-case", is_flag=True, help="Upper and lower case are the same in the page's text."),
    click.option("--on-event", "event_name", metavar="NAME", help="Fire when this custom event is pushed."),
    click.option("--value-key", metavar="KEY", help="Where the event's value is in the data layer.  [default: value]"),
    click.option("--currency-key", metavar="KEY", help="Where its currency is there.  [default: currency]"),
    click.option(
        "--variant",
        type=click.Choice([variant.value for variant in TagVariant]),
        default=TagVariant.SCRIPT.value,
        show_default=True,
        help="What fires: the script, the image, or both, each from a tag of its own.",
    ),
    click.option(
        "--consent",
        type=click.Choice([consent.value for consent in Consent]),
        default=Consent.ADS.value,
        show_default=True,
        help="What a tag waits for: the visitor's consent to ads, or nothing.",
    ),
)


class Tagging(NamedTuple):
    """When tags fire, and what: the options as they were given."""

    pages: dict[Match, str]
    ignore_case: bool
    event_name: str | None
    keys: dict[str, str]
    variant: TagVariant
    consent: Consent

    @property
    def is_named(self) -> bool:
        """Whether pages or an event are named."""
        return bool(self.pages or self.event_name)

    def rules(self) -> tuple[PageRule, ...]:
        """Return the rule for the pages, if one is given.

        Raises:
            SettingError: no URL can match it, or tag managers would read it differently.
        """
        from snippetkit.containers import PageRule

        return tuple(PageRule.of(match, text, ignore_case=self.ignore_case) for match, text in self.pages.items())

    def event(self, settings: Collection[str]) -> DataLayerEvent | None:
        """Return the event, if one is given.

        Args:
            settings: those of `value` and `currency` that come from the data layer if no key says so.

        Raises:
            SettingError: it is no name of an event, or a key no path in a data layer.
        """
        from snippetkit.containers import DataLayerEvent

        if self.event_name is None:
            return None
        keys = {name: name for name in settings} | self.keys
        return DataLayerEvent.of(self.event_name, keys.get("value"), keys.get("currency"))

    def check(self) -> None:
        """Make sure that the options go together."""
        if len(self.pages) + (self.event_name is not None) > 1:
            options = ", ".join(option for option, _, _ in _PAGE_OPTIONS.values())
            raise click.UsageError(f"Give one of {options}, --all-pages and --on-event.")
        if self.keys and self.event_name is None:
            raise click.UsageError("--value-key and --currency-key go with --on-event.")
        if self.ignore_case and not self.pages.keys() - {Match.ALL, Match.HOST}:
            raise click.UsageError("--ignore-case goes with a page's path or URL.")


def tagging_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say where, when and what a tag fires: the command gets them as one `Tagging`."""

    @wraps(function)
    def command(ignore_case: bool, event_name: str | None, variant: str, consent: str, **arguments: Any) -> None:
        texts = {match: arguments.pop(f"page_{match}") for match in _PAGE_OPTIONS}
        pages = {match: text for match, text in texts.items() if text is not None}
        pages |= {Match.ALL: ""} if arguments.pop("page_all") else {}
        given = {name: arguments.pop(option) for name, option in _KEYS.items()}
        keys = {name: key for name, key in given.items() if key is not None}
        tagging = Tagging(pages, ignore_case, event_name, keys, TagVariant(variant), Consent(consent))
        tagging.check()
        function(tagging=tagging, **arguments)

    for option in reversed(_TAGGING_OPTIONS):
        command = option(command)
    return command
