"""Markup regardless of how it is written: order of attributes, quotes, case and character references do not count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from snippetkit.html.tokens import TEXT_NAMES, TOKEN, attributes_of, read_token, refuse, tag_name, text_end

_MARKUP = frozenset({"noscript"})


class Piece(NamedTuple):
    """A piece of markup: `name` as a `Token`'s; `attributes` decoded, of those with one name the first.

    `text` is that of a text, a comment, or an element that holds text; a noscript's content is pieces of its own.
    """

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""


def read_markup(data: bytes, start: int = 0) -> Iterator[Piece]:
    """Yield the pieces of UTF-8 markup, without the white space between them.

    Raises:
        PageRefusedError: what stands there is not certain.
        UnicodeDecodeError: it is not UTF-8.
    """
    while start < len(data):
        tag = TOKEN.match(data, start)
        if tag is None or tag["tag"] is None:
            token = read_token(data, start, len(data))
            text = " ".join(data[token.start : token.end].decode().split())
            start = token.end
            if text:
                yield Piece(token.name, text=text)
            continue
        name, start = tag_name(tag), tag.end()
        end = start
        if name in TEXT_NAMES - _MARKUP:
            end = _text_end(data, tag)
        yield Piece(name, tuple(sorted(attributes_of(tag).items())), data[start:end].decode())
        start = end


def _text_end(data: bytes, tag: re.Match[bytes]) -> int:
    end = text_end(data, tag["tag"], tag.end(), len(data))
    if end is None:
        refuse(data, tag.start(), f"<{tag_name(tag)}> is never closed")
    return end
