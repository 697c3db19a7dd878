"""What is in a container, whoever made it: which tags have code that reports something, and which do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from snippetkit import platforms, snippets
from snippetkit.containers import ContainerTag
from snippetkit.exports._broken import find_broken
from snippetkit.model import Snippet
from snippetkit.records import dataclass, field, replace

# Text that does not begin with markup would be read as a script; in a tag it is only text.
_AS_MARKUP = "<!---->"
_NAME = "tag.html"
_IDLE = "a tag manager runs where JavaScript does, and what is in a noscript is not shown there"


@dataclass(frozen=True, slots=True)
class TagReading:
    """A tag as it stands in a container.

    `kind` is what the tag manager calls such tags. Any of the triggers that `fires` names fires it, where none of
    `blocks` holds, and from the time `starts` to `ends`, in UTC, each empty where there is none. `consent` is what it
    waits for, empty where that is nothing, None where the file does not say; `folder` is None where it is in none.
    `snippets` is what its code reports; a variable of the tag manager stands there as `{{its name}}`. `reason` says why
    its code is not read, empty where it is read or there is none.
    """

    name: str
    kind: str
    fires: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    consent: tuple[str, ...] | None = None
    folder: str | None = None
    is_paused: bool = False
    starts: str = ""
    ends: str = ""
    snippets: tuple[Snippet, ...] = field(default=(), repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The tags of a container, in its order.

    `tags` have conversion code, `others` have other code, and `not_read` have no code of their own: what such a
    tag reports is its tag manager's or its template's affair. Conversion code that does not end is not read either.
    """

    tags: tuple[TagReading, ...]
    others: tuple[TagReading, ...]
    not_read: tuple[TagReading, ...]


class Triable(NamedTuple):
    """What a stand-in of a tag manager's runtime can be given of a container.

    `content` is a file with the tags that can be tried, `tags` what these fire and when, and `left_out` says of each
    other tag that reports something, by its name, why it is not tried.
    """

    content: bytes
    tags: tuple[ContainerTag, ...]
    left_out: Mapping[str, str]


def contents(tagged_code: Iterable[tuple[TagReading, str | None]]) -> Contents:
    """Return what stands in a container.

    Args:
        tagged_code: its tags, each with its code as a page would have it, None where it has no code of its own; then
            what it reports may be told by its settings, and be its `snippets`.
    """
    tags: list[TagReading] = []
    others: list[TagReading] = []
    not_read: list[TagReading] = []
    for tag, code in tagged_code:
        if code is None:
            (tags if tag.snippets else not_read).append(tag)
            continue
        reports = tuple(_reports(code))
        if reason := "" if reports else _why_not_read(code):
            not_read.append(replace(tag, reason=reason))
        else:
            (tags if reports else others).append(replace(tag, snippets=reports))
    return Contents(tuple(tags), tuple(others), tuple(not_read))


def image(url: str) -> str:
    """Return the element of an image, as a page would have it."""
    return f'<img alt="" src="{url.replace("&", "&amp;").replace(chr(34), "&quot;")}">'


def _why_not_read(code: str) -> str:
    """What keeps code that looks like conversion code from being read, empty where nothing does."""
    document = snippets.parse(_AS_MARKUP + code)
    told, told_in_string = platforms.mention(), platforms.mention_in_string()
    reasons = [(state.start, state.reason) for state in document.states.values() if state.is_broken]
    reasons += [
        (one.start, one.reason)
        for one in find_broken(document)
        if told_in_string.search(document.data, one.element.inner_start, one.element.inner_end)
    ]
    reasons += [
        (element.start, f"the {element.name} is not closed")
        for element in document.elements
        if not element.is_closed and told.search(document.masked, element.inner_start, element.inner_end)
    ]
    return next((f"line {document.position(start)[0]}: {reason}" for start, reason in sorted(reasons)), "")


def _reports(code: str) -> Iterator[Snippet]:
    for document in snippets.read_source(_NAME, _AS_MARKUP + code):
        broken = {one.element.start: one.reason for one in find_broken(document)}
        for reported, read in (
            (document.codes, snippets.read_document),
            (document.handlers, snippets.read_handlers),
            (document.bases, snippets.read_bases),
        ):
            for one, snippet in zip(reported, read(document), strict=True):
                reason = broken.get(one.script.start, "") if one.script else ""
                yield _in_a_tag(snippet, reason)


def _in_a_tag(snippet: Snippet, why_broken: str) -> Snippet:
    """What code reports where a tag manager runs it."""
    settings = (snippet.pixel_id, snippet.event, snippet.value, snippet.currency)
    is_dynamic = snippet.dynamic or any("{{" in setting for setting in settings if setting)
    reason = why_broken or (_IDLE if snippet.noscript_span and not snippet.script_span else "")
    reading = replace(snippet, dynamic=is_dynamic)
    return replace(reading, state=snippets.DEAD, reason=reason) if reason else reading
