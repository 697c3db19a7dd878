"""An event alone, behind the base code that its page has already."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from typing import TYPE_CHECKING

from snippetkit import platforms
from snippetkit.errors import SnippetError
from snippetkit.html import refuse
from snippetkit.inject.combining import keep_attributes
from snippetkit.inject.eventing import edit_scripts, make_noscript
from snippetkit.inject.fitting import FiringPage, Fitted, behind, events_of, of_others
from snippetkit.inject.insertion import Insertion, PlanOptions
from snippetkit.inject.keeping import keep_values
from snippetkit.inject.protecting import protect
from snippetkit.inject.regions import Region
from snippetkit.inject.unmarked import parse_page
from snippetkit.key import Key
from snippetkit.model import Loaded
from snippetkit.patterns import later
from snippetkit.records import replace
from snippetkit.server_code import unwrap
from snippetkit.terms import Part

if TYPE_CHECKING:
    from snippetkit.javascript import Script
    from snippetkit.lint import Call, Limits

_NOT_ASCII = later(r"[^\x00-\x7f]")
_NEAR = 300  # bytes behind a call that is not read, within which its event must be
_LATER = "is named here on a condition, or later than its script runs; add the event there by hand, after the init"


def check_followed(page: FiringPage, base: Call, insertion: Insertion, options: PlanOptions) -> None:
    """Make sure that an adopted base code does not end up behind a lone event that it precedes now."""
    followers = [one.key for one in page.regions if one.key.event and insertion.pixel_ids.issuperset(one.pixel_ids)]
    if followers and options.adopt:
        reason = f"the base code of {insertion.key} would go after its event in the region of {followers[0]}"
        hint = f"'snippetkit remove --key {followers[0]}' first, then insert it again"
        refuse(page.data, base.start, f"{reason}; {hint}")


def find_orphans(data: bytes, regions: Sequence[Region], insertion: Insertion, options: PlanOptions) -> list[Region]:
    """Return the regions of the insertion's events alone, where the page has no base code for them any more.

    Raises:
        PageRefusedError: the page may have that, or other events need it, too, and would stand in front of it.
    """
    from snippetkit import lint

    alone = _alone(regions, insertion)
    firing = lint.find_firing(parse_page(data, options.named), insertion.dialect) if alone else lint.Firing()
    if any(call.is_dynamic or call.pixel_ids & insertion.named_ids for call in firing.inits):
        return []
    if firing.unread:
        reason = f"this may be the base code of {alone[0].key}, but it cannot be read"
        refuse(data, firing.unread[0], f"{reason}; fix it, or take it out")
    events = {one.event for snippet in insertion.snippets for one in snippet.events}
    for region in alone:
        if not insertion.pixel_ids.issuperset(region.pixel_ids) or region.key.event not in events:
            reason = f"{region.key} is here without its base code, which would go after it with {insertion.key}"
            hint = f"'snippetkit remove --key {region.key}' first, then insert it again"
            refuse(data, region.marker, f"{reason}; {hint}")
    return alone


def _alone(regions: Sequence[Region], insertion: Insertion) -> list[Region]:
    """The regions of events alone that the insertion's base code is for."""
    named_by, is_alone = platforms.dialect_named(insertion.dialect).named_by, bool(insertion.key.event)
    alone = [one for one in regions if one.key.event and one.dialect == insertion.dialect and not is_alone]
    return [one for one in alone if insertion.named_ids.issuperset(map(named_by, one.pixel_ids))]


def check_missing(page: FiringPage, insertion: Insertion) -> None:
    """Make sure that no event is added that the page's own code reports already.

    Raises:
        PageRefusedError: one is.
    """
    [snippet] = insertion.snippets
    wanted = {one.event for one in (snippet, *snippet.others) if one.conversion}
    if call := _by_hand(page, insertion, wanted):
        reason = f"the page carries unmarked code of {insertion.key}, which reports {call.event} here already"
        refuse(page.data, call.start, f"{reason}; --adopt puts marked code in its place")


def _by_hand(page: FiringPage, insertion: Insertion, events: Container[str | None]) -> Call | None:
    """The first call outside regions that reports one of these events of the pixel."""
    for call in page.firing.events:
        is_marked = any(region.start <= call.start < region.end for region in page.regions)
        if not is_marked and call.event in events and call.pixel_ids & insertion.pixel_ids:
            return call
    return None


def events_alone(
    page: FiringPage, own: Sequence[Region], base: Sequence[Call], insertion: Insertion, options: PlanOptions
) -> list[Fitted]:
    """Return each event behind its base code; none where the page has them, or is to get the base code in a region.

    Args:
        page: the page.
        own: the regions of the insertion's own key.
        base: where the pixel is named, at least once.
        insertion: the whole code of the pixel.
        options: say where it is to stand.

    Raises:
        PageRefusedError: the events cannot go alone, or it is not certain that they would be right, and reported once.
    """
    wanted = [*_one_by_one(page, base[0], insertion)]
    marked = {key: [region for region in page.regions if region.key == key] for key, _ in wanted}
    alone = [key for key, _ in wanted if marked[key] or not _reports(page, insertion, key.event)]
    is_marked = any(marked.values())
    if not alone or (not is_marked and (options.adopt if not own else len(alone) < len(wanted))):
        return []
    if call := _by_hand(page, insertion, {key.event for key in alone}):
        reason = f"{call.event} of {insertion.key} has a region here, and this reports it again"
        refuse(page.data, call.start, f"{reason}; take one of them out")
    if there := [key.event for key, _ in wanted if key not in alone]:
        reason = f"{there[0]} is reported here already, and the new code reports it along with {alone[0].event}"
        refuse(page.data, base[0].start, f"{reason}; put in code that reports only what is missing")
    certain = [call for call in base if call.is_certain]
    if not certain and own and not is_marked:
        return []
    if not certain:
        dead = page.document.states.get(base[0].script.start)
        why = f"is dead here: {dead.reason}; fix it first" if dead else _LATER
        refuse(page.data, base[0].start, f"{insertion.key} {why}")
    _check_unit(page, insertion, certain[0])
    return [_event_alone(page, key, certain[0], marked[key], one, options) for key, one in wanted]


