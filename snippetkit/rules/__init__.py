"""Page rules: which pixel, with which value, belongs on which pages of a site."""

from __future__ import annotations

from snippetkit.rules.columns import COLUMNS
from snippetkit.rules.fields import read_page, read_pixel_id
from snippetkit.rules.matching import PixelValue, Rule, Rules
from snippetkit.rules.reading import SheetChoices, parse
from snippetkit.rules.urls import addresses, may_overlap, url_regex

__all__ = [
    "COLUMNS",
    "PixelValue",
    "Rule",
    "Rules",
    "SheetChoices",
    "addresses",
    "may_overlap",
    "parse",
    "read_page",
    "read_pixel_id",
    "url_regex",
]
