"""The names of tags: unique, and on one line where a person reads them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from snippetkit.containers import ContainerTag
from snippetkit.errors import SnippetError

_MOST_NAMES = 3
_HALF = re.compile("[\ud800-\udfff]")


def check_names(tags: Sequence[ContainerTag]) -> None:
    """Make sure that each tag has a name of its own, which a file can hold.

    Raises:
        SnippetError: two have the same, or one is no text.
    """
    for tag in (tag for tag in tags if _HALF.search(tag.name)):
        raise SnippetError(f"the name {tag.name!r} is not UTF-8 text", hint="give the tag another name")
    name, count = Counter(tag.name for tag in tags).most_common(1)[0]
    if count > 1:
        raise SnippetError(f"two tags of one name: {name!r}", hint="a tag manager tells tags by their names")


def listed(tags: Sequence[ContainerTag]) -> str:
    """Return the names of tags; of many the first three, and how many more there are."""
    names = ", ".join(repr(tag.name) for tag in tags[:_MOST_NAMES])
    return f"{names} and {len(tags) - _MOST_NAMES} more" if len(tags) > _MOST_NAMES else names


def one_line(text: str) -> str:
    """Return the text on one line, with control characters shown: marks that turn the direction of writing, too."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
