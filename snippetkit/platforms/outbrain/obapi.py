"""The obapi dialect (2018 to today): `obApi`, which queues its calls until the loader `obtp.js` comes.

The base code has the marketer's id, or a list of them, in a variable, mostly `OB_ADV_ID`, and keeps it as
`obApi.marketerId`; where `obApi` is there already, the id is added to those, and each event is of all of them. A
conversion's name is the marketer's own, and its case counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from snippetkit.javascript import Script, given
from snippetkit.patterns import later
from snippetkit.platforms import Adding, CallReader, Calls, Dialect, Report, Told, at
from snippetkit.platforms.outbrain import PLATFORM
from snippetkit.terms import Coexistence

if TYPE_CHECKING:
    from tree_sitter import Node

NAME = "obapi"

_ADDING = Adding(
    {"value": "orderValue: 0.00", "currency": "currency: 'USD'"},
    "the last argument of the event's obApi call",
    "after the event's name in its obApi call",
)
_NAME = later(rb"[A-Za-z_]\w*", re.ASCII)
_SET = later(rb"\.\s*marketerId\s*=(?!=)")
_ASSIGNMENT = "assignment_expression"
_KIND = "Object.prototype.toString.call(one)"
_ADDED = [
    f"""
var listed = function (one) {{ return {is_list} ? one : [one]; }};
page.obApi.marketerId = listed(page.obApi.marketerId).concat(listed(id));
"""
    for is_list in (f"{_KIND} === '[object Array]'", f"'[object Array]' === {_KIND}")
]
"""The second one is how minifiers write it."""
_STUB = """
var stub = page.obApi = function () {
  stub.dispatch ? stub.dispatch.apply(stub, arguments) : stub.queue.push(arguments);
};
stub.version = '1.1';
stub.loaded = true;
stub.marketerId = id;
stub.queue = [];
var loader = html.createElement('script');
loader.async = true;
loader.src = 'LOADER';
"""
_MAKES = (
    *(f"if (page.obApi) {{ {added} return; }} {_STUB} %s" for added in _ADDED),
    *(f"if (page.obApi) {{ {added} }} else {{ {_STUB} %s }}" for added in _ADDED),
    f"if (page.obApi) return; {_STUB} %s",
)
_PUTS = (
    "var first = html.getElementsByTagName('script')[0]; first.parentNode.insertBefore(loader, first);",
    "html.head.appendChild(loader);",
)
_BASE_CODES = tuple(
    f"(function (page, html) {{ var id = {id_}; {make % (kind + put)} }})(window, document);"
    for id_, make, kind, put in product(("'ID'", "['ID']"), _MAKES, ("loader.type = 'text/javascript';", ""), _PUTS)
)
"""Where `obApi` is there already, the id is added to it; a copy that does not do that loses it."""

_events = CallReader(
    NAME,
    ("obApi",),
    {
        "track": Told(
            event=at(1),
            about=2,
            value=("orderValue",),
            order_id=at(2, "orderId"),
            misnamed=("value", "revenue", "price", "amount", "total"),
        )
    },
    _ADDING,
)


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script reports: each marketer whose id it keeps, and each event, which is of all of them."""
    for node in _marketers(script):
        if setting := script.setting(node):
            yield Report(NAME, script.start + node.start_byte, setting, verb="init", add_value=_ADDING.whole)
    yield from _events(script)


def _marketers(script: Script) -> Iterator[Node]:
    """What is kept as the marketer's id, each item of a list; not what is put together of those that are there."""
    if script.masked.find(b"marketerId", script.start, script.end) < 0:
        return
    for match in _SET.finditer(script.masked, script.start, script.end):
        node = script.tree.innermost(match.start() - script.start, match.end() - script.start)
        around = (node, *script.tree.around(node)) if node else ()
        right = next((one.child_by_field_name("right") for one in around if one.type == _ASSIGNMENT), None)
        value = _list_of(script, right) or right if right else None
        if value and value.type != "call_expression":
            yield from given(value) if value.type == "array" else [value]


def _list_of(script: Script, name: Node) -> Node | None:
    """The list that a variable is declared with; a text it always stands for is its setting."""
    if not _NAME.fullmatch(name.text or b""):
        return None
    declared = map(script.tree.parent, script.references(name.text or b""))
    values = [one.child_by_field_name("value") for one in declared if one and one.type == "variable_declarator"]
    return values[0] if len(values) == 1 and values[0] and values[0].type == "array" else None


DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"outbrain.com/cp/obtp", b"OB_ADV_ID"),
    coexistence=Coexistence.NEVER,
    functions=("obApi",),
    read_by=("marketerId",),
    calls=Calls(reporting=frozenset({"track"})),
    loader="obtp.js",
    takes_over="dispatch",
    call="OB_ADV_ID = ..",
    marks=frozenset({"data-obct"}),
    trusted_names=frozenset({"apply", "dispatch", "loaded", "marketerId", "push", "queue", "version"}),
    base_codes=_BASE_CODES,
    image_repeats=False,
    since=2018,
)
