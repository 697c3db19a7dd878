"""Tags of the types that Google Tag Manager has for ad platforms: read whoever made them, and written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from snippetkit import platforms, snippets
from snippetkit.model import BASE_CODE, LIVE, Snippet
from snippetkit.platforms import Dialect, NativeTag
from snippetkit.templating import Template, render_blocks

TEXT, BOOLEAN, LIST = "TEMPLATE", "BOOLEAN", "LIST"
_ECOMMERCE = "sendEcommerceData"
_OF_THE_PAGE = "{{the data layer's ecommerce}}"


class Parameter(NamedTuple):
    """A tag's parameter: a text, or rows of cells, each with a key and a text."""

    type: str
    key: str
    text: str = ""
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()


def read(item: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]]) -> Snippet | None:
    """Return what a tag reports, None for one whose type no platform has.

    Args:
        item: the tag.
        others: the container's tags by their names; a tag may refer to another one for its pixel.
    """
    parameters = {one.get("key", ""): one for one in item.get("parameter", ())}
    texts = {key: str(one.get("value", "")) for key, one in parameters.items()}
    found = platforms.native_tag(item["type"], texts)
    if found is None:
        return None
    dialect, native = found
    pixel_id = native.id_told(texts)
    if not pixel_id and (other := others.get(texts.get(native.refers, ""))):
        named = read(other, {})
        pixel_id = named.pixel_id if named else ""
    return _snippet(dialect, native, pixel_id, _told(native, texts, parameters))


def _told(native: NativeTag, texts: Mapping[str, str], parameters: Mapping[str, Any]) -> dict[str, str]:
    """What the parameters tell, by setting; a parameter of its own counts before a row, and today's before an older."""
    told: dict[str, str] = {}
    for table in filter(None, (native.older_table, native.table)):
        rows = dict(_rows(parameters.get(table.key, {}), table.name_key, table.text_key))
        told |= {setting: rows[name] for setting, name in table.names.items() if rows.get(name)}
    for keys in (native.older_keys, native.keys):
        told |= {setting: texts[key] for setting, key in keys.items() if texts.get(key)}
    if texts.get(_ECOMMERCE) == "true":
        told.setdefault("value", _OF_THE_PAGE)
    return told


def _snippet(dialect: Dialect, native: NativeTag, pixel_id: str, told: Mapping[str, str]) -> Snippet:
    event = told.get("event", native.event)
    is_base = event is None or event in dialect.platform.base_events
    return Snippet(
        dialect.name,
        pixel_id,
        told.get("value"),
        told.get("currency"),
        "",
        event=event,
        conversion=not is_base,
        dynamic=any("{{" in text for text in (pixel_id, event or "", *told.values())),
        state=BASE_CODE if event is None else LIVE,
        order_id=told.get("order_id"),
        event_id=told.get("event_id"),
    )


def _rows(parameter: Mapping[str, Any], name_key: str, text_key: str) -> Iterator[tuple[str, str]]:
    for row in parameter.get("list", ()):
        cells = {cell.get("key"): str(cell.get("value", "")) for cell in row.get("map", ())}
        yield cells.get(name_key, ""), cells.get(text_key, "")


def fitting(snippet: Snippet, settings: Collection[str] = ()) -> NativeTag | None:
    """Return the type of tags that carries all that code says, and these settings; None where there is none."""
    natives = platforms.dialect_named(snippet.dialect).native
    able = (native for native in natives if native.is_whole and native.settings.issuperset(settings))
    chosen = next((native for native in able if _carries(native, snippet)), None)
    return chosen if chosen and _says_no_more(snippet) else None


def _carries(native: NativeTag, snippet: Snippet) -> bool:
    settings = {name: getattr(snippet, name) for name in ("event", "value", "currency", "order_id", "event_id")}
    told = {name for name, text in settings.items() if text is not None} - {"event"}
    is_of_event = "event" in native.settings or snippet.event == native.event
    return is_of_event and told <= native.settings and native.id_parts(snippet.pixel_id) is not None


def _says_no_more(snippet: Snippet) -> bool:
    """Whether code does what it does when it is written anew from its settings."""
    events = [one for one in snippet.events if one.conversion]
    if snippet.dynamic or snippet.function or len(events) != 1 or not snippet.script:
        return False
    anew = render_blocks(Template("clean"), [snippet])["script"]
    return _deeds(snippet.script) == _deeds(anew)


def _deeds(script: str) -> set[tuple[str, ...]]:
    document = snippets.parse(script)
    return {deed.key for _, script in document.scripts for deed in platforms.find_deeds(script)}


def parameters(native: NativeTag, snippet: Snippet, expressions: Mapping[str, str]) -> tuple[Parameter, ...]:
    """Return the parameters of a tag that does what code does.

    Args:
        native: what carries the code.
        snippet: the code.
        expressions: for a setting, the variable that takes its place.
    """
    own = {name: getattr(snippet, name) for name in ("event", "value", "currency", "order_id", "event_id")}
    told = {name: text for name, text in {**own, **expressions}.items() if text is not None}
    texts = {
        **(native.id_parts(snippet.pixel_id) or {}),
        **native.only,
        **{key: told[setting] for setting, key in native.keys.items() if setting in told},
    }
    written = [Parameter(TEXT, key, text) for key, text in texts.items()]
    written += [
        Parameter(BOOLEAN, key, str(text).lower()) if isinstance(text, bool) else Parameter(TEXT, key, text)
        for key, text in native.more.items()
    ]
    if native.table:
        pairs = [(name, told[setting]) for setting, name in native.table.names.items() if setting in told]
        keys = native.table.name_key, native.table.text_key
        rows = tuple(tuple(zip(keys, pair, strict=True)) for pair in pairs)
        written += [Parameter(LIST, native.table.key, rows=rows)] if rows else []
    return tuple(written)
