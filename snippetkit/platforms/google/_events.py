"""Google's code for a page that has other such code: one event of it alone, or its events for its own targets alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.errors import SnippetError
from snippetkit.platforms import Lone
from snippetkit.platforms.google._calls import CALLS, find_shared

if TYPE_CHECKING:
    from snippetkit.javascript import Script

_LONE = Lone(
    "gtag",
    CALLS,
    "gtag/js",
    others=frozenset({"js"}),
    base=(b"push(arguments", b"dataLayer ="),
    ends=("_declaration", "_statement"),
    own=CALLS.reporting,
)
_FOR_ALL = "one of its events has no send_to, so it is for all targets of the page"


def for_one_pixel(script: Script, pixel_id: str) -> bytes:
    """Return a script's text as it stands, whose events reach what they are sent to.

    Raises:
        SnippetError: one of them is for all targets, or the code does more than to name its targets and to report.
    """
    _check(script)
    return _LONE.for_one_pixel(script, pixel_id)


def alone(script: Script, event: str, pixel_id: str | None = None) -> bytes:
    """Return a script's text without what its page has already: the loader, `config`, and other events.

    Args:
        script: Google's code.
        event: the name of the event that stays.
        pixel_id: the target that the event is to reach alone, or None for all of the page's.

    Raises:
        SnippetError: the event is for others too, or cannot be cut out, or the code does more.
    """
    if pixel_id:
        _check(script)
    return _LONE.alone(script, event)


def _check(script: Script) -> None:
    if any(report.verb == "track" and report.pixel_id is None for report in find_shared(script)):
        raise SnippetError(_FOR_ALL, hint="write send_to there")
