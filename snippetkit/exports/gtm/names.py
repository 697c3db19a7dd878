"""Names of tags, triggers and variables."""

from __future__ import annotations

_COLON, _WIDE_COLON = ":", "\uff1a"


def to_gtm(name: str) -> str:
    """Return a name that Google Tag Manager takes: a colon becomes the wide one, since the import refuses it."""
    return name.replace(_COLON, _WIDE_COLON)


def from_gtm(name: str) -> str:
    """Return the ASCII text that a name was made of."""
    return name.replace(_WIDE_COLON, _COLON)
