"""The lintrk dialect: `_linkedin_partner_id` names the account, and `lintrk('track', {conversion_id: 1})` reports.

Only what LinkedIn's template sends is documented: a conversion's id and an event's. `conversion_value` and `currency`
are those of one package (elbwalker/walkerOS, packages/web/destinations, 2026-08): they are read, and none is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from snippetkit.javascript import SIDES, Script, Setting, given, member_name
from snippetkit.platforms import CallReader, Calls, Dialect, Lone, NativeTag, Report, Told, Vain, at, reader
from snippetkit.platforms.linkedin import PLATFORM
from snippetkit.platforms.reports import Ignored
from snippetkit.records import replace
from snippetkit.terms import Coexistence

if TYPE_CHECKING:
    from tree_sitter import Node

NAME = "lintrk"

_NO_VALUE = "LinkedIn takes a conversion's value from its Campaign Manager, not from code"
_NO_ID = "there is no conversion_id, so nothing is counted; add the conversion's number"
_QUOTED = "'{}' is a string, but LinkedIn's conversion_id is a number; leave out the quotes"
_NOTHING = frozenset({"null", "undefined"})
_QUOTES = {b'"', b"'", b"`"}
_PARTNERS = ("_linkedin_partner_id", "_linkedin_data_partner_id", "_bizo_data_partner_id")
_LIST = "_linkedin_data_partner_ids"
_LOADER = """
(function (call) {{
  if (!call) {{
    window.lintrk = function (verb, told) {{ window.lintrk.q.push([verb, told]); }};
    window.lintrk.q = [];
  }}
  {loader}
}})(window.lintrk);
"""
_FIRST = "var first = document.getElementsByTagName('script')[0];"
_MADE = "var loader = document.createElement('script');"
_SET = "loader.type = 'text/javascript'; loader.async = true; loader.src = 'LOADER';"
_PUT = "first.parentNode.insertBefore(loader, first);"
_LOADERS = (
    f"{_FIRST}{_MADE}{_SET}{_PUT}",
    f"{_MADE}{_SET}{_FIRST}{_PUT}",
    f"{_MADE}loader.async = true; loader.src = 'LOADER'; document.head.appendChild(loader);",
)
_NAMED = (
    f"window.{_LIST} = window.{_LIST} || []",
    *(f"{window}{name} = 'ID'" for window, name in product(("", "window."), _PARTNERS)),
    *(f"window.{_LIST}.push({told})" for told in ("_linkedin_partner_id", "window._linkedin_partner_id", "'ID'")),
)

_events = CallReader(
    NAME,
    ("lintrk",),
    {
        "track": Told(
            pixel_id=at(1, "conversion_id"),
            event=at(0),
            about=1,
            value=("conversion_value",),
            order_id=at(1, "event_id"),
            event_id=at(1, "event_id"),
            vain=(Vain(at(1, "conversion_value"), "value-unsupported", _NO_VALUE),),
        )
    },
    _NO_VALUE,
)


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script reports: each partner that it names, and each conversion, which is of all of them."""
    for node in _partners(script):
        setting = script.setting(node)
        if setting and not (setting.is_dynamic and setting.text.endswith(_PARTNERS)):
            start = script.start + node.start_byte
            yield Report(NAME, start, setting, verb="init", add_value=_NO_VALUE, add_currency=_NO_VALUE)
    yield from (_held_to_number(script, report) for report in _events(script))


def _held_to_number(script: Script, report: Report) -> Report:
    """A conversion with what is wrong with its id, which has to be a number, without quotes."""
    told = report.pixel_id
    if told is None:
        return replace(report, ignored=(*report.ignored, Ignored(_here(report), "id-invalid", _NO_ID)), counts=False)
    report = replace(report, counts=told.is_dynamic or told.text.isdecimal())
    is_text = not told.is_dynamic and script.data[told.start - 1 : told.start] in _QUOTES
    wrong = _QUOTED.format(told.text) if is_text and told.text.isdecimal() else ""
    wrong = _NO_ID if told.text == "" or (not is_text and told.text in _NOTHING) else wrong
    return replace(report, ignored=(*report.ignored, Ignored(told, "id-invalid", wrong))) if wrong else report


def _here(report: Report) -> Setting:
    return Setting("", report.start, report.start)


def _partners(script: Script) -> Iterator[Node]:
    """What is set as the partner, and what is put onto the list of partners."""
    for reference in (one for name in _PARTNERS for one in script.references(name.encode())):
        parent = script.tree.parent(reference)
        sides = SIDES.get(parent.type) if parent else None
        value = parent.child_by_field_name(sides[1]) if parent and sides else None
        if parent and sides and value and parent.child_by_field_name(sides[0]) == reference:
            yield value
    for reference in script.references(_LIST.encode()):
        member = script.tree.parent(reference)
        call = script.tree.parent(member) if member and member_name(member) == b"push" else None
        yield from given(call.child_by_field_name("arguments")) if call else ()


_CALLS = Calls(reporting=frozenset({"track"}))
_LONE = Lone(NAME, _CALLS, "insight.min.js", base=(_LIST.encode(), *map(str.encode, _PARTNERS)), by_verb=True)

DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"li.lms-analytics", b"ads.linkedin.com/collect"),
    coexistence=Coexistence.NEVER,
    joins_ids=True,
    functions=("lintrk",),
    settings=_PARTNERS,
    calls=_CALLS,
    loader="insight.min.js",
    call="_linkedin_partner_id = ..",
    base_codes=(*(_LOADER.format(loader=loader) for loader in _LOADERS), *_NAMED),
    read_image=reader(PLATFORM, NAME),
    has_events=False,
    image_repeats=False,
    alone=_LONE.alone,
    since=2016,
    native=(NativeTag("bzi", "LinkedIn Insight", "{id}"),),
)
