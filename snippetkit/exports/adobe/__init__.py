"""Adobe Experience Platform Tags: requests for its Reactor API, since its UI imports no file.

The requests are JSON:API documents, as in the API's guide to rules and rule components: `settings` is a JSON
text, and a component names its rule and its extension. Ids that only the API can give are placeholders,
which occur only in `path` and in `relationships`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from snippetkit import templating
from snippetkit.containers import ContainerTag, DataLayerEvent, Export, ExportOptions, setting_name
from snippetkit.exports._json import to_bytes
from snippetkit.exports._names import check_names, listed, parts
from snippetkit.exports._notes import about_firing, waiting, without_trigger
from snippetkit.exports._shapes import Fixed, Shapes
from snippetkit.exports.adobe.reading import read, recognizes
from snippetkit.exports.adobe.rules import AdobeRule, rules_of

__all__ = ["FILE_NAME", "HAS_NATIVE", "LOSES", "MERGES", "STEPS", "TITLE", "export", "read", "recognizes"]

TITLE = "Adobe Experience Platform Tags"
FILE_NAME = "adobe.json"
STEPS = (
    "the UI cannot import a file: send the requests in order to the Reactor API, https://reactor.adobe.io",
    "put the id of your property in the place of {property_id}, that of its Core extension in that of {extension_id}",
    'put the id that a request with a "placeholder" is answered with in its place in the requests after it',
    "then add the rules to a library, build and publish it",
)
MERGES = False
HAS_NATIVE = False
LOSES = frozenset({"consent", "account"})

_NOTE = (
    "Requests for Adobe's Reactor API, to be sent in their order to https://reactor.adobe.io; the UI of Tags does not"
    " import this file. {property_id} stands for the id of your property, {extension_id} for that of its Core extension"
    ' (GET /properties/{property_id}/extensions). Where a request has a "placeholder", the data.id in its answer goes'
    " in its place in the requests after it. Placeholders stand in path and in relationships, nowhere else."
)
_DEFAULT = ExportOptions()


def export(tags: Sequence[ContainerTag], options: ExportOptions = _DEFAULT) -> Export:
    """Return the requests that make the rules for `tags`.

    Raises:
        SnippetError: two tags have one name, or a rule cannot hold a tag's code.
    """
    check_names([part for tag in tags for part in parts(tag)])
    rules = [rule for tag in tags for rule in rules_of(tag)]
    return Export(to_bytes(_document(rules)), notes=tuple(_notes(tags)))


def _document(rules: Sequence[AdobeRule]) -> dict[str, Any]:
    shapes = Shapes(_rule(rule, f"{{rule_{number}_id}}") for number, rule in enumerate(rules, 1))
    text = templating.render("exports/adobe.json.j2", note=_NOTE, rules=shapes.samples)
    document: dict[str, Any] = json.loads(text)
    requests = iter(document["requests"])
    made = [[*islice(requests, 1 + len(sample["components"]))] for sample in shapes.samples]
    document["requests"] = [*chain.from_iterable(shapes.filled(made))]
    return document


def _rule(rule: AdobeRule, placeholder: str) -> dict[str, object]:
    components = [
        {
            "name": component.name,
            "delegate": Fixed(component.delegate),
            "settings": component.settings,
            "order": component.order,
            "negate": component.negate,
        }
        for component in rule.components
    ]
    return {"name": rule.name, "placeholder": placeholder, "components": components}


def _notes(tags: Sequence[ContainerTag]) -> Iterator[str]:
    yield f"{TITLE} imports no file: send the requests to its API, as the note in the file says"
    if waiters := waiting(tags):
        yield f"{listed(waiters)} will not wait for consent: add a condition of your consent tool to each rule"
    if owned := [tag for tag in tags if tag.account]:
        yield f"{listed(owned)} will not say the ad account: rules have no folders"
    yield from about_firing(tags)
    events = [(tag, tag.event) for tag in tags if tag.event]
    if called := [tag for tag, _ in events]:
        yield f"{listed(called)} will fire only where the page calls {_call(events[0][1])}: a data layer is not watched"
    if silent := without_trigger(tags):
        yield f"{listed(silent)} will never fire: add an event to each rule"


def _call(event: DataLayerEvent) -> str:
    """The call that makes an event happen, such as `_satellite.track("purchase", data)`, and what it gives."""
    given = " and ".join(f"the {setting_name(name)} in data.{key}" for name, key in event.keys.items())
    return f'_satellite.track("{event.name}"' + (f", data) with {given}" if given else ")")
