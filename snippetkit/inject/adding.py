"""Code whose events reach every pixel named before them, for a page that names some: one event, or a pixel's own."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from snippetkit import platforms
from snippetkit.errors import SnippetError
from snippetkit.html import Anchors, refuse
from snippetkit.inject.alone import check_followed, check_missing, events_alone
from snippetkit.inject.eventing import edit_scripts
from snippetkit.inject.fitting import FiringPage, Fitted, behind, events_of, of_others
from snippetkit.inject.insertion import Insertion, PlanOptions
from snippetkit.inject.protecting import protect
from snippetkit.inject.regions import Region
from snippetkit.inject.unmarked import parse_page
from snippetkit.key import PATTERN, Key
from snippetkit.model import Edit, Loaded, PageBytes
from snippetkit.patterns import later
from snippetkit.records import replace
from snippetkit.server_code import unwrap
from snippetkit.terms import Part

if TYPE_CHECKING:
    from snippetkit.html import Element
    from snippetkit.javascript import Script
    from snippetkit.lint import Call, Firing
    from snippetkit.platforms import Dialect

_BEGUN = later(rb"snippetkit:begin (?P<key>%b) script " % PATTERN.encode())
_UNKNOWN = (
    "{} is called here, but its base code is in a file or a tag manager: which pixels that names is not known, so "
    "this might count twice, or for another pixel; put the code there"
)
_NO_INIT = (
    "{} is called here, but the base code on this page names no pixel: if a file or a tag manager does, this "
    "would count twice, or for another pixel; put the init here, after the base code, or the code there"
)


def tell(page: PageBytes, edits: Sequence[Edit]) -> Iterator[str]:
    """Yield what a person should know about the edits for a page."""
    has_noscript = any(b"<noscript" in edit.new for edit in edits)
    for edit in edits:
        key = _begun(edit.new)
        if key and key.event and not has_noscript and _is_revoked(page.whole(), edit.start, key.dialect):
            dialect = platforms.dialect_named(key.dialect)
            revoking = dialect.call_of(dialect.calls.revokes)
            yield f"{key} has no noscript: its image would not wait where {revoking} makes the script wait"
        is_beside = key is not None and not key.event and _names_its_own(edit.new, key.dialect)
        if key and is_beside and _has_another(page, key):
            told = f"tracks with {platforms.dialect_named(key.dialect).functions[0]} from then on"
            reason = f"what a script of a file {told} counts for both"
            yield f"{key} is next to another pixel, and its events are its own; {reason}"


def _has_another(page: PageBytes, key: Key) -> bool:
    """Whether a page names another pixel than the key's, where code says by itself whose its events are."""
    from snippetkit import lint

    dialect = platforms.dialect_named(key.dialect)
    if not dialect.needs_base:
        return True
    named, own = lint.find_firing(parse_page(page.whole()), key.dialect).inits, {*map(dialect.named_by, key.pixel_ids)}
    return any(map(dialect.may_reach, own)) and any(call.pixel_ids - own for call in named)


@lru_cache(maxsize=256)
def _begun(new: bytes) -> Key | None:
    """The key of the script that an edit brings, where its dialect names pixels first."""
    match = _BEGUN.search(new)
    key = Key(match["key"].decode()) if match else None
    is_of_several = key is not None and len(key.pixel_ids) > 1
    return key if key and not is_of_several and platforms.dialect_named(key.dialect).reaches_named else None


@lru_cache(maxsize=256)
def _names_its_own(code: bytes, dialect_name: str) -> bool:
    """Whether an event in code tells the pixel that it is for."""
    events = (one.report for one in parse_page(code).codes if one.script and one.report.dialect == dialect_name)
    dialect = platforms.dialect_named(dialect_name)
    return any(report.pixel_id and not dialect.tells_no_pixel(report) for report in events)


def _is_revoked(data: bytes, offset: int, dialect_name: str) -> bool:
    from snippetkit import lint

    return lint.is_revoked_at(parse_page(data), offset, dialect_name)


