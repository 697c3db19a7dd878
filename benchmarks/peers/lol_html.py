"""lol-html, Cloudflare's streaming rewriter in Rust, through python-lolhtml."""

from __future__ import annotations

import lolhtml
import rewriting


class Appender:
    """Appends a text to an element."""

    def __init__(self, code: str) -> None:
        self.code = code

    def element(self, element: lolhtml.Element) -> None:
        """Append it."""
        element.append(self.code, lolhtml.ContentType.HTML)


def rewrite(page: bytes, code: bytes) -> bytes:
    """Return the page with the code at the end of its head."""
    chunks: list[bytes] = []
    rewriter = lolhtml.HTMLRewriter(chunks.append)
    rewriter.on("head", Appender(code.decode()))
    rewriter.write(page)
    rewriter.end()
    return b"".join(chunks)


rewriting.main(rewrite)
