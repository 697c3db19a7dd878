"""The edits that make a page carry code."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from itertools import groupby

from snippetkit.html import MARKER, Anchors, find_anchors, refuse
from snippetkit.inject.combining import combine
from snippetkit.inject.edits import apply, difference
from snippetkit.inject.insertion import Insertion, Terms
from snippetkit.inject.layout import find_place, skip_space
from snippetkit.inject.regions import Region, begin_marker, find_regions, layout_at, render
from snippetkit.inject.unmarked import find_unmarked
from snippetkit.model import Edit, Loaded, Text
from snippetkit.terms import Part, Placement, Several

_AMP = re.compile(rb"<html[^<>]*?[\t\n\f\r ](?:amp|\xe2\x9a\xa1)(?:4ads|4email)?(?=[\t\n\f\r />=])", re.IGNORECASE)
_DEFAULT = Terms()
_RANKS = {placement: rank for rank, placement in enumerate(Placement)}


def plan(text: Text, insertion: Insertion, terms: Terms = _DEFAULT) -> list[Edit]:
    """Return the edits that make a page carry `insertion`, none where it does already.

    A region that is there is updated in place, or moved where another placement is wanted. Of a page that needs no
    edits no more than the first bytes are read.

    Raises:
        PageRefusedError: the place is not certain, a region was edited by hand, or the page carries code beside which
            this would not report right.
    """
    data, anchors = _read_anchors(text, terms)
    has_regions = bool(anchors.markers) or data.startswith(MARKER, skip_space(data, anchors.body_top))
    if has_regions and _is_up_to_date(data, anchors, insertion, terms):
        return []
    _check_takes(text, data, anchors, insertion)
    if not has_regions and all(text.find(sign) < 0 for sign in insertion.signs):
        return _insert(text, data, anchors, insertion, terms)
    return _change(text.whole(), insertion, terms)


def plan_all(text: Text, insertions: Sequence[Insertion], terms: Terms = _DEFAULT) -> list[Edit]:
    """Return the edits that make a page carry several insertions; those of a dialect that shares one script as one.

    Raises:
        PageRefusedError: as `plan`.
    """
    merged = [*_merge(insertions, terms)]
    if len(merged) == 1:
        return plan(text, merged[0], terms)
    if all(not plan(text, insertion, terms) for insertion in merged):
        return []
    before = after = text.whole()
    for insertion in merged:
        after = apply(after, plan(Loaded(after), insertion, terms))
    return difference(before, after)


def _merge(insertions: Iterable[Insertion], terms: Terms) -> Iterable[Insertion]:
    for _, group in groupby(sorted(insertions, key=lambda found: found.dialect), key=lambda found: found.dialect):
        of_dialect = list(group)
        if len(of_dialect) == 1 or of_dialect[0].several is Several.APART:
            yield from of_dialect
        elif of_dialect[0].several is Several.COMBINED and terms.combine:
            yield terms.combine([snippet for insertion in of_dialect for snippet in insertion.snippets])
        else:
            is_template = of_dialect[0].several is Several.COMBINED
            why = "only the template combined puts two on one page" if is_template else "not both would report right"
            refuse(b"", 0, f"both {of_dialect[0].key} and {of_dialect[1].key} are wanted here; {why}")


def _read_anchors(text: Text, terms: Terms) -> tuple[bytes, Anchors]:
    """The first bytes and the anchors in them, or all bytes where the first do not tell."""
    if not text.is_whole and not terms.server_code:
        anchors = find_anchors(text.head, is_whole=False, fragments=terms.fragments)
        if anchors and _has_newline(text.head):
            return text.head, anchors
    return text.whole(), _find_anchors(text.whole(), terms)


def _has_newline(head: bytes) -> bool:
    """Whether the first bytes tell which newline the page has; a CR at their end may be half of one."""
    return b"\n" in head or b"\r" in head[:-1]


def _find_anchors(data: bytes, terms: Terms) -> Anchors:
    anchors = find_anchors(data, server_code=terms.server_code, fragments=terms.fragments)
    assert anchors  # noqa: S101 (None is for pages that are not whole)
    return anchors


def _is_up_to_date(data: bytes, anchors: Anchors, insertion: Insertion, terms: Terms) -> bool:
    """Whether each part stands in its half of the page's upper end, as it would be written now, and no other part."""
    markers = {*anchors.markers, skip_space(data, anchors.body_top)}
    for part in Part:
        code, at = insertion.parts.get(part), data.find(begin_marker(insertion.key, part))
        if code is None and at < 0:
            continue
        if code is None or at not in markers:
            return False
        if (at < anchors.head_end) != terms.placements[part].startswith("head"):
            return False
        start, layout = layout_at(data, at)
        if not data.startswith(render(insertion.key, part, code, terms.placements[part], layout), start):
            return False
    return True


