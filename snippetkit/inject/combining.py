"""Several pixels of a dialect whose code shares a global: one script for all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import NoReturn

from snippetkit.errors import SnippetError
from snippetkit.html import refuse
from snippetkit.inject.insertion import Insertion, Terms
from snippetkit.inject.regions import Region
from snippetkit.model import Snippet
from snippetkit.terms import Part, Several

_NONCE = re.compile(rb'<script nonce="[^"]*"')


def combine(data: bytes, regions: Sequence[Region], insertion: Insertion, terms: Terms) -> Insertion:
    """Return one insertion for the pixels of these regions and of `insertion`, whose code takes the place of theirs.

    Raises:
        PageRefusedError: the dialect's pixels cannot share a page, or the regions were not written as plain code.
    """
    other = next(region for region in regions if region.key != insertion.key)
    if insertion.several is not Several.COMBINED:
        refuse_several(data, other.marker, insertion.key, other.key)
    if terms.combine is None:
        refuse(data, other.marker, f"the page carries {other.key}; only the template combined puts two on one page")
    new = {snippet.pixel_id: snippet for snippet in insertion.snippets}
    merged = {snippet.pixel_id: snippet for snippet in read_regions(data, regions)} | new
    return keep_nonce(terms.combine([*merged.values()]), regions)


def keep_nonce(insertion: Insertion, regions: Sequence[Region]) -> Insertion:
    """Return the insertion with the nonce that these regions have, unless it has one of its own.

    Without it a policy would block the pixels that stood there already.
    """
    script = insertion.parts.get(Part.SCRIPT, b"")
    nonces = (_NONCE.match(region.code.lstrip()) for region in regions if region.part is Part.SCRIPT)
    nonce = next(filter(None, nonces), None)
    if nonce is None or _NONCE.match(script):
        return insertion
    return replace(insertion, parts={**insertion.parts, Part.SCRIPT: script.replace(b"<script", nonce[0], 1)})


def read_regions(data: bytes, regions: Sequence[Region]) -> list[Snippet]:
    """Return what the regions of one dialect report, one snippet a pixel, in the order of the page and the keys.

    Raises:
        PageRefusedError: they were not written as plain or combined code.
    """
    found: list[Snippet] = []
    for key, group in groupby(sorted(regions, key=lambda region: region.key), key=lambda region: region.key):
        of_key = sorted(group, key=lambda region: region.part, reverse=True)
        read = _read(b"\n".join(region.pixel_code for region in of_key), key)
        if read is None:
            refuse(
                data, of_key[0].marker, f"{key} was written with a template that cannot be combined; remove it first"
            )
        found += read
    return found


def refuse_several(data: bytes, at: int, key: str, other: str) -> NoReturn:
    """Raise PageRefusedError for two pixels that cannot share a page."""
    refuse(data, at, f"the page carries {other}; beside {key} not both would report right")


@lru_cache(maxsize=256)
def _read(code: bytes, key: str) -> tuple[Snippet, ...] | None:
    from snippetkit import snippets

    text = code.decode()
    dialect, _, ids = key.partition(":")
    found = snippets.read(text)
    if [snippet.pixel_id for snippet in found] != ids.split("+") or any(s.dialect != dialect for s in found):
        return None
    if len(found) > 1:
        return tuple(found)
    try:
        return (snippets.read_code(text.strip(), dialect),)
    except SnippetError:
        return None
