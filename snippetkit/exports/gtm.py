"""Google Tag Manager: a container file, export format version 2, for Admin > Import Container.

The shape is that of the tool's own exports; its resources are those of the Tag Manager API v2 discovery document,
with the enumerations in upper snake case. Ids and fingerprint are fixed, so the same tags give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count

from snippetkit import templating
from snippetkit.errors import SnippetError
from snippetkit.model import ContainerTag

MAX_HTML_CHARACTERS = 102_400

_SERVER_MARKS = ("<?", "<%", "{%")
_EXPORT_TIME = "2015-01-01 00:00:00"
_FINGERPRINT = "1420070400000"


def export(tags: Sequence[ContainerTag]) -> str:
    """Return the text of a container file that holds `tags`.

    Each tag is Custom HTML with the script alone: Google Tag Manager leaves a noscript in Custom HTML inert. It
    fires once per page, where its trigger says and the visitor consented to ads.

    Raises:
        SnippetError: two tags have one name, two pixels of one dialect fire on one page, or a script cannot stand
            in Custom HTML.
    """
    _check_together(tags)
    for tag in tags:
        _check(tag)
    ids = count(1)
    tag_ids = [str(next(ids)) for _ in tags]
    paths = [tag.page_path for tag in tags if tag.page_path is not None]
    text = templating.render(
        "exports/gtm.json.j2",
        tags=list(zip(tag_ids, tags, strict=True)),
        trigger_ids={path: str(next(ids)) for path in paths},
        export_time=_EXPORT_TIME,
        fingerprint=_FINGERPRINT,
    )
    return json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"


def _check_together(tags: Sequence[ContainerTag]) -> None:
    if len({tag.name for tag in tags}) != len(tags):
        raise SnippetError("two tags of one name: Google Tag Manager merges by name, so one would be lost")
    places = [(tag.snippet.dialect, tag.page_path) for tag in tags if tag.page_path is not None]
    if len(set(places)) != len(places):
        raise SnippetError("two pixels of one dialect on one page: they would not both report right")


def _check(tag: ContainerTag) -> None:
    if "{{" in f"{tag.snippet.script}{tag.page_path}":
        raise SnippetError(f"{tag.name}: Google Tag Manager would read '{{{{' in the script or the path as a variable")
    if any(mark in tag.snippet.script for mark in _SERVER_MARKS):
        raise SnippetError(
            f"{tag.name}: the script holds server code, which Google Tag Manager does not run",
            hint="--value with --force puts a fixed value in its place",
        )
    if len(tag.snippet.script) > MAX_HTML_CHARACTERS:
        raise SnippetError(f"{tag.name}: Custom HTML may have {MAX_HTML_CHARACTERS} characters")
