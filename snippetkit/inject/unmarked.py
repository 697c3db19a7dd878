"""Conversion code on a page that no region of ours holds: reported, or taken out where it is to be adopted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from snippetkit.html import Element, refuse
from snippetkit.inject.combining import refuse_several
from snippetkit.inject.insertion import Insertion, Terms
from snippetkit.inject.regions import Region, extent
from snippetkit.model import Span, Text
from snippetkit.terms import Several

if TYPE_CHECKING:
    from snippetkit.snippets.document import Code, Document

_IMAGES_ONLY = re.compile(
    rb"""<noscript[^>]*>(?:[\t\n\f\r ]|<!--.*?-->|<img(?:[^<>"']|"[^"]*"|'[^']*')*+>)*+</noscript[^>]*>""", re.I | re.S
)

_LETTERS = bytes(range(0x80)) + b"_" * 0x80


def find_unmarked(text: Text, regions: Sequence[Region], insertion: Insertion, terms: Terms) -> list[Span]:
    """Return from where to where unmarked code of the same pixel has to go, in the order of the page.

    Raises:
        PageRefusedError: there is such code and it is not to be adopted, or not safely; or there is code of another
            pixel beside which this one would not report right, or code that cannot be read.
    """
    # A pixel's number tells code of another dialect, which would count a conversion once more.
    signs = [*insertion.traces, *(pixel_id.encode() for pixel_id in insertion.pixel_ids)]
    if all(text.find(sign) < 0 for sign in signs):
        return []
    data = text.whole()
    if not any(_outside(data, sign, regions) for sign in signs):
        return []
    page = _Page(data, regions)
    found = [code for code in page.codes() if _is_of(code, insertion)]
    for code in found:
        page.check(code, insertion, terms)
    own = [code for code in found if code.pixel_id in insertion.pixel_ids]
    if not own:
        page.check_unread(insertion.traces)
    return [extent(data, *span)[:2] for span in _joined(data, {span for code in own for span in page.spans(code)})]


def _joined(data: bytes, spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those with nothing but blanks between them as one, so that their line goes whole."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and not data[joined[-1][1] : start].strip(b"\t "):
            before = joined.pop()
            start, end = before[0], max(before[1], end)
        joined.append((start, end))
    return joined


def _outside(data: bytes, sign: bytes, regions: Sequence[Region]) -> bool:
    at = -1
    while (at := data.find(sign, at + 1)) >= 0:
        if not any(region.start <= at < region.end for region in regions):
            return True
    return False


def _is_of(code: Code, insertion: Insertion) -> bool:
    """Whether code is of the insertion's dialect, or of its pixel."""
    return code.report.dialect == insertion.dialect or code.pixel_id in insertion.pixel_ids


class _Page:
    """A page and the code in it, in the page's bytes; each that is not ASCII is some letter, whatever the encoding."""

    def __init__(self, data: bytes, regions: Sequence[Region]) -> None:
        from snippetkit import snippets

        self.data = data
        self.regions = regions
        self.document: Document = snippets.parse(data.translate(_LETTERS).decode("ascii"))

    @cached_property
    def pixels(self) -> Mapping[Span, set[str]]:
        """Which pixels the scripts and noscripts report for, by where they stand."""
        pixels = defaultdict[Span, set[str]](set)
        for code in self.document.codes:
            for span in self.spans(code):
                pixels[span].add(code.pixel_id)
        return pixels

    def codes(self) -> Iterator[Code]:
        """Yield the code that stands in no region."""
        for code in self.document.codes:
            if not self._is_marked(code.script or code.images[0].outer):
                yield code

    def spans(self, code: Code) -> list[Span]:
        """Return where the script and the noscripts of code stand."""
        elements = [*([code.script] if code.script else []), *(image.outer for image in code.images)]
        return [(element.start, element.end) for element in elements]

    def check(self, code: Code, insertion: Insertion, terms: Terms) -> None:
        """Raise PageRefusedError unless the code is to be taken out, and can be."""
        start = self.spans(code)[0][0]
        key = f"{code.report.dialect}:{code.pixel_id}"
        if code.pixel_id not in insertion.pixel_ids:
            if insertion.several is not Several.APART:
                refuse_several(self.data, start, insertion.key, f"unmarked code of {key}")
        elif not terms.adopt:
            refuse(self.data, start, f"the page carries unmarked code of {key}; --adopt puts marked code in its place")
        elif reason := self._why_not(code, terms):
            refuse(self.data, start, f"unmarked code of {key} that cannot be adopted: {reason}; take it out by hand")

    def check_unread(self, traces: Sequence[bytes]) -> None:
        """Raise PageRefusedError where a script or an image holds a trace of code that was not read."""
        read_until = 0
        for element in self.document.elements:
            start, end = element.start, element.end
            if (start, end) in self.pixels:
                read_until = end
            if start < read_until or self._is_marked(element):
                continue
            for trace in traces:
                if self.data.find(trace, start, end) >= 0:
                    reason = f"the page carries conversion code that cannot be read ({trace.decode()})"
                    refuse(self.data, start, f"{reason}; take it out first")

    def _why_not(self, code: Code, terms: Terms) -> str:
        from snippetkit import lint, snippets

        spans = self.spans(code)
        pieces = [self.data[start:end] for start, end in spans]
        if any(self.pixels[span] != {code.pixel_id} for span in spans):
            return "its script or its noscript reports for other pixels too"
        if any(piece[:9].lower() == b"<noscript" and not _IMAGES_ONLY.fullmatch(piece) for piece in pieces):
            return "its noscript holds something else too"
        if untrusted := lint.find_untrusted(snippets.parse(b"\n".join(pieces).decode("latin-1"))):
            return untrusted[0].message
        settings = (code.report.pixel_id, code.report.value, code.report.currency)
        if any(setting.is_dynamic for setting in settings if setting) and not terms.force:
            return "its value is set while the page is made or shown (--force replaces it)"
        return ""

    def _is_marked(self, element: Element) -> bool:
        return any(region.start <= element.start < region.end for region in self.regions)
