"""What the system says about a file, as an error."""

from __future__ import annotations

from snippetkit.errors import FileError


def failed(path: str, error: OSError) -> FileError:
    """Return the error that names a file and what the system said about it."""
    return FileError(f"{path}: {error.strerror or error}", path=path)
