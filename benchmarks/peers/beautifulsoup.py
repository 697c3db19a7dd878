"""BeautifulSoup over Python's html.parser. It takes text; Latin-1 gives the bytes of any encoding through."""

from __future__ import annotations

import bs4
import rewriting


def rewrite(page: bytes, code: bytes) -> bytes:
    """Return the page with the code at the end of its head."""
    soup = bs4.BeautifulSoup(page.decode("latin-1"), "html.parser")
    if soup.head is not None:
        soup.head.append(bs4.BeautifulSoup(code.decode("latin-1"), "html.parser"))
    return str(soup).encode("latin-1", "xmlcharrefreplace")


rewriting.main(rewrite)
