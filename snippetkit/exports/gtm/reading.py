"""A container file to the conversion tags in it: those that an export would write just so."""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit.containers import ContainerTag
from snippetkit.errors import SettingError, SnippetError
from snippetkit.exports.gtm import tags as gtm_tags
from snippetkit.exports.gtm.candidates import candidates
from snippetkit.exports.gtm.container import Container, Tag
from snippetkit.exports.gtm.writing import document as written

VERSION = 2


def recognizes(document: object) -> bool:
    """Whether a parsed JSON document is an export of a container."""
    return isinstance(document, dict) and {"exportFormatVersion", "containerVersion"} <= document.keys()


def read(document: object) -> tuple[list[ContainerTag], list[str]]:
    """Return the conversion tags of a container, in its order, and a line for each other tag.

    A tag counts if an export of it would write it just so, with its triggers and variables; ids, folders, notes and
    fingerprints may differ.

    Raises:
        SettingError: it is no whole container of export format version 2.
    """
    if not isinstance(document, dict) or document.get("exportFormatVersion") != VERSION:
        raise SettingError(
            f"this is no export of format version {VERSION} of Google Tag Manager",
            hint="Admin > Export Container gives one",
        )
    container = Container.of(document)
    tags: list[ContainerTag] = []
    others: list[str] = []
    taken: set[str] = set()
    for item in container.tags.values():
        if item.name in taken:
            continue
        found = next(_fitting(container, item, taken), None)
        if found is None:
            others.append(f"{item.name!r}: {_reason(item)}")
        else:
            tag, names = found
            tags.append(tag)
            taken |= names
    return tags, others


def _fitting(container: Container, item: Tag, taken: set[str]) -> Iterator[tuple[ContainerTag, set[str]]]:
    """The tags that this and others behind it were made of, and the names of all of them."""
    for tag in candidates(container, item):
        try:
            made = Container.of(written(gtm_tags.make(tag)))
        except SnippetError:
            continue
        names = made.tags.keys()
        if not names & taken and all(made.meaning(name) == container.meaning(name) for name in names):
            yield tag, {*names}


def _reason(item: Tag) -> str:
    if item.type not in {gtm_tags.HTML, gtm_tags.IMAGE}:
        return f"a tag of type {item.type}"
    return "not conversion code, triggers and variables as snippetkit writes them"