def fit(
    data: bytes,
    anchors: Anchors,
    regions: Sequence[Region],
    insertion: Insertion,
    options: PlanOptions,
    *,
    is_adopting: bool = False,
) -> list[Fitted]:
    """Return which part of a pixel's code goes onto a page that has such code already.

    Where the pixel is named there but its events are missing, that is each event alone; beside another pixel it is code
    whose events reach no other. Nothing where the page has none, or has the same outside our regions.

    Args:
        data: the page.
        anchors: the page's.
        regions: all of the page's.
        insertion: the whole code of one pixel, or what was made of it.
        options: say where it is to stand.
        is_adopting: whether the pixel's own base code stood here, so that what is left was for it.

    Raises:
        PageRefusedError: the order of what fires is not certain, or an event of the page's would reach both pixels.
    """
    if insertion.key.event:
        return [Fitted(insertion, options)]
    from snippetkit import lint

    document = parse_page(data, options.named)
    channels = _channels(insertion)
    firing = lint.find_firing(document, insertion.dialect, channels)
    page = FiringPage(data, anchors, regions, document, firing, _function(insertion))
    own = [region for region in regions if region.key == insertion.key]
    base = [call for call in page.firing.inits if call.pixel_ids == insertion.named_ids and not call.is_dynamic]
    if base and (alone := _behind_base(page, own, base, insertion, options)) is not None:
        return alone
    if is_adopting and not own and not page.firing.inits:
        return []
    if channels and not _calls(firing) and _calls(lint.find_firing(document, insertion.dialect)):
        return [Fitted(insertion, options)] if own or not any(_unmarked(page, insertion)) else []
    fitted = _in_its_place(page, own, insertion, options) if own else _beside(page, insertion, options)
    return [fitted] if fitted else []


def _channels(insertion: Insertion) -> frozenset[str] | None:
    """The lists by which code reports, where its dialect keeps pixels apart by these; None where it does not."""
    if not platforms.dialect_named(insertion.dialect).by_push:
        return None
    document = parse_page(b"\n".join(insertion.parts.values()))
    return frozenset(code.report.channel for code in (*document.codes, *document.bases)) - {""} or None


def _behind_base(
    page: FiringPage, own: Sequence[Region], base: Sequence[Call], insertion: Insertion, options: PlanOptions
) -> list[Fitted] | None:
    """What goes behind the pixel's own base code; None where that is in a region whose place the code takes."""
    if alone := events_alone(page, own, base, insertion, options):
        return alone
    if not options.adopt:
        check_missing(page, insertion)
    if own:
        return None
    check_followed(page, base[0], insertion, options)
    return []


def _in_its_place(page: FiringPage, own: Sequence[Region], insertion: Insertion, options: PlanOptions) -> Fitted | None:
    """The whole code where it is in a region; None where the page has the same outside regions, too."""
    start = min(region.start for region in own)
    new = {call.event for call in events_of(insertion)}
    if _doubles(page, insertion, new):
        return None
    there = {call.event for call in page.firing.events if _is_within(call, own)}
    lost = sorted(filter(None, there - new))
    if lost and Part.SCRIPT in insertion.parts and not options.force:
        refuse(
            page.data, own[0].marker, f"this region reports {lost[0]} too, and the new code does not; --force loses it"
        )
    before = [call for call in _calls(page.firing) if call.start < start and not _is_within(call, own)]
    is_beside = bool(of_others(before, insertion))
    fitted = _single(page, before, insertion, options) if is_beside else Fitted(insertion, options)
    _check_place(page, own, insertion, fitted.options)
    return fitted


def _check_place(page: FiringPage, own: Sequence[Region], insertion: Insertion, options: PlanOptions) -> None:
    """Make sure that a region on which others depend for the pixel stays in its place."""
    wanted = options.placements[Part.SCRIPT]
    moving = [one for one in own if one.part is Part.SCRIPT and (one.placement != wanted or not one.is_in_place)]
    left = [call for call in _calls(page.firing) if not _is_within(call, own)]
    is_named = any(call.verb == "init" for call in left)
    for call in left if moving else ():
        if not is_named or (call.event and call.pixel_ids & insertion.pixel_ids):
            reason = f"{page.name} is called here, but its base code is in the region of {insertion.key}"
            refuse(page.data, call.start, f"{reason}; leave it at {moving[0].placement}, or take this out first")


def _beside(page: FiringPage, insertion: Insertion, options: PlanOptions) -> Fitted | None:
    """The whole code behind all that the page fires for other pixels; None where it fires nothing."""
    calls = _calls(page.firing)
    if not calls or any(_unmarked(page, insertion)):
        return None
    if not page.firing.inits and _may_be_reached(insertion):
        makes, scripts = platforms.dialect_named(insertion.dialect).makes, page.document.scripts
        is_made = any(makes.search(page.data, element.start, element.end) for element, _ in scripts)
        refuse(page.data, calls[0].start, (_NO_INIT if is_made else _UNKNOWN).format(page.name))
    for call in page.firing.inits:
        if call.is_dynamic:
            reason = f"which pixel is named here is set while the page is built or shown; it may be {insertion.key}"
            refuse(page.data, call.start, reason)
    others = ", ".join(f"{insertion.dialect}:{pixel_id}" for pixel_id in of_others(calls, insertion))
    later = [call.start for call in calls if not call.is_certain and call.verb in {"init", "track"}]
    for at in sorted([*later, *page.firing.unread])[:1] if _may_be_reached(insertion) else ():
        reason = f"what this fires for {others}, later or on a condition, would count for {insertion.key} too"
        refuse(page.data, at, f"{reason}; {_by_single(insertion)} there")
    return _single(page, calls, insertion, options)


