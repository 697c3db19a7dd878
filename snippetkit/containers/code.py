"""The code of a container tag: the script that a tag manager runs, and the images that it loads."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from snippetkit.containers.braces import split_braces
from snippetkit.containers.container_tags import ContainerTag
from snippetkit.errors import SnippetError
from snippetkit.model import Place, Snippet, Span
from snippetkit.templating import Template, render_blocks

_SERVER_MARKS = ("<?", "<%", "{%")
# Inside the function that some tag managers wrap around code, `var` would make the shared global a local variable.
_LOCAL = re.compile(r"\bvar(\s+)fb_param(?=\s*=)")
_STAND_INS = {"value": "SNIPPETKIT_VALUE", "currency": "SNIPPETKIT_CURRENCY"}
_NONE: dict[str, str] = {}


def script(tag: ContainerTag, expressions: Mapping[str, str] = _NONE) -> str:
    """Return the script element of a tag, which works inside a function too.

    Args:
        tag: any.
        expressions: for a setting, `value` or `currency`, the JavaScript expression that takes its place, quotes and
            all.

    Raises:
        SnippetError: there is no script, it has no place for a setting, or a server makes a part of it.
    """
    if len(tag.snippets) > 1:
        return render_blocks(Template("combined"), tag.snippets)["script"]
    [snippet] = tag.snippets
    text = _written(tag, snippet, snippet.script_span, expressions, with_quotes=True)
    try:
        text = split_braces(_LOCAL.sub("window.fb_param", text))
    except SnippetError as error:
        raise SnippetError(f"{tag.name}: {error}", hint=error.hint) from error
    return _filled(text, expressions)


def images(tag: ContainerTag, expressions: Mapping[str, str] = _NONE) -> tuple[str, ...]:
    """Return the URL of each pixel's image, decoded and https.

    Args:
        tag: any.
        expressions: for a setting the text that takes its place, as it is.

    Raises:
        SnippetError: there is no image, it has no place for a setting, or a server makes a part of it.
    """
    return tuple(_image(tag, snippet, expressions) for snippet in tag.snippets)


def _image(tag: ContainerTag, snippet: Snippet, expressions: Mapping[str, str]) -> str:
    text = _written(tag, snippet, snippet.image_span, expressions, with_quotes=False)
    return _filled(replace(snippet, source=text, image_span=(0, len(text))).image_url, expressions)


def _filled(text: str, expressions: Mapping[str, str]) -> str:
    for name, expression in expressions.items():
        text = text.replace(_STAND_INS[name], expression)
    return text


def _written(
    tag: ContainerTag, snippet: Snippet, span: Span | None, settings: Collection[str], *, with_quotes: bool
) -> str:
    """The text of a span with stand-ins in the places of the settings."""
    if span is None:
        missing, other = ("script", "image") if with_quotes else ("image", "script")
        raise SnippetError(f"{tag.name}: the code has no {missing}", hint=f"--variant {other} fires the {other} alone")
    start, end = span
    places = [place for place in snippet.places if start <= place.start and place.end <= end]
    for name in {*settings} - {place.name for place in places}:
        reason = snippet.gaps.get(name, "the code has no place for it")
        raise SnippetError(f"{tag.name}: no {name} to take from the data layer: {reason}")
    text = snippet.source
    for place in sorted((place for place in places if place.name in settings), key=lambda place: -place.start):
        inset = 1 if with_quotes and _is_quoted(text, (place.start, place.end)) else 0
        text = text[: place.start - inset] + _STAND_INS[place.name] + text[place.end + inset :]
    text = text[start : end + len(text) - len(snippet.source)]
    _check_fixed(tag, text, [place for place in places if place.name not in settings], snippet.source)
    return text


def _is_quoted(text: str, span: Span) -> bool:
    start, end = span
    return text[start - 1] == text[end] and text[end] in "'\""


def _check_fixed(tag: ContainerTag, text: str, places: Sequence[Place], source: str) -> None:
    """No server will run what is left in a tag manager's code."""
    kept = [source[place.start : place.end] for place in places if place.is_dynamic]
    if any(mark in text for mark in _SERVER_MARKS) or any("{{" in part for part in kept):
        raise SnippetError(
            f"{tag.name}: the code holds server code, which no tag manager runs",
            hint="--value with --force puts a fixed value in its place",
        )
