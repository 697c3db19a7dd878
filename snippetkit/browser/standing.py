"""What the code on a page has to fire, read from its source."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

from snippetkit import lint, platforms, snippets
from snippetkit.browser.observed import Fired, read_event
from snippetkit.html import UNKNOWN
from snippetkit.model import LIVE, Snippet
from snippetkit.snippets import Code, Document

_ASKS = b"snippetkitConsent"


class Expected(NamedTuple):
    """An event that has to fire once; what is None may be anything. `line` is where its code is, or None."""

    pixel_id: str
    event: str | None = None
    value: str | None = None
    currency: str | None = None
    line: int | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"pixel {self.pixel_id}" + (f" {self.event}" if self.event else "")

    def is_met_by(self, fired: Fired) -> bool:
        """Whether an event is of this pixel, and this event as far as both name one."""
        is_same = None in {fired.event, self.event} or fired.event == self.event
        return is_same and fired.pixel_id in (self.pixel_id, platforms.in_image(self.pixel_id))


class Standing(NamedTuple):
    """An event that the code on a page has to fire; or may fire, where it waits for something or has a condition."""

    expected: Expected
    is_certain: bool


def find_standing(document: Document, *, javascript: bool, is_granted: bool = False) -> list[Standing]:
    """Return what the code on a page fires: with JavaScript scripts and bare images, without it the images.

    Code of the template `consent`, what a known tool holds back, and what is kept while consent is revoked,
    is certain to fire once the visitor has granted consent; without that, it may fire. What a tool holds back that does
    not wait for the visitor is certain to fire.
    """
    by_event: dict[tuple[str, str | None], Standing] = {}
    find = _by_script if javascript else _by_image
    revoked = lint.find_revoked(document) if javascript and not is_granted else set[int]()
    pairs = zip(document.codes, snippets.read_document(document), strict=True)
    for code, snippet in sorted(pairs, key=lambda pair: pair[0].state is not None):  # what runs is what has to fire
        for one in find(document, code, snippet):
            key = one.expected.pixel_id, one.expected.event
            if javascript:
                one = _with_consent(document, code, one, revoked, is_granted=is_granted)
            before = by_event.get(key)
            if before is None or (one.is_certain and not before.is_certain):
                by_event[key] = one
    for snippet in snippets.read_handlers(document) if javascript else ():
        if snippet.pixel_id:  # it waits for the visitor, except in <body onload>
            standing = Standing(_expected(snippet), is_certain=snippet.state == LIVE)
            by_event.setdefault((snippet.pixel_id, snippet.event), standing)
    return list(by_event.values())


def _with_consent(
    document: Document, code: Code, one: Standing, revoked: Container[int], *, is_granted: bool
) -> Standing:
    is_certain = one.is_certain
    if is_granted and _waits_for_consent(document, code):
        is_certain = True
    elif code.report.start in revoked:
        is_certain = False
    if code.state and code.state.holder:
        is_started = is_granted or not code.state.holder.waits
        is_certain = is_certain and is_started and code.state.holder != UNKNOWN
    return one._replace(is_certain=is_certain)


def _waits_for_consent(document: Document, code: Code) -> bool:
    script = code.script
    return script is not None and _ASKS in document.masked[script.inner_start : script.inner_end]


def _by_script(document: Document, code: Code, snippet: Snippet) -> Iterator[Standing]:
    is_bare = not snippet.script and not snippet.noscript
    if snippet.pixel_id and (snippet.script or is_bare):
        yield Standing(_expected(snippet), lint.runs_at_once(document, code))


def _expected(snippet: Snippet) -> Expected:
    value, currency = (None, None) if snippet.dynamic else (snippet.value, snippet.currency)
    return Expected(snippet.pixel_id, snippet.event, value, currency, snippet.line)


def _by_image(document: Document, code: Code, snippet: Snippet) -> Iterator[Standing]:
    """An image says which event it reports, and has to agree with the script on the rest."""
    image = read_event(snippet.image_url, 0) if snippet.image_span else None
    if image is None or not snippet.pixel_id:
        return
    line, _ = document.position(code.images[0].element.start)
    is_own = image.pixel_id == platforms.in_image(snippet.pixel_id)
    is_same = is_own and image.event == snippet.event
    can_tell = code.images[0].read.can_tell if is_same and not snippet.dynamic else ()
    value = snippet.value if "value" in can_tell else None
    currency = snippet.currency if "currency" in can_tell else None
    event = image.event if is_own else snippet.event
    yield Standing(Expected(snippet.pixel_id, event, value, currency, line), is_certain=True)