def _change(data: bytes, insertion: Insertion, terms: Terms) -> list[Edit]:
    """The edits for a page that carries regions of ours, or unmarked code, or text that looks so."""
    text = Loaded(data)
    anchors = _find_anchors(data, terms)
    regions = find_regions(data, anchors, server_code=terms.server_code)
    related = [region for region in regions if _is_related(region, insertion)]
    _check_edited(data, related, terms)
    gone = [Edit(*span, b"") for span in find_unmarked(text, regions, insertion, terms)]
    if any(region.key != insertion.key for region in related):
        insertion = combine(data, related, insertion, terms)
        gone += [Edit(region.start, region.end, b"") for region in related if region.key != insertion.key]
    own = [region for region in related if region.key == insertion.key]
    if _must_move(own, insertion, terms):
        gone += [Edit(region.start, region.end, b"") for region in own]
    if gone:
        base = apply(data, sorted(gone, key=_start))
        return difference(data, apply(base, plan(Loaded(base), insertion, terms)))
    edits = [edit for region in own for edit in _update(data, region, insertion)]
    edits += _insert(text, data, anchors, insertion, terms, {region.part for region in own})
    return sorted(edits, key=_start)


def _is_related(region: Region, insertion: Insertion) -> bool:
    """Whether a region and an insertion cannot stand side by side."""
    same_dialect = region.dialect == insertion.dialect
    return region.key == insertion.key or (same_dialect and insertion.several is not Several.APART)


def _check_edited(data: bytes, regions: Sequence[Region], terms: Terms) -> None:
    for region in regions:
        if region.is_edited and not terms.force:
            refuse(data, region.marker, "this snippetkit region was edited by hand; --force overwrites that")


def _check_takes(text: Text, data: bytes, anchors: Anchors, insertion: Insertion) -> None:
    top = data[: anchors.head_top].lower()
    is_amp = b"amp" in top or b"\xe2\x9a\xa1" in top  # found much faster than by the pattern
    if is_amp and (match := _AMP.search(top)):
        refuse(data, match.start(), "an AMP page takes no scripts of its own; use amp-pixel or amp-analytics there")
    if not insertion.is_ascii:
        _check_utf8(text.whole())


def _check_utf8(data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        refuse(data, error.start, "the code has characters beyond ASCII, and this page is not UTF-8")


def _must_move(regions: Sequence[Region], insertion: Insertion, terms: Terms) -> bool:
    """Whether one stands elsewhere than it should, or a part comes or goes beside a `<body>` that one brought along."""
    wanted = [region for region in regions if region.part in insertion.parts]
    if any(not region.is_in_place or region.placement != terms.placements[region.part] for region in wanted):
        return True
    is_complete = len(wanted) == len(regions) == len(insertion.parts)
    return not is_complete and any(region.layout.prefix for region in regions)


def _update(data: bytes, region: Region, insertion: Insertion) -> list[Edit]:
    """The edit that brings a region up to date, or takes it out where its part is not wanted any more."""
    code, new = insertion.parts.get(region.part), b""
    if code is not None:
        new = render(region.key, region.part, code, region.placement, region.layout)
    return [] if data[region.start : region.end] == new else [Edit(region.start, region.end, new)]


def _insert(
    text: Text,
    data: bytes,
    anchors: Anchors,
    insertion: Insertion,
    terms: Terms,
    there: Container[Part] = (),
) -> list[Edit]:
    """The edits for the parts that are not there yet, from the top of the page down."""
    edits, is_entered = [], False
    for part in sorted(insertion.parts, key=lambda part: _RANKS[terms.placements[part]]):
        if part in there:
            continue
        placement = terms.placements[part]
        if not _is_told_by(anchors, placement):
            data = text.whole()
        at, layout = find_place(data, anchors, placement, server_code=terms.server_code)
        if layout.prefix and is_entered:
            layout = layout._replace(prefix=b"")
        is_entered = is_entered or bool(layout.prefix)
        edits.append(Edit(at, at, render(insertion.key, part, insertion.parts[part], placement, layout)))
    return sorted(edits, key=_start)


def _is_told_by(anchors: Anchors, placement: str) -> bool:
    """Whether the first bytes of a page, up to the body, tell where a placement is."""
    return placement.startswith("head") or (anchors.has_body_tag and placement == "body-top")


def _start(edit: Edit) -> int:
    return edit.start
