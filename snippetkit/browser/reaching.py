"""Events of a page's own code that reach a pixel which that code does not name: another file's, or a tag manager's."""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit import lint, platforms
from snippetkit.browser.causes import Fault
from snippetkit.browser.observed import Observed
from snippetkit.platforms import Dialect
from snippetkit.snippets import Document


def find_reached(observed: Observed, document: Document) -> Iterator[Fault]:
    """Yield `reached-another` for each event that the page tracks for its pixel, and that another one reported too.

    Args:
        observed: a visit with JavaScript.
        document: the page's source.
    """
    for dialect in (dialect for dialect in platforms.every() if dialect.reaches_named):
        yield from _reached(observed, document, dialect)


def _reached(observed: Observed, document: Document, dialect: Dialect) -> Iterator[Fault]:
    firing = lint.find_firing(document, dialect.name)
    named = frozenset[str]().union(*(call.pixel_ids for call in (*firing.inits, *firing.events)))
    tracked = {call.event: call for call in reversed(firing.events) if call.is_for_all and call.pixel_ids}
    is_certain = not any(call.is_dynamic for call in firing.inits)
    for one in (one for one in observed.own if is_certain and dialect.platform.reads(one.url)):
        call = tracked.get(one.event)
        if call and one.pixel_id not in named:
            name = f"pixel {one.pixel_id} {one.event}"
            reason = "its base code is in a file or a tag manager, and track reaches it; trackSingle would not"
            yield Fault("reached-another", f"{name} fired too: {reason}", document.position(call.start)[0])
