"""What a text holds that a browser neither shows as markup nor runs: comments, templates, and the text of elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from snippetkit.html import tokens

_LIVE = frozenset({"noscript", "script"})
_TEMPLATES = {"template": 1, "/template": -1}


class Hidden(NamedTuple):
    """A stretch of bytes: `name` is `comment` or an element's, the content begins at `inner_start`.

    What does not end reaches to the end of the text, and `is_closed` is False.
    """

    name: str
    start: int
    inner_start: int
    end: int
    is_closed: bool


def find_hidden(data: bytes) -> Iterator[Hidden]:
    """Yield the comments, the templates, and the elements whose content is text, scripts and noscripts apart."""
    at, depth, outer = 0, 0, (0, 0)
    while (at := data.find(b"<", at)) >= 0:
        tag = tokens.TOKEN.match(data, at)
        found = _hidden(data, at, tag)
        name = tokens.tag_name(tag) if tag and tag["tag"] else ""
        if name in _TEMPLATES and tag:
            if name == "template" and not depth:
                outer = (at, tag.end())
            if name == "/template" and depth == 1:
                yield Hidden("template", *outer, tag.end(), is_closed=True)
            depth = max(0, depth + _TEMPLATES[name])
        if found and found.name not in _LIVE and not depth:
            yield found
        at = found.end if found else tag.end() if tag else at + 1
    if depth:
        yield Hidden("template", *outer, len(data), is_closed=False)


def _hidden(data: bytes, at: int, tag: re.Match[bytes] | None) -> Hidden | None:
    if data.startswith(b"<!--", at):
        is_closed = tag is not None
        return Hidden("comment", at, at + 4, tag.end() if tag else len(data), is_closed)
    name = tokens.tag_name(tag) if tag and tag["tag"] else ""
    if tag is None or name == "noscript" or name not in tokens.TEXT_NAMES | {"plaintext"}:
        return None
    end = None if name == "plaintext" else tokens.text_end(data, tag["tag"], tag.end(), len(data))
    return Hidden(name, at, tag.end(), len(data) if end is None else end, end is not None)
