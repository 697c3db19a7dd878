"""One module a tag-manager format, with one template of the same name under `templates/exports/`.

Each module has the parts of `Format`; a module whose name begins with an underscore is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from snippetkit.containers import ContainerTag, Export, Options


class Format(Protocol):
    """What a format's module has.

    `TITLE` is the tag manager's name, `FILE_NAME` what a file of the format is called, `STEPS` how a person imports it,
    one click path or command each. `MERGES` says whether `Options.existing` is taken, `LOSES` which fields of a
    `ContainerTag` the file cannot hold.
    """

    TITLE: str
    FILE_NAME: str
    STEPS: tuple[str, ...]
    MERGES: bool
    LOSES: frozenset[str]

    def export(self, tags: Sequence[ContainerTag], options: Options = ...) -> Export:
        """Return the file that holds `tags`, at least one; the same tags and options give the same bytes.

        Raises:
            SnippetError: two tags have one name, or the target cannot hold a tag's code.
            SettingError: `existing` is no container of this format, or has an item of a tag's name.
        """
        ...


class ReadableFormat(Format, Protocol):
    """A format whose files can be read again."""

    def recognizes(self, document: object) -> bool:
        """Whether a parsed JSON document is a file of this format."""
        ...

    def read(self, document: object) -> tuple[list[ContainerTag], list[str]]:
        """Return the conversion tags of a file, in its order, and a line for each item that is none, with its name.

        What `export` wrote gives equal tags, except for the snippets' places in their texts.

        Raises:
            SettingError: it is not a whole file of this format; says what is missing where.
        """
        ...


def names() -> list[str]:
    """Return the names of all formats, sorted."""
    return sorted(module.name for module in iter_modules(__path__) if module.name[0] != "_")


def find(name: str) -> Format:
    """Return the format of a name, such as `gtm`."""
    return cast(Format, import_module(f"{__name__}.{name}"))
