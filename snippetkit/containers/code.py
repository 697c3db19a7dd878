"""The code of a container tag: the script that a tag manager runs, and the images that it loads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from snippetkit import platforms
from snippetkit.containers.braces import split_braces
from snippetkit.containers.container_tags import ContainerTag
from snippetkit.errors import SnippetError
from snippetkit.model import Snippet, Span
from snippetkit.places import SettingPlace
from snippetkit.records import replace
from snippetkit.server_code import find_in_script

_STAND_INS = {
    "value": "SNIPPETKIT_VALUE",
    "currency": "SNIPPETKIT_CURRENCY",
    "order_id": "SNIPPETKIT_ORDER_ID",
}
_WORDS = {"order_id": "order's id"}
_NONE: dict[str, str] = {}


def script(tag: ContainerTag, expressions: Mapping[str, str] = _NONE) -> str:
    """Return the script element of a tag, which works inside a function too.

    Args:
        tag: any.
        expressions: for a setting, `value`, `currency` or `order_id`, the JavaScript expression that takes its place,
            quotes and all.

    Raises:
        SnippetError: there is no script, it has no place for a setting, or a server makes a part of it.
    """
    if len(tag.snippets) > 1:
        from snippetkit.templating import Template, render_blocks

        return render_blocks(Template("combined"), tag.snippets)["script"]
    [snippet] = tag.snippets
    text = _written(tag, snippet, snippet.script_span, expressions, with_quotes=True)
    try:
        text = split_braces(_local().sub(r"window.\2", text))
    except SnippetError as error:
        raise SnippetError(f"{tag.name}: {error}", hint=error.hint) from error
    return _filled(text, expressions)


def setting_name(setting: str) -> str:
    """Return what people call a setting: the `value`, the `currency`, the `order's id`."""
    return _WORDS.get(setting, setting)


@cache
def _local() -> re.Pattern[str]:
    """What declares a shared global: in the function that some tag managers wrap around code, `var` makes it local."""
    names = sorted({path for dialect in platforms.every() for path in dialect.settings if "." not in path})
    return re.compile(rf"\bvar(\s+)({'|'.join(map(re.escape, names)) or '(?!)'})(?=\s*=)")


def images(tag: ContainerTag, expressions: Mapping[str, str] = _NONE) -> tuple[str, ...]:
    """Return the URL of the image of each pixel, and of each of its events that has one, decoded and https.

    Args:
        tag: any.
        expressions: for a setting, the text that takes its place, as it is.

    Raises:
        SnippetError: there is no image, it has no place for a setting, or a server makes a part of it.
    """
    return tuple(url for snippet in tag.snippets for url in _images(tag, snippet, expressions))


def _images(tag: ContainerTag, snippet: Snippet, expressions: Mapping[str, str]) -> Iterator[str]:
    of_image = {event.image_span: event for event in (*snippet.others, snippet)}
    for span in sorted(of_image, key=lambda span: span or (0, 0)):
        event = of_image[span]
        yield _image(tag, event, expressions if event is snippet else _NONE)


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
    """The text of a span with stand-ins in place of the settings."""
    if span is None:
        missing, other = ("script", "image") if with_quotes else ("image", "script")
        raise SnippetError(f"{tag.name}: the code has no {missing}", hint=f"--variant {other} fires the {other} alone")
    start, end = span
    places = [place for place in snippet.places if start <= place.start and place.end <= end]
    others = [place for other in snippet.others for place in other.places if start <= place.start and place.end <= end]
    for name in sorted({*settings} - {place.name for place in places}):
        reason = snippet.gaps.get(name, "the code has no place for it")
        raise SnippetError(f"{tag.name}: no {setting_name(name)} to take from the data layer: {reason}")
    text = snippet.source
    for place in sorted((place for place in places if place.name in settings), key=lambda place: -place.start):
        inset = 1 if with_quotes and _is_quoted(text, (place.start, place.end)) else 0
        text = text[: place.start - inset] + _STAND_INS[place.name] + text[place.end + inset :]
    text = text[start : end + len(text) - len(snippet.source)]
    fixed = [place for place in places if place.name not in settings] + others
    _check_fixed(tag, text, fixed, snippet.source, "'\"" if with_quotes else "=")
    return text


def _is_quoted(text: str, span: Span) -> bool:
    start, end = span
    return text[start - 1] == text[end] and text[end] in "'\""


def _check_fixed(tag: ContainerTag, text: str, places: Sequence[SettingPlace], source: str, ends: str) -> None:
    """Refuse server code, which no server will run in a tag manager; `split_braces` sees to the `{{` of a script."""
    has_server_code = find_in_script(text.replace("{{", "  ").encode()) is not None
    if has_server_code or any(_is_of_server(place, source, ends) for place in places if place.is_dynamic):
        raise SnippetError(
            f"{tag.name}: the code holds server code, which no tag manager runs",
            hint="--value with --force puts a fixed value in its place",
        )


def _is_of_server(place: SettingPlace, source: str, ends: str) -> bool:
    """Whether a server makes a value that is not the script's own: all that is quoted, or in a URL."""
    before = source[place.start - 1]
    has_code = before != "`" and find_in_script(source[place.start : place.end].encode()) is not None
    return has_code or before in ends
