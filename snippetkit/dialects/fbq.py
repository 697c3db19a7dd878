"""The fbq dialect (2015 to today): a global `fbq` that queues calls until the loader `fbevents.js` carries them out.

A Meta Pixel base code does three things and no other: it makes `fbq` and loads `fbevents.js` from the vendor, it
names the pixel, and it tracks one PageView. What follows is that code in words of our own; a script is of this dialect
where it has the same tokens, white space, comments, quotes, semicolons and the names of the parameters apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest

from snippetkit.dialects import Report
from snippetkit.dialects._javascript import Script, parse, refusal, text_of, tokens
from snippetkit.errors import SnippetError
from snippetkit.terms import Several

NAME = "fbq"
IMAGE_HOST = "www.facebook.com"
IMAGE_PATH = "/tr"
IMAGE_QUERY = {"id": "pixel_id", "ev": "event"}
IMAGE_CONSTANTS = {"noscript": "1"}
TRACES = (b"fbevents.js", b"ev=PageView")

TRUSTED_NAMES = frozenset({"fbq", "_fbq", "callMethod", "queue", "loaded", "version", "push", "apply"})
TRUSTED_FUNCTIONS: tuple[str, ...] = ()
SEVERAL = Several.NEVER

_ADD = "add {value: 0.00, currency: 'USD'} as the last argument of the event's fbq call"
# The calls that track an event: which of their arguments names it, and which the pixel.
_TRACKING = {"track": (1, None), "trackCustom": (1, None), "trackSingle": (2, 1), "trackSingleCustom": (2, 1)}
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
    "'LOADER'": re.compile(r"'(?:https:)?//connect\.facebook\.net/[A-Za-z_]{2,8}/fbevents\.js'"),
    "'PIXEL_ID'": re.compile(r"'(?P<pixel_id>[0-9]{1,20})'"),
    "'EVENT'": re.compile(r"'(?P<event>PageView)'"),
}


def find(script: Script) -> Iterator[Report]:
    """Yield what a script reports: each pixel that it names (`init`), and each event that it tracks."""
    for call, arguments in script.calls(b"fbq"):
        verb = script.text(arguments[0]) if arguments else ""
        start = call.start_byte + script.start
        if verb == "init" and len(arguments) > 1:
            yield Report(NAME, start, pixel_id=script.setting(arguments[1]), verb="init", add_value=_ADD)
        elif verb in _TRACKING:
            event_at, pixel_at = _TRACKING[verb]
            given = dict(enumerate(arguments))
            value, currency = script.settings(given.get(event_at + 1))
            yield Report(
                NAME,
                start,
                pixel_id=script.setting(given.get(pixel_at)) if pixel_at else None,
                event=script.setting(given.get(event_at)),
                value=value,
                currency=currency,
                add_value=_ADD,
                add_currency=_ADD,
            )


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
    for found, wanted in zip_longest(tokens(parse(script)), _base_code(), fillvalue=None):
        if found is None:
            raise SnippetError(f"the script ends where {NAME} base code has {wanted}")
        node, token = found
        match = _STRINGS[wanted].fullmatch(token) if wanted in _STRINGS else token == wanted
        if not match:
            raise refusal(node, f"{text_of(node)[:60]!r} stands where {NAME} base code has {wanted or 'its end'}")
        settings |= match.groupdict() if isinstance(match, re.Match) else {}
    return settings


@cache
def _base_code() -> list[str]:
    return [token for _, token in tokens(parse(_BASE_CODE))]
