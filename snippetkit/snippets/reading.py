"""Any text to the snippets in it, each with the places of its settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from snippetkit.dialects import Report, Setting
from snippetkit.errors import SnippetError
from snippetkit.model import Place, Snippet, Span
from snippetkit.snippets.document import Code, Document, parse

_NO_CONVERSION = frozenset({"PageView", None})
_TRIMMED = frozenset({"fp", "image"})


def read(text: str) -> list[Snippet]:
    """Return the snippets in a text, in their order.

    The text may be a page, a part of one, or code that somebody sent; nothing is raised. Code inside an HTML comment,
    a template element or a JavaScript string is none. The dialects and their variants are those of 2012 to today.
    """
    return read_document(parse(text))


def read_document(document: Document) -> list[Snippet]:
    """Return the snippets of a text that was taken apart, one for each of its codes, in their order."""
    sources: dict[tuple[tuple[int, int], ...], _Source] = {}
    return [_snippet(document, code, sources) for code in document.codes]


def join(found: Sequence[Snippet]) -> Snippet:
    """Return what one script reports as one snippet: its conversion, with the noscript of any of its events.

    A Meta Pixel's code tracks a PageView beside the conversion, and its noscript is the PageView's.

    Args:
        found: the snippets of one script, at least one.

    Raises:
        SnippetError: they are of several pixels, or report several conversions.
    """
    conversions = [snippet for snippet in found if snippet.conversion] or [*found[:1]]
    if len({snippet.key for snippet in found}) > 1 or len(conversions) > 1:
        keys = ", ".join(f"{snippet.key} {snippet.event or ''}".rstrip() for snippet in found)
        raise SnippetError(f"one script reports {keys}")
    main = conversions[0]
    outer = next((snippet for snippet in found if snippet.noscript_span), main)
    if main.noscript_span or outer is main or not (main.script_span and outer.script_span):
        return main
    shift = outer.script_span[0] - main.script_span[0]
    return replace(
        main,
        source=outer.source,
        script_span=outer.script_span,
        noscript_span=outer.noscript_span,
        image_span=outer.image_span,
        places=tuple(replace(place, start=place.start + shift, end=place.end + shift) for place in main.places),
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """The slices of a text that a snippet's source is made of: where each begins in the text, and in the source."""

    data: bytes
    text: str
    slices: tuple[tuple[int, int, int], ...]

    def place(self, start: int, end: int) -> Span:
        """Where bytes of the text stand in the source, in characters."""
        shift = next(to - low for low, high, to in self.slices if low <= start and end <= high)
        if self.text.isascii():
            return start + shift, end + shift
        return self._characters(start + shift), self._characters(end + shift)

    def _characters(self, offset: int) -> int:
        return len(self.data[:offset].decode("utf-8", "surrogatepass"))


def _snippet(document: Document, code: Code, sources: dict[tuple[tuple[int, int], ...], _Source]) -> Snippet:
    outer = code.images[0].outer if code.images else None
    elements = tuple(sorted({(e.start, e.end) for e in (code.script, outer) if e}))
    source = sources.get(elements) or sources.setdefault(elements, _source(document.data, elements))
    report, images = code.report, code.images
    first = code.script or images[0].outer
    line, column = document.position(first.start)
    image = images[0] if images else None
    noscript = image.noscript if image else None
    return Snippet(
        dialect=report.dialect,
        pixel_id=code.pixel_id,
        value=report.value.text if report.value else None,
        currency=report.currency.text if report.currency else None,
        source=source.text,
        script_span=source.place(code.script.start, code.script.end) if code.script else None,
        noscript_span=source.place(noscript.inner_start, noscript.inner_end) if noscript else None,
        image_span=source.place(image.url.start, image.url.start + len(image.url.value)) if image else None,
        event=code.event,
        conversion=report.verb == "track" and (report.event is None or code.event not in _NO_CONVERSION),
        dynamic=_is_dynamic(code),
        line=line,
        column=column,
        places=tuple(sorted(_places(code, source), key=lambda place: place.start)),
        gaps=_gaps(document, code),
    )


def _is_dynamic(code: Code) -> bool:
    report = code.report
    settings = (report.pixel_id, report.event, report.value, report.currency)
    has_no_id = code.pixel_id != "" and not code.pixel_id.isdecimal()
    return has_no_id or any(setting.is_dynamic for setting in settings if setting)


def _source(data: bytes, elements: tuple[tuple[int, int], ...]) -> _Source:
    pieces, slices, at = b"", [], elements[0][0]
    for start, end in elements:
        gap = data[at:start]
        pieces += gap if not gap.strip() else b"\n"
        slices.append((start, end, len(pieces)))
        pieces += data[start:end]
        at = end
    return _Source(pieces, pieces.decode("utf-8", "surrogatepass"), tuple(slices))


def _places(code: Code, source: _Source) -> Iterator[Place]:
    reports = [image.read.report for image in code.images]
    for report in [code.report, *reports] if code.script else reports:
        is_trimmed = report.dialect == "image" and code.report.dialect in _TRIMMED
        for name, setting in _amounts(report):
            if setting and not setting.is_whole:
                start, end = source.place(setting.start, setting.end)
                quote = "'" if setting.needs_quotes else ""
                yield Place(name, start, end, is_trimmed and name == "value", quote, setting.is_dynamic)


def _amounts(report: Report) -> list[tuple[str, Setting | None]]:
    return [("value", report.value), ("currency", report.currency)]


def _gaps(document: Document, code: Code) -> dict[str, str]:
    """For each setting that the script or an image lacks, where to add it; an image of fbq need not repeat them."""
    if broken := _why_broken(document, code):
        return {"value": broken, "currency": broken}
    is_optional = code.report.dialect == "fbq"
    reports = [image.read.report for image in code.images if not is_optional or image.has_lost_brackets]
    gaps: dict[str, str] = {}
    for report in [*reports, code.report] if code.script else reports:
        for name, setting in _amounts(report):
            if setting is None or setting.is_whole:
                line = document.position(report.start)[0]
                gaps[name] = f"line {line}: {_how(report, name)}"
    return gaps


def _why_broken(document: Document, code: Code) -> str:
    if code.error is not None:
        return f"line {document.position(code.error)[0]}: this is not JavaScript that can be read; mend it first"
    for image in code.images:
        if {"value", "cd[value]"} & {*image.read.repeated}:
            line = document.position(image.url.start)[0]
            return f"line {line}: the image's URL names the value twice; mend it first"
    return ""


def _how(report: Report, name: str) -> str:
    if report.verb == "audience":
        return "an audience pixel reports no value; a conversion pixel's code does"
    if report.value and report.value.is_whole:
        return f"the value depends on {report.value.text[:60]}; set it there by hand"
    return report.add_value if name == "value" else report.add_currency
