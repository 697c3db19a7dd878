"""The edits that make a page carry code."""

from __future__ import annotations

from collections.abc import Container, Sequence

from snippetkit.errors import PageRefusedError
from snippetkit.html import MARKER, Anchors, check_outside_pairs, find_anchors, refuse
from snippetkit.inject.adding import fit
from snippetkit.inject.alone import find_orphans
from snippetkit.inject.combining import combine, keep_attributes, merge
from snippetkit.inject.edits import apply, difference
from snippetkit.inject.fitting import Fitted
from snippetkit.inject.insertion import Insertion, PlanOptions
from snippetkit.inject.keeping import keep_values, pieces_of
from snippetkit.inject.layout import find_place, layout_at, skip_space
from snippetkit.inject.losing import check_losses
from snippetkit.inject.marking import adopted_in, mark_anew
from snippetkit.inject.protecting import protect
from snippetkit.inject.regions import (
    Region,
    begin_marker,
    check_replaceable,
    find_regions,
    has_begin_marker,
    render,
)
from snippetkit.inject.taking import check_takes
from snippetkit.inject.unmarked import check_made, find_unmarked, is_outside
from snippetkit.model import Edit, Loaded, PageBytes, Span
from snippetkit.server_code import may_enclose
from snippetkit.terms import Coexistence, Part, Placement

_DEFAULT = PlanOptions()
_RANKS = {placement: rank for rank, placement in enumerate(Placement)}


def plan(page: PageBytes, insertion: Insertion, options: PlanOptions = _DEFAULT) -> list[Edit]:
    """Return the edits that make a page carry `insertion`, none where it does already.

    An existing region is updated in place, or moved if another placement is wanted. Of a page that needs no
    edits only the first bytes are read.

    Raises:
        PageRefusedError: the place is not certain, a region was edited by hand, or the page carries code beside which
            this would not report right; or server code in the code would keep the page from being read again; or
            unmarked code that is adopted does what the new code does not (`adopting`).
    """
    return _check_adopted(page, _plan_one(page, insertion, options), options)


def _plan_one(page: PageBytes, insertion: Insertion, options: PlanOptions) -> list[Edit]:
    edits = _plan(page, insertion, options)
    if edits and insertion.has_server_code:
        _check_read_again(page.whole(), edits, insertion, options)
    return edits


def _check_adopted(page: PageBytes, edits: list[Edit], options: PlanOptions) -> list[Edit]:
    """The edits, where they may be made."""
    if edits and options.adopt:
        from snippetkit.inject import adopting

        adopting.check_losses(page.whole(), edits, options)
    return edits


def _plan(page: PageBytes, insertion: Insertion, options: PlanOptions, *, is_adopting: bool = False) -> list[Edit]:
    data, anchors = _read_anchors(page, options)
    has_regions = bool(anchors.markers) or data.startswith(MARKER, skip_space(data, anchors.body_top))
    if has_regions and _is_all_there(page, data, anchors, insertion, options):
        return []
    plain, insertion = insertion, protect(page, insertion, options)
    if has_regions and insertion is not plain and _is_all_there(page, data, anchors, insertion, options):
        return []
    check_takes(page, data, anchors, insertion)
    if not has_regions and all(page.find(needle) < 0 for needle in (MARKER, *insertion.in_the_way)):
        return _insert(page, data, anchors, insertion, options, ())
    return _change(page.whole(), insertion, options, is_adopting=is_adopting)


def _check_read_again(data: bytes, edits: Sequence[Edit], insertion: Insertion, options: PlanOptions) -> None:
    try:
        _plan(Loaded(apply(data, edits)), insertion, options)
    except PageRefusedError as error:
        why = f"the page could not be read again: {error.reason}"
        refuse(data, edits[0].start, f"{insertion.key} brings server code, and {why}")


def plan_all(page: PageBytes, insertions: Sequence[Insertion], options: PlanOptions = _DEFAULT) -> list[Edit]:
    """Return the edits that make a page carry several insertions; those of a dialect that shares a script become one.

    Raises:
        PageRefusedError: as `plan`.
    """
    merged = [*merge(insertions, options)] if len(insertions) > 1 else insertions
    if len(merged) == 1:
        return plan(page, merged[0], options)
    if all(not _plan_one(page, insertion, options) for insertion in merged):
        return []
    before = after = page.whole()
    for insertion in merged:
        after = apply(after, _plan_one(Loaded(after), insertion, options))
    return _check_adopted(page, difference(before, after), options)


