"""`loading="lazy"` on the images of a noscript (WHATWG HTML standard, 2.5.7 "Lazy loading attributes").

Where JavaScript runs, an image that a soft visit puts into the page in its noscript is then not requested; where a
browser runs no scripts, `lazy` is ignored.
"""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit.html.elements import Element, find_elements

_START = len("<img")


def with_lazy_images(data: bytes) -> bytes:
    """Return markup in which each image of a noscript has `loading="lazy"`; no other byte changes."""
    for image in reversed([*_images(data)]):
        loading = image.attributes.get("loading")
        if loading and loading.value:
            data = data[: loading.start] + b"lazy" + data[loading.start + len(loading.value) :]
        else:
            at = image.start + _START
            data = data[:at] + b' loading="lazy"' + data[at:]
    return data


def has_lazy_images(data: bytes) -> bool:
    """Whether an image of a noscript has `loading="lazy"`."""
    if b"lazy" not in data.lower():
        return False
    loading = (image.attributes.get("loading") for image in _images(data))
    return any(attribute is not None and attribute.value.lower() == b"lazy" for attribute in loading)


def _images(data: bytes) -> Iterator[Element]:
    return (element for element in find_elements(data) if element.name == "img" and element.inside)
