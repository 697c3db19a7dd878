"""Tags of the types that Google Tag Manager has for ad platforms: read whoever made them, and written."""

from __future__ import annotations

import re
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


def read(item: Mapping[str, Any]) -> Snippet | None:
    """Return what a tag reports, None for one whose type no platform has."""
    parameters = {one.get("key", ""): one for one in item.get("parameter", ())}
    texts = {key: str(one.get("value", "")) for key, one in parameters.items()}
    fitting = [
        (dialect, native)
        for dialect, native in platforms.native_tags().get(item["type"], ())
        if all(texts.get(key, "") == text for key, text in native.only.items())
    ]
    of_id = (each for each in fitting if re.match(each[1].fits, each[1].id_told(texts)))
    dialect, native = next(of_id, fitting[-1] if fitting else (None, None))  # a variable may tell any id
    return _snippet(dialect, native, texts, parameters) if dialect and native else None


def _snippet(dialect: Dialect, native: NativeTag, texts: Mapping[str, str], parameters: Mapping[str, Any]) -> Snippet:
    told = {setting: texts[key] for setting, key in native.keys.items() if texts.get(key)}
    if native.table:
        rows = dict(_rows(parameters.get(native.table.key, {}), native.table.name_key, native.table.text_key))
        told = {setting: rows[name] for setting, name in native.table.names.items() if rows.get(name)} | told
    if texts.get(_ECOMMERCE) == "true":
        told.setdefault("value", _OF_THE_PAGE)
    event = told.get("event", native.event)
    is_base = event is None or event in dialect.platform.base_events
    pixel_id = native.id_told(texts)
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
    if snippet.dynamic or len(events) != 1 or not snippet.script:
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
