"""What a Content-Security-Policy has to allow for the tags of an export."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from snippetkit.containers import ContainerTag, images
from snippetkit.csp import IMAGE_ORIGIN, LOADER_ORIGIN, Additions
from snippetkit.terms import TagVariant


def additions(tags: Sequence[ContainerTag]) -> Additions:
    """Return the hosts that the code of the tags reaches, each once; what allows the code itself is the manager's.

    Raises:
        SnippetError: a tag has not what it is to fire.
    """
    loads = any(tag.variant is not TagVariant.IMAGE for tag in tags)
    shown = (tag for tag in tags if tag.variant is not TagVariant.SCRIPT)
    hosts = dict.fromkeys(_origin(url) for tag in shown for url in images(tag))
    return Additions(
        (LOADER_ORIGIN,) if loads else (), tuple(dict.fromkeys([*([IMAGE_ORIGIN] if loads else []), *hosts]))
    )


def _origin(url: str) -> str:
    return f"https://{urlsplit(url).netloc}"
