"""A file that is made, brought to what it should hold, or only held against that."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snippetkit.run import Outcome


def bring(path: str, content: bytes, *, dry_run: bool = False, show_diff: bool = False) -> Outcome:
    """Write a file whole or not at all, unless it holds these bytes already; return how it fared.

    Args:
        path: the file; its folder is made.
        content: what it is to hold.
        dry_run: write nothing, and return what would happen.
        show_diff: put what changes into the outcome.

    Returns:
        An outcome whose verb is created, updated or unchanged.

    Raises:
        FileError: it cannot be read or written; it is as it was.
    """
    from pathlib import Path

    from snippetkit import files
    from snippetkit.run import Outcome

    before = None
    if Path(path).exists():
        with files.read_file(path) as page:
            before = page.whole()
    if before == content:
        return Outcome(path, "unchanged")
    diff = _diff(path, before or b"", content) if show_diff else b""
    if not dry_run:
        files.write(Path(path), content)
    return Outcome(path, "created" if before is None else "updated", diff=diff)


def _diff(path: str, before: bytes, after: bytes) -> bytes:
    from pathlib import Path

    from snippetkit import files

    if b"\x00" in before + after:
        return f"Binary file {path} differs\n".encode("utf-8", "surrogateescape")
    return files.diff(Path(path), before, after).encode("utf-8", "surrogateescape")
