"""`js_pixel` or `code` to a Snippet: the script and the noscript as exact slices, checked before they reach a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from snippetkit import dialects, html, money
from snippetkit.errors import SnippetError
from snippetkit.model import Snippet
from snippetkit.snippets.reading import read
from snippetkit.terms import Variant

if TYPE_CHECKING:
    from bs4 import Tag

    from snippetkit.dialects import AnsweredDialect

MAX_CHARACTERS = 65_536
"""Conversion code has some 700 characters; what is much longer is something else."""

_NONCE = re.compile(
    r"""(<script (?: [\t\n\f\r ]+ type=(?: "[^"<>]*" | '[^'<>]*' ) )? )
        [\t\n\f\r ]+ nonce (?: = (?: "[^"<>]*" | '[^'<>]*' | [^\t\n\f\r "'<>=`]+ ) )? (?=[\t\n\f\r >])""",
    re.IGNORECASE | re.VERBOSE,
)
_IMAGE_ATTRIBUTES = frozenset({"alt", "border", "height", "src", "style", "width"})


def read_js_pixel(js_pixel: str) -> Snippet:
    """Return the snippet that `js_pixel` holds (reference "Conversion pixels", "Getting the pixel snippet").

    Raises:
        SnippetError: as `read_code` does.
    """
    return read_code(js_pixel, "fp")


def read_code(code: str, dialect_name: str) -> Snippet:
    """Return the snippet that the API's `js_pixel` or `code` holds.

    The vendor's comments around it, which may carry the pixel's name unescaped, are no part of it. Nor is a nonce
    of the script: it was the vendor's own page's.

    Args:
        code: the code as the API returned it: a comment, a script, a noscript.
        dialect_name: what it must be: `fp` for `js_pixel`, `fbq` for `code`.

    Raises:
        SnippetError: there is not exactly one script with one noscript image behind it, they hold anything that
            is not of the dialect, or they disagree about the pixel, the value, the currency or the event.
    """
    if len(code) > MAX_CHARACTERS:
        raise SnippetError(f"code of {len(code)} characters is not conversion code")
    dialect = dialects.find_answered(dialect_name)
    code = without_nonce(code)
    script, noscript = _elements(code)
    script_start, script_end = _slice(code, script)
    noscript_start, noscript_end = _slice(code, noscript)
    if code[script_end:noscript_start].strip():
        raise SnippetError("something stands between the script and the noscript")
    inner = _inner(code[noscript_start:noscript_end])
    image_url = _image_url(dialect, noscript, inner)
    settings = dialect.read_script(_script_body(script, code[script_start:script_end]))
    _check_agreement(settings, _image_settings(dialect, image_url))
    [snippet] = read(code)
    if (snippet.dialect, snippet.pixel_id, snippet.value) != (
        dialect_name,
        settings["pixel_id"],
        settings.get("value"),
    ):
        raise SnippetError("the code can be read in two ways")
    return snippet


def without_nonce(code: str) -> str:
    """Return code without the nonces of its scripts: they were the vendor's own page's."""
    return _NONCE.sub(r"\1", code)


def check(snippet: Snippet, pixel_id: str, value_cents: int | None) -> None:
    """Make sure that a snippet is the one asked for: this pixel, and this value in the major unit.

    Args:
        snippet: what the API answered.
        pixel_id: the pixel that was asked for.
        value_cents: the value that was asked for, in minor units, or None where none was. Code that names no
            currency counts in US dollars, as the reference does.

    Raises:
        SnippetError: it is not.
        SettingError: the vendor's table does not have the code's currency.
    """
    if snippet.pixel_id != pixel_id:
        raise SnippetError(f"asked for pixel {pixel_id}, got the code of {snippet.pixel_id}")
    if value_cents is None:
        return
    currency = snippet.currency or "USD"
    wanted = money.to_major(value_cents, currency)
    if not money.is_same(snippet.value, wanted):
        raise SnippetError(
            f"asked for {value_cents} minor units, which is {wanted} {currency}, but the code reports {snippet.value}"
        )


def take_variant(snippet: Snippet, variant: Variant) -> str:
    """Return one variant of a snippet: the exact slice, or the image's URL."""
    return _VARIANTS[variant](snippet)


_VARIANTS: dict[Variant, Callable[[Snippet], str]] = {
    Variant.FULL: lambda snippet: snippet.source,
    Variant.SCRIPT: lambda snippet: snippet.script,
    Variant.NOSCRIPT: lambda snippet: snippet.noscript,
    Variant.IMAGE: lambda snippet: snippet.image_url,
}


def _elements(text: str) -> tuple[Tag, Tag]:
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    try:
        text.encode()
        found = BeautifulSoup(text, "html.parser").find_all(["script", "noscript"]) if "<" in text else []
    except (ParserRejectedMarkup, UnicodeEncodeError) as error:
        raise SnippetError("the code is not HTML that can be read") from error
    if [element.name for element in found] != ["script", "noscript"]:
        names = ", ".join(element.name for element in found) or "neither"
        raise SnippetError(f"expected one script and then one noscript, found {names}")
    return found[0], found[1]


def _slice(text: str, element: Tag) -> tuple[int, int]:
    """Where an element that BeautifulSoup found stands: its own text would have other attributes and entities."""
    lines = text.split("\n")[: (element.sourceline or 1) - 1]
    start = sum(len(line) + 1 for line in lines) + (element.sourcepos or 0)
    rest = text[start:].encode()
    end = html.element_end(rest, 0)
    if end is None:
        raise SnippetError(f"the {element.name} does not end")
    return start, start + len(rest[:end].decode())


def _inner(element: str) -> str:
    return element[element.index(">") + 1 : element.rindex("</")]


def _script_body(script: Tag, text: str) -> str:
    if not script.attrs.keys() <= {"type"}:
        raise SnippetError(f"the script has other attributes than type: {', '.join(sorted(script.attrs))}")
    if "<!--" in text:
        raise SnippetError("the script holds '<!--', which changes where it ends")
    return _inner(text)


def _image_url(dialect: AnsweredDialect, noscript: Tag, inner: str) -> str:
    attributes = html.attributes(inner.strip())
    if not attributes or [element.name for element in noscript.find_all(True)] != ["img"]:
        raise SnippetError("the noscript holds something else than one image")
    if extra := attributes.keys() - _IMAGE_ATTRIBUTES:
        raise SnippetError(f"the noscript image has attributes that it should not have: {', '.join(sorted(extra))}")
    try:
        url = urlsplit("".join(attributes.get("src", "").split()).replace("&amp;", "&"))
    except ValueError as error:
        raise SnippetError("the noscript image's URL cannot be read") from error
    wanted = (dialect.IMAGE_HOST, dialect.IMAGE_PATH)
    if url.scheme not in {"", "http", "https"} or (url.netloc, url.path) != wanted or url.fragment:
        raise SnippetError(f"the noscript image does not load {''.join(wanted)}")
    return url._replace(scheme="https").geturl()


def _image_settings(dialect: AnsweredDialect, url: str) -> dict[str, str]:
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    query = dict(pairs)
    if len(pairs) != len(query):
        raise SnippetError("the noscript image names a parameter twice")
    if any(query.pop(name, None) != text for name, text in dialect.IMAGE_CONSTANTS.items()):
        wanted = " and ".join(f"{name}={text}" for name, text in dialect.IMAGE_CONSTANTS.items())
        raise SnippetError(f"the noscript image's URL lacks {wanted}")
    if extra := query.keys() - dialect.IMAGE_QUERY.keys():
        raise SnippetError(f"the noscript image has parameters that it should not have: {', '.join(sorted(extra))}")
    return {dialect.IMAGE_QUERY[name]: text for name, text in query.items()}


def _check_agreement(script: dict[str, str], image: dict[str, str]) -> None:
    if not script.get("pixel_id", "").isdecimal():
        raise SnippetError("the script names no pixel")
    for name in ("pixel_id", "currency", "event", "value"):
        told = script.get(name), image.get(name)
        if told[0] != told[1] and not (name == "value" and money.is_same(*told)):
            raise SnippetError(f"the script's {name} is {told[0]}, the noscript's {told[1]}")
