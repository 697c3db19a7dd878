"""From any text to the snippets in it, each with the places of its settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snippetkit import html, platforms
from snippetkit.javascript import Setting
from snippetkit.model import BASE_CODE, LIVE, WHEN_CALLED, Snippet, Span
from snippetkit.places import SettingPlace
from snippetkit.platforms import Report
from snippetkit.records import dataclass, replace
from snippetkit.snippets.codes import Code, Image
from snippetkit.snippets.document import Document, parse
from snippetkit.snippets.elsewhere import base_from
from snippetkit.snippets.naming import as_code
from snippetkit.snippets.sources import read_source


def read(text: str) -> list[Snippet]:
    """Return the snippets in a text, in order.

    The text may be a page, a part of one, or code that somebody sent; nothing is raised. Code inside an HTML comment,
    a template element or a JavaScript string is not read. The dialects and their variants are those of 2012 to today.
    """
    return read_document(parse(text))


def read_document(document: Document) -> list[Snippet]:
    """Return the snippets of a text that was taken apart, one for each of its codes, in order."""
    sources: dict[tuple[tuple[int, int], ...], _Source] = {}
    return [_snippet(document, code, sources) for code in document.codes]


def read_code_from_outside(document: Document) -> list[Snippet]:
    """Return the same, each with the script that names its pixel in front, where that is one of its own."""
    return read_document(as_code(document))


def read_handlers(document: Document) -> list[Snippet]:
    """Return what the handlers of a text's elements report, such as `onclick`, in order.

    Their source is the element's tag, and no other value can be put there.
    """
    return [_handler(document, code) for code in document.handlers]


def read_bases(document: Document) -> list[Snippet]:
    """Return what only names a pixel in a text, in order: base code whose events are elsewhere."""
    return [_snippet(document, code, {}) for code in document.bases]


def read_file(name: str, text: str) -> list[Snippet]:
    """Return what is in a file: in its markup, its script or its strings, in its handlers, and its bases.

    Args:
        name: the file's name, whose suffix tells what it is.
        text: what the file holds.
    """
    return read_documents(read_source(name, text))


def read_documents(documents: Sequence[Document]) -> list[Snippet]:
    """Return the same, given the texts of a file, each taken apart."""
    return [snippet for one in documents for snippet in (*read_document(one), *read_handlers(one), *read_bases(one))]


@dataclass(frozen=True, slots=True)
class _Source:
    """The slices of a text that make up a snippet's source: where each begins in the text, and in the source."""

    data: bytes
    text: str
    slices: tuple[tuple[int, int, int], ...]

    def has(self, start: int, end: int) -> bool:
        """Whether bytes of the text are in the source; what a handler tells is in its attribute."""
        return any(low <= start and end <= high for low, high, _ in self.slices)

    def place(self, start: int, end: int) -> Span:
        """Where bytes of the text are in the source, in characters."""
        shift = next(to - low for low, high, to in self.slices if low <= start and end <= high)
        if self.text.isascii():
            return start + shift, end + shift
        return self._characters(start + shift), self._characters(end + shift)

    def _characters(self, offset: int) -> int:
        return len(self.data[:offset].decode("utf-8", "surrogatepass"))


def _snippet(document: Document, code: Code, sources: dict[tuple[tuple[int, int], ...], _Source]) -> Snippet:
    outer = code.images[0].outer if code.images else None
    elements = _in_order(code, outer)
    source = sources.get(elements) or sources.setdefault(elements, _source(document.data, elements))
    report, images = code.report, code.images
    first = code.script or images[0].outer
    line, column = document.position(report.start if document.program else first.start)
    image = images[0] if images else None
    noscript = image.noscript if image else None
    return Snippet(
        dialect=report.dialect,
        pixel_id=code.pixel_id,
        value=report.value.text if report.value else None,
        currency=report.currency.text if report.currency else None,
        source=source.text,
        script_span=_script_span(code, source),
        noscript_span=source.place(noscript.inner_start, noscript.inner_end) if noscript else None,
        image_span=source.place(image.url.start, image.url.start + len(image.url.value)) if image else None,
        event=code.event,
        conversion=_is_conversion(code),
        dynamic=_is_dynamic(code),
        line=line,
        column=column,
        places=tuple(sorted(_places(code, source), key=lambda place: place.start)),
        gaps=_gaps(document, code),
        state=code.state.name if code.state else _state(code),
        reason=code.state.reason if code.state else _reason(code),
        order_id=report.order_id.text if report.order_id else None,
        event_id=report.event_id.text if report.event_id else None,
        base_from=base_from(document, code),
        function=report.function if report.verb != "init" else "",
    )


def _in_order(code: Code, outer: html.Element | None) -> tuple[Span, ...]:
    """The elements of code as they stand, its script beside what that needs, and nothing between these."""
    parts = [(e.start, e.end) for e in (*code.bases, code.script) if e]
    if platforms.dialect_named(code.report.dialect).loader_behind:
        parts.sort()
    noscript = (outer.start, outer.end) if outer else None
    is_split = noscript is not None and parts and parts[0] < noscript < parts[-1]
    if is_split or parts != sorted(parts):
        return (*parts, *filter(None, [noscript]))
    return tuple(sorted({*parts, *filter(None, [noscript])}))


def _script_span(code: Code, source: _Source) -> Span | None:
    """Where the script is in the source, with what it needs beside it."""
    if code.script is None:
        return None
    spans = [source.place(part.start, part.end) for part in (*code.bases, code.script)]
    return min(spans)[0], max(spans)[1]