def tell_losses(page: PageBytes, edits: Sequence[Edit]) -> tuple[str, ...]:
    """Return a line for each thing that a page's own code does, but no longer does after these edits."""
    from snippetkit.inject import adopting

    return adopting.tell_losses(page.whole(), edits)


def _read_anchors(page: PageBytes, options: PlanOptions) -> tuple[bytes, Anchors]:
    """The first bytes and the anchors in them, or all bytes if the first are not enough."""
    if not page.is_whole and not options.server_code:
        anchors = find_anchors(page.head, is_whole=False, fragments=options.fragments)
        if anchors and _has_newline(page.head):
            return page.head, anchors
    return page.whole(), _find_anchors(page.whole(), options)


def _has_newline(head: bytes) -> bool:
    """Whether the first bytes tell which newline the page has; a CR at their end may be half of one."""
    return b"\n" in head or b"\r" in head[:-1]


def _find_anchors(data: bytes, options: PlanOptions) -> Anchors:
    anchors = find_anchors(data, server_code=options.server_code, fragments=options.fragments)
    assert anchors  # noqa: S101 (None is for pages that are not whole)
    return anchors


def _is_all_there(page: PageBytes, data: bytes, anchors: Anchors, insertion: Insertion, options: PlanOptions) -> bool:
    """Whether the insertion stands there as it would be written now, and nothing on the page asks for a closer look."""
    spans = _up_to_date(data, anchors, insertion, options)
    return spans is not None and not any(is_outside(page, needle, spans) for needle in insertion.in_the_way)


def _up_to_date(data: bytes, anchors: Anchors, insertion: Insertion, options: PlanOptions) -> list[Span] | None:
    """Where each part is in its half of the page's upper end, if as it would be written now, and alone."""
    markers, spans = {*anchors.markers, skip_space(data, anchors.body_top)}, list[Span]()
    for part in Part:
        code, at = insertion.parts.get(part), data.find(begin_marker(insertion.key, part))
        if code is None and at < 0 and not has_begin_marker(data, insertion.key, part):
            continue
        if code is None or at not in markers:
            return None
        if (at < anchors.head_end) != options.placements[part].startswith("head"):
            return None
        start, layout = layout_at(data, at)
        rendered = render(insertion.key, part, code, options.placements[part], layout)
        if not data.startswith(rendered, start):
            return None
        spans.append((start, start + len(rendered)))
    return spans


def _change(data: bytes, insertion: Insertion, options: PlanOptions, *, is_adopting: bool = False) -> list[Edit]:
    """The edits for a page with regions or code of its own; `is_adopting`: some of the pixel's was taken out."""
    page = Loaded(data)
    anchors = _find_anchors(data, options)
    regions = find_regions(data, anchors, server_code=options.server_code)
    check_made(data, insertion, regions, options)
    may_fit = insertion.coexistence is Coexistence.NEVER
    orphans = find_orphans(data, regions, insertion, options) if may_fit else []
    may_fit = may_fit and not orphans
    fitted = fit(data, anchors, regions, insertion, options, is_adopting=is_adopting) if may_fit else []
    if len(fitted) > 1:
        return _each(data, fitted)
    insertion, options = fitted[0] if fitted else (insertion, options)
    related = orphans or [region for region in regions if _is_related(region, insertion, is_fitted=bool(fitted))]
    check_replaceable(data, related, force=options.force, hint="--force overwrites that")
    insertion = _keep(page, related, (), insertion, options)
    if _does_already(related, insertion, options) and (fitted or not find_unmarked(page, regions, insertion, options)):
        return []
    if not orphans and any(region.key != insertion.key for region in related):
        insertion = combine(data, related, insertion, options)
    unmarked = [] if fitted or orphans else find_unmarked(page, regions, insertion, options)
    insertion = _keep(page, related, unmarked, insertion, options)
    check_losses(data, related, unmarked, insertion, options)
    return _replaced(page, anchors, regions, related, unmarked, insertion, options)


