"""The code of Matomo's tags to snippets: what comes from the data layer is a constant again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from snippetkit import snippets
from snippetkit.errors import SnippetError
from snippetkit.exports.matomo.code import find_settings
from snippetkit.exports.matomo.document import VARIABLE, Document
from snippetkit.model import Snippet

_Replacement = tuple[int, int, str, str]
"""Where a text begins and ends, what takes its place, and the key in the data layer."""


def read_code(document: Document, html: str, urls: Sequence[str]) -> tuple[tuple[Snippet, ...], dict[str, str]]:
    """Return the snippets of a tag, and the keys of its settings in the data layer.

    Args:
        document: which has the variables.
        html: the Custom HTML, empty where there is none.
        urls: of the images.

    Raises:
        SnippetError: it is not conversion code.
    """
    images = "".join(f'<img src="{url.replace("&", "&amp;")}">' for url in urls)
    images, keys_at = _replaced(images, _variables(document, images))
    if html:
        literals = ((start, end, json.dumps(found.constant), found.key) for start, end, found in find_settings(html))
        html, keys_at = _replaced(html, literals)
        images = f"\n<noscript>{images}</noscript>" if urls else ""
    found = snippets.read(html + images)
    if not found:
        raise SnippetError("this is not conversion code")
    places = [place for snippet in found for place in snippet.places]
    # A place is inside the quotes that its literal has in a script.
    keys = {place.name: keys_at[at] for place in places for at in (place.start, place.start - 1) if at in keys_at}
    return _joined(found), keys


def _joined(found: Sequence[Snippet]) -> tuple[Snippet, ...]:
    try:
        return (snippets.join(found),)
    except SnippetError:
        return tuple(found)


def _variables(document: Document, text: str) -> Iterable[_Replacement]:
    for match in VARIABLE.finditer(text):
        if setting := document.setting(match[1]):
            yield match.start(), match.end(), quote(setting.constant, safe="", errors="surrogatepass"), setting.key


def _replaced(text: str, replacements: Iterable[_Replacement]) -> tuple[str, dict[int, str]]:
    """The text with its replacements, and the keys by where they begin in it."""
    pieces, keys_at, at, length = list[str](), dict[int, str](), 0, 0
    for start, end, new, key in replacements:
        pieces += [text[at:start], new]
        keys_at[length + start - at] = key
        length += start - at + len(new)
        at = end
    return "".join([*pieces, text[at:]]), keys_at
