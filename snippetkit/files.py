"""The only door to the disk: find pages, read them, replace a file whole, and show what would change."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from snippetkit.errors import FileError

PAGE_SUFFIXES = frozenset({".htm", ".html"})
_OTHER_RULES = frozenset({".svg", ".xht", ".xhtml", ".xml"})
_FOLDERS_LEFT_OUT = frozenset({"node_modules"})


@dataclass(frozen=True, slots=True)
class FileContent:
    """A regular file as it was read."""

    path: Path
    data: bytes = field(repr=False)
    status: os.stat_result = field(repr=False)


def walk(paths: Iterable[Path], failed: Callable[[FileError], None]) -> Iterator[Path]:
    """Yield files as given, and the pages (`.html`, `.htm`) below folders in the order of their names, each once.

    Hidden folders and `node_modules` are left out; links to folders are not followed.

    Args:
        paths: files and folders.
        failed: is told of each folder that cannot be listed.
    """
    seen = set[Path]()
    for path in paths:
        for found in _pages_below(path, failed) if path.is_dir() else [path]:
            if found not in seen:
                seen.add(found)
                yield found


def read_page(path: Path) -> FileContent:
    """Return a page's bytes.

    Raises:
        FileError: it cannot be read, is no regular file, or is a link (replacing it would unlink its target).
    """
    if path.suffix.lower() in _OTHER_RULES:
        raise FileError(f"{path}: XML has rules of its own; only HTML pages are taken")
    if path.is_symlink():
        raise FileError(f"{path}: a symbolic link; name the file it points to")
    return _read(path)


def read(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        FileError: it cannot be read, or is no regular file.
    """
    return _read(path).data


def replace(page: FileContent, data: bytes) -> None:
    """Put `data` in the place of a page that was read, mode and owner kept, whole or not at all.

    Raises:
        FileError: it cannot be written, or it has changed since it was read; it is as it was.
    """
    _write_whole(page.path, data, page)


def write(path: Path, text: str) -> bool:
    """Write a file whole or not at all, and its folder; return False where it holds that text already.

    A device or a pipe is written to, a link is followed.

    Raises:
        FileError: it cannot be written; what was there is as it was.
    """
    data = text.encode()
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return True
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _failed(path, error) from error
    old = _read(target) if target.exists() else None
    if old and old.data == data:
        return False
    _write_whole(target, data, old)
    return True


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


def _pages_below(folder: Path, failed: Callable[[FileError], None]) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, onerror=lambda error: failed(_failed(error.filename, error))):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in _FOLDERS_LEFT_OUT)
        yield from (Path(parent, name) for name in sorted(names) if Path(name).suffix.lower() in PAGE_SUFFIXES)


def _read(path: Path) -> FileContent:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise FileError(f"{path}: not a regular file")
            return FileContent(path, file.read(), status)
    except OSError as error:
        raise _failed(path, error) from error


def _write_whole(path: Path, data: bytes, old: FileContent | None) -> None:
    temporary = path.with_name(f".snippetkit-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            if old:
                _take_after(file.fileno(), old.status)
            file.write(data)
        if old and _identity(path.lstat()) != _identity(old.status):
            raise FileError(f"{path}: changed while it was worked on; run again")
        temporary.replace(path)
    except OSError as error:
        raise _failed(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _take_after(descriptor: int, like: os.stat_result) -> None:
    if hasattr(os, "fchown"):
        own = os.fstat(descriptor)
        if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
            os.fchown(descriptor, like.st_uid, like.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(like.st_mode))


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _failed(path: Path | str, error: OSError) -> FileError:
    return FileError(f"{path}: {error.strerror or error}")
