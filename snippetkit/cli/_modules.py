"""What a package offers is what its folder holds; there is no list to keep."""

from __future__ import annotations

import os


def public_modules(folder: str) -> list[str]:
    """Return the names of the modules and packages in a folder that have no leading underscore, sorted."""
    names = (name.partition(".") for name in os.listdir(folder))  # noqa: PTH208
    return sorted(stem for stem, _, suffix in names if suffix in {"", "py"} and stem[:1] not in {"", "_"})