def _handler(document: Document, code: Code) -> Snippet:
    snippet = _snippet(document, replace(code, images=[], bases=()), {})
    line, column = document.position(code.report.start)
    by_hand = dict.fromkeys(("value", "currency"), f"line {line}: this is in an attribute; change it there by hand")
    return replace(snippet, line=line, column=column, script_span=None, places=(), gaps=by_hand)


def _is_conversion(code: Code) -> bool:
    """Whether what is reported counts as a conversion."""
    report = code.report
    return report.verb == "track" and report.counts and platforms.dialect_named(report.dialect).counts(code.event)


def _state(code: Code) -> str:
    report = code.report
    if report.is_outer:
        return "outer page"
    if report.verb == "init" or _is_base_image(code):
        return BASE_CODE
    if report.action:
        return f"on {report.action}"
    return WHEN_CALLED if report.function else LIVE


def _reason(code: Code) -> str:
    return f"nothing here calls {code.report.function}()" if _state(code) == WHEN_CALLED else ""


def _is_base_image(code: Code) -> bool:
    """Whether an image is that of base code, which events stand apart from."""
    dialect = platforms.dialect_named(code.report.dialect)
    is_alone = code.script is None and all(image.read.is_base for image in code.images)
    return is_alone and (dialect.reaches_named or dialect.needs_base)


def _is_dynamic(code: Code) -> bool:
    report = code.report
    settings = (report.pixel_id, report.event, report.value, report.currency)
    return code.has_dynamic_id or any(setting.is_dynamic for setting in settings if setting)


def _source(data: bytes, elements: tuple[tuple[int, int], ...]) -> _Source:
    pieces, slices, at = b"", [], elements[0][0]
    for start, end in elements:
        gap = data[at:start]
        pieces += gap if at <= start and not gap.strip() else b"\n"
        slices.append((start, end, len(pieces)))
        pieces += data[start:end]
        at = end
    return _Source(pieces, pieces.decode("utf-8", "surrogatepass"), tuple(slices))


def _places(code: Code, source: _Source) -> Iterator[SettingPlace]:
    reports = [image.read.report for image in code.images]
    dialect = platforms.dialect_named(code.report.dialect)
    trims, platform = dialect.trims_images, dialect.platform
    exponents = platform.exponents if platform.is_in_minor_units else None
    for report in [code.report, *reports] if code.script else reports:
        is_trimmed = (trims and report in reports) or (dialect.trims_scripts and report is code.report)
        ids = [(name, one) for name, one in _ids(report) if one and (one.is_dynamic or name == "order_id")]
        again = [("value", one) for one in report.again]
        for name, setting in (*_amounts(report), *again, *ids):
            if setting and not (setting.is_whole or setting.told_by) and source.has(setting.start, setting.end):
                start, end = source.place(setting.start, setting.end)
                quote = "'" if setting.needs_quotes else ""
                is_trimmed_here = is_trimmed and name == "value"
                yield SettingPlace(name, start, end, is_trimmed_here, quote, setting.is_dynamic, exponents)


def _amounts(report: Report) -> list[tuple[str, Setting | None]]:
    return [("value", report.value), ("currency", report.currency)]


def _ids(report: Report) -> list[tuple[str, Setting | None]]:
    return [("order_id", report.order_id), ("event_id", report.event_id)]


def _gaps(document: Document, code: Code) -> dict[str, str]:
    """For each setting that the script or an image lacks, where to add it; not every image has to repeat them."""
    if broken := _why_broken(document, code):
        return {"value": broken, "currency": broken}
    reports = [image.read.report for image in code.images if _has_to_tell(code, image)]
    gaps: dict[str, str] = {}
    for report in [*reports, code.report] if code.script else reports:
        for name, setting in _amounts(report):
            if setting is None or setting.is_whole or setting.told_by:
                line = document.position(setting.start if setting and setting.told_by else report.start)[0]
                gaps[name] = f"line {line}: {_how(report, name)}"
    return gaps


def _has_to_tell(code: Code, image: Image) -> bool:
    """Whether an image has to report a value that is set: its dialect does so, or it reports the same conversion."""
    dialect = platforms.dialect_named(code.report.dialect)
    event = image.read.report.event
    is_same = event is not None and event.text == code.event and code.event not in dialect.platform.base_events
    return dialect.image_repeats or image.has_lost_brackets or (is_same and "value" in image.read.can_tell)


def _why_broken(document: Document, code: Code) -> str:
    if code.error is not None:
        return f"line {document.position(code.error)[0]}: this is not valid JavaScript; fix it first"
    for image in code.images:
        if {"value", "cd[value]"} & {*image.read.repeated}:
            line = document.position(image.url.start)[0]
            return f"line {line}: the image's URL names the value twice; fix it first"
    return ""


def _how(report: Report, name: str) -> str:
    if report.verb == "audience":
        return "an audience pixel reports no value; a conversion pixel's code does"
    setting = report.value if name == "value" else report.currency
    if setting and setting.is_dynamic and (setting.is_whole or setting.told_by == setting.text):
        return f"the {name} depends on {setting.text[:60]}; set it there by hand"
    if setting and setting.told_by:
        return f"{setting.told_by} sets more than this {name}; change it there by hand"
    if report.value and report.value.is_whole:
        return f"the value depends on {report.value.text[:60]}; set it there by hand"
    return report.add_value if name == "value" else report.add_currency
