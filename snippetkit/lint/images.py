"""Findings about images: those that count besides their script or another image, and those that are only text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain
from operator import itemgetter

from snippetkit import platforms
from snippetkit.html import Element
from snippetkit.lint.branching import Branching
from snippetkit.lint.finding import Raw
from snippetkit.lint.running import starts_at_once
from snippetkit.patterns import later
from snippetkit.references import decode
from snippetkit.snippets import Code, Document, Image

_ESCAPED = later(rb"&(?:lt|LT|#0*60|#[xX]0*3[cC]);?[\t\n\f\r ]*img(?![\w-])", re.IGNORECASE)
_Reported = dict[tuple[str, str | None], list[tuple[int, ...]]]
"""Where scripts report an event of a pixel."""


def find(document: Document) -> Iterator[Raw]:
    """Yield the findings about the images of a text."""
    yield from _beside_scripts(document)
    yield from _repeated(document)
    yield from _kept_back(document)
    ends = [(code.script.end, number) for number, code in enumerate(document.codes) if code.script]
    for noscript in find_escaped(document):
        message = "the noscript's image is escaped text, which loads nothing; write <img"
        in_front = bisect_right(ends, noscript.start, key=itemgetter(0))
        yield Raw("escaped-image", noscript.start, message, ends[in_front - 1][1] if in_front else None)


def find_made(document: Document) -> Iterator[Raw]:
    """Yield the images that a script of a page makes, besides the pixel's own script, as soon as it runs."""
    page, at = document.outer, document.place(0)
    script = next((one for _, one in page.scripts if one.start <= at < one.end), None) if page else None
    if page is None or script is None or not starts_at_once(script, at - script.start):
        return
    reported, branching = _reported_in(page), Branching(page)
    for number, code in enumerate(document.codes):
        if _is_reported(code, reported, branching, at):
            message = "a script makes this image, so it counts on top of the pixel's own script; take it out"
            yield Raw("image-outside-noscript", code.images[0].element.start, message, number)


def is_lazy(image: Element) -> bool:
    """Whether an image is loaded as it comes near the screen; without JavaScript, each is loaded at once.

    An image that is not displayed never is (HTML standard, "Lazy loading attributes").
    """
    loading = image.attributes.get("loading")
    return loading is not None and loading.value.lower() == b"lazy"


def find_escaped(document: Document) -> Iterator[Element]:
    """Yield the noscripts whose image is escaped (`&lt;img`): a visitor without JavaScript is shown it as text."""
    for element in document.elements:
        escaped = element.name == "noscript" and _ESCAPED.search(
            document.masked, element.inner_start, element.inner_end
        )
        if escaped and platforms.mention().search(decode(document.masked[escaped.start() : element.inner_end])):
            yield element


def _beside_scripts(document: Document) -> Iterator[Raw]:
    reported, branching = _reported_in(document), Branching(document)
    for number, code in enumerate(document.codes):
        if _is_reported(code, reported, branching):
            message = (
                "the image is not in a noscript, so it counts on top of the script; put it into one, or take it out"
            )
            yield Raw("image-outside-noscript", code.images[0].element.start, message, number)


def _reported_in(document: Document) -> _Reported:
    reported: _Reported = {}
    for code in document.codes:
        if code.script and code.error is None:
            reported.setdefault(_reported(code), []).append(code.report.places)
    return reported


def _is_reported(code: Code, reported: _Reported, branching: Branching, at: int | None = None) -> bool:
    """Whether a script reports what an image outside any noscript does."""
    if platforms.dialect_named(code.report.dialect).platform.counts_orders_once:
        return False  # of another order, it is another conversion
    is_alone = bool(code.pixel_id) and any(not image.element.inside for image in code.images)
    if not is_alone:
        return False
    places = chain.from_iterable(reported.get((code.pixel_id, event), ()) for event in {code.event, None})
    return branching.meets_any((code.images[0].element.start if at is None else at,), places)


def _reported(code: Code) -> tuple[str, str | None]:
    """The pixel and the event that a script reports; not every dialect has events."""
    return code.pixel_id, code.event if platforms.dialect_named(code.report.dialect).has_events else None


def _repeated(document: Document) -> Iterator[Raw]:
    """Noscript images of one pixel and event, except where the whole code is there twice."""
    whose: dict[tuple[str, str], list[tuple[Code, Image]]] = {}
    branching = Branching(document)
    for number, code in enumerate(document.codes):
        for image in (image for image in code.images if image.element.inside and not image.read.is_echo):
            what = _told(image)
            others = (one for other, one in whose.get(what, ()) if other is code or _identity(other) != _identity(code))
            if what[0] and branching.meets_any((image.element.start,), ((one.element.start,) for one in others)):
                message = f"a second noscript image of pixel {what[0]}, which may count again without JavaScript"
                yield Raw("duplicate-noscript", image.element.start, message, number)
            whose.setdefault(what, []).append((code, image))


def _kept_back(document: Document) -> Iterator[Raw]:
    for number, code in enumerate(document.codes):
        for element in (image.element for image in code.images if not image.element.inside and is_lazy(image.element)):
            message = 'loading="lazy" keeps this back until it is near the screen, and for good where it is hidden'
            yield Raw("image-lazy", element.start, message, number)


def _told(image: Image) -> tuple[str, str]:
    pixel_id, event = image.read.report.pixel_id, image.read.report.event
    return pixel_id.text if pixel_id else "", event.text if event else ""


def _identity(code: Code) -> tuple[str, str, str | None]:
    return code.report.dialect, code.pixel_id, code.event
