"""Pages that take no code, or not this code."""

from __future__ import annotations

import re

from snippetkit.html import Anchors, refuse
from snippetkit.inject.insertion import Insertion
from snippetkit.model import PageBytes
from snippetkit.patterns import later

_AMP = later(rb"<html[^<>]*?[\t\n\f\r ](?:amp|\xe2\x9a\xa1)(?:4ads|4email)?(?=[\t\n\f\r />=])", re.IGNORECASE)


def check_takes(page: PageBytes, data: bytes, anchors: Anchors, insertion: Insertion) -> None:
    """Make sure that a page takes scripts, and has the characters of this one.

    Args:
        page: read as far as it takes.
        data: at least its first bytes.
        anchors: those in `data`.
        insertion: what is to stand there.

    Raises:
        PageRefusedError: it is an AMP page, or not UTF-8 although the code is not ASCII.
    """
    top = data[: anchors.head_top].lower()
    is_amp = b"amp" in top or b"\xe2\x9a\xa1" in top  # found much faster than by the pattern
    if is_amp and (match := _AMP.search(top)):
        refuse(data, match.start(), "an AMP page takes no scripts of its own; use amp-pixel or amp-analytics there")
    if not insertion.is_ascii:
        _check_utf8(page.whole())


def _check_utf8(data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        refuse(data, error.start, "the code has characters beyond ASCII, and this page is not UTF-8")
