"""Code to snippets: `read` takes any text as it stands on a page, `read_code` what the API answers, and checks it."""

from __future__ import annotations

from snippetkit.snippets.code import check, read_code, read_js_pixel, take_variant
from snippetkit.snippets.reading import Document, parse, read

__all__ = ["Document", "check", "parse", "read", "read_code", "read_js_pixel", "take_variant"]
