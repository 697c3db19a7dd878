"""What a Content-Security-Policy has to allow for the tags of an export."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from snippetkit import platforms
from snippetkit.containers import ContainerTag, images
from snippetkit.csp import Additions, own_origins
from snippetkit.terms import TagVariant


def additions(tags: Sequence[ContainerTag]) -> Additions:
    """Return the hosts that the code of the tags reaches, each once; allowing the code itself is up to the manager.

    Raises:
        SnippetError: a tag lacks what it is to fire.
    """
    loads = any(tag.variant is not TagVariant.IMAGE for tag in tags)
    shown = (tag for tag in tags if tag.variant is not TagVariant.SCRIPT)
    hosts = dict.fromkeys(_origin(url) for tag in shown for url in images(tag))
    dialects = {platforms.dialect_named(snippet.dialect) for tag in tags for snippet in tag.snippets} if loads else ()
    in_order = sorted(dialects, key=lambda dialect: dialect.name)
    origins = [origin for dialect in in_order for origin in dialect.platform.image_origins]
    loaders = [one.own_loader for one in in_order if one.own_loader]
    code = "".join(snippet.source for tag in tags for snippet in tag.snippets) if loads else ""
    own = own_origins((dialect.platform for dialect in in_order), code)
    return Additions(
        tuple(dict.fromkeys([*(origin for one in in_order for origin in one.platform.script_origins), *own])),
        tuple(dict.fromkeys([*origins, *own, *hosts])),
        connect_src=tuple(dict.fromkeys([*own, *(origin for one in loaders for origin in one.connect)])),
        frame_src=tuple(dict.fromkeys(origin for one in loaders for origin in one.frames)),
    )


def _origin(url: str) -> str:
    return f"https://{urlsplit(url).netloc}"
