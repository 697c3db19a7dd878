"""Every dialect's code, base code and events in several scripts, events with images: in every format read again."""

from __future__ import annotations

import json

import pytest

from snippetkit import snippets
from snippetkit.containers import ContainerTag, ExportOptions
from snippetkit.errors import SnippetError
from snippetkit.exports import ReadableFormat
from snippetkit.model import Snippet
from snippetkit.terms import TagsAs, TagVariant
from tests.conftest import CASES
from tests.tags import exact
from tests.test_exports import READABLE
from tests.test_joining import SHAPES


@pytest.mark.wide
@pytest.mark.parametrize("found", READABLE, ids=lambda found: found.TITLE)
@pytest.mark.parametrize("variant", TagVariant)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_event_and_every_image_is_there_again(found: ReadableFormat, variant: TagVariant, shape: str) -> None:
    [group] = snippets.group(snippets.read(SHAPES[shape]))
    joined = snippets.join(group)
    content = found.export([ContainerTag("Shop", (joined,), variant, exact("/thanks.html"))]).content
    contents = found.read(json.loads(content))
    assert (contents.others, contents.not_read) == ((), ())
    reported = [one for tag in contents.tags for one in tag.snippets]
    if variant is not TagVariant.IMAGE:
        scripts = {one.event: one.value for one in reported if one.dialect != "image"}
        assert scripts == {one.event: one.value for one in joined.events}
    if variant is not TagVariant.SCRIPT:
        assert sum(one.dialect == "image" for one in reported) == len(joined.image_urls)


_ONLY_ON_PAGES = {"audience", "image", "rakuten"}
"""What no tag manager is given: an audience's code, and images alone."""
_CODES = sorted({path.stem for path in (CASES / "code").glob("*.html")} - _ONLY_ON_PAGES)
_REFUSED = {("dotq", "Matomo Tag Manager")}
"""Code of a type that the tag manager does not run."""


def _told(snippet: Snippet) -> tuple[object, ...]:
    settings = (snippet.event, snippet.value, snippet.currency, snippet.order_id, snippet.event_id)
    return (snippet.dialect, snippet.pixel_id, *settings, snippet.conversion)


@pytest.mark.parametrize("found", READABLE, ids=lambda found: found.TITLE)
@pytest.mark.parametrize("name", _CODES)
def test_the_code_of_every_dialect_is_told_as_it_was_given(found: ReadableFormat, name: str) -> None:
    code = (CASES / "code" / f"{name}.html").read_text("utf-8")
    given = [one for group in snippets.group(snippets.read(code)) for one in [snippets.join(group)]]
    tags = [ContainerTag(f"Tag {at}", (one,), rules=exact("/x")) for at, one in enumerate(given)]
    if (name, found.TITLE) in _REFUSED:
        with pytest.raises(SnippetError):
            found.export(tags)
        return
    content = found.export(tags, ExportOptions(tags_as=TagsAs.HTML)).content
    contents = found.read(json.loads(content))
    assert (contents.others, contents.not_read) == ((), ())
    told = {_told(one) for tag in contents.tags for one in tag.snippets}
    assert told == {_told(event) for one in given for event in one.events}
