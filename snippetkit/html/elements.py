"""The scripts, noscripts and images of a text, wherever a browser would see them, and what is hidden from it.

A noscript's content counts as markup, as it does for a visitor without JavaScript; a template's content is inert,
unless it is a shadow root.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from snippetkit.errors import SlowReadingError
from snippetkit.html import tokens
from snippetkit.html.anchors import head_span
from snippetkit.html.holding import holder_of_template
from snippetkit.html.scanning import Stretch, scan
from snippetkit.html.tokens import Attribute
from snippetkit.patterns import later
from snippetkit.records import dataclass, field

_ELEMENTS = frozenset({"iframe", "img", "noscript", "script"})
_PASSED_OVER = later(
    rb"""(?: [^<]++
          | <!--(?: > | -> | .*?(?: --!?> | \Z ) )
          | <[!?/](?!--|/?(?i:template)\b) [^>]*+ (?: > | \Z )
          | <(?!/?[A-Za-z]|[!?/])
          | """
    + tokens.tag_but(tokens.TEXT_NAMES | {"img", "plaintext", "template"})
    + rb"""
          | (?!)
        )*+""",
    re.VERBOSE | re.DOTALL,
)
_MOST_FRAMES = 8
_IN_NOSCRIPT = tokens.TEXT_NAMES - {"noscript"}
_HIDDEN = tokens.TEXT_NAMES - {"noscript", "script"} | {"comment", "plaintext"}
_PAGE = later(rb"<(?:!doctype|html|head|body|frameset)(?=[\t\n\f\r />])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Element:
    """An element: from `start` to `end` with its tags, from `inner_start` to `inner_end` without, in bytes.

    An element that does not end reaches to the end of the text, and `is_closed` is False. `inside` is the name of
    the element that it is in, `noscript`, `template` or nothing.
    """

    name: str
    start: int
    inner_start: int
    inner_end: int
    end: int
    attributes: Mapping[str, Attribute] = field(repr=False)
    is_closed: bool = True
    inside: str = ""


class Hidden(NamedTuple):
    """A stretch of bytes that a browser neither shows as markup nor runs: a comment, a template, or an element's text.

    `name` is `comment` or the element's; the content begins at `inner_start`. What does not end reaches to the end of
    the text, and `is_closed` is False.
    """

    name: str
    start: int
    inner_start: int
    end: int
    is_closed: bool


def find_elements(data: bytes) -> Iterator[Element]:
    """Yield the elements `script`, `noscript`, `img` and `iframe` of a text, in order.

    What a noscript holds comes after the noscript, with `inside` set. Of a template, only scripts are yielded that
    a tool starts once the visitor has agreed.
    """
    return _find(data, 0, len(data), "")


def find_hidden(data: bytes) -> Iterator[Hidden]:
    """Yield the comments, the templates, and the elements whose content is text, scripts and noscripts apart."""
    outer: Stretch | None = None
    for one in scan(data, text_names=_IN_NOSCRIPT):
        if one.name == "template" and not one.templates:
            outer = None if one.is_root else one
        elif outer and one.name == "/template" and one.templates == 1:
            yield Hidden("template", outer.start, outer.inner_start, one.end, is_closed=True)
            outer = None
        elif one.name in _HIDDEN and not one.templates:
            yield Hidden(one.name, one.start, one.inner_start, one.inner_end, one.is_closed)
    if outer:
        yield Hidden("template", outer.start, outer.inner_start, len(data), is_closed=False)


def is_page(data: bytes) -> bool:
    """Whether a text is a page, or a piece of code: a page has a doctype or one of the tags around its content."""
    return _PAGE.search(data) is not None


def is_in_head(data: bytes, offset: int) -> bool:
    """Whether what is at `offset` belongs to the head of a page: nothing in front of it ends the head."""
    start, stop = head_span(data)
    return start <= offset <= stop


def frame_source(element: Element, depth: int) -> Attribute | None:
    """Return the `srcdoc` of an iframe, the document that it shows; None where it has none.

    Args:
        element: the iframe, or another element.
        depth: in how many frames it stands.

    Raises:
        SlowReadingError: it stands in more than anybody writes.
    """
    source = element.attributes.get("srcdoc") if element.name == "iframe" else None
    if source and depth == _MOST_FRAMES:
        raise SlowReadingError(
            f"frames there are nested more than {_MOST_FRAMES} deep, by their srcdoc, and may hold code",
            hint="give the inner ones a page of their own, or leave the file out",
        )
    return source


def _find(data: bytes, at: int, stop: int, inside: str) -> Iterator[Element]:
    is_held = False
    text_names = _IN_NOSCRIPT if inside else tokens.TEXT_NAMES
    for one in scan(data, at, stop, text_names=text_names, passing=_PASSED_OVER):
        if one.name == "template" and not one.templates:
            is_held = _holds_back(one)
        if one.name in _ELEMENTS and one.name != inside and (element := _seen(one, inside, is_held=is_held)):
            yield element
            if element.name == "noscript":
                yield from _find(data, element.inner_start, element.inner_end, "noscript")


def _seen(one: Stretch, inside: str, *, is_held: bool) -> Element | None:
    """An element, if it counts; `is_held` says that a tool looks into the template around it."""
    if one.templates == 1 and is_held and one.name == "script":
        inside = "template"
    elif one.templates:
        return None
    attributes = tokens.attributes_in(one.tag) if one.tag else {}
    return Element(one.name, one.start, one.inner_start, one.inner_end, one.end, attributes, one.is_closed, inside)


def _holds_back(template: Stretch) -> bool:
    attributes = tokens.attributes_in(template.tag) if template.tag else {}
    return holder_of_template({name: attribute.value for name, attribute in attributes.items()}) is not None
