"""The names of tags: one for each part of a tag, unique, and on one line for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from snippetkit.containers import ContainerTag
from snippetkit.errors import SnippetError
from snippetkit.patterns import later
from snippetkit.records import replace
from snippetkit.terms import TagVariant

_MOST_NAMES = 3
_HALF = later("[\ud800-\udfff]")


def parts(tag: ContainerTag) -> tuple[ContainerTag, ...]:
    """Return a tag for the script and one for the image where a tag is both, else the tag."""
    if tag.variant is not TagVariant.BOTH:
        return (tag,)
    return replace(tag, variant=TagVariant.SCRIPT), replace(tag, name=f"{tag.name} image", variant=TagVariant.IMAGE)


def image_names(part: ContainerTag, count: int) -> list[str]:
    """Return the names of the images of a tag that is an image: its own, then its own with a number."""
    return [part.name, *(f"{part.name} {number}" for number in range(2, count + 1))]


def check_names(tags: Sequence[ContainerTag]) -> None:
    """Make sure that each tag has a name of its own, which a file can hold.

    Raises:
        SnippetError: two have the same name, or one is not text.
    """
    for tag in (tag for tag in tags if _HALF.search(tag.name)):
        raise SnippetError(f"the name {tag.name!r} is not UTF-8 text", hint="give the tag another name")
    name, count = Counter(tag.name for tag in tags).most_common(1)[0]
    if count > 1:
        raise SnippetError(
            f"two tags have the same name: {name!r}", hint="tag managers tell tags apart by name; rename one"
        )


def listed(tags: Sequence[ContainerTag]) -> str:
    """Return the names of tags; of many, the first three, and how many more there are."""
    names = ", ".join(repr(tag.name) for tag in tags[:_MOST_NAMES])
    return f"{names} and {len(tags) - _MOST_NAMES} more" if len(tags) > _MOST_NAMES else names


def one_line(text: str) -> str:
    """Return the text on one line, with control characters shown, also those that change the writing direction."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
