"""The ttd dialect (2016 to today): `new TTDUniversalPixelApi().init(..)`, behind the loader that makes that class.

It is told the advertiser, a list of its universal pixels, and the URL that reports; an id is put together of the first
two. Which event that is, and what it is worth, is set in The Trade Desk, by the page's URL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit.javascript import Script, given, member_name
from snippetkit.platforms import Dialect, Report, reader
from snippetkit.platforms.reports import joined_setting
from snippetkit.platforms.tradedesk import PLATFORM
from snippetkit.terms import Coexistence

if TYPE_CHECKING:
    from tree_sitter import Node

NAME = "ttd"

_CLASS = "TTDUniversalPixelApi"
_AROUND = frozenset({"parenthesized_expression"})
_NAMING = {"assignment_expression": "left", "variable_declarator": "name"}
_NO_VALUE = "The Trade Desk takes no value from this code; the image of a static tag has one"
_INIT = f"""
    if (typeof {_CLASS} === 'function') {{
      var api = new {_CLASS}();
      api.init('ID', ['ID'], 'https://insight.adsrvr.org/track/up'%s);
    }}
"""
_MORE = ("", ", 'ID'")
_BASE_CODES = (
    *(f"ttd_dom_ready(function () {{{_INIT % more}}})" for more in _MORE),
    *(f"(function (page) {{{_INIT % more}}})(this)" for more in _MORE),
    f"""
    (function () {{
      var loader = document.createElement('script');
      loader.async = true;
      loader.src = 'LOADER';
      loader.onload = function () {{{_INIT % ""}}};
      document.head.appendChild(loader);
    }})()
    """,
)


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script reports: for each call of `init`, one for each pixel that it is told."""
    for made in filter(None, map(script.tree.parent, script.references(_CLASS.encode()))):
        if made.type == "new_expression":
            for call in _calls(script, script.tree.outermost(made, _AROUND)):
                yield from _of_call(script, call)


def _calls(script: Script, made: Node) -> Iterator[Node]:
    """The calls of `init` of an object where it is made, or of the name or the member that it gets."""
    around = script.tree.parent(made)
    name = around.child_by_field_name(_NAMING[around.type]) if around and around.type in _NAMING else None
    path = script.names.path(name) if name else b""
    uses = script.references(path) if path else [made]
    for member in filter(None, map(script.tree.parent, uses)):
        call = script.tree.parent(member)
        is_init = member.type == "member_expression" and member_name(member) == b"init"
        if is_init and call is not None and call.child_by_field_name("function") == member:
            yield call


def _of_call(script: Script, call: Node) -> Iterator[Report]:
    told = given(call.child_by_field_name("arguments"))
    advertiser = script.setting(told[0]) if told else None
    listed = script.meant(told[1]) if len(told) > 1 else None
    pixels = given(listed) if listed and listed.type == "array" else [listed]
    for pixel in filter(None, map(script.setting, pixels)) if advertiser else ():
        pixel_id = joined_setting(advertiser, pixel) if advertiser else None
        start = script.start + call.start_byte
        yield Report(NAME, start, pixel_id, add_value=_NO_VALUE, add_currency=_NO_VALUE)


DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"adsrvr.org/up_loader", b"adsrvr.org/track/"),
    coexistence=Coexistence.APART,
    functions=(_CLASS,),
    by_methods=True,
    is_in_parts=True,
    loader="up_loader.1.1.0.js",
    base_codes=_BASE_CODES,
    read_image=reader(PLATFORM, NAME),
    image_repeats=False,
    has_events=False,
    needs_currency=False,
    since=2014,
)
