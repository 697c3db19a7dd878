"""The document of a container file: Google Tag Manager's tags with their triggers, variables and folders."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import Any, TypeVar

from snippetkit import templating
from snippetkit.containers import ExportOptions
from snippetkit.exports._shapes import Fixed, Shapes
from snippetkit.exports.gtm import triggers
from snippetkit.exports.gtm.lookups import GtmLookup
from snippetkit.exports.gtm.native import BOOLEAN, Parameter
from snippetkit.exports.gtm.tags import GtmTag
from snippetkit.exports.gtm.triggers import GtmTrigger

_Item = TypeVar("_Item")


def document(made: Sequence[GtmTag], options: ExportOptions) -> dict[str, Any]:
    """Return the container that holds these tags and what they need: triggers, variables, folders."""
    ids = map(str, count(1))
    fired = _unique(trigger for tag in made for trigger in (*tag.firing, *tag.blocking))
    lookups = _unique(lookup for tag in made for lookup in tag.lookups)
    variables = {trigger.variable for trigger in fired}
    tag_ids = [*islice(ids, len(made))]
    trigger_ids = _numbered((trigger for trigger in fired if trigger != triggers.ALL_PAGES), ids)
    variable_ids = _numbered(_unique(each for lookup in lookups for each in (lookup.source, lookup)), ids)
    folder_ids = _numbered(_unique(tag.folder for tag in made if tag.folder is not None), ids)
    firing_ids = {**trigger_ids, triggers.ALL_PAGES: triggers.ALL_PAGES_ID}
    items = {
        "tag": Shapes(_of_tag(tag, tag_id, firing_ids, folder_ids) for tag, tag_id in zip(made, tag_ids, strict=True)),
        "trigger": Shapes(_of_trigger(trigger, id_) for trigger, id_ in trigger_ids.items()),
        "variable": Shapes(_of_variable(lookup, id_) for lookup, id_ in variable_ids.items()),
    }
    text = templating.render(
        "exports/gtm.json.j2",
        **{f"{key}s": shapes.samples for key, shapes in items.items()},
        folders=folder_ids,
        built_in=[(name, type_) for name, type_ in triggers.BUILT_IN.items() if name in variables],
        export_time=f"{options.made_at:%Y-%m-%d %H:%M:%S}",
        fingerprint=f"{round(options.made_at.timestamp() * 1000):013d}",
    )
    parsed: dict[str, Any] = json.loads(text)
    version = parsed["containerVersion"]
    version |= {key: [*shapes.filled(version[key])] for key, shapes in items.items() if key in version}
    return parsed


def _of_tag(
    tag: GtmTag, tag_id: str, trigger_ids: Mapping[GtmTrigger, str], folder_ids: Mapping[str, str]
) -> dict[str, object]:
    return {
        "id": tag_id,
        "name": tag.name,
        "type": Fixed(tag.type),
        "parameters": [_of_parameter(parameter) for parameter in tag.parameters],
        "firing": [trigger_ids[trigger] for trigger in tag.firing],
        "blocking": [trigger_ids[trigger] for trigger in tag.blocking],
        "folder": None if tag.folder is None else folder_ids[tag.folder],
        "needs": tag.needs or None,
        "is_of_event": tag.is_of_event,
        "waits_for_consent": tag.waits_for_consent,
    }


def _of_parameter(parameter: Parameter) -> dict[str, object]:
    text = Fixed(parameter.text) if parameter.type == BOOLEAN else parameter.text
    return {"type": Fixed(parameter.type), "key": Fixed(parameter.key), "text": text, "rows": parameter.rows}


def _of_trigger(trigger: GtmTrigger, trigger_id: str) -> dict[str, object]:
    return {
        "id": trigger_id,
        "name": trigger.name,
        "type": Fixed(trigger.type),
        "variable": Fixed(trigger.variable),
        "comparison": Fixed(trigger.comparison),
        "text": trigger.text,
        "ignore_case": trigger.ignore_case,
    }


def _of_variable(lookup: GtmLookup, variable_id: str) -> dict[str, object]:
    return {
        "id": variable_id,
        "name": lookup.name,
        "key": lookup.key,
        "constant": lookup.constant,
        "source": lookup.source.reference,
    }


def _unique(items: Iterable[_Item]) -> list[_Item]:
    return [*dict.fromkeys(items)]


def _numbered(items: Iterable[_Item], ids: Iterator[str]) -> dict[_Item, str]:
    """Each with its id: all kinds of items share one counter."""
    return {item: next(ids) for item in items}
