"""Which element of a page sent an event."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from snippetkit import money, platforms, snippets
from snippetkit.browser.observed import SECOND, Fired, Origin, comparable, is_page_view
from snippetkit.references import decode

if TYPE_CHECKING:
    from snippetkit.browser.judging import Verdict
    from snippetkit.model import Snippet
    from snippetkit.snippets import Code, Document


_SOFT = frozenset({"click", "back", "forward", SECOND})  # steps of a walk that load no page anew


def find_origins(verdict: Verdict) -> list[Origin]:
    """Return for each event of a visit what sent it: `image` where its URL stands on the page, else `script`.

    What a document in a frame sent is from the `frame`.
    Where the page has code for one event several times, each of them is named once; a script that a soft navigation
    runs again is named again.
    """
    if verdict.origins is not None:
        return [*verdict.origins]
    observed = verdict.observed
    document = snippets.parse(observed.source)
    pairs = list(zip(document.codes, snippets.read_document(document), strict=True))
    origins = list[Origin]()
    for step, of_step in groupby(observed.fired, key=lambda fired: fired.step):
        left = [*pairs]
        for fired in of_step:
            image = _in_noscript(fired, document) if step in _SOFT else None
            if step in _SOFT and not any(_fits(fired, snippet) for _, snippet in left):
                left = [*pairs]
            origins.append(image or _origin(fired, document, left, javascript=observed.javascript))
    return origins


def where(fired: Fired, verdict: Verdict) -> Origin:
    """Return what sent one event of a visit."""
    place = next(place for place, one in enumerate(verdict.observed.fired) if one is fired or one == fired)
    return find_origins(verdict)[place]


def _origin(fired: Fired, document: Document, left: list[tuple[Code, Snippet]], *, javascript: bool) -> Origin:
    if fired.frame:
        return "frame", None
    for code, _ in left:
        images = [image for image in code.images if not (javascript and image.noscript)]
        for image in images:
            if _url(image.url.value) == comparable(fired.url):
                return "image", document.position(image.element.start)[0]
    if not javascript:
        return "image", None
    fitting = [pair for pair in left if pair[1].script and _fits(fired, pair[1])]
    if not fitting:
        return _of_base(fired, document) or _elsewhere(fired, document)
    best = next((pair for pair in fitting if money.is_same(pair[1].value, fired.value)), fitting[0])
    left.remove(best)
    return "script", best[1].line


def _in_noscript(fired: Fired, document: Document) -> Origin | None:
    """The image of a noscript, which a soft navigation asks for though there is JavaScript."""
    for image in (image for code in document.codes for image in code.images if image.noscript):
        if _url(image.url.value) == comparable(fired.url):
            return "image", document.position(image.element.start)[0]
    return None


def _of_base(fired: Fired, document: Document) -> Origin | None:
    """The script that names the pixel, which tells that the page was shown, or makes the loader tell it."""
    for code in document.named if fired.event is None or is_page_view(fired) else ():
        if code.script and code.state is None and _is_of(fired, code.pixel_id):
            return "script", document.position(code.script.start)[0]
    return None


def _elsewhere(fired: Fired, document: Document) -> Origin:
    """What sent an event that no script of the page is the code of: one makes the image, or it is in a `srcdoc`."""
    for one in snippets.read_made(document):
        for snippet in snippets.read_document(one):
            if _fits(fired, snippet):
                return "image" if one.is_frame and not snippet.script else "script", snippet.line
    return "script", None


def _fits(fired: Fired, snippet: Snippet) -> bool:
    return _is_of(fired, snippet.pixel_id) and fired.event in {None, snippet.event}


def _is_of(fired: Fired, pixel_id: str) -> bool:
    return fired.pixel_id in (pixel_id, platforms.in_image(pixel_id))


def _url(source: bytes) -> str:
    return comparable("".join(decode(source).decode("utf-8", "replace").split()))
