"""What the scripts of one pixel report, whether one or several, as one snippet with one source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from snippetkit import platforms
from snippetkit.errors import SnippetError
from snippetkit.model import Snippet, Span
from snippetkit.places import SettingPlace
from snippetkit.records import dataclass, replace
from snippetkit.snippets.document import parse

_At = tuple[int, int]


def group(snippets: Sequence[Snippet]) -> list[list[Snippet]]:
    """Return the snippets of a text grouped by the scripts that belong together, in order.

    A script that names its pixels stands for itself. An event of a Meta Pixel in a script that does not belongs to the
    script with the base code (Meta Pixel, "Conversion tracking"), where only one names the same pixels. So does one
    that names its pixel itself and needs base code.
    """
    scripts: dict[_At, list[Snippet]] = defaultdict(list)
    for snippet in snippets:
        scripts[snippet.line, snippet.column].append(snippet)
    named = {at: _named_in(of_script) for at, of_script in scripts.items()} if len(scripts) > 1 else {}
    groups: dict[_At, list[Snippet]] = {}
    for at, of_script in scripts.items():
        is_event = named.get(at) == set()
        bases = [base for base, ids in named.items() if is_event and ids == {one.pixel_id for one in of_script}]
        groups.setdefault(bases[0] if len(bases) == 1 else at, []).extend(of_script)
    return [*groups.values()]


def _named_in(of_script: Sequence[Snippet]) -> set[str] | None:
    """The pixels that a script names for the events behind it; None where its dialect knows no such names."""
    dialect = platforms.dialect_named(of_script[0].dialect)
    if not (dialect.reaches_named or dialect.needs_base):
        return None
    scripts = [script for _, script in parse(of_script[0].script).scripts]
    if not dialect.reaches_named:
        is_base = any(dialect.makes.search(script.masked, script.start, script.end) for script in scripts)
        return _shown_for(of_script) if is_base else set()
    reports = (report for script in scripts for report in dialect.find_reports(script))
    return {report.pixel_id.text for report in reports if report.verb == "init" and report.pixel_id}


def _shown_for(of_script: Sequence[Snippet]) -> set[str] | None:
    """The pixels for which a script reports no more than that the page was shown; None where it reports more."""
    has_more = any(snippet.conversion for snippet in of_script)
    return None if has_more else {snippet.pixel_id for snippet in of_script}


def join(snippets: Sequence[Snippet]) -> Snippet:
    """Return what belongs together as one snippet: its conversion, the one with a value if there are several.

    A Meta Pixel's code tracks a PageView beside the conversion, and its noscript may be the PageView's. The other
    events are the snippet's `others`. Where an id is that of an account and of a conversion, the noscript may be the
    account's.

    Args:
        snippets: those of one script, or of one of the groups of `group`; at least one.

    Raises:
        SnippetError: they are for several pixels, or report one event twice.
    """
    of_accounts = [snippet for snippet in snippets if _is_of_account(snippet, snippets)]
    snippets = [snippet for snippet in snippets if snippet not in of_accounts]
    conversions = [snippet for snippet in snippets if snippet.conversion] or [*snippets[:1]]
    has_several = len(conversions) > len({snippet.event for snippet in conversions})
    if len({snippet.key for snippet in snippets}) > 1 or (len(conversions) > 1 and has_several):
        keys = ", ".join(f"{snippet.key} {snippet.event or ''}".rstrip() for snippet in snippets)
        raise SnippetError(f"one script reports {keys}")
    main = next((snippet for snippet in conversions if snippet.value is not None), conversions[0])
    events = share_source([*snippets, *of_accounts])[: len(snippets)]
    at = next(number for number, snippet in enumerate(snippets) if snippet is main)
    return replace(events[at], others=(*events[:at], *events[at + 1 :]))


def _is_of_account(snippet: Snippet, snippets: Sequence[Snippet]) -> bool:
    """Whether an image without a script reports for the account of what a script reports."""
    if snippet.script_span or snippet.conversion:
        return False
    others = (one for one in snippets if one.script_span and one.dialect == snippet.dialect)
    ids = {one.pixel_id for one in others}
    named = platforms.dialect_named(snippet.dialect).named_by
    return snippet.pixel_id not in ids and snippet.pixel_id in map(named, ids)


def share_source(snippets: Sequence[Snippet]) -> list[Snippet]:
    """Return the snippets of one group with one source: all of their scripts, followed by their noscripts as one.

    A script and a noscript that are the only ones stay as they stand.
    """
    scripts = {(snippet.line, snippet.column): snippet for snippet in snippets if snippet.script_span}
    images = {_image_of(snippet): snippet for snippet in snippets if snippet.image_span}
    if not scripts:
        return _side_by_side(snippets)
    is_one = len(scripts) < 2 and len(images) < 2 and all(one.script_span for one in images.values())
    frame = (
        _as_it_stands(snippets)
        if is_one
        else _put_together([scripts[at] for at in sorted(scripts)], [*images.values()])
    )
    return [_in_frame(frame, snippet) for snippet in snippets]


def _side_by_side(snippets: Sequence[Snippet]) -> list[Snippet]:
    """Images without a script, each in its noscript."""
    starts = dict[str, int]()
    for snippet in snippets:
        starts.setdefault(snippet.source, sum(len(source) + 1 for source in starts))
    return [
        replace(
            snippet,
            source="\n".join(starts),
            noscript_span=_moved(snippet.noscript_span, starts[snippet.source]),
            image_span=_moved(snippet.image_span, starts[snippet.source]),
            places=_moved_places(snippet.places, dict.fromkeys(snippet.places, starts[snippet.source])),
        )
        for snippet in snippets
    ]


@dataclass(frozen=True, slots=True)
class _Frame:
    """One source for several snippets: where each script is in it, and the markup of each one's images."""

    source: str
    scripts: Mapping[_At, int]
    images: Mapping[str, int]
    script_span: Span | None
    noscript_span: Span | None
    image_span: Span | None


