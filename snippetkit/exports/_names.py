"""The names of the tags that a file holds."""

from __future__ import annotations

from collections.abc import Sequence

from snippetkit.containers import ContainerTag
from snippetkit.errors import SnippetError
from snippetkit.terms import TagVariant


def image_name(name: str) -> str:
    """Return what the image of a tag is called that has a script too."""
    return f"{name} image"


def check_names(tags: Sequence[ContainerTag]) -> None:
    """Make sure that no two tags have one name.

    Raises:
        SnippetError: two have.
    """
    images = [image_name(tag.name) for tag in tags if tag.variant is TagVariant.BOTH]
    seen = set[str]()
    for name in [*(tag.name for tag in tags), *images]:
        if name in seen:
            raise SnippetError(f"two tags of one name: {name}", hint="give each a name of its own")
        seen.add(name)
