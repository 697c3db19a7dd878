"""An event put into a Meta Pixel's base code: a call in its script, an image in its noscript."""

from __future__ import annotations

import html as entities
import re
from urllib.parse import quote

from snippetkit import html, platforms
from snippetkit.errors import SettingError, SnippetError
from snippetkit.model import Snippet
from snippetkit.patterns import later
from snippetkit.platforms import Events
from snippetkit.snippets.document import parse
from snippetkit.snippets.joining import group, join
from snippetkit.snippets.reading import read_document
from snippetkit.snippets.served import find_server_code

_NAME = later(r"\w(?:[\w .-]*\w)?")
_ID = later(r"[A-Za-z0-9](?:[A-Za-z0-9_.:-]{0,98}[A-Za-z0-9])?")
_IMAGE = later(r"<img\b", re.IGNORECASE)


def add_event(base: Snippet, event: str, value: tuple[str, str] | None = None, event_id: str | None = None) -> Snippet:
    """Return base code that also tracks an event, with JavaScript and without (Meta Pixel, "Conversion tracking").

    Args:
        base: what `read_code` returns for a Meta Pixel.
        event: a standard event's name, or another for a custom event.
        value: the amount in the major unit and its currency, None for an event without.
        event_id: identifies the event to the vendor if a server reports it too ("Deduplication"); None for none.

    Raises:
        SettingError: the name or the id has a character that none may have, or is the base code's own event.
        SnippetError: the code could not be read again as what it is.
    """
    events = platforms.events_of(base.dialect)
    _check(events, event, event_id)
    source = base.source
    start, end = base.noscript_span or (0, 0)
    inner = f"{_with_alt(source[start:end])}{_image(base, event, value, event_id)}"
    source = source[:start] + inner + source[end:]
    at = source.rindex("</", 0, base.script_span[1] if base.script_span else 0)
    newline = "" if source[:at].endswith("\n") else "\n"
    function = platforms.dialect_named(base.dialect).functions[0]
    call = _call(function, events.verb_of(event), event, value, event_id)
    document = parse(f"{source[:at]}{newline}{call}\n{source[at:]}")
    if served := next(find_server_code(document), None):
        raise SettingError(f"{served.text!r} is server code on pages of some languages")
    [readings, *others] = group(read_document(document))
    if others or len(readings) != len(base.events) + 1:
        raise SnippetError(f"the base code of {base.key} cannot be read with an event in it")
    return join(readings).about(event)


def _check(events: Events, event: str, event_id: str | None) -> None:
    events.check_name(event)
    if not _NAME.fullmatch(event):
        hint = "letters, digits, spaces and _ . - between letters and digits"
        raise SettingError(f"--event {event!r} is not an event name", hint=f"it may have {hint}")
    if event == events.base:
        raise SettingError(f"the base code tracks {event} already", hint="leave --event out, or name another event")
    if event_id is not None and not _ID.fullmatch(event_id):
        hint = "it may have up to 100 letters, digits and _ . : - between them"
        raise SettingError(f"--event-id {event_id!r} is not an event id", hint=hint)


def _call(function: str, verb: str, event: str, value: tuple[str, str] | None, event_id: str | None) -> str:
    settings = f"{{value: {value[0]}, currency: '{value[1]}'}}" if value else "{}" if event_id else ""
    options = f"{{eventID: '{event_id}'}}" if event_id else ""
    arguments = [f"'{verb}'", f"'{event}'", settings, options]
    return f"{function}({', '.join(filter(None, arguments))});"


def _image(base: Snippet, event: str, value: tuple[str, str] | None, event_id: str | None) -> str:
    endpoint = platforms.dialect_named(base.dialect).platform.endpoints[0]
    amount = [("value", value[0]), ("currency", value[1])] if value else []
    query = endpoint.written([("pixel_id", base.pixel_id), ("event", event), *amount, ("event_id", event_id)])
    url = f"{endpoint.url}?" + "&".join(f"{quote(name)}={quote(text, safe='')}" for name, text in query)
    return f'<img height="1" width="1" alt="" style="display:none" src="{entities.escape(url)}">'


def _with_alt(noscript: str) -> str:
    """The image with the alt attribute that HTML asks for; the vendor's own has none."""
    return (
        noscript
        if "alt" in (html.attributes(noscript.strip()) or {})
        else _IMAGE.sub(r'\g<0> alt=""', noscript, count=1)
    )
