"""The files in a workbook, which is a zip archive."""

from __future__ import annotations

import io
from collections.abc import Callable

from snippetkit.errors import SettingError

MAX_UNPACKED_BYTES = 256 * 1024 * 1024
"""How much a workbook may hold when it is unpacked."""


def read_parts(data: bytes, name: str, is_wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """Return the files in a workbook that are wanted, by their names.

    Args:
        data: the workbook.
        name: what messages call it.
        is_wanted: says of the name of a file in it whether it is.

    Raises:
        SettingError: it is broken, encrypted, or too large.
    """
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                limit = f"{MAX_UNPACKED_BYTES // 2**20} MiB"
                raise SettingError(f"{name} is larger than {limit} unpacked", hint="copy the table to a new workbook")
            return {part.filename: archive.read(part) for part in parts if is_wanted(part.filename)}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise SettingError(
            f"{name} is a broken zip file: {reason}", hint="ask for a new copy, without a password"
        ) from error


def part_names(data: bytes, name: str) -> set[str]:
    """Return the names of the files in a workbook.

    Raises:
        SettingError: as `read_parts` does.
    """
    names: set[str] = set()

    def note(part: str) -> bool:
        names.add(part)
        return False

    read_parts(data, name, note)
    return names
