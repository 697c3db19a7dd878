"""What code on a page does that new code in its place would not: it is never lost silently."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from snippetkit.html import refuse
from snippetkit.inject.combining import nonce_of
from snippetkit.inject.insertion import Insertion, PlanOptions
from snippetkit.inject.keeping import pieces_of, read_piece
from snippetkit.inject.regions import Region
from snippetkit.model import Snippet, Span
from snippetkit.patterns import later
from snippetkit.server_code import unwrap
from snippetkit.terms import Part

_INSTEAD = "--template says how the new one does, --force replaces it"
_EVENT_ID = later(rb"eventID")
_NO_ID = "--event-id gives it one, --force leaves it out"
_LOSSES = ("", "the code here waits, or does more than report", "the code here waits, for consent for example")
_CURRENCY = "--currency, or the rule's, says which currency the new value is in"


def check_losses(
    data: bytes, regions: Sequence[Region], unmarked: Sequence[Span], insertion: Insertion, options: PlanOptions
) -> None:
    """Make sure that the insertion loses nothing that the code there does; its values are kept already.

    Args:
        data: the page.
        regions: those whose code is replaced.
        unmarked: where code that is taken out is.
        insertion: what takes their place.
        options: `force` replaces code that waits, and a value that is an expression.

    Raises:
        PageRefusedError: the code there waits, and the new does not; or its value is set while the page is made or
            shown, and the new one is fixed; or its currency is another, and nobody has asked for the new one; or its
            event has an id, and the new one has none.
    """
    if not options.force:
        _check_waiting(data, regions, insertion)
        _check_event_id(data, regions, insertion)
    new = {(one.pixel_id, one.event): one for snippet in insertion.snippets for one in snippet.events}
    for at, code, pixel_ids in pieces_of(data, regions, unmarked):
        for there in read_piece(code, pixel_ids):
            if snippet := new.get((there.pixel_id, there.event)):
                _check_setting(data, at, there, snippet, insertion, options)


def _check_waiting(data: bytes, regions: Sequence[Region], insertion: Insertion) -> None:
    new = _held_back(unwrap(insertion.parts.get(Part.SCRIPT, b"")).strip())
    for region in regions:
        if region.part is Part.SCRIPT and (there := _held_back(region.pixel_code)) > new:
            refuse(data, region.marker, f"{_LOSSES[there]}; {_INSTEAD}")


def _check_event_id(data: bytes, regions: Sequence[Region], insertion: Insertion) -> None:
    """An event that a server reports too counts twice without its id."""
    if _EVENT_ID.search(insertion.parts.get(Part.SCRIPT, _EVENT_ID.pattern)):
        return
    for region in regions:
        if region.part is Part.SCRIPT and _EVENT_ID.search(region.pixel_code):
            refuse(data, region.marker, f"the event here has an eventID, and the new code has none; {_NO_ID}")


@lru_cache(maxsize=256)
def _held_back(code: bytes) -> int:
    """How much is between the loaded page and the report: an index of `_LOSSES`."""
    from snippetkit import lint, snippets

    plain = code.replace(b'"%b"' % nonce_of(code), b'""')
    document = snippets.parse(plain.decode("utf-8", "replace"))
    if not all(lint.runs_at_once(document, one) for one in document.codes):
        return 2
    return int(any(one.code == "unexpected-script" for one in lint.find_untrusted(document, languages=None)))


def _check_setting(
    data: bytes, at: int, there: Snippet, new: Snippet, insertion: Insertion, options: PlanOptions
) -> None:
    if there.dynamic and not new.dynamic and not options.force:
        shown = f"{there.value} {there.currency or ''}".rstrip()[:60]
        reason = f"the page has {shown}, set while the page is built or shown"
        refuse(data, at, f"{reason}; --force replaces it with a fixed one")
    is_other = there.currency not in {None, new.currency} and not there.dynamic
    if is_other and new.pixel_id in insertion.assuming:
        reason = f"the page has {there.value} {there.currency}, but the new value is in {new.currency}"
        refuse(data, at, f"{reason}; {_CURRENCY}")
