"""Several pixels of a dialect whose code shares a global: one script for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NoReturn

from snippetkit.errors import SnippetError
from snippetkit.html import find_elements, has_lazy_images, refuse, with_lazy_images
from snippetkit.inject.insertion import Insertion, PlanOptions
from snippetkit.inject.regions import Region
from snippetkit.key import Key
from snippetkit.model import Snippet
from snippetkit.records import replace
from snippetkit.terms import Coexistence, Part

_NOT_BOTH = "they cannot both report correctly"


def combine(data: bytes, regions: Sequence[Region], insertion: Insertion, options: PlanOptions) -> Insertion:
    """Return one insertion for the pixels of these regions and of `insertion`, whose code takes the place of theirs.

    Raises:
        PageRefusedError: the dialect's pixels cannot share a page, or what the regions do cannot be written as one.
    """
    other = next(region for region in regions if region.key != insertion.key)
    if insertion.coexistence is not Coexistence.COMBINED:
        refuse_several(data, other.marker, insertion.key, other.key)
    if options.combine is None:
        refuse(data, other.marker, f"the page carries {other.key}; only the template combined puts two on one page")
    if _read(_joined(insertion.parts.values()), insertion.key) is None:
        reason = (
            f"the page carries {other.key}, and the new code of {insertion.key} does more than report, or reports later"
        )
        refuse(data, other.marker, f"{reason}; it cannot share a script with others")
    new = {snippet.pixel_id: snippet for snippet in insertion.snippets}
    merged = {snippet.pixel_id: snippet for snippet in read_regions(data, regions)} | new
    return write_as_one(data, regions, [*merged.values()], options.combine).asked_as(insertion)


def merge(insertions: Iterable[Insertion], options: PlanOptions) -> Iterator[Insertion]:
    """Yield the insertions for a page; those of a dialect that shares a script are one.

    Raises:
        PageRefusedError: not both of two would report right.
    """
    for _, group in groupby(sorted(insertions, key=lambda one: one.dialect), key=lambda one: one.dialect):
        of_dialect = list(group)
        if len(of_dialect) == 1 or _go_each(of_dialect):
            yield from sorted(of_dialect, key=lambda one: any(snippet.conversion for snippet in one.snippets))
        elif of_dialect[0].coexistence is Coexistence.COMBINED and options.combine:
            one = options.combine([snippet for insertion in of_dialect for snippet in insertion.snippets])
            yield one.asked_as(*of_dialect)
        else:
            is_template = of_dialect[0].coexistence is Coexistence.COMBINED
            why = "only the template combined puts two on one page" if is_template else _NOT_BOTH
            refuse(b"", 0, f"both {of_dialect[0].key} and {of_dialect[1].key} are wanted here; {why}")


def _go_each(insertions: Sequence[Insertion]) -> bool:
    """Whether each can have a place of its own: apart, or beside those before it, with no event of a pixel twice."""
    coexistence = insertions[0].coexistence
    if coexistence is not Coexistence.NEVER:
        return coexistence is Coexistence.APART
    told = [(one.key, event) for one in insertions for event in _counted(one)]
    return len({*told}) == len(told)


def _counted(insertion: Insertion) -> set[str | None]:
    """The events for which it is put in: beside others, a page view belongs to the base code, which goes in once."""
    events = [one for snippet in insertion.snippets for one in snippet.events]
    return {one.event for one in events if one.conversion} or {one.event for one in events}


def write_as_one(
    data: bytes,
    regions: Sequence[Region],
    readings: Sequence[Snippet],
    combine: Callable[[Sequence[Snippet]], Insertion],
) -> Insertion:
    """Return the insertion that `combine` makes of what these regions report, with their attributes.

    Raises:
        PageRefusedError: one of them cannot be rewritten.
    """
    try:
        return keep_attributes(combine(readings), [region.pixel_code for region in regions])
    except SnippetError as error:
        refuse(data, regions[0].marker, f"{regions[0].key} cannot share a script with others: {error}")


def keep_attributes(insertion: Insertion, codes: Sequence[bytes]) -> Insertion:
    """Return the insertion with the nonce of the code whose place it takes, and with images as lazy as there."""
    kept, noscript = _keep_nonce(insertion, codes), insertion.parts.get(Part.NOSCRIPT, b"")
    if not noscript or not any(map(has_lazy_images, codes)):
        return kept
    lazy = with_lazy_images(noscript)
    return kept if lazy == noscript else replace(kept, parts={**kept.parts, Part.NOSCRIPT: lazy})


def _keep_nonce(insertion: Insertion, codes: Iterable[bytes]) -> Insertion:
    """Return the insertion with the nonce of the code whose place it takes, unless it has one of its own.

    Without it a policy would block what fires there now.
    """
    script = insertion.parts.get(Part.SCRIPT, b"")
    there = next(filter(None, map(nonce_of, codes)), None)
    if not there or nonce_of(script):
        return insertion
    attribute = b' nonce="%b"' % there.replace(b'"', b"&quot;")
    for element in reversed([*find_elements(script)]):
        if element.name == "script":
            at = element.start + len("<script")
            script = script[:at] + attribute + script[at:]
    parts = {part: script if part is Part.SCRIPT else code for part, code in insertion.parts.items()}
    return replace(insertion, parts=parts)


def nonce_of(code: bytes) -> bytes:
    """Return the first nonce of the scripts in code, as it stands there; empty where there is none."""
    if b"nonce" not in code.lower():
        return b""
    nonces = (element.attributes.get("nonce") for element in find_elements(code) if element.name == "script")
    return next((nonce.value for nonce in nonces if nonce), b"")


def read_regions(data: bytes, regions: Sequence[Region]) -> list[Snippet]:
    """Return what the regions of one dialect report, one snippet per pixel, in the order of the page and the keys.

    Raises:
        PageRefusedError: their code does more than report, or reports later.
    """
    readings: list[Snippet] = []
    for key, group in groupby(sorted(regions, key=lambda region: region.key), key=lambda region: region.key):
        of_key = sorted(group, key=lambda region: region.part, reverse=True)
        if of_key[0].part is not Part.SCRIPT:
            reason = f"the script of {key} is not in a region, so others cannot join it"
            refuse(data, of_key[0].marker, f"{reason}; 'inject --adopt' marks it again, or remove this first")
        read = _read(_joined(region.pixel_code for region in of_key), key)
        if read is None:
            refuse(
                data, of_key[0].marker, f"the script of {key} does more than report, or reports later; remove it first"
            )
        readings += read
    return readings


def refuse_several(data: bytes, at: int, key: Key, other: str) -> NoReturn:
    """Raise PageRefusedError for two pixels that cannot share a page."""
    refuse(data, at, f"the page carries {other}; beside {key} {_NOT_BOTH}")


def _joined(codes: Iterable[bytes]) -> bytes:
    return b"\n".join(codes)


@lru_cache(maxsize=256)
def _read(code: bytes, key: Key) -> tuple[Snippet, ...] | None:
    """What code reports; None where it is not only for the key's pixels, waits for something, or does something else.

    Then no other code could stand in for it.
    """
    from snippetkit import lint, snippets

    document = snippets.parse(code.decode("utf-8", "replace"))
    readings = snippets.read_document(document)
    if [(one.dialect, one.pixel_id) for one in readings] != [(key.dialect, pixel_id) for pixel_id in key.pixel_ids]:
        return None
    is_plain = not lint.find_untrusted(document) and all(lint.runs_at_once(document, one) for one in document.codes)
    return tuple(readings) if is_plain else None
