"""The code of Matomo's tags, and how it reads the data layer.

A `{{x}}` in Custom HTML becomes an expression inside a script, even where it stands in a string, and escaped text
outside (CustomHtmlTag.web.js); in an image's URL its value stands unencoded (CustomImageTag.web.js). So a
script has none: it asks the data layer itself. The URL has variables that encode what they give.
"""

from __future__ import annotations

import json
import re
from functools import cache
from html.entities import name2codepoint

from snippetkit import containers, templating
from snippetkit.containers import ContainerTag
from snippetkit.errors import SnippetError
from snippetkit.exports._lookups import Lookup, lookups
from snippetkit.exports.matomo.names import MAX_CHARACTERS, digest
from snippetkit.patterns import later
from snippetkit.records import dataclass

ENTITY = later(r"&(?=#?\w+;)", re.ASCII)
"""The ampersand of a possible character reference, which the import decodes (core/Common.php)."""

_REFERENCE = later(r"&(?:#(?:[0-9]+|[xX][0-9a-fA-F]+)|(?P<name>[A-Za-z][A-Za-z0-9]*));")
_JSON_TEXT = r"""("(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")"""
# With any other type, the script is put into the page as the inert element that it was parsed to.
_TYPE = later(r"""<script\b[^>]*?\stype\s*=\s*(["']?)([^"'>]*)\1""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MatomoLookup:
    """A setting from the data layer: its key there, and the constant that is used where there is none."""

    key: str
    constant: str

    @property
    def expression(self) -> str:
        """The ES5 expression that gives it; what the data layer holds is never read as code."""
        return templating.render("exports/matomo-data-layer.js.j2", setting=self).strip()

    @property
    def variable(self) -> str:
        """The name of the variable that gives it for a URL."""
        end = digest(f"{self.key} {self.constant}")
        return f"{self.key[: MAX_CHARACTERS - 1 - len(end)]} {end}"


@cache
def _expressions() -> re.Pattern[str]:
    """What matches an expression of a `MatomoLookup`, with the key and the constant as JSON in its groups."""
    text = re.escape(MatomoLookup("KEY", "CONSTANT").expression)
    return re.compile(text.replace('"KEY"', _JSON_TEXT).replace('"CONSTANT"', _JSON_TEXT))


def name_lookups(html: str) -> str:
    """Return Custom HTML with each of our expressions replaced by a variable, named after what it looks up."""
    return _expressions().sub(_variable, html)


def _variable(match: re.Match[str]) -> str:
    try:
        return f"{{{{{Lookup(json.loads(match[1]), json.loads(match[2]) or None).name}}}}}"
    except ValueError:
        return match[0]


def settings(tag: ContainerTag) -> dict[str, MatomoLookup]:
    """Return what a tag takes from the data layer, by setting.

    Raises:
        SnippetError: the tag has several pixels, each with a value.
    """
    return {name: MatomoLookup(lookup.key, lookup.own or "") for name, lookup in lookups(tag).items()}


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


def _checked(tag: ContainerTag, text: str) -> str:
    for reference in _REFERENCE.finditer(text):
        if reference["name"] is None or reference["name"] in name2codepoint:
            raise SnippetError(
                f"{tag.name}: the import of Matomo would decode {reference[0]} in the code",
                hint="write the character itself, or \\x26 for '&' inside a JavaScript string",
            )
    return text
