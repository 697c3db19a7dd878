"""The scripts, noscripts and images of a text, wherever a browser would see them.

A scanner by the rules of the WHATWG HTML standard (13.2.5 "Tokenization"): what looks like an element inside a
comment, an attribute, a script, a style, a title or another text element is none, and a template's content is inert.
A noscript's content counts as markup, as it does for a visitor without JavaScript. It never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from snippetkit.html import tokens
from snippetkit.html.anchors import head_span

_FOUND = frozenset({"iframe", "img", "noscript", "script"})
_TEXT = "iframe|noembed|noframes|noscript|script|style|textarea|title|xmp"
_PASSED_OVER = re.compile(
    rb"""(?: [^<]++
          | <!--(?: > | -> | .*?(?: --!?> | \Z ) )
          | <[!?/](?!--|/?(?i:template)\b) [^>]*+ (?: > | \Z )
          | <(?!/?[A-Za-z]|[!?/])
          | </?+ (?! (?i: img|template|plaintext|"""
    + _TEXT.encode()
    + rb""")(?=[\t\n\f\r\ />])) [A-Za-z][^\t\n\f\r\ />]*+ """
    + tokens.ATTRIBUTES
    + rb""">
        )*+""",
    re.VERBOSE | re.DOTALL,
)
_TEXT_NAMES = frozenset(_TEXT.split("|"))
_PAGE = re.compile(rb"<(?:!doctype|html|head|body|frameset)(?=[\t\n\f\r />])", re.IGNORECASE)


class Attribute(NamedTuple):
    """An attribute's value as it stands, and the offset of its first byte."""

    value: bytes
    start: int


@dataclass(frozen=True, slots=True)
class Element:
    """An element: from `start` to `end` with its tags, from `inner_start` to `inner_end` without, in bytes.

    An element that does not end reaches to the end of the text, and `is_closed` is False. `inside` is the name of
    the element that it was found in, `noscript` or nothing.
    """

    name: str
    start: int
    inner_start: int
    inner_end: int
    end: int
    attributes: Mapping[str, Attribute] = field(repr=False)
    is_closed: bool = True
    inside: str = ""


def find_elements(data: bytes) -> Iterator[Element]:
    """Yield the elements `script`, `noscript`, `img` and `iframe` of a text, in their order.

    What a noscript holds comes behind the noscript, with `inside` set.
    """
    yield from _scan(data, 0, len(data), "")


def is_page(data: bytes) -> bool:
    """Whether a text is a page, or a piece of code: a page has a doctype or one of the tags around its content."""
    return _PAGE.search(data) is not None


def is_in_head(data: bytes, offset: int) -> bool:
    """Whether what stands at `offset` belongs to the head of a page: nothing in front of it ends the head."""
    start, stop = head_span(data)
    return start <= offset <= stop


def _scan(data: bytes, at: int, stop: int, inside: str) -> Iterator[Element]:
    templates = 0
    while True:
        passed = _PASSED_OVER.match(data, at, stop)
        tag = tokens.TOKEN.match(data, passed.end() if passed else at, stop)
        if tag is None or tag["tag"] is None:
            return
        name = tag["tag"].decode("latin-1").lower()
        at = tag.end()
        if name == "plaintext":
            return
        if name in {"template", "/template"}:
            templates = max(0, templates + (1 if name == "template" else -1))
        elif (name in _TEXT_NAMES and name != inside) or name == "img":
            element = _element(data, name, tag, stop, inside)
            at = element.end
            if not templates and name in _FOUND:
                yield element
                if name == "noscript":
                    yield from _scan(data, element.inner_start, element.inner_end, "noscript")


def _element(data: bytes, name: str, tag: re.Match[bytes], stop: int, inside: str) -> Element:
    inner_end = tag.end() if name == "img" else tokens.text_end(data, name.encode(), tag.end(), stop)
    closing = None if inner_end is None else tokens.TOKEN.match(data, inner_end, stop)
    end = tag.end() if name == "img" else closing.end() if closing else stop
    return Element(
        name,
        tag.start(),
        tag.end(),
        stop if inner_end is None else inner_end,
        end,
        _attributes(tag),
        is_closed=name == "img" or closing is not None,
        inside=inside,
    )


def _attributes(tag: re.Match[bytes]) -> dict[str, Attribute]:
    found: dict[str, Attribute] = {}
    for item in tokens.ATTRIBUTE.finditer(tag.string, tag.start("attributes"), tag.end("attributes")):
        group = next((name for name in ("double", "single", "bare") if item[name] is not None), "name")
        value = Attribute(b"", item.end()) if group == "name" else Attribute(item[group], item.start(group))
        found.setdefault(item["name"].decode("utf-8", "replace").lower(), value)
    return found
