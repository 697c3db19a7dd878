"""A setting where it stands in a text."""

from __future__ import annotations

from snippetkit.records import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it stands in a text, from byte `start` up to, not including, `end`: a literal without its quotes.

    `is_dynamic` says that it is an expression or a server template. `needs_quotes` says that a literal in its place
    would need quotes, `is_whole` that the expression stands for all settings, so that none has a place.
    `told_by` is the name that gives it where that gives more than this setting, so that no other text can be put there.
    """

    text: str
    start: int
    end: int
    is_dynamic: bool = False
    needs_quotes: bool = False
    is_whole: bool = False
    told_by: str = ""
