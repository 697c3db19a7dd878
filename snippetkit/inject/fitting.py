"""A page with code of a dialect that names its pixels first, and where code that has to follow it goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.html import Anchors, refuse
from snippetkit.inject.insertion import Insertion, PlanOptions
from snippetkit.inject.layout import find_place
from snippetkit.inject.regions import Region
from snippetkit.records import replace
from snippetkit.server_code import unwrap
from snippetkit.terms import Part, Placement

if TYPE_CHECKING:
    from snippetkit.lint import Call, Firing
    from snippetkit.snippets import Document


class Fitted(NamedTuple):
    """What goes onto a page that has code of its dialect, and where."""

    insertion: Insertion
    options: PlanOptions


class FiringPage(NamedTuple):
    """A page, what goes on there, and what fires there, the regions of the insertion's own key included; `name` is
    the function's that is called."""

    data: bytes
    anchors: Anchors
    regions: Sequence[Region]
    document: Document
    firing: Firing
    name: str


def behind(page: FiringPage, calls: Sequence[Call], options: PlanOptions) -> tuple[PlanOptions, int]:
    """Return the options with the first placement from the wanted one on that is behind these calls, and where it is.

    Raises:
        PageRefusedError: there is none.
    """
    last = max(calls, key=lambda call: call.script.end)
    placements = [*Placement]
    for placement in placements[placements.index(options.placements[Part.SCRIPT]) :]:
        at, _ = find_place(page.data, page.anchors, placement, server_code=options.server_code)
        if at >= last.script.end:
            break
    else:
        refuse(
            page.data, last.start, f"{page.name} is called here, after the last place for code that has to follow it"
        )
    return replace(options, placements={**options.placements, Part.SCRIPT: placement}), at


def events_of(insertion: Insertion) -> tuple[Call, ...]:
    """Return the events that an insertion's script reports."""
    from snippetkit import lint, snippets

    code = unwrap(insertion.parts.get(Part.SCRIPT, b"")).decode("utf-8", "replace")
    return lint.find_firing(snippets.parse(code), insertion.dialect).events


def of_others(calls: Iterable[Call], insertion: Insertion) -> list[str]:
    """Return the pixels that these calls name, but the insertion is not for."""
    return sorted(
        frozenset[str]().union(*(call.pixel_ids for call in calls if call.verb == "init")) - insertion.named_ids
    )
