"""The report on pages: what stands on each, what it fires, and what is wrong."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from snippetkit import lint, snippets
from snippetkit.browser import FAULTS, THUMBNAIL_SIZE, Verdict, find_origins
from snippetkit.model import Snippet
from snippetkit.records import dataclass
from snippetkit.report.charts import Bar, Chart, draw
from snippetkit.report.writing import First, lasting, rendered, visible
from snippetkit.terms import Variant

_VARIANTS = {
    Variant.FULL: "full code",
    Variant.SCRIPT: "script",
    Variant.NOSCRIPT: "noscript",
    Variant.IMAGE: "image URL",
}
_MOST_CHARACTERS = 65_536  # conversion code has some 700; what is much longer would make the report heavy
_Key = tuple[str, str | None, str | None, str | None]


class ShownCode(NamedTuple):
    """A variant of a snippet: its name, its text as it is shown, and as it is, in JSON, if that differs."""

    name: str
    shown: str
    exact: str | None


class Copyable(NamedTuple):
    """Code to copy: whose it is, how many characters it has, and its variants, none where these are too many."""

    of: str
    length: int
    codes: tuple[ShownCode, ...]


class PageEvent(NamedTuple):
    """An event that a page fired: `by` is `script`, `image` or `frame`, `line` where its code stands, or None."""

    pixel_id: str
    event: str | None
    value: str | None
    currency: str | None
    javascript: bool
    by: str
    line: int | None


class ReportedFault(NamedTuple):
    """A fault, with the modes in which it was seen, and what its code means."""

    code: str
    message: str
    line: int | None
    mode: str
    meaning: str


class Picture(NamedTuple):
    """A picture of a page, as a data URI, and the modes that it shows."""

    uri: str
    mode: str


@dataclass(frozen=True, slots=True)
class ReportedPage:
    """What the report says of a page; `left_out` is how much more it leaves out.

    `is_carried` says that it was not loaded, and what fired was seen in an earlier run.
    """

    path: str
    standing: tuple[Snippet, ...] = ()
    copyables: tuple[Copyable, ...] = ()
    findings: tuple[lint.Finding, ...] = ()
    events: tuple[PageEvent, ...] = ()
    faults: tuple[ReportedFault, ...] = ()
    pictures: tuple[Picture, ...] = ()
    left_out: int = 0
    is_carried: bool = False


class EventRow(NamedTuple):
    """A row of the table of pixels: an event with its value, and the numbers of the pages, from 1.

    `fired` and `fired_without` count how often the event was fired with JavaScript and without.
    """

    pixel_id: str
    event: str | None
    value: str | None
    currency: str | None
    pages: tuple[int, ...]
    fired: int
    fired_without: int


def read_pages(verdicts: Iterable[Verdict], roots: Iterable[str] = ()) -> list[ReportedPage]:
    """Return what the report says of each page; of one that lacks base code, with what the others have of that.

    Args:
        verdicts: the visits, those of a page one after the other.
        roots: the files and folders that were named.
    """
    bases = snippets.RunBases(roots)
    pages: list[ReportedPage] = []
    lacking: dict[int, tuple[list[Verdict], snippets.FileParts]] = {}
    for path, visits in groupby(verdicts, key=lambda verdict: verdict.observed.path):
        of_page = list(visits)
        document = _document(of_page)
        parts = snippets.find_parts([document])
        bases.add(path, parts)
        if parts.may_get:
            lacking[len(pages)] = of_page, parts
        pages.append(_page(path, of_page, document))
    for number, (of_page, parts) in lacking.items():
        if others := bases.others_of(pages[number].path, parts):
            pages[number] = _page(pages[number].path, of_page, _document(of_page, others))
    return pages


def render(pages: Sequence[ReportedPage], conditions: Sequence[str] = (), failures: Sequence[str] = ()) -> str:
    """Return the report, an HTML document whose characters are all printable, except line breaks and tabs.

    Args:
        pages: the pages, in order.
        conditions: how they were looked at, a sentence each.
        failures: what could not be read, a line each.
    """
    pixels = _pixels(pages)
    return rendered(
        "report/report.html.j2",
        pages=pages,
        pixels=pixels,
        charts=_charts(pages, pixels),
        conditions=conditions,
        failures=failures,
        thumbnail_size=THUMBNAIL_SIZE,
    )


def _document(verdicts: Sequence[Verdict], others: snippets.Others = snippets.NOTHING) -> snippets.Document:
    return snippets.parse(max((verdict.observed.source for verdict in verdicts), key=len), others=others)


def _charts(pages: Sequence[ReportedPage], pixels: Sequence[EventRow]) -> list[Chart]:
    """The pictures of the numbers: none of one page, which is soon read."""
    wrong = sum(bool(page.faults) for page in pages)
    verdicts = [Bar("right", len(pages) - wrong), Bar("wrong", wrong)]
    named = [Bar(" ".join(filter(None, row[:4])) or "without a number", len(row.pages)) for row in pixels]
    charts = {"Pages by verdict": verdicts, "Pages by pixel, event and value": named} if len(pages) > 1 else {}
    return [chart for title, bars in charts.items() if (chart := draw(title, bars))]


def _page(path: str, verdicts: Sequence[Verdict], document: snippets.Document) -> ReportedPage:
    standing = snippets.read_document(document)
    first = First()
    return ReportedPage(
        path,
        first.of(standing),
        first.of(_copyables(standing)),
        first.of(lint.find(document)),
        first.of(sorted((event for verdict in verdicts for event in _events(verdict)), key=_order)),
        first.of(_faults(verdicts)),
        tuple(_pictures(verdicts)),
        first.left_out,
        any(verdict.is_carried for verdict in verdicts),
    )


def _copyables(standing: Sequence[Snippet]) -> Iterator[Copyable]:
    """The code of the snippets, once where several have the same, as the events of one script do."""
    groups: dict[tuple[object, ...], list[Snippet]] = defaultdict(list)
    for one in standing:
        groups[one.line, one.source, one.noscript_span, one.image_span].append(one)
    for group in groups.values():
        names = ", ".join(dict.fromkeys(one.pixel_id[:20] or "without a number" for one in group))
        yield Copyable(f"of pixel {names} in line {group[0].line}", len(group[0].source), _codes(group[0]))


def _codes(snippet: Snippet) -> tuple[ShownCode, ...]:
    if len(snippet.source) > _MOST_CHARACTERS:
        return ()
    texts = {variant: snippets.take_variant(snippet, variant) for variant in _VARIANTS}
    return tuple(_code(_VARIANTS[variant], text) for variant, text in texts.items() if text)


def _code(name: str, text: str) -> ShownCode:
    shown = visible(text.replace("\r\n", "\n"))
    return ShownCode(name, shown, None if shown == text else json.dumps(text))


def _mode(*verdicts: Verdict) -> str:
    modes = dict.fromkeys("with" if verdict.observed.javascript else "without" for verdict in verdicts)
    return f"{' and '.join(modes)} JavaScript"


def _events(verdict: Verdict) -> Iterator[PageEvent]:
    for fired, (by, line) in zip(verdict.observed.fired, find_origins(verdict), strict=True):
        what = (fired.pixel_id, fired.event, fired.value, fired.currency)
        yield PageEvent(*what, verdict.observed.javascript, by, line)


def _order(event: PageEvent) -> tuple[bool, str]:
    """With JavaScript first, not in the order of firing, which varies."""
    return not event.javascript, repr(event)


def _faults(verdicts: Sequence[Verdict]) -> Iterator[ReportedFault]:
    for fault in dict.fromkeys(fault for verdict in verdicts for fault in verdict.faults):
        mode = _mode(*(verdict for verdict in verdicts if fault in verdict.faults))
        is_file = "://" not in verdicts[0].observed.path
        message = lasting(fault.message) if is_file else fault.message
        yield ReportedFault(fault.code, message, fault.line, mode, FAULTS[fault.code])


def _pictures(verdicts: Sequence[Verdict]) -> Iterator[Picture]:
    """The pictures, each once: most pages look the same with and without JavaScript."""
    for data in dict.fromkeys(verdict.observed.thumbnail for verdict in verdicts):
        if data:
            mode = _mode(*(verdict for verdict in verdicts if verdict.observed.thumbnail == data))
            yield Picture(f"data:image/jpeg;base64,{base64.b64encode(data).decode()}", mode)


def _pixels(pages: Sequence[ReportedPage]) -> list[EventRow]:
    """What is reported, by pixel: what is on pages, and what fired without being on any of them."""
    pages_of: dict[_Key, dict[int, None]] = {}
    counts: dict[_Key, list[int]] = {}
    for number, page in enumerate(pages, 1):
        keys = [(one.pixel_id, one.event, one.value, one.currency) for one in page.standing]
        for event in page.events:
            own = next((key for key in keys if _is_of(event, key)), event[:4])
            counts.setdefault(own, [0, 0])[not event.javascript] += 1
            keys.append(own)
        for key in keys:
            pages_of.setdefault(key, {})[number] = None
    rows = [EventRow(*key, tuple(numbers), *counts.get(key, (0, 0))) for key, numbers in pages_of.items()]
    return sorted(rows, key=lambda row: [text or "" for text in row[:4]])


def _is_of(event: PageEvent, key: _Key) -> bool:
    return event.pixel_id == key[0] and (None in {event.event, key[1]} or event.event == key[1])
