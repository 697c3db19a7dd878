"""Adobe Experience Platform Tags: requests for its Reactor API, since its UI imports no file.

The requests are JSON:API documents, as the API's guide has them for rules and rule components: `settings` is a JSON
text, and a component names its rule and the extension that it is from. Ids that only the API can give are placeholders,
which stand in `path` and in `relationships` and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from snippetkit import templating
from snippetkit.containers import ContainerTag, DataLayerEvent, Export, Options
from snippetkit.exports._names import check_names
from snippetkit.exports.adobe.reading import read_requests, tags_of
from snippetkit.exports.adobe.rules import parts_of, rules_of
from snippetkit.terms import Consent, TagVariant

TITLE = "Adobe Experience Platform Tags"
FILE_NAME = "adobe.json"
STEPS = (
    "the UI imports no file: the requests go to the Reactor API, https://reactor.adobe.io, one after the other",
    "put the id of your property in the place of {property_id}, that of its Core extension in that of {extension_id}",
    'put the id that a request with a "placeholder" is answered with in the place of that in the requests behind it',
    "then add the rules to a library, build and publish it",
)
MERGES = False
LOSES = frozenset({"consent", "account"})

_NOTE = (
    "Requests for Adobe's Reactor API, to be sent in their order to https://reactor.adobe.io; the UI of Tags does not"
    " import this file. {property_id} stands for the id of your property, {extension_id} for that of its Core extension"
    ' (GET /properties/{property_id}/extensions). Where a request has a "placeholder", the data.id in its answer goes'
    " in the place of that in the requests behind it. Placeholders stand in path and in relationships, nowhere else."
)
_DEFAULT = Options()


def export(tags: Sequence[ContainerTag], options: Options = _DEFAULT) -> Export:
    """Return the requests that make the rules for `tags`.

    Raises:
        SnippetError: two tags have one name, or a tag's code cannot stand in a rule.
    """
    check_names([part for tag in tags for part in parts_of(tag)])
    rules = [rule for tag in tags for rule in rules_of(tag)]
    text = templating.render("exports/adobe.json.j2", note=_NOTE, rules=rules)
    content = (json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n").encode()
    return Export(content, notes=tuple(_notes(tags)))


def _notes(tags: Sequence[ContainerTag]) -> Iterator[str]:
    yield f"{TITLE} imports no file: send the requests to its API, as the note in the file says"
    if found := [tag for tag in tags if tag.consent is not Consent.NONE]:
        yield f"{_named(found)} will not wait for consent: add a condition of your consent tool to each rule"
    if found := [tag for tag in tags if tag.account]:
        yield f"{_named(found)} will not say the ad account: rules have no folders"
    if found := [tag for tag in tags if tag.variant is TagVariant.BOTH]:
        yield f"{_named(found)} will count each conversion twice: rules run only where JavaScript does, so keep one"
    events = [(tag, tag.event) for tag in tags if tag.event]
    if found := [tag for tag, _ in events]:
        yield f"{_named(found)} will fire only where the page calls {_call(events[0][1])}: a data layer is not watched"
    if found := [tag for tag in tags if not tag.rules and not tag.event]:
        yield f"{_named(found)} will never fire: add an event to each rule"


def _named(tags: Sequence[ContainerTag]) -> str:
    return repr(tags[0].name) + (f" and {len(tags) - 1} more" if tags[1:] else "")


def _call(event: DataLayerEvent) -> str:
    """The call that makes an event happen, such as `_satellite.track("purchase", data)`, and what it gives."""
    given = " and ".join(f"the {name} in data.{key}" for name, key in event.keys.items())
    return f'_satellite.track("{event.name}"' + (f", data) with {given}" if given else ")")


def recognizes(document: object) -> bool:
    """Whether a parsed JSON document is a file of this format."""
    return isinstance(document, dict) and isinstance(document.get("requests"), list)


def read(document: object) -> tuple[list[ContainerTag], list[str]]:
    """Return the conversion tags of a file, in its order, and a line for each item that is none, with its name.

    Raises:
        SettingError: it is not a whole file of this format; says what is missing where.
    """
    rules, others = read_requests(document)
    tags, foreign = tags_of(rules)
    return tags, [*others, *(f"the rule {name!r} is no conversion tag" for name in foreign)]