def _image_span(snippet: Snippet) -> Span:
    return snippet.noscript_span or snippet.image_span or (0, 0)


def _image_of(snippet: Snippet) -> str:
    return snippet.source[slice(*_image_span(snippet))]


def _as_it_stands(snippets: Sequence[Snippet]) -> _Frame:
    whole = max(snippets, key=lambda snippet: snippet.image_span is not None)
    scripts = {(whole.line, whole.column): whole.script_span[0]} if whole.script_span else {}
    images = {_image_of(whole): _image_span(whole)[0]}
    return _Frame(whole.source, scripts, images, whole.script_span, whole.noscript_span, whole.image_span)


def _put_together(scripts: Sequence[Snippet], images: Sequence[Snippet]) -> _Frame:
    source, starts, inner = "", dict[_At, int](), dict[str, int]()
    for snippet in scripts:
        starts[snippet.line, snippet.column] = len(source)
        source += f"{snippet.script}\n"
    script_span = (0, len(source) - 1)
    if not images:
        return _Frame(source[:-1], starts, inner, script_span, None, None)
    begin, end = _around(images[0])
    source += begin
    start = len(source)
    for snippet in images:
        source += "\n" if inner else ""
        inner[snippet.noscript] = len(source)
        source += snippet.noscript
    image_span = _moved(images[0].image_span, start - _image_span(images[0])[0])
    return _Frame(source + end, starts, inner, script_span, (start, len(source)), image_span)


def _around(snippet: Snippet) -> tuple[str, str]:
    """The noscript's markup before and after its content."""
    (inner_start, inner_end), (start, end) = _image_span(snippet), snippet.script_span or (0, 0)
    begin = snippet.source[end if end <= inner_start else 0 : inner_start]
    behind = snippet.source[inner_end : start if start >= inner_end else len(snippet.source)]
    return begin.lstrip(), behind.rstrip()


def _in_frame(frame: _Frame, snippet: Snippet) -> Snippet:
    at, (start, end) = (snippet.line, snippet.column), snippet.script_span or (0, 0)
    of_script = frame.scripts.get(at, 0) - start
    of_image = frame.images.get(_image_of(snippet), 0) - _image_span(snippet)[0]
    by = {place: of_script if start <= place.start < end else of_image for place in snippet.places}
    line, column = min([at, *frame.scripts])
    return replace(
        snippet,
        source=frame.source,
        script_span=frame.script_span,
        noscript_span=frame.noscript_span,
        image_span=_moved(snippet.image_span, of_image) or frame.image_span,
        line=line,
        column=column,
        places=_moved_places(snippet.places, by),
    )


def _moved(span: Span | None, by: int) -> Span | None:
    return (span[0] + by, span[1] + by) if span else None


def _moved_places(places: Sequence[SettingPlace], by: Mapping[SettingPlace, int]) -> tuple[SettingPlace, ...]:
    moved = (replace(place, start=place.start + by[place], end=place.end + by[place]) for place in places)
    return tuple(sorted(moved, key=lambda place: place.start))
