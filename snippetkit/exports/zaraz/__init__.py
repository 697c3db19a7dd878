"""Cloudflare Zaraz: the configuration of a whole zone, or our tools put into a person's own.

The shape is that of the API's `/zones/{zone_id}/settings/zaraz/config`, and of the tool's own export. Each tag
is a Custom HTML tool with one action; its triggers are those of `zaraz.triggers`. Ids come from the names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from snippetkit import templating
from snippetkit.containers import ContainerTag, Export, ExportOptions, PageRule
from snippetkit.errors import SnippetError
from snippetkit.exports._json import to_bytes
from snippetkit.exports._names import check_names, parts
from snippetkit.exports._notes import waiting
from snippetkit.exports._shapes import Fixed, Shapes
from snippetkit.exports._splicing import splice
from snippetkit.exports.zaraz.code import html_code
from snippetkit.exports.zaraz.document import Configuration, check, make_id, parse
from snippetkit.exports.zaraz.merging import merge
from snippetkit.exports.zaraz.notes import notes
from snippetkit.exports.zaraz.reading import read, recognizes
from snippetkit.exports.zaraz.triggers import PAGE_VIEW, Cause, conditions, name_of
from snippetkit.terms import Match

__all__ = ["FILE_NAME", "HAS_NATIVE", "LOSES", "MERGES", "STEPS", "TITLE", "export", "read", "recognizes"]

TITLE = "Cloudflare Zaraz"
FILE_NAME = "zaraz.json"
STEPS = (
    "Cloudflare dashboard > Zaraz > Settings > Advanced > Export: your backup",
    "there, Browse: choose the file, then Import",
    "or: curl -X PUT https://api.cloudflare.com/client/v4/zones/ZONE_ID/settings/zaraz/config"
    ' -H "Authorization: Bearer $CLOUDFLARE_API_TOKEN" -H "Content-Type: application/json" --data @zaraz.json',
)
MERGES = True
HAS_NATIVE = False
LOSES = frozenset({"account", "consent"})

_DEFAULT = ExportOptions()


def export(tags: Sequence[ContainerTag], options: ExportOptions = _DEFAULT) -> Export:
    """Return a configuration that holds `tags`, and what `options.existing` holds.

    Raises:
        SnippetError: two tags have one name, or Zaraz cannot hold a tag's code.
        SettingError: `existing` is no whole configuration, or has another tool or trigger of a name of ours.
    """
    tools = [tool for tag in tags for tool in _tools(tag)]
    check_names(tools)
    configuration = _configuration(tools)
    changes: list[str] = []
    with_purpose: set[str] = set()
    text = ""
    if options.existing is not None:
        theirs = parse(options.existing)
        configuration, changes, with_purpose = merge(theirs, configuration, options.on_conflict)
        text = splice(options.existing, theirs.whole, configuration.whole)
    late = [tag for tag in waiting(tags) if not _all_in(with_purpose, tag)]
    said = notes(tags, late, configuration, is_merged=options.existing is not None)
    # Half a surrogate pair cannot be UTF-8, but JSON can escape it.
    content = text.encode(errors="backslashreplace") or to_bytes(configuration.whole, errors="backslashreplace")
    return Export(content, tuple(changes), tuple(said))


def _tools(tag: ContainerTag) -> tuple[ContainerTag, ...]:
    """A tag of one variant for each tool."""
    if tag.event and tag.event.name == PAGE_VIEW:
        raise SnippetError(f"{tag.name}: {PAGE_VIEW!r} is what Zaraz calls each page view", hint="--all-pages is that")
    return parts(tag)


def _all_in(names: set[str], tag: ContainerTag) -> bool:
    return names.issuperset(tool.name for tool in _tools(tag))


def _configuration(tools: Sequence[ContainerTag]) -> Configuration:
    trigger_ids = _ids("trigger", [name_of(cause) for tag in tools for cause in (*_firing(tag), *tag.exceptions)])
    tool_ids = _ids("tool", [tag.name for tag in tools])
    causes = {name_of(cause): cause for tag in tools for cause in (*_firing(tag), *tag.exceptions)}
    shapes = {
        "tools": Shapes(_of_tool(tag, tool_ids[tag.name], trigger_ids) for tag in tools),
        "triggers": Shapes(_of_trigger(name, cause, trigger_ids[name]) for name, cause in causes.items()),
    }
    text = templating.render(
        "exports/zaraz.json.j2",
        page_view=conditions(PageRule.of(Match.ALL))[0],
        hears_data_layer=any(tag.event for tag in tools),
        **{key: of_one.samples for key, of_one in shapes.items()},
    )
    document = json.loads(text)
    own = {"tools": {}, "triggers": {PAGE_VIEW: document["triggers"].pop(PAGE_VIEW)}}
    for key, of_one in shapes.items():
        document[key] = own[key] | dict(of_one.filled([*map(list, document[key].items())]))
    return check(document)


def _of_tool(tag: ContainerTag, tool_id: str, trigger_ids: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": tool_id,
        "action_id": make_id(f"action {tag.name}"),
        "name": tag.name,
        "code": html_code(tag),
        "firing": [trigger_ids[name_of(cause)] for cause in _firing(tag)],
        "blocking": [trigger_ids[name_of(rule)] for rule in tag.exceptions],
    }


def _of_trigger(name: str, cause: Cause, trigger_id: str) -> dict[str, object]:
    rules = [
        {
            "id": make_id(f"rule {name} {rule.id_text}"),
            "match": Fixed(rule.match),
            "op": Fixed(rule.op),
            "value": rule.value,
        }
        for rule in conditions(cause)
    ]
    return {"id": trigger_id, "name": name, "rules": rules}


def _firing(tag: ContainerTag) -> tuple[Cause, ...]:
    return (tag.event,) if tag.event else tag.rules


def _ids(kind: str, names: Iterable[str]) -> dict[str, str]:
    """An id for each name."""
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for name in dict.fromkeys(names):
        ids[name] = make_id(f"{kind} {name}", taken)
        taken.add(ids[name])
    return ids
