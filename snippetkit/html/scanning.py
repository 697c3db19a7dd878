"""One scan over markup, by the WHATWG HTML standard (13.2.5 "Tokenization"): what is a tag, and what only looks so.

What is inside a comment, an attribute, a script, a style, a title or another text element is not a tag. What a
browser makes of the tags is up to the callers: elements, what is hidden, handlers. Nothing is raised.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from snippetkit.html import tokens

_SHADOW_ROOTS = frozenset({b"closed", b"open"})
_TEXT = re.compile(rb"[^<]*+(?:<(?!/?[A-Za-z]|[!?/])[^<]*+|(?!))*+")
_PLAINTEXT = "plaintext"


class Stretch(NamedTuple):
    """A comment, a tag, or an element whose content is text: from `start` to `end`, in bytes.

    `name` is `comment`, a start tag's name, or `/` and an end tag's name. The content is from `inner_start` to
    `inner_end`. What does not end reaches to the end of the text, and `is_closed` is False. `templates` is how many
    templates are open where it begins, but for those that are shadow roots.
    """

    name: str
    start: int
    inner_start: int
    inner_end: int
    end: int
    is_closed: bool
    tag: re.Match[bytes] | None
    templates: int


def is_shadow_root(template: Stretch) -> bool:
    """Return whether a template's content is its host's shadow root, which runs and is shown (HTML, 13.2.6.4.4).

    A host has one: a second, and one in the head, is inert, but whose it is would take the whole tree to tell.
    """
    mode = tokens.attributes_in(template.tag).get("shadowrootmode") if template.tag else None
    return mode is not None and mode.value.lower() in _SHADOW_ROOTS


class _Templates:
    """The templates that are open, each with whether it is inert, and how many of them are."""

    def __init__(self) -> None:
        self._open: list[bool] = []
        self.inert = 0

    def follow(self, token: Stretch) -> None:
        """Open or close a template with a token."""
        if token.name == "template":
            self._open.append(self.inert > 0 or not is_shadow_root(token))
            self.inert += self._open[-1]
        elif token.name == "/template" and self._open:
            self.inert -= self._open.pop()


def scan(
    data: bytes,
    at: int = 0,
    stop: int | None = None,
    *,
    text_names: Collection[str] = tokens.TEXT_NAMES,
    passing: re.Pattern[bytes] = _TEXT,
) -> Iterator[Stretch]:
    """Yield the comments and the tags of markup, in order; one that is not closed ends the scan.

    Args:
        data: the markup.
        at: where it begins.
        stop: where it ends, None for the end of `data`.
        text_names: the elements whose content is text.
        passing: a pattern of what nobody asked for; it takes in all text.
    """
    stop, templates = len(data) if stop is None else stop, _Templates()
    while True:
        passed = passing.match(data, at, stop)
        at = passed.end() if passed else at
        token = _read(data, at, stop, text_names, templates.inert)
        if token is None:
            return
        yield token
        templates.follow(token)
        at = token.end


def _read(data: bytes, at: int, stop: int, text_names: Collection[str], templates: int) -> Stretch | None:
    """What begins at an offset, None at the end, or where something other than a comment does not end."""
    tag = tokens.TOKEN.match(data, at, stop)
    if tag is None or tag["tag"] is None:
        if not data.startswith(b"<", at, stop):
            return None
        return _comment(at, stop, tag, templates) if tag or data.startswith(b"<!--", at, stop) else None
    name, inner = tokens.tag_name(tag), tag.end()
    if name == _PLAINTEXT:
        return Stretch(name, at, inner, stop, stop, is_closed=False, tag=tag, templates=templates)
    if name not in text_names:
        return Stretch(name, at, inner, inner, inner, is_closed=True, tag=tag, templates=templates)
    inner_end = tokens.text_end(data, tag["tag"], inner, stop)
    closing = None if inner_end is None else tokens.TOKEN.match(data, inner_end, stop)
    is_closed, end = closing is not None, closing.end() if closing else stop
    return Stretch(name, at, inner, stop if inner_end is None else inner_end, end, is_closed, tag, templates)


def _comment(at: int, stop: int, token: re.Match[bytes] | None, templates: int) -> Stretch:
    """A comment, or what is passed over like one: a doctype, a processing instruction."""
    end = token.end() if token else stop
    name = "bogus" if token and token["bogus"] else "comment"
    return Stretch(name, at, min(at + len("<!--"), end), end, end, token is not None, None, templates)
