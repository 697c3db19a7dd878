"""The images of the noscripts in markup that is to be written."""

from __future__ import annotations

from snippetkit import html


def has_noscript_image(markup: str) -> bool:
    """Whether a noscript holds an image."""
    elements = html.find_elements(markup.encode("utf-8", "surrogatepass"))
    return any(element.name == "img" and element.inside for element in elements)


def with_lazy_images(markup: str) -> str:
    """Return markup in which each image of a noscript has `loading="lazy"`; no other character changes."""
    return html.with_lazy_images(markup.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
