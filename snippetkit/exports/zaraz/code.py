"""The markup of a Custom HTML action, and the tag's code in it.

Zaraz fills in `{{ }}` on its server: JSONata over the event's properties, put into the markup as it is
(developers.cloudflare.com/zaraz: "Track", "Using JSONata"). So a value comes percent-encoded, which breaks out of
nothing. The component (github.com/managed-components/custom-html) then takes the scripts out of the markup; each runs
as a block inside one function, and what is left is put between backticks.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from snippetkit.containers import ContainerTag, script
from snippetkit.errors import SnippetError
from snippetkit.exports._lookups import Lookup, image_pieces, lookups
from snippetkit.patterns import later
from snippetkit.terms import TagVariant

_PATH = r"client(?:\.(?:\w+|`[\w$]+`)|\[[0-9]+\])+"
_EXPRESSION = later(
    rf"\{{\{{ (?P<path>{_PATH}) != null and (?P=path) != ''"
    r" \? \$encodeUrlComponent\(\$string\((?P=path)\)\) : '(?P<constant>[^']*)' \}\}"
)
_CALL = later(rf'decodeURIComponent\("({_EXPRESSION.pattern})"\)')
_PLAIN = later(r"(?!(?:and|or|in|null|true|false|function)$)[A-Za-z_]\w*", re.ASCII)
# A browser does not load the same image twice in a row.
_NEW_EACH_TIME = "cb={{ system.misc.random }}"
_END = later(r"(?<!\n)(?=</script)", re.IGNORECASE)
_IN_MARKUP = str.maketrans({char: quote(char) for char in '\\`{"<>'} | {"&": "&amp;"})


def html_code(tag: ContainerTag) -> str:
    """Return the markup that fires a tag of one variant, script or image.

    Raises:
        SnippetError: Zaraz would change the code, or it has no place for what comes from the data layer.
    """
    return _images(tag) if tag.variant is TagVariant.IMAGE else _script(tag)


def _script(tag: ContainerTag) -> str:
    if called := next((one.function for one in tag.snippets if one.function), ""):
        raise SnippetError(f"{tag.name}: Zaraz runs the code in a function, where no page can call {called}()")
    text = script(tag, {name: f'decodeURIComponent("{text}")' for name, text in _expressions(tag).items()})
    fixed = _EXPRESSION.sub("", text)
    if "`" in fixed or "${" in fixed:
        raise SnippetError(
            f"{tag.name}: the code has a backtick or '${{', which Zaraz puts between backticks of its own",
            hint=r"write \x60 or \x24{ in its texts, and join texts with + where it has a template",
        )
    # Without the line break a comment at the end would swallow the end of the block.
    return _END.sub("\n", text)


def _images(tag: ContainerTag) -> str:
    urls = image_pieces(tag, _expressions(tag), lambda text: text.translate(_IN_MARKUP))
    return "".join(
        f'<img height="1" width="1" alt="" style="display:none" src="{_with_number("".join(url))}">' for url in urls
    )


def _with_number(url: str) -> str:
    return f"{url}{'&amp;' if '?' in url else '?'}{_NEW_EACH_TIME}"


def _expressions(tag: ContainerTag) -> dict[str, str]:
    """For each setting that comes from the data layer: it, percent-encoded, or the code's own where there is none."""
    keys = lookups(tag).items()
    return {name: _expression(_path(lookup.key), quote(lookup.own or "", safe="")) for name, lookup in keys}


def _expression(path: str, constant: str) -> str:
    return f"{{{{ {path} != null and {path} != '' ? $encodeUrlComponent($string({path})) : '{constant}' }}}}"


def _path(key: str) -> str:
    return "client" + "".join(map(_step, key.split(".")))


def _step(part: str) -> str:
    if part.isdecimal():
        return f"[{int(part)}]"
    return f".{part}" if _PLAIN.fullmatch(part) else f".`{part}`"


def name_lookups(markup: str) -> str:
    """Return markup with each of our expressions replaced by a variable, named after what it looks up."""
    return _EXPRESSION.sub(_variable, _CALL.sub(r"\1", markup))


def _variable(match: re.Match[str]) -> str:
    key = re.sub(r"\[([0-9]+)\]", r".\1", match["path"]).replace("`", "").removeprefix("client.")
    return f"{{{{{Lookup(key, unquote(match['constant']) or None).name}}}}}"
