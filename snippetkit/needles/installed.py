"""The dialects of other distributions, by their entry points."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

GROUP = "snippetkit.platforms"
"""The group of entry points: the name is the dialect's, the value its module."""

_METADATA = (".dist-info", ".egg-info")


def find_installed() -> Mapping[str, str]:
    """Return the module of each dialect of others; most users have none, and what finds them takes long to load."""
    return _installed(tuple(sys.path))


@lru_cache(maxsize=1)
def _installed(places: Sequence[str]) -> Mapping[str, str]:
    if not any(map(_may_have_some, places)):
        return {}
    from importlib.metadata import entry_points

    return {point.name: point.value for point in entry_points(group=GROUP)}


def _may_have_some(place: str) -> bool:
    """Whether a folder has a distribution that names the group, or is no folder but, say, an archive."""
    try:
        with os.scandir(place or os.curdir) as entries:
            return any(_names_group(Path(one.path)) for one in entries if one.name.endswith(_METADATA))
    except NotADirectoryError:
        return True
    except OSError:
        return False


def _names_group(distribution: Path) -> bool:
    try:
        return GROUP.encode() in (distribution / "entry_points.txt").read_bytes()
    except OSError:
        return False
