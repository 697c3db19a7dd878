"""Conversion code on a page outside our regions: reported, or taken out where it is to be adopted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from snippetkit.html import Element, refuse
from snippetkit.inject.combining import refuse_several
from snippetkit.inject.insertion import Insertion, PlanOptions
from snippetkit.inject.regions import Region, extent
from snippetkit.key import name_of
from snippetkit.model import PageBytes, Span
from snippetkit.patterns import later
from snippetkit.records import replace
from snippetkit.terms import Coexistence, Part

if TYPE_CHECKING:
    from snippetkit.server_code import Language
    from snippetkit.snippets import Code, Document, Image

_IMAGES_ONLY = later(
    rb"""<noscript[^>]*>
        (?:[\t\n\f\r\ ]|<!--.*?-->|<img(?:[^<>"']|"[^"]*"|'[^']*'|(?!))*+>|(?!))*+
        </noscript[^>]*>""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)

_FRAME = b"srcdoc"
_QUOTES = {0x91: 0x1C, 0x92: 0x1C, 0x93: 0x1D, 0x94: 0x1D}
"""The curly quotes of windows-1252, and what a script is mended from if a character is a byte."""

_LETTERS = bytes(byte if byte < 0x80 else _QUOTES.get(byte, ord("_")) for byte in range(0x100))


def find_unmarked(page: PageBytes, regions: Sequence[Region], insertion: Insertion, options: PlanOptions) -> list[Span]:
    """Return from where to where unmarked code of the same pixels has to go, in the order of the page.

    Of code with one half in a region, the other half has to go.

    Raises:
        PageRefusedError: there is such code and it is not to be adopted, or not safely; or there is code of another
            pixel beside which this one would not report right, or code that cannot be read.
    """
    # A pixel's number also tells code of another dialect, which would count a conversion once more.
    needles = {*insertion.needles, *insertion.in_the_way}
    if all(page.find(needle) < 0 for needle in needles):
        return []
    spans = [(region.start, region.end) for region in regions]
    if not any(is_outside(page, needle, spans) for needle in needles):
        return []
    data = page.whole()
    parsed = _PageCode(data, regions, options.named)
    codes = [code for code in parsed.codes() if _is_of(code, insertion)]
    for code in codes:
        parsed.check(code, insertion, options)
    own = [code for code in codes if code.pixel_id in insertion.pixel_ids]
    parsed.check_unread(insertion)
    return [extent(data, *span)[:2] for span in _joined(data, {span for code in own for span in parsed.spans(code)})]


def check_halves(page: PageBytes, regions: Sequence[Region], chosen: Iterable[Region]) -> None:
    """Make sure that no half of what is to be taken out stays because it lost its markers: it would go on reporting.

    Args:
        page: read as far as it takes.
        regions: all of the page's.
        chosen: those that are to be taken out.

    Raises:
        PageRefusedError: there is such a half.
    """
    there = {(region.key, region.part) for region in chosen}
    lost = [(key, part) for key in {key for key, _ in there} for part in Part if (key, part) not in there]
    spans = [(region.start, region.end) for region in regions]
    if not any(is_outside(page, pixel_id.encode(), spans) for key, _ in lost for pixel_id in key.pixel_ids):
        return
    parsed = _PageCode(page.whole(), regions)
    for code in parsed.codes():
        for key, part in lost:
            is_of_it = code.pixel_id in key.pixel_ids and key.event in {"", code.event}
            if is_of_it and bool(code.script) == (part is Part.SCRIPT):
                reason = f"the {part} of {key} is here without its markers, and would go on reporting"
                hint = "'inject --adopt' marks it again, or take it out by hand first"
                refuse(parsed.data, parsed.spans(code)[0][0], f"{reason}; {hint}")


def check_made(data: bytes, insertion: Insertion, regions: Sequence[Region], options: PlanOptions) -> None:
    """Make sure that nothing that a page makes reports for a pixel of the insertion, which would count once more.

    That is a frame with a document of its own, and what a script runs as code, or writes, from a string.

    Raises:
        PageRefusedError: one does.
    """
    from snippetkit import snippets

    is_evaluating = any(needle in data for needle in insertion.in_the_way) and snippets.may_evaluate(data)
    if not (is_evaluating or _FRAME in data.lower()):
        return
    for made in snippets.read_made(parse_page(data, options.named)):
        if made.is_frame or (is_evaluating and made.is_run):
            _check_made(data, made, insertion, regions)


def _check_made(data: bytes, made: Document, insertion: Insertion, regions: Sequence[Region]) -> None:
    codes = (code for code in (*made.codes, *made.handlers, *made.bases) if not code.state or code.state.holder)
    for code in (code for code in codes if _counts_too(made, code, insertion)):
        at = made.place_in_file(code.report.start if made.program or made.is_run else _start(code))
        if not any(region.start <= at < region.end for region in regions):
            key = name_of(code.report.dialect, code.pixel_id or insertion.key.pixel_ids[0])
            frame = f"a frame of the page has code of {key} in its srcdoc, which counts too"
            reason = frame if made.is_frame else f"a script of the page has code of {key} in a string that it runs"
            refuse(data, at, f"{reason}; take it out by hand first")


def _counts_too(made: Document, code: Code, insertion: Insertion) -> bool:
    """Whether what a page makes is of a pixel of the insertion, or of any; in a string, it has to be the same event."""
    is_unnamed = not made.is_frame and not code.pixel_id and code.report.dialect == insertion.dialect
    is_same = made.is_frame or code.event in {None, *(snippet.event for snippet in insertion.snippets)}
    return is_unnamed or (is_same and code.pixel_id in insertion.pixel_ids)


def _start(code: Code) -> int:
    return code.script.start if code.script else code.images[0].element.start


def is_outside(page: PageBytes, needle: bytes, spans: Sequence[Span]) -> bool:
    """Return whether a text occurs outside these spans, which are in the bytes that are read already."""
    at = page.find(needle)
    while at >= 0:
        behind = max((end for start, end in spans if start <= at < end), default=0)
        if not behind:
            return True
        at = page.find(needle, behind)
    return False


def parse_page(data: bytes, language: Language | None = None) -> Document:
    """Return a page taken apart, in its own bytes; if it is not UTF-8, what is not ASCII is a letter or a quote.

    Args:
        data: the page.
        language: that of its file's name, whose comments are read over.
    """
    from snippetkit import snippets

    try:
        return snippets.parse(data.decode("utf-8"), language=language)
    except UnicodeDecodeError:
        return snippets.parse(data.translate(_LETTERS).decode("ascii"), language=language)


def _alone(image: Image) -> Code:
    """An image without the script that it belongs to."""
    from snippetkit.snippets import Code

    pixel_id = image.read.report.pixel_id
    return Code(image.read.report, pixel_id.text if pixel_id else "", None, [image])


def _joined(data: bytes, spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those with only blanks between them as one, so that their line goes entirely."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and not data[joined[-1][1] : start].strip(b"\t "):
            before = joined.pop()
            start, end = before[0], max(before[1], end)
        joined.append((start, end))
    return joined


def _is_of(code: Code, insertion: Insertion) -> bool:
    """Whether code is of the insertion's dialect, or of its pixel."""
    return code.report.dialect == insertion.dialect or code.pixel_id in insertion.pixel_ids


class _PageCode:
    """A page and the code in it, in the page's bytes."""

    def __init__(self, data: bytes, regions: Sequence[Region], language: Language | None = None) -> None:
        self.data = data
        self.regions = regions
        self.document = parse_page(data, language)

    @cached_property
    def pixels(self) -> Mapping[Span, set[str]]:
        """Which pixels the scripts and noscripts report for, by their places."""
        pixels = defaultdict[Span, set[str]](set)
        for code in self.read:
            for span in self.spans(code):
                pixels[span].add(code.pixel_id)
        return pixels

    @cached_property
    def read(self) -> tuple[Code, ...]:
        """What was read of the page: what reports, and what only names a pixel."""
        return (*self.document.codes, *self.document.bases)

    def codes(self) -> Iterator[Code]:
        """Yield the code outside regions; of code with one half in a region, the other half."""
        for code in self.read:
            images = [image for image in code.images if not self._is_marked(image.outer)]
            if code.script and not self._is_marked(code.script):
                yield replace(code, images=images)
            else:
                yield from map(_alone, images)

    def spans(self, code: Code) -> list[Span]:
        """Return where the script and the noscripts of code are."""
        elements = [*([code.script] if code.script else []), *(image.outer for image in code.images)]
        return [(element.start, element.end) for element in elements]

    def check(self, code: Code, insertion: Insertion, options: PlanOptions) -> None:
        """Raise PageRefusedError unless the code is to be taken out, and can be."""
        start = self.spans(code)[0][0]
        key = name_of(code.report.dialect, code.pixel_id)
        what = f"unmarked {'base code' if code.report.verb == 'init' else 'code'} of {key}"
        if code.pixel_id not in insertion.pixel_ids:
            if insertion.coexistence is not Coexistence.APART:
                refuse_several(self.data, start, insertion.key, what)
        elif code.state and code.state.holder:
            reason = f"{code.state.reason}, and a second one would not wait"
            refuse(self.data, start, f"the page carries {what}: {reason}; take it out by hand first")
        elif not options.adopt:
            dead = f", which is dead: {code.state.reason}" if code.state else ""
            is_kept_out = code.state is not None and not code.state.is_broken
            hint = "take it out by hand first" if is_kept_out else "--adopt puts marked code in its place"
            refuse(self.data, start, f"the page carries {what}{dead}; {hint}")
        elif reason := self._why_not(code, insertion, options):
            refuse(self.data, start, f"{what} that cannot be adopted: {reason}; take it out by hand")

    def check_unread(self, insertion: Insertion) -> None:
        """Raise PageRefusedError where a script or an image holds a needle of code that was not read, or the pixel."""
        read_until = 0
        for element in self.document.elements:
            start, end = element.start, element.end
            if (start, end) in self.pixels:
                read_until = end
            if start < read_until or self._is_marked(element):
                continue
            for needle in (*insertion.needles, *self._numbers_in(element, insertion)):
                if self.data.find(needle, start, end) >= 0:
                    reason = f"the page carries conversion code that cannot be read ({needle.decode()})"
                    refuse(self.data, start, f"{reason}; take it out first")

    def _numbers_in(self, element: Element, insertion: Insertion) -> list[bytes]:
        """What tells code of the pixels in a script that loads an image, or that reports in some way of its own."""
        from snippetkit import lint, platforms

        is_told = element.name == "script" and platforms.mention().search(
            self.data, element.inner_start, element.inner_end
        )
        firing = lint.find_firing(self.document, insertion.dialect)
        if not is_told or element.start in {call.script.start for call in firing.inits}:
            return []
        return [pixel_id.encode() for pixel_id in insertion.pixel_ids]

    def _why_not(self, code: Code, insertion: Insertion, options: PlanOptions) -> str:
        from snippetkit import lint, snippets

        spans = self.spans(code)
        pieces = [self.data[start:end] for start, end in spans]
        if any(self.pixels[span] - insertion.pixel_ids for span in spans):
            return "its script or its noscript reports for other pixels too"
        if any(piece[:9].lower() == b"<noscript" and not _IMAGES_ONLY.fullmatch(piece) for piece in pieces):
            return "its noscript holds something else too"
        if code.state and not code.state.is_broken:
            return code.state.reason
        images = b"\n".join(piece for piece in pieces if piece[:7].lower() != b"<script")  # scripts are compared whole
        if untrusted := lint.find_untrusted(snippets.parse(images.decode("latin-1")), languages=None):
            return untrusted[0].message
        settings = (code.report.pixel_id, code.report.value, code.report.currency)
        if any(setting.is_dynamic for setting in settings if setting) and not options.force:
            return "its value is set while the page is built or shown (--force replaces it)"
        return ""

    def _is_marked(self, element: Element) -> bool:
        return any(region.start <= element.start < region.end for region in self.regions)
