"""The code of pixels as tags of a tag manager: on which pages or event each fires, and which part of the code."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.errors import SettingError
from snippetkit.terms import Consent, Match, OnConflict, TagsAs, TagVariant
from snippetkit.work.fetching import Fetched

if TYPE_CHECKING:
    from snippetkit.containers import ContainerTag, DataLayerEvent, Export, PageRule
    from snippetkit.rules import PixelValue, Rules
    from snippetkit.work.sent import Sent


ORDER = "ORDER"
"""What stands in code that is made here in the place of an order's id, which an event tells."""


class Tagging(NamedTuple):
    """When tags fire, and what they fire.

    `pages` are texts, each with what it is compared with; `event_name` is that of an event in the data layer, whose
    `value`, `currency` and `order_id` stand where `keys` says.
    """

    pages: tuple[tuple[Match, str], ...] = ()
    ignore_case: bool = False
    event_name: str | None = None
    keys: Mapping[str, str] = {}
    variant: TagVariant = TagVariant.SCRIPT
    consent: Consent = Consent.ADS

    @property
    def is_named(self) -> bool:
        """Whether pages or an event are named."""
        return bool(self.pages or self.event_name)

    def rules(self) -> tuple[PageRule, ...]:
        """Return the rules for the pages that are given; a tag fires on those of any of them.

        Raises:
            SettingError: no URL can match one, or tag managers would read it differently.
        """
        from snippetkit.containers import PageRule

        rules = (PageRule.of(match, text, ignore_case=self.ignore_case) for match, text in self.pages)
        return tuple(dict.fromkeys(rules))

    def event(self, settings: Collection[str] = ()) -> DataLayerEvent | None:
        """Return the event, if one is given.

        Args:
            settings: those of `value` and `currency` that come from the data layer if no key says so.

        Raises:
            SettingError: it is not the name of an event, or a key is not a path in a data layer.
        """
        from snippetkit.containers import DataLayerEvent

        if self.event_name is None:
            return None
        keys = {**{name: name for name in settings}, **self.keys}
        return DataLayerEvent.of(self.event_name, keys.get("value"), keys.get("currency"), keys.get("order_id"))


def make_tags(codes: Sequence[Fetched], tagging: Tagging, *, is_fixed: bool) -> list[ContainerTag]:
    """Return the tags that fire the code of pixels; those whose code shares a script share a tag.

    Args:
        codes: the code of each, with the name that the tag gets.
        tagging: when they fire, and what.
        is_fixed: the value is the code's, not the data layer's, even where an event fires it.

    Raises:
        SettingError: what would come from the data layer has no single place in the code; or as `Tagging` does.
    """
    from snippetkit.containers import together

    rules = tagging.rules()
    by_id = {fetched.snippet.pixel_id: fetched for fetched in codes}
    groups = together([fetched.snippet for fetched in codes])
    return [_tag([by_id[snippet.pixel_id] for snippet in group], tagging, rules, is_fixed=is_fixed) for group in groups]


def _tag(codes: Sequence[Fetched], tagging: Tagging, rules: tuple[PageRule, ...], *, is_fixed: bool) -> ContainerTag:
    from snippetkit.containers import ContainerTag

    snippets = tuple(fetched.snippet for fetched in codes)
    settings = {place.name for snippet in snippets for place in snippet.places} & {"currency", "value"}
    event = tagging.event(() if is_fixed else settings)
    if event and event.keys and len(codes) > 1:
        raise SettingError("fp pixels share one script, whose values are fixed", hint="give --value, or one --pixel")
    valued = [one for snippet in snippets for one in snippet.events if one.value is not None]
    if event and event.keys and len(valued) > 1:
        raise SettingError(
            f"{len(valued)} events of the code have a value, and the data layer has one",
            hint="--value with --event sets a fixed one; or export the code of one event",
        )
    name = " + ".join(f"{fetched.name} {fetched.snippet.pixel_id}" for fetched in codes)
    return ContainerTag(name, snippets, tagging.variant, rules, (), event, tagging.consent, codes[0].account)


def make_tags_by_rules(rules: Rules, loaded: Mapping[PixelValue, Fetched], tagging: Tagging) -> list[ContainerTag]:
    """Return the tags that fire on each page the code that its rules name.

    Args:
        rules: the rules.
        loaded: the code of each, as `load_by_rules` gives it.
        tagging: what fires; it names no pages.

    Raises:
        SettingError: no tag can do what a rule says.
    """
    from snippetkit import containers

    accounts = {code.snippet.pixel_id: code.account for code in loaded.values()}
    snippets = {pixel_value: code.snippet for pixel_value, code in loaded.items()}
    return containers.make_tags(rules, snippets, accounts, tagging.variant, tagging.consent)


class Destination(NamedTuple):
    """What an export is: its format, the file it is merged into, the formats of a bundle, its time, its tags' types."""

    format_name: str
    into: Sent | None = None
    on_conflict: OnConflict = OnConflict.FAIL
    formats: tuple[str, ...] = ()
    made_at: datetime | None = None
    tags_as: TagsAs = TagsAs.AUTO


def export(tags: Sequence[ContainerTag], destination: Destination) -> Export:
    """Return the file that holds tags.

    Raises:
        SnippetkitError: it cannot hold them.
    """
    from snippetkit import exports
    from snippetkit.containers import ExportOptions

    made_at, existing = destination.made_at or ExportOptions().made_at, destination.into and destination.into.text
    try:
        options = ExportOptions(made_at, existing, destination.on_conflict, destination.formats, destination.tags_as)
        return exports.find_format(destination.format_name).export(tags, options)
    except SettingError as error:
        if destination.into is None:
            raise
        raise SettingError(f"{destination.into.name}: {error}", hint=error.hint) from error
