"""What the code on a page has to fire, read from its source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from snippetkit import lint, snippets
from snippetkit.browser.observed import Fired, read_event
from snippetkit.model import Snippet
from snippetkit.snippets import Code, Document

_ASKS = b"snippetkitConsent"


class Expected(NamedTuple):
    """An event that has to fire once; what is None may be anything. `line` is where its code stands, or None."""

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
        return is_same and fired.pixel_id == self.pixel_id


class Standing(NamedTuple):
    """An event that the code on a page has to fire; or may fire, where it waits for something or has a condition."""

    expected: Expected
    is_certain: bool


def find_standing(document: Document, *, javascript: bool, is_granted: bool = False) -> list[Standing]:
    """Return what the code on a page fires: with JavaScript scripts and bare images, without it the images.

    Code of the template `consent` is certain to fire where the visitor has granted it.
    """
    found: dict[tuple[str, str | None], Standing] = {}
    find = _by_script if javascript else _by_image
    for code, snippet in zip(document.codes, snippets.read_document(document), strict=True):
        for one in find(document, code, snippet):
            key = one.expected.pixel_id, one.expected.event
            if is_granted and _waits_for_consent(document, code):
                one = one._replace(is_certain=True)
            before = found.get(key)
            if before is None or (one.is_certain and not before.is_certain):
                found[key] = one
    return list(found.values())


def _waits_for_consent(document: Document, code: Code) -> bool:
    script = code.script
    return script is not None and _ASKS in document.masked[script.inner_start : script.inner_end]


def _by_script(document: Document, code: Code, snippet: Snippet) -> Iterator[Standing]:
    is_bare = not snippet.script and not snippet.noscript
    if snippet.pixel_id and (snippet.script or is_bare):
        value, currency = (None, None) if snippet.dynamic else (snippet.value, snippet.currency)
        expected = Expected(snippet.pixel_id, snippet.event, value, currency, snippet.line)
        yield Standing(expected, lint.runs_at_once(document, code))


def _by_image(document: Document, code: Code, snippet: Snippet) -> Iterator[Standing]:
    """An image says which event it reports, and has to agree with the script on the rest."""
    image = read_event(snippet.image_url, 0) if snippet.image_span else None
    if image is None or not snippet.pixel_id:
        return
    line, _ = document.position(code.images[0].element.start)
    is_same = image.pixel_id == snippet.pixel_id and image.event == snippet.event
    value, currency = (snippet.value, snippet.currency) if is_same and not snippet.dynamic else (None, None)
    event = image.event if image.pixel_id == snippet.pixel_id else snippet.event
    yield Standing(Expected(snippet.pixel_id, event, value, currency, line), is_certain=True)
