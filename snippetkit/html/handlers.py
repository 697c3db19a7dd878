"""The attributes whose text is JavaScript that runs when something happens to their element: `onclick="buy(..)"`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from snippetkit.html import tokens
from snippetkit.html.elements import Element
from snippetkit.html.scanning import scan
from snippetkit.html.tokens import Attribute
from snippetkit.patterns import later
from snippetkit.records import dataclass

_NAME = r"""on(?P<plain>[a-z]{3,30})
    | (?:@|v-on:|x-on:|hx-on:{1,2}|on:|ng-|\() (?P<framework>[a-z][a-z-]{2,30}) (?:[.:|][\w.:|-]*)? \)?"""
_HANDLER = later(_NAME, re.VERBOSE | re.IGNORECASE)
_URLS = frozenset({"action", "formaction", "href"})
_BREAK = rb"(?:[\t\n\r]|&\#(?:0*(?:9|10|13)|[xX]0*(?:9|[aAdD]));?)*"  # browsers drop these from a URL
_JAVASCRIPT = later(rb"[\x00-\x20]*" + _BREAK.join(b"%c" % letter for letter in b"javascript:"), re.IGNORECASE)

_MAY_BE_ONE = later(
    rb"""[\t\n\f\r\ /"'](?:on|@|v-on:|x-on:|hx-on:|ng-|\()[^\t\n\f\r\ />=]*+[\t\n\f\r\ ]*+=
        | =[\x00-\x20]*+["']?[\x00-\x20]*+j""",
    re.IGNORECASE | re.VERBOSE,
)
"""What every tag with a handler holds, and few others."""

# What stands in front of a name in such a handler: that is told faster than all tags are read.
_ATTRIBUTE = rb"""[\t\n\f\r\ /"'](?:on|@|v-on:|x-on:|hx-on:|ng-|\(|href|action|formaction)[a-z:.()|-]{0,60}
        [\t\n\f\r\ ]{0,9}=[\t\n\f\r\ ]{0,9}"""
_IN_QUOTES = later(_ATTRIBUTE + rb"\Z", re.IGNORECASE | re.VERBOSE)
_BARE = later(_ATTRIBUTE + rb"""[^\t\n\f\r "'>]{0,99}\Z""", re.IGNORECASE | re.VERBOSE)
_LONGEST_NAME, _LONGEST_BARE, _LONGEST = 100, 200, 9_999


@dataclass(frozen=True, slots=True)
class Handler:
    """JavaScript in an attribute of the element `name`, whose tag stands from `start` up to, not including, `end`.

    `action` is what has to happen to the element; empty where the page only has to be loaded. `attribute` is
    the text of the code, in which character references stand for characters; `key` is its name, in lower
    case. `is_plain` says that it is HTML's own.
    """

    name: str
    start: int
    end: int
    action: str
    key: str
    attribute: Attribute
    is_plain: bool


def find_handlers(data: bytes) -> Iterator[Handler]:
    """Yield the handlers of a text where a browser that runs scripts would see them, in order.

    Those of frameworks are looked for too: `@click`, `v-on:click`, `x-on:click`, `hx-on:click`, `on:click`,
    `ng-click`, `(click)`. Nothing is raised.
    """
    if not _MAY_BE_ONE.search(data):
        return
    for one in scan(data):
        is_shown = one.tag and not one.templates and one.name[0] != "/" and one.name != "template"
        if one.tag and is_shown and _MAY_BE_ONE.search(data, one.start, one.tag.end()):
            yield from _of_tag(one.tag, one.name)


def gaps(elements: Iterable[Element], end: int) -> Iterator[tuple[int, int]]:
    """Yield from where to where a text, which has `end` bytes, has no content of its elements: where tags may stand."""
    at = 0
    for element in elements:
        if element.inner_start > at:
            yield at, element.inner_start
        at = max(at, element.inner_end)
    yield at, end


def may_be_handled(data: bytes, at: int) -> bool:
    """Return whether what stands at an offset may be in a handler's attribute."""
    quotes = (data.rfind(quote, max(0, at - _LONGEST), at) for quote in (b'"', b"'"))
    is_quoted = any(_IN_QUOTES.search(data, max(0, one - _LONGEST_NAME), one) for one in quotes if one > 0)
    return is_quoted or _BARE.search(data, max(0, at - _LONGEST_BARE), at) is not None


def _of_tag(tag: re.Match[bytes], name: str) -> Iterator[Handler]:
    for key, attribute in tokens.attributes_in(tag).items():
        action, start = _action(name, key, attribute.value) if attribute.value else (None, 0)
        if action is not None:
            code = Attribute(attribute.value[start:], attribute.start + start)
            yield Handler(name, tag.start(), tag.end(), action, key, code, is_plain=key.isalpha())


def _action(tag: str, name: str, value: bytes) -> tuple[str | None, int]:
    """The action on which an attribute runs, None where it is no code, and where the code begins in it."""
    if name in _URLS:
        scheme = _JAVASCRIPT.match(value)
        return ("click" if name != "action" else "submit", scheme.end()) if scheme else (None, 0)
    handler = _HANDLER.fullmatch(name)
    action = handler and (handler["plain"] or handler["framework"])
    return ("" if (tag, name) == ("body", "onload") else action), 0
