"""Base code and events in several scripts, and events with an image each, in every format that is read again."""

from __future__ import annotations

import json

import pytest

from snippetkit import snippets
from snippetkit.containers import ContainerTag
from snippetkit.exports import ReadableFormat
from snippetkit.terms import TagVariant
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
