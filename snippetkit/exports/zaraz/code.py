"""The markup of a Custom HTML action, and the tag's code that stands in it.

Zaraz fills `{{ }}` in on its server: JSONata over the event's properties, put into the markup as it is
(developers.cloudflare.com/zaraz: "Track", "Using JSONata"). So a value comes percent-encoded, which breaks out of
nothing. The component (github.com/managed-components/custom-html) then takes the scripts out of the markup; each is run
as a block inside one function, and what is left is put between backticks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from urllib.parse import quote, unquote

from snippetkit import snippets
from snippetkit.containers import ContainerTag, DataLayerEvent, images, script
from snippetkit.errors import SnippetError
from snippetkit.model import Snippet
from snippetkit.terms import TagVariant

_PATH = r"client(?:\.(?:\w+|`[\w$]+`)|\[[0-9]+\])+"
_EXPRESSION = re.compile(
    rf"\{{\{{ (?P<path>{_PATH}) != null and (?P=path) != ''"
    r" \? \$encodeUrlComponent\(\$string\((?P=path)\)\) : '(?P<constant>[^']*)' \}\}"
)
_CALL = re.compile(rf'decodeURIComponent\("({_EXPRESSION.pattern})"\)')
_PLAIN = re.compile(r"(?!(?:and|or|in|null|true|false|function)$)[A-Za-z_]\w*", re.ASCII)
# A browser loads an image that it has just loaded no second time.
_NEW_EACH_TIME = "cb={{ system.misc.random }}"
_AT_END = re.compile(rf"(?:&amp;|\?){re.escape(_NEW_EACH_TIME)}(?=\")")
_IN_MARKUP = str.maketrans({char: quote(char) for char in '\\`{"<>'} | {"&": "&amp;"})


def html_code(tag: ContainerTag) -> str:
    """Return the markup that fires a tag of one variant, script or image.

    Raises:
        SnippetError: Zaraz would change the code, or it has no place for what comes from the data layer.
    """
    if tag.event and tag.event.keys and len(tag.snippets) > 1:
        raise SnippetError(f"{tag.name}: the data layer has one value, but the code reports several pixels")
    return _images(tag) if tag.variant is TagVariant.IMAGE else _script(tag)


def _script(tag: ContainerTag) -> str:
    text = script(tag, {name: f'decodeURIComponent("{text}")' for name, text in _expressions(tag).items()})
    fixed = _EXPRESSION.sub("", text)
    if "`" in fixed or "${" in fixed:
        raise SnippetError(
            f"{tag.name}: the code has a backtick or '${{', which Zaraz puts between backticks of its own",
            hint=r"write \x60 or \x24{ in its texts, and join texts with + where it has a template",
        )
    inner = text[: text.rindex("</")]
    # Without the line break a comment at the end would go on over the end of the block.
    return inner + "\n" * (not inner.endswith("\n")) + text[len(inner) :]


def _images(tag: ContainerTag) -> str:
    expressions = _expressions(tag)
    stand_ins = {name: f"\0{name}\0" for name in expressions}
    markup = "".join(
        f'<img height="1" width="1" alt="" style="display:none" src="{_src(url)}">' for url in images(tag, stand_ins)
    )
    for name, expression in expressions.items():
        markup = markup.replace(stand_ins[name], expression)
    return markup


def _src(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}".translate(_IN_MARKUP) + _NEW_EACH_TIME


def _expressions(tag: ContainerTag) -> dict[str, str]:
    """For each setting that comes from the data layer: it, percent-encoded, or the code's own where there is none."""
    keys = tag.event.keys if tag.event else {}
    return {name: _expression(_path(key), _own(tag.snippets[0], name)) for name, key in keys.items()}


def _own(snippet: Snippet, name: str) -> str:
    """A setting of the code, percent-encoded; empty where it is an expression, which Zaraz cannot evaluate."""
    if any(place.name == name and place.is_dynamic for place in snippet.places):
        return ""
    return quote({"value": snippet.value, "currency": snippet.currency}[name] or "", safe="")


def _expression(path: str, constant: str) -> str:
    return f"{{{{ {path} != null and {path} != '' ? $encodeUrlComponent($string({path})) : '{constant}' }}}}"


def _path(key: str) -> str:
    return "client" + "".join(map(_step, key.split(".")))


def _step(part: str) -> str:
    if part.isdecimal():
        return f"[{int(part)}]"
    return f".{part}" if _PLAIN.fullmatch(part) else f".`{part}`"


def with_code(tag: ContainerTag, *codes: str) -> ContainerTag | None:
    """Return a tag with the code of its markup, or None where the markup is not what `html_code` gives.

    Args:
        tag: one without snippets; its event has no keys.
        codes: the markup of its script, of its image, or of both.
    """
    found = _snippets(codes)
    variants = [TagVariant.SCRIPT, TagVariant.IMAGE] if tag.variant is TagVariant.BOTH else [tag.variant]
    for event in _events(tag.event, codes):
        whole = replace(tag, snippets=found, event=event)
        if found and [_try_code(replace(whole, variant=variant)) for variant in variants] == [*codes]:
            return whole
    return None


def _try_code(tag: ContainerTag) -> str | None:
    try:
        return html_code(tag)
    except SnippetError:
        return None


def _snippets(codes: tuple[str, ...]) -> tuple[Snippet, ...]:
    fixed = [_EXPRESSION.sub(_constant, _CALL.sub(_literal, _AT_END.sub("", code))) for code in codes]
    found = snippets.read(fixed[0] + "".join(f"<noscript>{code}</noscript>" for code in fixed[1:]))
    if {snippet.dialect for snippet in found} <= {"fp", "image"}:
        return tuple(found)
    try:
        return (snippets.join(found),)
    except SnippetError:
        return ()


def _constant(match: re.Match[str]) -> str:
    return match["constant"]


def _literal(match: re.Match[str]) -> str:
    return json.dumps(unquote(match["constant"]))


def _events(event: DataLayerEvent | None, codes: tuple[str, ...]) -> Iterator[DataLayerEvent | None]:
    """The events that a tag with this code may have: each with other keys."""
    paths = dict.fromkeys(match["path"] for code in codes for match in _EXPRESSION.finditer(code))
    keys = [re.sub(r"\[([0-9]+)\]", r".\1", path).replace("`", "").removeprefix("client.") for path in paths]
    if event is None or not keys:
        yield event
        return
    for value_key, currency_key in product([None, *keys], repeat=2):
        yield replace(event, value_key=value_key, currency_key=currency_key)
