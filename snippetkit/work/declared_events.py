"""The tags of a project's exports that fire on an event in the data layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.errors import SettingError
from snippetkit.records import replace
from snippetkit.terms import TagVariant
from snippetkit.work.by_rules import load_by_rules, of_rule
from snippetkit.work.exporting import ORDER, Tagging, make_tags
from snippetkit.work.making import Made, why_no_image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snippetkit.containers import ContainerTag
    from snippetkit.project import EventSettings, ExportSettings
    from snippetkit.rules import Rule, Rules
    from snippetkit.work.declared_rules import DeclaredRules
    from snippetkit.work.fetching import Fetched


def make_event_tags(declared: DeclaredRules, number: int) -> Iterator[ContainerTag]:
    """Yield the tags of an export that fire on events.

    Args:
        declared: the project's rules.
        number: which of its exports, from 0.

    Raises:
        SnippetkitError: settings do not go together, with their line; or as `load_by_rules` does.
    """
    wanted, rules = declared.codes.file.project.exports[number], declared.of_events(number)
    loaded = {}
    for rule, event in zip(rules.rules, wanted.events, strict=True):
        fetched = _load(declared, rules, rule, event)
        loaded[rule.pixel_value] = fetched
        try:
            yield _tag(fetched, wanted, event, is_made=isinstance(declared.codes.of(rule).origin, Made), rule=rule)
        except SettingError as error:
            raise SettingError(f"{rules.where(rule)}: {error}", hint=error.hint) from error
    if loaded:
        declared.codes.loaded.append((rules, loaded))


def _load(declared: DeclaredRules, rules: Rules, rule: Rule, event: EventSettings) -> Fetched:
    """The code of an event's pixel; code that is made here gets a place for an order's id where the event tells one."""
    code = declared.codes.of(rule)
    is_made = isinstance(code.origin, Made)
    value = code.value._replace(order_id=ORDER if is_made and event.order_key else None)
    alone = replace(rules, rules=(rule,))
    return load_by_rules(alone, code.origin, value, declared.codes.outside.failed)[rule.pixel_value]


def _tag(fetched: Fetched, wanted: ExportSettings, event: EventSettings, *, is_made: bool, rule: Rule) -> ContainerTag:
    is_fixed = of_rule(rule.pixel_value).is_given
    keys = {"value": event.value_key, "currency": event.currency_key, "order_id": event.order_key}
    given = {name: key for name, key in keys.items() if key is not None}
    if is_made and not is_fixed and given.keys() & {"value", "currency"}:
        hint = "it counts where the event has none"
        raise SettingError("value_key and currency_key need value or amount with a pixel that has a kind", hint=hint)
    reason = why_no_image(fetched.snippet) if is_made and wanted.variant is not TagVariant.SCRIPT else ""
    if reason:
        raise SettingError(f"variant: {reason}", hint="leave it out")
    tagging = Tagging(event_name=event.on_event, keys=given, variant=wanted.variant, consent=wanted.consent)
    [tag] = make_tags([fetched], tagging, is_fixed=is_fixed)
    return replace(tag, name=f"{tag.name} on {event.on_event}")
