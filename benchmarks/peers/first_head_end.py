"""Python that only looks for the first `</head>`: the floor of the language."""

from __future__ import annotations

import rewriting


def rewrite(page: bytes, code: bytes) -> bytes:
    """Return the page with the code before its first `</head>`."""
    at = page.find(b"</head>")
    if at < 0:
        at = page.lower().find(b"</head>")
    return page if at < 0 else b"".join((page[:at], code, page[at:]))


rewriting.main(rewrite)
