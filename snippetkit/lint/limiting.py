"""What the vendor may do with an event: a call that limits it holds for scripts; an image has to say so itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit import platforms

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript import Script
    from snippetkit.platforms import Dialect
    from snippetkit.snippets import Document

Limits = tuple[tuple[str, str], ...]
"""The parameters of an image's URL that say so, with their texts."""


def limits_at(document: Document, at: int, dialect_name: str) -> Limits | None:
    """Return what an image that reports beside a script at a byte offset has to say; None where that is not known.

    The last call before counts, whatever it may depend on: an image cannot ask.
    """
    dialect = platforms.dialect_named(dialect_name)
    limits: Limits | None = ()
    for script, arguments in _calls(document, dialect):
        if script.start + arguments[0].start_byte < at:
            limits = _told(script, arguments[1:], dialect.calls.limit_parameters)
    return limits


def _calls(document: Document, dialect: Dialect) -> Iterator[tuple[Script, list[Node]]]:
    verb = dialect.calls.limits
    for element, script in document.scripts if verb else ():
        if document.masked.find(verb.encode(), element.inner_start, element.inner_end) >= 0:
            calls = (arguments for name in dialect.functions for _, arguments in script.calls(name.encode()))
            yield from ((script, arguments) for arguments in calls if arguments and script.text(arguments[0]) == verb)


def _told(script: Script, arguments: list[Node], names: tuple[str, ...]) -> Limits | None:
    """The parameters that say what a call does; none if its list is empty."""
    if not arguments or arguments[0].type != "array":
        return None
    options = [script.text(one) for one in arguments[0].named_children if one.type != "comment"]
    others = [script.text(one) for one in arguments[1:]]
    if not (all(options) and all(others)):
        return None
    return tuple(zip(names, [",".join(options), *others], strict=False)) if options else ()
