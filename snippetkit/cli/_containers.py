"""The file of a container: what somebody exported from Google Tag Manager."""

from __future__ import annotations

from typing import Any

from snippetkit.cli._source import name_of
from snippetkit.cli._texts import read_text
from snippetkit.errors import SettingError


def read_container(file: str) -> object:
    """Return the JSON value in a file, or in stdin for `-`.

    Raises:
        FileError: it cannot be read.
        SettingError: it is no JSON.
    """
    from snippetkit import gtm

    return gtm.parse(read_text(file), name_of(file))


def read_export(file: str) -> dict[str, Any]:
    """Return the export in a file, or in stdin for `-`.

    Raises:
        FileError: it cannot be read.
        SettingError: it is no JSON, or has not the shape of an export.
    """
    from snippetkit import gtm

    document = read_container(file)
    try:
        return gtm.require(document)
    except SettingError as error:
        raise SettingError(f"{name_of(file)}: {error}", hint=error.hint) from error
