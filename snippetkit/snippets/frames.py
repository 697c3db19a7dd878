"""The pages in a page's frames: the `srcdoc` of an iframe is a document of its own, whose code fires there."""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit import html
from snippetkit.records import replace
from snippetkit.references import decode, decode_in
from snippetkit.snippets import states
from snippetkit.snippets.codes import Code
from snippetkit.snippets.document import Document, parse
from snippetkit.snippets.states import State


def find_frames(document: Document, depth: int = 0) -> Iterator[Document]:
    """Yield the documents in the frames of a page, taken apart, each with its places in the page.

    Raises:
        SlowReadingError: as `html.frame_source` and `parse` do.
    """
    for element in document.elements:
        source = html.frame_source(element, depth)
        if source:
            said = decode_in(document.data, source.start, source.start + len(source.value))
            inner = parse(said.value.decode("utf-8", "surrogatepass"))
            frame = replace(_run_in(inner, element), outer=document, place=said.place, is_frame=True)
            yield frame
            yield from find_frames(frame, depth + 1)


def _run_in(inner: Document, element: html.Element) -> Document:
    """The document with its scripts dead where the frame lets none run (HTML standard, 7.1.5 "Sandboxing")."""
    sandbox = element.attributes.get("sandbox")
    reason = ""
    if element.inside == "noscript":
        reason = "the frame is in a noscript, so none of its scripts run"
    elif sandbox and b"allow-scripts" not in decode(sandbox.value).lower().split():
        reason = "the frame's sandbox does not let scripts run"
    if not reason:
        return inner
    codes, handlers, bases = ([*_dead(codes, reason)] for codes in (inner.codes, inner.handlers, inner.bases))
    return replace(inner, codes=tuple(codes), handlers=tuple(handlers), bases=tuple(bases))


def _dead(codes: tuple[Code, ...], reason: str) -> Iterator[Code]:
    for code in codes:
        state: State | None = states.dead(code.report.start, reason) if code.script else code.state
        yield replace(code, state=state)
