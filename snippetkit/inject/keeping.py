"""The value on a page, kept where no other one is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, NoReturn

from snippetkit.errors import SettingError, SnippetError
from snippetkit.html import refuse
from snippetkit.inject.combining import write_as_one
from snippetkit.inject.insertion import Insertion, PlanOptions
from snippetkit.inject.regions import Region
from snippetkit.model import Snippet, Span
from snippetkit.records import replace


def keep_values(
    data: bytes, regions: Sequence[Region], unmarked: Sequence[Span], insertion: Insertion, options: PlanOptions
) -> Insertion:
    """Return the insertion with the values and currencies that its pixels have on the page, where none is asked for.

    Its `keeping` are then the pixels that have none there.

    Args:
        data: the page.
        regions: those whose place the insertion takes, or whose code it joins.
        unmarked: where code whose place it takes is.
        insertion: what is to stand there.
        options: make the new insertion.

    Raises:
        PageRefusedError: the value cannot be read there, or the new code has no place for it.
    """
    if not insertion.keeping and not any(snippet.others for snippet in insertion.snippets):
        return insertion
    pieces = pieces_of(data, regions, unmarked)
    wanted = (snippet for snippet in insertion.snippets if snippet.pixel_id in insertion.keeping)
    kept = {snippet.pixel_id: valued for snippet in wanted if (valued := _kept(data, pieces, snippet, options))}
    snippets = [kept.get(snippet.pixel_id, snippet) for snippet in insertion.snippets]
    snippets = [_with_others(data, pieces, snippet, options) for snippet in snippets]
    made = insertion if snippets == [*insertion.snippets] else _made(data, regions, snippets, options) or insertion
    return replace(made, keeping=insertion.keeping - kept.keys(), assuming=insertion.assuming)


def _with_others(data: bytes, pieces: Sequence[PlacedCode], snippet: Snippet, options: PlanOptions) -> Snippet:
    """The snippet with the values that its other events have there: nobody has asked for different ones."""
    for other in (other for other in snippet.others if other.value is not None):
        valued = _kept(data, pieces, snippet.about(other.event), options)
        snippet = valued.about(snippet.event) if valued else snippet
    return snippet


def _made(
    data: bytes, regions: Sequence[Region], snippets: Sequence[Snippet], options: PlanOptions
) -> Insertion | None:
    if len(snippets) > 1:
        return write_as_one(data, regions, snippets, options.combine) if options.combine else None
    return options.remake(snippets) if options.remake else None


class PlacedCode(NamedTuple):
    """Code on a page: where it stands, and the pixels that its region's key names."""

    at: int
    code: bytes
    pixel_ids: tuple[str, ...]


def _kept(data: bytes, pieces: Sequence[PlacedCode], snippet: Snippet, options: PlanOptions) -> Snippet | None:
    """The snippet with the value that is there, or None where there is none."""
    for at, code, pixel_ids in pieces:
        readings = read_piece(code, pixel_ids)
        there = [one for one in readings if (one.pixel_id, one.event) == (snippet.pixel_id, snippet.event)]
        if there:
            return _with_value_of(data, at, there[0], snippet)
        if pixel_ids == (snippet.pixel_id,) and snippet.value is not None and not readings and not options.force:
            _refuse(data, at, f"code of {snippet.key} whose value cannot be read")
    return None


def _with_value_of(data: bytes, at: int, there: Snippet, snippet: Snippet) -> Snippet:
    """The snippet with the value and the currency of the code there."""
    is_as_it_is = there.value == snippet.value and there.currency in {None, snippet.currency}
    if there.value is None or is_as_it_is or snippet.dynamic:
        return snippet
    if "value" in snippet.gaps and snippet.value is None:
        shown = " ".join(filter(None, [there.value[:60], there.currency]))
        _refuse(data, at, f"the value {shown} of {snippet.key}, where the new code reports {snippet.event} without one")
    try:
        return snippet.with_value(there.value, there.currency)
    except (SettingError, SnippetError) as error:
        _refuse(data, at, f"the value {there.value[:60]} of {snippet.key}, which cannot be kept: {error}")


def _refuse(data: bytes, at: int, what: str) -> NoReturn:
    refuse(data, at, f"the page has {what}; --value says which one to use")


def pieces_of(data: bytes, regions: Sequence[Region], unmarked: Sequence[Span]) -> list[PlacedCode]:
    """Return the code in these regions, and between these offsets."""
    pieces = [PlacedCode(region.marker, region.pixel_code, tuple(region.pixel_ids)) for region in regions]
    return pieces + [PlacedCode(start, data[start:end], ()) for start, end in unmarked]


@lru_cache(maxsize=256)
def read_piece(code: bytes, pixel_ids: tuple[str, ...]) -> tuple[Snippet, ...]:
    """Return the snippets of a piece; one that does not tell its pixel is of the only one that it was written for."""
    from snippetkit import platforms, snippets

    readings = snippets.read(code.decode("utf-8", "surrogateescape"))
    if len(pixel_ids) == 1:
        readings = [
            one if platforms.is_id(one.dialect, one.pixel_id) else replace(one, pixel_id=pixel_ids[0])
            for one in readings
        ]
    return tuple(readings)
