"""One scan over markup, by the WHATWG HTML standard (13.2.5 "Tokenization"): what is a tag, what only looks like one.

What is inside a comment, an attribute, a script, a style, a title or another text element is not a tag. What a
browser makes of the tags is up to the callers: elements, what is hidden, handlers. Nothing is raised.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import NamedTuple

from snippetkit.html import tokens
from snippetkit.html.anchors import head_span
from snippetkit.patterns import later

_NO_TAG = later(rb"(?: [^<]++ | " + tokens.COMMENT + rb" | <(?!/?[A-Za-z]|[!?/]) | (?!) )*+", re.DOTALL | re.VERBOSE)
_WHOLE = later(rb"<(?:!doctype|html)(?=[\t\n\f\r />])", re.IGNORECASE)
_BASE = later(rb"<base(?=[\t\n\f\r /])", re.IGNORECASE)
_WITHOUT_MORE = frozenset({"bogus", "comment", "img", "script", "style"})
_SHADOW_ROOTS = frozenset({b"closed", b"open"})
_TEXT = later(rb"[^<]*+(?:<(?!/?[A-Za-z]|[!?/])[^<]*+|(?!))*+")
_PLAINTEXT = "plaintext"


class Stretch(NamedTuple):
    """A comment, a tag, or an element whose content is text: from `start` to `end`, in bytes.

    `name` is `comment`, a start tag's name, or `/` and an end tag's name. The content is from `inner_start` to
    `inner_end`. What does not end reaches to the end of the text, and `is_closed` is False. `templates` is how many
    templates are open where it begins, but for those that are shadow roots, as `is_root` says of one.
    """

    name: str
    start: int
    inner_start: int
    inner_end: int
    end: int
    is_closed: bool
    tag: re.Match[bytes] | None
    templates: int
    is_root: bool = False


class _Templates:
    """The templates that are open, each with whether it is inert, and how many of them are.

    A shadow root is not: its content runs and is shown. A host has one, so that a second is inert, and the head has
    none, nor a root itself (HTML, 13.2.6.4.4). Whose a template is would take the whole tree to tell; what is sure is
    that two have one host between which there are only text, comments, scripts, styles and images.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._open: list[tuple[bool, bool]] = []
        self._behind_root: list[int | None] = [None]
        self.inert = 0

    def is_root(self, template: Stretch) -> bool:
        """Return whether a template's content is its host's shadow root."""
        mode = tokens.attributes_in(template.tag).get("shadowrootmode") if template.tag else None
        if mode is None or mode.value.lower() not in _SHADOW_ROOTS or self.inert:
            return False
        return not (self._is_behind_root(template) or template.start <= self._head_end)

    def _is_behind_root(self, token: Stretch) -> bool:
        """Whether what is at a token has the parent of the shadow root in front of it."""
        end = self._behind_root[-1]
        return end is not None and _NO_TAG.fullmatch(self._data, end, token.start) is not None

    @cached_property
    def _head_end(self) -> int:
        """Where the head of a whole page ends; a part of one may stand anywhere."""
        return head_span(self._data)[1] if is_whole_page(self._data) else -1

    def follow(self, token: Stretch) -> None:
        """Open or close a template with a token."""
        is_behind = self._is_behind_root(token)
        if token.name == "template":
            self._open.append((not token.is_root, token.is_root or is_behind))
            self._behind_root.append(token.end if token.is_root else None)  # no root hosts another one
            self.inert += not token.is_root
        elif token.name == "/template" and self._open:
            was_inert, is_behind = self._open.pop()
            self._behind_root[-2:] = [token.end if is_behind else None]
            self.inert -= was_inert
        else:
            is_behind = is_behind and token.is_closed and token.name in _WITHOUT_MORE
            self._behind_root[-1] = token.end if is_behind else None


def is_whole_page(data: bytes) -> bool:
    """Whether a text is a document of its own: it has a doctype, or the tag of the element that holds all others."""
    return _WHOLE.search(data) is not None and any(
        token.name in {"bogus", "html"} and _WHOLE.match(data, token.start) for token in _tokens(data)
    )


def may_be_whole_page(data: bytes) -> bool:
    """Whether a text holds what `is_whole_page` looks for; a comment may hold it too."""
    return _WHOLE.search(data) is not None


def base_of(data: bytes) -> tokens.Attribute | None:
    """Return the `href` from which the URLs of a page count, as it stands there; None where its own URL is that."""
    if not _BASE.search(data):
        return None
    tags = (token.tag for token in _tokens(data) if token.name == "base" and token.tag)
    return next((found["href"] for found in map(tokens.attributes_in, tags) if "href" in found), None)


def _tokens(data: bytes) -> Iterator[Stretch]:
    """What `scan` yields, without a look at templates."""
    at = 0
    while passed := _TEXT.match(data, at):
        token = _read(data, passed.end(), len(data), tokens.TEXT_NAMES, 0)
        if token is None:
            return
        yield token
        at = token.end


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
    stop, templates = len(data) if stop is None else stop, _Templates(data)
    while True:
        passed = passing.match(data, at, stop)
        at = passed.end() if passed else at
        token = _read(data, at, stop, text_names, templates.inert)
        if token is None:
            return
        if token.name == "template":
            token = token._replace(is_root=templates.is_root(token))
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
