"""One module per tag-manager format, with a template of the same name under `templates/exports/`.

Each module has the parts of `ExportFormat`; a module whose name begins with an underscore is not a format.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from snippetkit.containers import ContainerTag, Export, ExportOptions
from snippetkit.errors import SettingError
from snippetkit.exports._contents import Contents, TagReading, Triable

__all__ = [
    "Contents",
    "ExportFormat",
    "ReadableFormat",
    "TagReading",
    "Triable",
    "TriableFormat",
    "find_format",
    "names",
    "readable",
    "refuse_others",
    "triable",
    "unpack",
]


class ExportFormat(Protocol):
    """What a format's module provides.

    `TITLE` is the tag manager's name, `FILE_NAME` what a file of the format is called, `STEPS` how a person imports it,
    one click path or command each. `MERGES` says whether `ExportOptions.existing` is taken, `HAS_NATIVE`
    whether the tag manager has types of tags for platforms, which `tags_as` chooses, `LOSES` which fields of a
    `ContainerTag` the file cannot hold.
    """

    TITLE: str
    FILE_NAME: str
    STEPS: tuple[str, ...]
    MERGES: bool
    HAS_NATIVE: bool
    LOSES: frozenset[str]

    def export(self, tags: Sequence[ContainerTag], options: ExportOptions = ...) -> Export:
        """Return the file that holds `tags`, at least one; the same tags and options give the same bytes.

        Raises:
            SnippetError: two tags have one name, or the target cannot hold a tag's code.
            SettingError: `existing` is no container of this format, or has an item of a tag's name.
        """
        ...


class ReadableFormat(ExportFormat, Protocol):
    """A format that can be read, whoever made the file."""

    def recognizes(self, document: object) -> bool:
        """Whether a parsed JSON document is a file of this format."""
        ...

    def read(self, document: object) -> Contents:
        """Return what stands in a file.

        Raises:
            SettingError: it is not a whole file of this format; says what is missing where.
        """
        ...


class TriableFormat(ReadableFormat, Protocol):
    """A format of which anybody's file can be tried by a stand-in of the tag manager's runtime."""

    def triable(self, document: object) -> Triable:
        """Return what the stand-in can be given, and what has to fire then.

        Raises:
            SettingError: it is not a whole file of this format.
        """
        ...


def names() -> list[str]:
    """Return the names of all formats, sorted."""
    return sorted(module.name for module in iter_modules(__path__) if module.name[0] != "_")


def find_format(name: str) -> ExportFormat:
    """Return the format of a name, such as `gtm`."""
    return cast("ExportFormat", import_module(f"{__name__}.{name}"))


def readable() -> dict[str, ReadableFormat]:
    """Return the formats that can be read, by name."""
    return {name: cast("ReadableFormat", module) for name in names() if hasattr(module := find_format(name), "read")}


def triable(name: str, document: object) -> Triable | None:
    """Return what of a file of a format can be tried, None where the format has no stand-in for anybody's files."""
    module = find_format(name)
    return cast("TriableFormat", module).triable(document) if hasattr(module, "triable") else None


def refuse_others(name: str, document: object, source: str = "") -> None:
    """Make sure that a document is no file of another format.

    Args:
        name: the format that it has to be of.
        document: parsed JSON.
        source: what errors call it, such as a file's name; empty where somebody else says it.

    Raises:
        SettingError: it is of another one.
    """
    for other, readable_one in readable().items():
        if other != name and readable_one.recognizes(document):
            raise SettingError(
                f"{source and f'{source}: '}this is a file of {readable_one.TITLE}, not of {find_format(name).TITLE}",
                hint="'snippetkit import' lists what is in such a file",
            )


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the files of a bundle by their names.

    Raises:
        SettingError: it is no bundle, or a file in it is not the one that was made.
    """
    from snippetkit.exports import bundle

    return bundle.unpack(data)
