"""Code to snippets: `read` takes any text as it stands on a page, `read_code` what the API answers, and checks it."""

from __future__ import annotations

from snippetkit.snippets.code import check, read_code, read_js_pixel, take_variant, without_nonce
from snippetkit.snippets.document import SERVER_CODE, TEXTS, TRACE, Code, Document, Image, parse
from snippetkit.snippets.reading import join, read, read_document

__all__ = [
    "SERVER_CODE",
    "TEXTS",
    "TRACE",
    "Code",
    "Document",
    "Image",
    "check",
    "join",
    "parse",
    "read",
    "read_code",
    "read_document",
    "read_js_pixel",
    "take_variant",
    "without_nonce",
]
