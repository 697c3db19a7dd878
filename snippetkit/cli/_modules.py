"""What a package offers is what its folder holds; there is no list to keep."""

from __future__ import annotations

import os


def public_modules(folder: str) -> list[str]:
    """Return the names of the modules in a folder that have no leading underscore, sorted."""
    names = (name for name in os.listdir(folder) if name.endswith(".py") and name[0] != "_")  # noqa: PTH208
    return sorted(name.removesuffix(".py") for name in names)
