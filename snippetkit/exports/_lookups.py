"""What a tag takes from the data layer, and what it uses where there is nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from snippetkit.containers import ContainerTag, images
from snippetkit.errors import SnippetError
from snippetkit.model import Snippet
from snippetkit.patterns import later

_STAND_IN = later("\0(value|currency|order_id)\0")


class Lookup(NamedTuple):
    """A setting from the data layer: its key there, and the code's own value, None where the code works it out."""

    key: str
    own: str | None = None

    @property
    def name(self) -> str:
        """What a person calls it."""
        return f"Data layer {self.key}" + ("" if self.own is None else f", or {self.own}")


def lookups(tag: ContainerTag) -> dict[str, Lookup]:
    """Return the lookups of a tag by their settings, `value`, `currency` and `order_id`.

    Raises:
        SnippetError: several pixels would take one value, or the code takes minor units.
    """
    keys = tag.event.keys if tag.event else {}
    if keys and len(tag.snippets) > 1:
        raise SnippetError(f"{tag.name}: several pixels cannot take their value from one event")
    if "value" in keys and any(place.exponents is not None for place in tag.snippets[0].places):
        raise SnippetError(
            f"{tag.name}: {tag.snippets[0].dialect} code needs minor units, and a data layer's total is in major units",
            hint="--value sets a fixed one; or put an expression for it into the code in the tag manager",
        )
    return {setting: Lookup(key, _own(tag.snippets[0], setting)) for setting, key in keys.items()}


def image_pieces(tag: ContainerTag, settings: Mapping[str, str], write: Callable[[str], str]) -> list[list[str]]:
    """Return the URL of each image in pieces: fixed text and what replaces a setting, in turn.

    Args:
        tag: one with an image.
        settings: what replaces each, written as it is.
        write: how fixed text is written.

    Raises:
        SnippetError: there is no image, it has no place for a setting, or a server makes part of it.
    """
    urls = images(tag, {name: f"\0{name}\0" for name in settings})
    return [
        [settings.get(text, "") if number % 2 else write(text) for number, text in enumerate(_STAND_IN.split(url))]
        for url in urls
    ]


def _own(snippet: Snippet, setting: str) -> str | None:
    """The code's own; the id of an order is that of no other."""
    if setting == "order_id" or any(place.name == setting and place.is_dynamic for place in snippet.places):
        return None
    return {"value": snippet.value, "currency": snippet.currency}[setting]
