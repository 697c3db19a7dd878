"""The halves of an event's code: its scripts as they are edited, and its noscript image."""

from __future__ import annotations

import html as entities
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from snippetkit import platforms
from snippetkit.errors import SnippetError
from snippetkit.key import Key
from snippetkit.model import Snippet

if TYPE_CHECKING:
    from snippetkit.javascript import Script
    from snippetkit.lint import Limits
    from snippetkit.snippets import Image

_IMAGE = '<img height="1" width="1" alt="" style="display:none" src="{}">'


def edit_scripts(code: bytes, edit: Callable[[Script], bytes], key: Key | None = None) -> bytes:
    """Return code with the texts that `edit` makes of its scripts; a script that becomes empty goes.

    Args:
        code: whole script elements.
        edit: makes the text of a script.
        key: that of an event alone, which has to be reported once in the end, without its loader's element; or None.

    Raises:
        SnippetError: `edit` does, or the event is not.
    """
    from snippetkit import lint, snippets

    document = snippets.parse(code.decode())
    inners = {element.start: edit(script) for element, script in document.scripts}
    dialect = platforms.dialect_named(key.dialect) if key else None
    inners |= {one.start: b"" for one in document.elements if dialect and snippets.is_loader(dialect, one)}
    for element in reversed([one for one in document.elements if one.start in inners]):
        if inners[element.start].strip():
            code = code[: element.inner_start] + inners[element.start] + code[element.inner_end :]
        else:
            code = code[: element.start] + code[element.end :].lstrip()
    code = code.strip()
    if key is not None:
        firing = lint.find_firing(snippets.parse(code.decode()), key.dialect)
        if firing.inits or [call.event for call in firing.events] != [key.event]:
            raise SnippetError(f"its {key.event} is not one plain call")
    return code


def make_noscript(noscript: bytes, snippet: Snippet, limits: Limits = ()) -> bytes:
    """Return the noscript of an event alone, empty where it has none.

    It holds the event's own image where `noscript` has one. Else it says what the script does, where that has a
    noscript at all, and a value that is known before a script runs.

    Args:
        noscript: that of the whole code.
        snippet: the event.
        limits: what its image has to say besides that.
    """
    from snippetkit import snippets

    document = snippets.parse(noscript.decode())
    images = [image for code in document.codes for image in code.images]
    told = [image for image in images if image.read.report.event and image.read.report.event.text == snippet.event]
    if told:
        inner = b"".join(_limited(document.data, image, limits) for image in told)
    elif images and not snippet.dynamic and _is_plain(snippet):
        inner = _image(snippet, limits)
    else:
        return b""
    return b"<noscript>" + inner + b"</noscript>"


def _is_plain(snippet: Snippet) -> bool:
    """Whether an image tells all that it has to by a query."""
    return platforms.dialect_named(snippet.dialect).platform.endpoints[0].begins == "?"


def _limited(data: bytes, image: Image, limits: Limits) -> bytes:
    """An image with what it has to say; one that says any of it is left as it is."""
    start, at, end = image.element.start, image.url.start + len(image.url.value), image.element.end
    is_told = any(name in image.read.names for name, _ in limits)
    more = "" if is_told or not limits else "&amp;" + entities.escape(urlencode(limits))
    return data[start:at] + more.encode() + data[at:end]


def _image(snippet: Snippet, limits: Limits) -> bytes:
    endpoint = platforms.dialect_named(snippet.dialect).platform.images[0]
    settings = (("pixel_id", snippet.pixel_id), ("event", snippet.event))
    amount = (("value", snippet.value), ("currency", snippet.currency))
    query = [*endpoint.written(text for text in (*settings, *amount) if text[1] is not None), *limits]
    return _IMAGE.format(entities.escape(f"{endpoint.url_of(snippet.pixel_id)}?{urlencode(query)}")).encode()