def _replaced(
    page: PageBytes,
    anchors: Anchors,
    regions: Sequence[Region],
    related: Sequence[Region],
    unmarked: Sequence[Span],
    insertion: Insertion,
    options: PlanOptions,
) -> list[Edit]:
    """The edits that leave an insertion in the place of these regions and of unmarked code."""
    own = [region for region in related if region.key == insertion.key]
    going = related if _must_move(own, insertion, options) else [one for one in related if one.key != insertion.key]
    gone = [Edit(*span, b"") for span in (*unmarked, *((region.start, region.end) for region in going))]
    if not gone:
        edits = [edit for region in own for edit in _update(region, insertion)]
        edits += _insert(page, page.whole(), anchors, insertion, options, {region.part for region in own})
        return sorted(edits, key=_start)
    data = page.whole()
    base = apply(data, sorted(gone, key=_start))
    after = apply(base, _plan(Loaded(base), insertion, options, is_adopting=bool(unmarked)))
    adopted = adopted_in(data, related, unmarked, insertion)
    if adopted or any(region.adopted for region in related):
        there = find_regions(after, _find_anchors(after, options), server_code=options.server_code)
        after = mark_anew(after, there, regions, related, adopted)
    return difference(data, after)


def _each(data: bytes, fitted: Sequence[Fitted]) -> list[Edit]:
    after = data
    for insertion, options in fitted:
        after = apply(after, _change(after, insertion, options))
    return difference(data, after)


def _keep(
    page: PageBytes, regions: Sequence[Region], unmarked: Sequence[Span], insertion: Insertion, options: PlanOptions
) -> Insertion:
    """The insertion with the values and the attributes from there, as the page's language passes it on."""
    data = page.whole()
    valued = keep_values(data, regions, unmarked, insertion, options)
    kept = keep_attributes(valued, [piece.code for piece in pieces_of(data, regions, unmarked)])
    return insertion if kept is insertion else protect(page, kept, options)


def _does_already(regions: Sequence[Region], insertion: Insertion, options: PlanOptions) -> bool:
    """Whether regions that were reformatted stand where they should, and do what would be written now."""
    parts = {region.part: region for region in regions if region.key == insertion.key}
    if len(parts) != len(regions) or parts.keys() != insertion.parts.keys():
        return False
    return not _must_move(regions, insertion, options) and all(
        region.is_up_to_date(insertion.parts[part]) for part, region in parts.items()
    )


def _is_related(region: Region, insertion: Insertion, *, is_fitted: bool) -> bool:
    """Whether a region and an insertion cannot stand side by side, unlike one that was fitted to the page."""
    is_event = region.key.event and insertion.pixel_ids.issuperset(region.pixel_ids)
    is_apart = is_event or is_fitted or insertion.coexistence is Coexistence.APART
    return region.key == insertion.key or (region.dialect == insertion.dialect and not is_apart)


def _must_move(regions: Sequence[Region], insertion: Insertion, options: PlanOptions) -> bool:
    """Whether one is not where it should be, or a part comes or goes beside a `<body>` that one brought along."""
    wanted = [region for region in regions if region.part in insertion.parts]
    if any(not region.is_in_place or region.placement != options.placements[region.part] for region in wanted):
        return True
    is_complete = len(wanted) == len(regions) == len(insertion.parts)
    return not is_complete and any(region.layout.prefix for region in regions)


def _update(region: Region, insertion: Insertion) -> list[Edit]:
    """The edit that brings a region up to date, or takes it out where its part is not wanted any more."""
    code, new = insertion.parts.get(region.part), b""
    if code is not None:
        if region.is_up_to_date(code):
            return []
        new = render(region.key, region.part, code, region.placement, region.layout)
    return [Edit(region.start, region.end, new)]


def _insert(
    page: PageBytes, data: bytes, anchors: Anchors, insertion: Insertion, options: PlanOptions, there: Container[Part]
) -> list[Edit]:
    """The edits for the parts that are not there yet, from the top of the page down."""
    edits, is_entered = list[Edit](), False
    for part in sorted(insertion.parts, key=lambda part: _RANKS[options.placements[part]]):
        if part in there:
            continue
        placement = options.placements[part]
        if not _is_told_by(anchors, placement):
            data = page.whole()
        at, layout = find_place(data, anchors, placement, server_code=options.server_code)
        if layout.prefix and is_entered:
            layout = layout._replace(prefix=b"")
        is_entered = is_entered or bool(layout.prefix)
        edits.append(Edit(at, at, render(insertion.key, part, insertion.parts[part], placement, layout)))
    edits.sort(key=_start)
    if edits and not options.server_code and may_enclose(data, edits[-1].start):
        for edit in edits:
            check_outside_pairs(page.whole(), edit.start)
    return edits


def _is_told_by(anchors: Anchors, placement: str) -> bool:
    """Whether the first bytes of a page, up to the body, tell where a placement is."""
    if placement == "head-top" and anchors.has_head_tag:
        return True
    return anchors.has_body_tag and placement != "body-bottom"


def _start(edit: Edit) -> int:
    return edit.start
