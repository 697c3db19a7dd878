"""The code of Matomo's tags, and how it reads the data layer.

A `{{x}}` in Custom HTML becomes an expression inside a script, also where it stands in a string, and escaped text
outside (CustomHtmlTag.web.js); in an image's URL its value stands as it is, not encoded (CustomImageTag.web.js). So a
script has none: it asks the data layer itself. The URL has variables that encode what they give.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from html.entities import name2codepoint

from snippetkit import containers, templating
from snippetkit.containers import ContainerTag
from snippetkit.errors import SnippetError
from snippetkit.exports.matomo.names import MAX_CHARACTERS, digest

ENTITY = re.compile(r"&(?=#?\w+;)", re.ASCII)
"""The ampersand of what may be a character reference, which the import decodes (core/Common.php)."""

_REFERENCE = re.compile(r"&(?:#(?:[0-9]+|[xX][0-9a-fA-F]+)|(?P<name>[A-Za-z][A-Za-z0-9]*));")
_JSON_TEXT = r"""("(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")"""
# Whatever else the type is, the script is put into the page as the inert element that it was parsed to.
_TYPE = re.compile(r"""<script\b[^>]*?\stype\s*=\s*(["']?)([^"'>]*)\1""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting from the data layer: the key there, and the constant that counts where there is none."""

    key: str
    constant: str

    @property
    def expression(self) -> str:
        """The JavaScript expression, in ES5, that gives it; what the data layer holds is never read as code."""
        return templating.render("exports/matomo-data-layer.js.j2", setting=self).strip()

    @property
    def variable(self) -> str:
        """The name of the variable that gives it for a URL."""
        end = digest(f"{self.key} {self.constant}")
        return f"{self.key[: MAX_CHARACTERS - 1 - len(end)]} {end}"


@cache
def _expressions() -> re.Pattern[str]:
    """What matches an expression of a `Setting`, with the key and the constant as JSON in its groups."""
    text = re.escape(Setting("KEY", "CONSTANT").expression)
    return re.compile(text.replace('"KEY"', _JSON_TEXT).replace('"CONSTANT"', _JSON_TEXT))


def find_settings(text: str) -> list[tuple[int, int, Setting]]:
    """Return where expressions begin and end in a text, and what each of them gives."""
    found = _expressions().finditer(text)
    return [(match.start(), match.end(), Setting(json.loads(match[1]), json.loads(match[2]))) for match in found]


def settings(tag: ContainerTag) -> dict[str, Setting]:
    """Return what a tag takes from the data layer, by the setting's name.

    Raises:
        SnippetError: the tag has several pixels, which have a value each.
    """
    keys = tag.event.keys if tag.event else {}
    if keys and len(tag.snippets) > 1:
        raise SnippetError(f"{tag.name}: several pixels in one script cannot take their values from the data layer")
    return {name: Setting(key, _constant(tag, name)) for name, key in keys.items()}


def script(tag: ContainerTag) -> str:
    """Return the Custom HTML of a tag.

    Raises:
        SnippetError: Matomo cannot hold the code.
    """
    text = containers.script(tag, {name: setting.expression for name, setting in settings(tag).items()})
    if "{{" in text:
        raise SnippetError(f"{tag.name}: Matomo would read '{{{{' in the script as a variable")
    kind = _TYPE.match(text)
    if kind and kind[2].lower() not in {"", "text/javascript"}:
        raise SnippetError(
            f"{tag.name}: Matomo would not run a script of the type {kind[2]!r}", hint="leave the type out of the tag"
        )
    return _checked(tag, text)


def images(tag: ContainerTag) -> tuple[str, ...]:
    """Return the URLs of a tag's Custom Images.

    Raises:
        SnippetError: Matomo cannot hold one.
    """
    if any("{{" in url for url in containers.images(tag)):
        raise SnippetError(f"{tag.name}: Matomo would read '{{{{' in the image's URL as a variable")
    names = {name: f"{{{{{setting.variable}}}}}" for name, setting in settings(tag).items()}
    return tuple(_checked(tag, url) for url in containers.images(tag, names))


def _constant(tag: ContainerTag, name: str) -> str:
    """The code's own setting; what it works out while the page is shown is none."""
    [snippet] = tag.snippets
    is_dynamic = any(place.is_dynamic for place in snippet.places if place.name == name)
    text = snippet.value if name == "value" else snippet.currency
    return "" if is_dynamic else text or ""


def _checked(tag: ContainerTag, text: str) -> str:
    for reference in _REFERENCE.finditer(text):
        if reference["name"] is None or reference["name"] in name2codepoint:
            raise SnippetError(
                f"{tag.name}: the import of Matomo would decode {reference[0]} in the code",
                hint="write the character itself, or \\x26 for '&' inside a JavaScript string",
            )
    return text
