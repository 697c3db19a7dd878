"""Code without its plain values: two codes that differ in these alone are refused for the same reasons, or not at all.

A plain value is a word with a digit or a number that stands in quotes and is all that stands there, or a number between
a colon and what ends it. Another one in its place is the same token to HTML and to JavaScript: no such word is a
keyword, a directive, the name of an attribute or a type of scripts that the language knows, no number begins with a
needless zero, and nothing in front of one takes a digit in, as a backslash, `#` or `-` would. Outside a string, where
one ends and another begins, either is an error.
"""

from __future__ import annotations

from snippetkit.patterns import later

_VALUE = later(
    r"""(["'])[A-Za-z]*+[0-9][0-9A-Za-z]*+(?:\.[0-9]++|(?!))?+(?=["'])"""
    r"""|(:\ )(?:0|[1-9][0-9]*+)(?:\.[0-9]++|(?!))?+(?=[,}\s])"""
)
_IN_ITS_PLACE = r"\1\g<2>0.0"


def without_values(code: str) -> str:
    """Return code with the same number in the place of each plain value."""
    return _VALUE.sub(_IN_ITS_PLACE, code)
