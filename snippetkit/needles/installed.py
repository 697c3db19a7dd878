"""The dialects of other distributions, by their entry points."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

GROUP = "snippetkit.platforms"
"""The group of entry points: the name is the dialect's, the value its module."""

_METADATA = (".dist-info", ".egg-info")


def find_installed() -> Mapping[str, str]:
    """Return the module of each dialect of others; most users have none, and what finds them takes long to load."""
    if not any(map(_may_have_some, sys.path)):
        return {}
    from importlib.metadata import entry_points

    return {point.name: point.value for point in entry_points(group=GROUP)}


def _may_have_some(place: str) -> bool:
    """Whether a folder has a distribution that names the group, or is no folder but, say, an archive."""
    folder = Path(place)
    if not folder.is_dir():
        return folder.is_file()
    named = (file for kind in _METADATA for file in folder.glob(f"*{kind}/entry_points.txt"))
    return any(GROUP in file.read_text("utf-8", "replace") for file in named)
