"""What would change, for a person to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def diff(path: Path, before: bytes, after: bytes) -> str:
    """Return a unified diff of two versions of a UTF-8 page, in the form that `git apply` and `patch -p1` take."""
    from difflib import unified_diff

    name = path.as_posix().lstrip("/")
    old, new = (_lines(data.decode("utf-8", "surrogateescape")) for data in (before, after))
    lines = unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines
