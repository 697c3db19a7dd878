"""The dotq dialect (2014 to today): `dotq`, a queue of objects that its base code hands to the loader ytc.js.

The base code pushes one object itself, which names the pixel and shows that the page was seen. An event tells its pixel
again, and in `qstrings` an action, a category or both, which are the account's own: the action is its name here, or
else the category. Fresh code is not written: an account's rule may ask for either, and for more that no setting tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from snippetkit.javascript import Script, given, member_name, unwrapped, walk
from snippetkit.platforms import OBJECT, CallReader, Calls, Dialect, Report, Told, at, reader
from snippetkit.platforms.yahoo import PLATFORM
from snippetkit.records import replace
from snippetkit.terms import Coexistence

if TYPE_CHECKING:
    from tree_sitter import Node

NAME = "dotq"

_TEXTS = "properties.qstrings"
_HEAD = frozenset({"projectId"})
_HANDS_OVER = b"I13N.fireBeacon"
_LOADED = """
loader.onload = loader.onreadystatechange = function () {
  var fire, state = this.readyState, told = page[name];
  if (state && state != 'complete' && state != 'loaded') { return }
  try {
    fire = YAHOO.ywa.I13N.fireBeacon;
    page[name] = [];
    page[name].push = function (one) { fire([one]) };
    fire(told)
  } catch (e) {}
};
"""
_PUTS = (
    "var first = html.getElementsByTagName(kind)[0], around = first.parentNode; around.insertBefore(loader, first);",
    "var first = html.getElementsByTagName(kind)[0]; first.parentNode.insertBefore(loader, first);",
    "html.head.appendChild(loader);",
)
_ON = ("true", "!0")
_BASE_CODES = tuple(
    f"""
(function (page, html, kind, address, name) {{
  page[name] = page[name] || [];
  page[name].push({{projectId: 'ID', properties: {{pixelId: 'ID'}}}});
  var loader = html.createElement(kind);
  loader.src = address;
  loader.async = {on};
  {_LOADED}
  {put}
}})(window, document, 'script', 'LOADER', 'NAME');
"""
    for put, on in product(_PUTS, _ON)
)


def _in_base_code(script: Script) -> Iterator[Node]:
    """What a base code pushes onto the list that it has the name of: `page[name].push(..)`."""
    if script.masked.find(_HANDS_OVER, script.start, script.end) < 0:
        return
    for call in (node for node in walk(script.root) if node.type == "call_expression"):
        function = unwrapped(call.child_by_field_name("function") or call)
        queue = function.child_by_field_name("object") if member_name(function) == b"push" else None
        if queue is not None and unwrapped(queue).type == "subscript_expression":
            told = given(call.child_by_field_name("arguments"))
            yield from (one for one in told if not _HEAD.isdisjoint(script.members(one)))


_beacons = CallReader(
    NAME,
    (),
    {
        OBJECT: Told(
            pixel_id=at(0, "projectId"),
            id_part=at(0, "properties.pixelId"),
            event=at(0, f"{_TEXTS}.ea", f"{_TEXTS}.ec"),
            about=0,
            within=_TEXTS,
            value=("gv",),
            currency=(),
            misnamed=("value", "revenue", "price", "amount", "total"),
        )
    },
    "add the value to the qstrings of what is pushed onto dotq, such as gv: '19.99'",
    queues=("dotq",),
    is_each_argument=True,
    objects=_HEAD,
    no_currency="Yahoo's Dot tag has no currency",
    more=_in_base_code,
)


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script pushes; what tells neither an event nor a value only names the pixel."""
    for report in _beacons(script):
        is_base = not (report.event or report.value or report.ignored)
        yield replace(report, verb="init") if is_base else report


DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"yimg.com/wi/ytc.js", b"sp.analytics.yahoo.com/spp.pl"),
    coexistence=Coexistence.APART,
    queues=("dotq",),
    read_by=(_HANDS_OVER.decode(),),
    calls=Calls(reporting=frozenset({OBJECT}), objects=_HEAD),
    loader="wi/ytc.js",
    needs_base=True,
    call="dotq.push({projectId: ..})",
    trusted_names=frozenset({"push"}),
    base_codes=_BASE_CODES,
    read_image=reader(PLATFORM, NAME),
    image_repeats=False,
    since=2014,
)