def _check_unit(page: FiringPage, insertion: Insertion, base: Call) -> None:
    """Make sure that the page's base code tells in which unit the new value is, where its pixel's amounts have two."""
    codes = (*page.document.codes, *page.document.bases)
    own = (code for code in codes if code.report.dialect == insertion.dialect and code.pixel_id in insertion.pixel_ids)
    unknown = next(filter(None, (code.unit_unknown or code.report.unit_unknown for code in own)), "")
    [snippet] = insertion.snippets
    if unknown and any(one.value is not None for one in (snippet, *snippet.others)):
        call = platforms.dialect_named(insertion.dialect).call
        reason = f"the unit of the values of {insertion.key} is not stated here; {call} states it with {unknown}"
        refuse(page.data, base.start, reason)


def _one_by_one(page: FiringPage, base: Call, insertion: Insertion) -> Iterator[tuple[Key, Insertion]]:
    """The insertion as one for each of its events, with the key that such an event has alone."""
    [snippet] = insertion.snippets
    events = [one.event for one in (snippet, *snippet.others) if one.conversion and one.event is not None]
    page_views = platforms.dialect_named(insertion.dialect).platform.base_events
    further = sorted({call.event for call in events_of(insertion) if call.event} - {*events, *page_views})
    if events and further:
        reason = f"the base code of {insertion.key} is here, and the new code reports {events[0]} and {further[0]}"
        refuse(page.data, base.start, f"{reason}; insert them one at a time")
    if "" in events:
        reason = f"the base code of {insertion.key} is here, and an event without a name cannot be added on its own"
        refuse(page.data, base.start, f"{reason}; add its call there by hand, after the base code")
    for event in events:
        yield insertion.key.with_event(event), replace(insertion, snippets=(snippet.about(event),))


def _event_alone(
    page: FiringPage, key: Key, base: Call, marked: Sequence[Region], insertion: Insertion, options: PlanOptions
) -> Fitted:
    from snippetkit import lint

    options, at = behind(page, [base, *(call for call in page.firing.others if call.is_certain)], options)
    at = min([region.start for region in marked if region.part is Part.SCRIPT], default=at)
    whole = keep_values(page.data, marked, (), insertion, options)
    limits = lint.limits_at(page.document, at, insertion.dialect)
    parts = _parts_alone(page, key, whole, base, limits or (), is_single=_has_others(page, insertion, at))
    if limits is None or lint.is_revoked_at(page.document, at, insertion.dialect):
        parts.pop(Part.NOSCRIPT, None)  # an image does not wait for consent, nor does it know what a script finds out
    alone = replace(whole, key=key, parts=parts, keeping=frozenset())
    nonced = keep_attributes(alone, [page.data[base.script.start : base.script.end]])
    return Fitted(protect(Loaded(page.data), nonced, options), options)


def _parts_alone(
    page: FiringPage, key: Key, whole: Insertion, base: Call, limits: Limits, *, is_single: bool
) -> dict[Part, bytes]:
    [snippet] = whole.snippets
    parts = {part: unwrap(code) for part, code in whole.parts.items()}
    try:
        if Part.SCRIPT in parts:
            cut = _cut(key, snippet.pixel_id if is_single else None)
            parts[Part.SCRIPT] = edit_scripts(parts[Part.SCRIPT], cut, key)
    except SnippetError as error:
        reason = f"the base code of {whole.key} is here, and its event cannot be added on its own: {error}"
        refuse(page.data, base.start, reason)
    if noscript := make_noscript(parts.pop(Part.NOSCRIPT, b""), snippet, limits):
        parts[Part.NOSCRIPT] = noscript
    return parts


def _cut(key: Key, pixel_id: str | None) -> Callable[[Script], bytes]:
    alone = platforms.dialect_named(key.dialect).alone
    if alone is None:
        raise SnippetError(f"{key.dialect} code cannot be split")
    return lambda script: alone(script, key.event, pixel_id)


def _reports(page: FiringPage, insertion: Insertion, event: str) -> bool:
    """Whether the page reports an event of the pixel already.

    Raises:
        PageRefusedError: it may do so, in code that is not read.
    """
    for at in page.firing.unread:
        if event.encode() in page.data[at : at + _NEAR]:
            refuse(page.data, at, f"here {event} may be reported already, in unreadable code; take it out first")
    told = [(code.pixel_id, code.event) for code in page.document.codes]
    images = (image.read.report for code in page.document.codes for image in code.images)
    told += [(image.pixel_id.text, image.event.text) for image in images if image.pixel_id and image.event]
    names = (event, _NOT_ASCII.sub("_", event))  # as it is read on a page that is not UTF-8
    return any((pixel_id, name) in told for pixel_id in insertion.pixel_ids for name in names)


def _has_others(page: FiringPage, insertion: Insertion, at: int) -> bool:
    """Whether an event there may reach a pixel other than the insertion's."""
    waits = not all(call.is_certain for call in events_of(insertion))
    inits = [call for call in page.firing.inits if waits or call.start < at]
    return bool(page.firing.unread or of_others(inits, insertion))
