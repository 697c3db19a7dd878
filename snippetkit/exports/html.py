"""Code to paste into any other tag manager: one page that shows each part as text, to be copied, and fires nothing.

The parts stand in text areas, whose content is only text to a browser (HTML standard, 13.2.5.2 "RCDATA state"): it is
what the button copies, and what `value` gives to a script. The page's own policy forbids every request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from snippetkit import templating
from snippetkit.containers import ContainerTag, Export, ExportOptions, images, script, setting_name
from snippetkit.exports._names import check_names, one_line, parts
from snippetkit.exports._notes import about_firing, waiting
from snippetkit.terms import TagVariant

TITLE = "Any other tag manager"
FILE_NAME = "snippets.html"
STEPS = (
    "open the file in a browser; nothing fires there",
    "in the tag manager, make a tag for custom HTML, or one for an image, with the name that is shown",
    "copy the code with its button, and paste it there",
    "set what is shown beside it: the pages or the event, and the consent",
)
MERGES = False
HAS_NATIVE = False
LOSES = frozenset[str]()

_DEFAULT = ExportOptions()


class _HtmlTag(NamedTuple):
    """A tag to make: its script, or the URL of each pixel's image."""

    name: str
    tag: ContainerTag
    script: str = ""
    image_urls: tuple[str, ...] = ()


def export(tags: Sequence[ContainerTag], options: ExportOptions = _DEFAULT) -> Export:
    """Return a page that shows the code of `tags`, and when each is to fire.

    Raises:
        SnippetError: two tags have one name, or the code lacks what is asked for, or a server makes part of it.
    """
    check_names(tags)
    entries = [entry for tag in tags for entry in _entries(tag)]
    text = templating.render("exports/html.html.j2", entries=entries)
    return Export(text.encode(), notes=tuple(_notes(tags)))


def _entries(tag: ContainerTag) -> Iterator[_HtmlTag]:
    keys = tag.event.keys if tag.event else {}
    for part in parts(tag):
        name = one_line(part.name)
        if part.variant is TagVariant.SCRIPT:
            if keys:
                script(tag, keys)  # the person will need a place for each
            yield _HtmlTag(name, tag, script=script(tag))
        else:
            images(tag, keys)
            yield _HtmlTag(name, tag, image_urls=images(tag))


def _notes(tags: Sequence[ContainerTag]) -> Iterator[str]:
    if waiting(tags):
        yield "the code asks for no consent itself: set it in the tag manager where the page says so"
    yield from about_firing(tags)
    for tag in tags:
        if tag.event and tag.event.keys:
            keys = " and ".join(f"{setting_name(setting)} from {key}" for setting, key in tag.event.keys.items())
            yield f"{tag.name}: the code has a fixed value: put your tag manager's own variables there, {keys}"
