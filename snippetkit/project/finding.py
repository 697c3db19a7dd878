"""A project file from the disk: one that was named, or one that was come across."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from snippetkit import files
from snippetkit.errors import FileError, SettingError
from snippetkit.project.reading import SECTION, ProjectFile, parse

NAME = "snippetkit.toml"
_SHARED = "pyproject.toml"
_MOST_BYTES = 16 * 1024 * 1024
_GIVE_IT = "--config FILE uses it anyway"


def read(file: str) -> ProjectFile:
    """Return the project in a file that was named.

    Raises:
        FileError: it cannot be read.
        SettingError: it is not what it should be, or has no project.
    """
    if found := parse(_text(file), file, SECTION if Path(file).name == _SHARED else ()):
        return found
    raise SettingError(f"{file} has no [tool.snippetkit]", hint="'snippetkit init' writes a snippetkit.toml")


def look(file: str) -> ProjectFile | None:
    """Return the project in a file that was come across; None where it is another tool's alone.

    Raises:
        FileError: it cannot be read.
        SettingError: it is not what it should be; or it may be a stranger's, in a folder where everybody may write.
    """
    text, is_shared = _text(file), Path(file).name == _SHARED
    if is_shared and "snippetkit" not in text:
        return None
    try:
        found = parse(text, file, SECTION if is_shared else ())
    except SettingError:
        if is_shared and "tool.snippetkit" not in text:
            return None
        raise
    if found:
        _check_owner(file)
    return found


def _check_owner(file: str) -> None:
    if not hasattr(os, "geteuid"):
        return
    may_all_write = Path(file).absolute().parent.stat().st_mode & stat.S_IWOTH
    if may_all_write and Path(file).stat().st_uid not in {0, os.geteuid()}:
        raise SettingError(f"{file} is somebody else's, in a folder where everybody may write", hint=_GIVE_IT)


def _text(file: str) -> str:
    try:
        with files.read_file(file) as page:
            files.check_size(file, page.status.st_size, _MOST_BYTES)
            return page.whole().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"{file}: this is not UTF-8 text", hint="save it as UTF-8", path=file) from error
