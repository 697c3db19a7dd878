"""lxml.html: parse with libxml2, append the elements to the head, serialise."""

from __future__ import annotations

import lxml.html
import rewriting


def rewrite(page: bytes, code: bytes) -> bytes:
    """Return the page with the code at the end of its head."""
    root = lxml.html.document_fromstring(page)
    root.find("head").append(lxml.html.fragment_fromstring(code.decode()))
    tree = root.getroottree()
    return lxml.html.tostring(tree, encoding=tree.docinfo.encoding or "utf-8", doctype=tree.docinfo.doctype)


rewriting.main(rewrite)
