"""Matomo's document to container tags: each tag is read, written again, and counts where that gives the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule
from snippetkit.errors import SettingError, SnippetError
from snippetkit.exports.matomo import names
from snippetkit.exports.matomo.document import Document, Entry, parameter, text, whole_name
from snippetkit.exports.matomo.items import EVENT, EXCEPTION, HTML, IMAGE, NEVER, Item, make_items
from snippetkit.exports.matomo.reading_code import read_code
from snippetkit.exports.matomo.writing import make_document
from snippetkit.terms import TagVariant

_DESCRIPTION = re.compile(r"(?:Ad account (?P<account>\S+)\.)?(?: ?Tag (?P<name>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Group:
    """What the tags of Matomo's that are one container tag have in common."""

    name: str
    account: str | None
    rules: tuple[PageRule, ...]
    exceptions: tuple[PageRule, ...]
    event: str | None


_Groups = Mapping[_Group, list[Entry]]


def read(document: object) -> tuple[list[ContainerTag], list[str]]:
    """Return the conversion tags of a document, and a line for each item that is none.

    Raises:
        SettingError: it is no document of Matomo's.
    """
    file = Document(document)
    groups = defaultdict[_Group, list[Entry]](list)
    for entry in file.tags:
        if group := _group(file, entry):
            groups[group].append(entry)
    made = {group: _items(file, group, entries) for group, entries in groups.items()}
    accepted = [*_accepted(file, groups, {group: items for group, items in made.items() if items})]
    others = [*_others(file, [entry for group in accepted for entry in groups[group]])]
    return [made[group][0].tag for group in accepted], others


def _group(file: Document, tag: Entry) -> _Group | None:
    """What a tag has in common with the others of its container tag, None where it is no tag of ours."""
    described = _DESCRIPTION.fullmatch(text(tag, "description"))
    fires = [whole_name(trigger) for trigger in file.fires(tag)]
    events = [name.removeprefix(EVENT) for name in fires if name.startswith(EVENT)]
    rules = [_rule(name) for name in fires if name != NEVER.name and not name.startswith(EVENT)]
    exceptions = [_rule(whole_name(trigger).removeprefix(EXCEPTION)) for trigger in file.blocks(tag)]
    if None in (*rules, *exceptions) or len(events) > 1:
        return None
    name, account = described.group("name", "account") if described else (None, None)
    return _Group(
        tag["name"] if name is None else name,
        account,
        tuple(filter(None, rules)),
        tuple(filter(None, exceptions)),
        events[0] if events else None,
    )


def _rule(description: str) -> PageRule | None:
    rule = PageRule.from_description(description)
    try:
        is_one = rule is not None and rule == PageRule.of(rule.match, rule.text, ignore_case=rule.ignore_case)
    except SettingError:
        return None
    return rule if is_one else None


def _items(file: Document, group: _Group, entries: Sequence[Entry]) -> list[Item]:
    """The items that the container tag of a group has, none where there is no such tag."""
    html = [parameter(entry, "customHtml") for entry in entries if entry.get("type") == HTML]
    urls = [parameter(entry, "customImageSrc") for entry in entries if entry.get("type") == IMAGE]
    variant = TagVariant.BOTH if html and urls else TagVariant.SCRIPT if html else TagVariant.IMAGE
    try:
        found, keys = read_code(file, "".join(html), urls)
        event = DataLayerEvent.of(group.event, keys.get("value"), keys.get("currency")) if group.event else None
        return make_items(
            ContainerTag(group.name, found, variant, group.rules, group.exceptions, event, account=group.account)
        )
    except (SnippetError, SettingError):
        return []


def _accepted(file: Document, groups: _Groups, made: Mapping[_Group, list[Item]]) -> Iterator[_Group]:
    """The groups whose tags are what `export` writes for them."""
    for group, items in made.items():
        again = _written_again(items)
        if again is None or len(items) != len(groups[group]):
            continue
        written = zip(groups[group], items, again.tags, strict=True)
        if all(_is_named(found, item) and file.facts(found) == again.facts(new) for found, item, new in written):
            yield group


def _written_again(items: Sequence[Item]) -> Document | None:
    try:
        return Document(make_document(items))
    except SnippetError:
        return None


def _is_named(entry: Entry, item: Item) -> bool:
    return entry["name"] in {item.name, names.shorten(item.name)}


def _others(file: Document, own: Sequence[Entry]) -> Iterator[str]:
    """A line for each tag that is not in `own`, and for each trigger and variable that none of these uses."""
    used = [found for entry in own for found in (*file.fires(entry), *file.blocks(entry), *file.used(entry))]
    known = {id(entry) for entry in (*own, *used)}
    for kind, entries in [("tag", file.tags), ("trigger", file.triggers), ("variable", file.variables)]:
        yield from (f"{kind} {entry['name']!r}" for entry in entries if id(entry) not in known)
