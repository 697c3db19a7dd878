"""Files that are made, not changed (exports, templates, reports), and what would change in those that are."""

from __future__ import annotations

import os
from pathlib import Path

from snippetkit.errors import FileError
from snippetkit.files.copying import Copier
from snippetkit.files.reading import read_file
from snippetkit.model import Edit


def write(path: Path, data: bytes) -> bool:
    """Write a file whole or not at all, and its folder; return False where it holds these bytes already.

    A device or a pipe is written to, a link is followed.

    Raises:
        FileError: it cannot be written; what was there is as it was.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return True
        target.parent.mkdir(parents=True, exist_ok=True)
        return _write(target, data)
    except OSError as error:
        raise FileError.of(str(path), error) from error


def _write(target: Path, data: bytes) -> bool:
    # Unlike a page's, this name is not one that a run over pages may remove as a leftover.
    temporary = target.with_name(f".snippetkit_{os.urandom(8).hex()}.tmp")
    try:
        if target.exists():
            with read_file(target) as old:
                if old.whole() == data:
                    return False
                Copier().copy(old, [Edit(0, old.status.st_size, data)], os.path.join(target.parent, ""), temporary.name)
        else:
            temporary.open("xb").close()
            temporary.write_bytes(data)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def diff(path: Path | str, before: bytes, after: bytes) -> str:
    """Return a unified diff of two versions of a UTF-8 page, in the form that `git apply` and `patch -p1` take.

    A path that is a text, such as a URL, stands there as it is.
    """
    from difflib import unified_diff

    name = path if isinstance(path, str) else path.as_posix().lstrip("/")
    old, new = (_lines(data.decode("utf-8", "surrogateescape")) for data in (before, after))
    lines = unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines
