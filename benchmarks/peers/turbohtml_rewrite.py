"""turbohtml's streaming rewriter, in C. It takes text; Latin-1 gives the bytes of any encoding through."""

from __future__ import annotations

import rewriting
import turbohtml.rewrite


def rewrite(page: bytes, code: bytes) -> bytes:
    """Return the page with the code at the end of its head."""
    text = code.decode("latin-1")
    append = ("head", lambda head: head.append(text, html=True))
    return turbohtml.rewrite.rewrite(page.decode("latin-1"), elements=[append]).encode("latin-1")


rewriting.main(rewrite)