def _may_be_reached(insertion: Insertion) -> bool:
    """Whether an event that tells no pixel may count for one of the insertion's."""
    return any(map(platforms.dialect_named(insertion.dialect).may_reach, insertion.named_ids))


def _single(page: FiringPage, before: Sequence[Call], insertion: Insertion, options: PlanOptions) -> Fitted:
    [pixel_id] = insertion.pixel_ids
    options, _ = behind(page, before, options)
    parts = {part: unwrap(code) for part, code in insertion.parts.items()}
    try:
        if Part.SCRIPT in parts:
            parts[Part.SCRIPT] = edit_scripts(parts[Part.SCRIPT], _singled(insertion.dialect, pixel_id))
    except SnippetError as error:
        refuse(
            page.data,
            before[0].start,
            f"code of another pixel is here, and {insertion.key} cannot go beside it: {error}",
        )
    return Fitted(protect(Loaded(page.data), replace(insertion, parts=parts), options), options)


def _singled(dialect_name: str, pixel_id: str) -> Callable[[Script], bytes]:
    single = platforms.dialect_named(dialect_name).single
    if single is None:
        reason = f"no call of {dialect_name} code reaches one pixel alone"
        raise SnippetError(f"{reason}{_own_list(platforms.dialect_named(dialect_name))}")
    return lambda script: single(script, pixel_id)


def _own_list(dialect: Dialect) -> str:
    """What keeps the pixels of a dialect apart that are called by lists."""
    return f"; code with a list of its own does, such as {dialect.functions[1]}" if dialect.by_push else ""


def _by_single(insertion: Insertion) -> str:
    """What to do so that an event reaches one pixel alone."""
    dialect = platforms.dialect_named(insertion.dialect)
    verb = next(iter(dialect.calls.single), "")
    return f"write {verb} with the pixel's {dialect.platform.ids.noun}" if verb else "take it out"


def _function(insertion: Insertion) -> str:
    """The name of the function that is called, for messages."""
    return next(iter(platforms.dialect_named(insertion.dialect).functions), insertion.dialect)


def _unmarked(page: FiringPage, insertion: Insertion) -> Iterator[tuple[Element, str | None]]:
    """Where code of the pixel is outside regions, and what it reports there."""
    for code in page.document.codes:
        if code.pixel_id in insertion.pixel_ids:
            told = [(image.outer, image.read.report.event) for image in code.images]
            places = [(element, event.text if event else None) for element, event in told]
            places += [(code.script, code.event)] if code.script else []
            yield from (one for one in places if not any(r.start <= one[0].start < r.end for r in page.regions))


def _doubles(page: FiringPage, insertion: Insertion, events: Container[str | None]) -> bool:
    """Whether code of the pixel outside regions names it once more, or reports one of these events.

    Raises:
        PageRefusedError: code of another pixel does so.
    """
    naming, others = _naming(page, insertion.named_ids), _naming(page, insertion.named_ids, is_for=False)
    for one, event in _unmarked(page, insertion):
        if event in events and one.start in others.keys() - naming.keys():
            reason = f"{event} of {insertion.dialect}:{others[one.start]} here counts for {insertion.key} too"
            refuse(page.data, one.start, f"{reason}, which reports it itself; {_by_single(insertion)}")
        if event in events or one.start in naming:
            return True
    return False


def _naming(page: FiringPage, pixel_ids: frozenset[str], *, is_for: bool = True) -> dict[int, str]:
    """Where the scripts that name one of these pixels are, or those that name another, and which."""
    told = ((call.script.start, pixel_id) for call in page.firing.inits for pixel_id in call.pixel_ids)
    return {start: pixel_id for start, pixel_id in told if (pixel_id in pixel_ids) == is_for}


def _calls(firing: Firing) -> list[Call]:
    return sorted([*firing.inits, *firing.events, *firing.others], key=lambda call: call.start)


def _is_within(call: Call, regions: Iterable[Region]) -> bool:
    return any(region.start <= call.start < region.end for region in regions)
