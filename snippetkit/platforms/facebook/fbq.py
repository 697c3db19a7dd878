"""The fbq dialect (2015 to today): a global `fbq` that queues calls until the loader `fbevents.js` carries them out.

A Meta Pixel base code does three things and no more: it makes `fbq` and loads `fbevents.js` from the vendor, it
names the pixel, and it tracks one PageView. Below is that code in our own words; a script is of this dialect
if it has the same tokens, apart from white space, comments, quotes, semicolons and the names of the parameters.

The id by which Meta knows an event that a server reports too is `eventID` in the argument after an event's parameters
(developers.facebook.com/docs/marketing-api/conversions-api/deduplicate-pixel-and-server-events).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from snippetkit.errors import SnippetError
from snippetkit.javascript import Names, Round, Script, Setting, member_name, parse, refusal, text_of, tokens, unwrapped
from snippetkit.patterns import later
from snippetkit.platforms import EMPTY_LIST, Adding, AnswerCheck, Calls, Dialect, Events, Ignored, Lone, Report
from snippetkit.platforms.facebook import PLATFORM
from snippetkit.records import replace
from snippetkit.terms import CONVERSION_EVENTS, Coexistence, Kind

if TYPE_CHECKING:
    from tree_sitter import Node

NAME = "fbq"

_ADDING = Adding(
    {"value": "value: 0.00", "currency": "currency: 'USD'"},
    "the last argument of the event's fbq call",
    "after the event's name in its fbq call",
)
_IN_VAIN = "Meta looks for the event's id in the argument after the parameters: {eventID: ..} there"
# The calls that track an event: which of their arguments names it, and which the pixel.
_TRACKING = {"track": (1, None), "trackCustom": (1, None), "trackSingle": (2, 1), "trackSingleCustom": (2, 1)}
# Meta Pixel, "Reference": the standard events; "Conversion tracking": what a custom one may be called.
_EVENTS = Events(
    frozenset((CONVERSION_EVENTS.keys() - {"Other"}) | PLATFORM.base_events),
    base="PageView",
    custom_verb="trackCustom",
    longest=50,
    tracks_base=True,
)
_BROKEN = later(
    rb"""(?<![\w$.])fbq\s*(?P<open>\()\s*["'](?P<verb>init|track|trackCustom)["']\s*,\s*["'](?P<told>[\w .-]{1,60})"""
)
_BASE_CODE = """
!function (page, html, kind, address, stub, loader, first) {
  if (page.fbq) return;
  stub = page.fbq = function () {
    stub.callMethod ? stub.callMethod.apply(stub, arguments) : stub.queue.push(arguments);
  };
  if (!page._fbq) page._fbq = stub;
  stub.push = stub;
  stub.loaded = !0;
  stub.version = '2.0';
  stub.queue = [];
  loader = html.createElement(kind);
  loader.async = !0;
  loader.src = address;
  first = html.getElementsByTagName(kind)[0];
  first.parentNode.insertBefore(loader, first);
}(window, document, 'script', 'LOADER');
fbq('init', 'PIXEL_ID');
fbq('track', 'EVENT');
"""
# Where the base code has one of these strings, a script has what matches; a group is a setting.
_STRINGS = {
    "'LOADER'": later(r"'(?:https:)?//connect\.facebook\.net/[A-Za-z_]{2,8}/fbevents\.js'"),
    "'PIXEL_ID'": later(r"'(?P<pixel_id>[0-9]{1,20})'"),
    "'EVENT'": later(r"'(?P<event>PageView)'"),
}


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script reports: each pixel that it names (`init`), and each event that it tracks.

    The base code has `_fbq` for `fbq` too.
    """
    for name in (b"fbq", b"_fbq"):
        for call, one, arguments in script.told(name):
            is_outer = Names.is_like_outer(_object(call))
            start = script.start + (one.call or call).start_byte
            inner = script.start + call.start_byte if one.call else None
            reports = _report(script, start, arguments, one)
            yield from (replace(report, is_outer=is_outer, inner=inner) for report in reports)
    if script.root.has_error and script.data[script.start : script.end] == script.masked[script.start : script.end]:
        yield from _broken(script)


def _broken(script: Script) -> Iterator[Report]:
    """What the calls say that are not read, because the script is cut off or broken there."""
    read = {call.child_by_field_name("arguments") for call, _ in script.calls(b"fbq")}
    starts = {script.start + arguments.start_byte for arguments in read if arguments}
    for match in _BROKEN.finditer(script.masked, script.start, script.end):
        node = script.tree.at(match.start() - script.start, match.start() - script.start + 3)
        if node and node.type == "identifier" and match.start("open") not in starts:
            told = Setting(match["told"].decode(), *match.span("told"))
            if match["verb"] == b"init":
                yield Report(NAME, match.start(), pixel_id=told, verb="init", add_value=_ADDING.whole)
            else:
                yield Report(NAME, match.start(), event=told, add_value=_ADDING.whole)


def _object(call: Node) -> Node | None:
    """The object of which the called function is a member, by whatever means it is called."""
    function = call.child_by_field_name("function")
    function = unwrapped(function) if function else None
    if function and member_name(function) not in {b"fbq", b"_fbq"}:
        of = function.child_by_field_name("object")
        function = unwrapped(of) if of else None
    return function.child_by_field_name("object") if function else None


def _report(script: Script, start: int, arguments: list[Node], one: Round) -> Iterator[Report]:
    """What a call reports in one round of the loops around it."""
    verb = script.text(arguments[0], one.given) if arguments else ""
    if verb == "init" and len(arguments) > 1:
        pixel_id = script.setting(arguments[1], one.given)
        yield Report(NAME, start, pixel_id=pixel_id, verb="init", add_value=_ADDING.whole, order=one.order)
    elif verb in _TRACKING:
        event_at, pixel_at = _TRACKING[verb]
        told = dict(enumerate(arguments))
        about = told.get(event_at + 1)
        value, currency = script.settings(about, one.given)
        how = _ADDING.how(about, value, currency)
        misplaced = _member(script, about, ("eventID", "event_id"), one)
        yield Report(
            NAME,
            start,
            pixel_id=script.setting(told.get(pixel_at), one.given) if pixel_at else None,
            event=script.setting(told.get(event_at), one.given),
            value=value,
            currency=currency,
            add_value=how,
            add_currency=how,
            order=one.order,
            event_id=_member(script, told.get(event_at + 2), ("eventID",), one),
            ignored=(Ignored(misplaced, "event-id-place", _IN_VAIN),) if misplaced else (),
        )


def _member(script: Script, holder: Node | None, names: Sequence[str], one: Round) -> Setting | None:
    """What a member of an object tells, by the first of its names that is there."""
    return script.setting(script.member(script.meant(holder, one.given), *names, given=one.given).node, one.given)


def read_script(script: str) -> dict[str, str]:
    """Return what a script sets: `pixel_id` and `event`.

    Args:
        script: the text between `<script>` and `</script>`.

    Raises:
        SnippetError: the script is not a Meta Pixel base code, with the line where it differs.
    """
    if not script.isascii():
        raise SnippetError("the script holds characters that no base code has")
    settings: dict[str, str] = {}
    for pair, wanted in zip_longest(tokens(parse(script)), _base_code(), fillvalue=None):
        if pair is None:
            raise SnippetError(f"the script ends where {NAME} base code has {wanted}")
        node, token = pair
        match = _STRINGS[wanted].fullmatch(token) if wanted in _STRINGS else token == wanted
        if not match:
            raise refusal(node, f"{text_of(node)[:60]!r} is where {NAME} base code has {wanted or 'its end'}")
        settings |= match.groupdict() if isinstance(match, re.Match) else {}
    return settings


@cache
def _base_code() -> list[str]:
    return [token for _, token in tokens(parse(_BASE_CODE))]


_CALLS = Calls(
    naming=frozenset({"init"}),
    reporting=frozenset({"track", "trackCustom"}),
    single={"trackSingle": "track", "trackSingleCustom": "trackCustom"},
    on_purpose={
        "consent:revoke": "It holds events back until the page says that the visitor has agreed.",
        f"dataProcessingOptions:{EMPTY_LIST}": "It says that the vendor may process what is reported without limits.",
        "dataProcessingOptions:LDU": "It limits what the vendor may do with what is reported.",
        "set:agent": "It names the program that made the code.",
        "set:autoConfig": "It says whether the loader looks at the page by itself, which it does anyway.",
        "set:userData": "It passes on, as the last argument of init does, what the page knows about its customer.",
    },
    grants="consent:grant",
    revokes="consent:revoke",
    limits="dataProcessingOptions",
    limit_parameters=("dpo", "dpoco", "dpost"),
)
_LONE = Lone("fbq", _CALLS, "fbevents.js")

DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"fbevents.js", b"ev=PageView"),
    coexistence=Coexistence.NEVER,
    functions=("fbq",),
    calls=_CALLS,
    loader="fbevents.js",
    takes_over="callMethod",
    call="fbq('init', ..)",
    trusted_names=frozenset({"_fbq", "callMethod", "queue", "loaded", "version", "push", "apply"}),
    image_repeats=False,
    events=_EVENTS,
    answered=AnswerCheck(
        image_host="www.facebook.com",
        image_path="/tr",
        image_query={"id": "pixel_id", "ev": "event"},
        image_constants={"noscript": "1"},
        read_script=read_script,
        kind=Kind.META,
        hint="nothing was written; check it against the code that the vendor shows for this pixel",
    ),
    single=_LONE.for_one_pixel,
    alone=_LONE.alone,
    since=2015,
)
