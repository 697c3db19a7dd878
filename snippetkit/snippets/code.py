"""From `js_pixel` or `code` to a Snippet: script and noscript as exact slices, checked before they reach a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from snippetkit import html, money, platforms
from snippetkit.errors import SnippetError
from snippetkit.model import Snippet
from snippetkit.patterns import later
from snippetkit.snippets.document import parse
from snippetkit.snippets.reading import read_document
from snippetkit.snippets.second_reader import Seen, read_again
from snippetkit.snippets.served import find_server_code
from snippetkit.terms import Variant

if TYPE_CHECKING:
    from snippetkit.platforms import AnswerCheck

MAX_CHARACTERS = 65_536
"""Conversion code has some 700 characters; what is much longer is something else."""

_NONCE = later(
    r"""(<script (?: [\t\n\f\r ]+ type=(?: "[^"<>]*" | '[^'<>]*' ) )? )
        [\t\n\f\r ]+ nonce (?: = (?: "[^"<>]*" | '[^'<>]*' | [^\t\n\f\r "'<>=`]+ ) )? (?=[\t\n\f\r >])""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_A_BREAK = later(r"[^\n\r]")
_IMAGE_ATTRIBUTES = frozenset({"alt", "border", "height", "loading", "src", "style", "width"})


def read_code(code: str, dialect_name: str) -> Snippet:
    """Return the snippet that the API's `js_pixel` or `code` holds.

    The vendor's comments around it, which may hold the pixel's name unescaped, are no part of it. Nor is a nonce
    of the script: it was the vendor's own page's.

    Args:
        code: the code as the API returned it: a comment, a script, a noscript.
        dialect_name: what it must be: that of the field that the API answered.

    Raises:
        SnippetError: there is not exactly one script with one noscript image behind it, they hold anything that
            is not of the dialect, or they disagree about the pixel, the value, the currency or the event.
    """
    if len(code) > MAX_CHARACTERS:
        raise SnippetError(f"code of {len(code)} characters is not conversion code")
    dialect = platforms.dialect_named(dialect_name).answered
    if dialect is None:
        raise SnippetError(f"no API answers with {dialect_name} code")
    code = without_nonce(code)
    read = _read_elements(code)
    image_url = _image_url(dialect, read)
    settings = dialect.read_script(_script_body(read))
    _check_agreement(settings, _image_settings(dialect, image_url))
    _check_second_reader(code, read)
    snippet = _read_placed(_NOT_A_BREAK.sub(" ", read.before) + read.source)
    told = (snippet.dialect, snippet.pixel_id, snippet.value)
    if told != (dialect_name, settings["pixel_id"], settings.get("value")):
        raise SnippetError("the code can be read in two ways")
    return snippet


def _read_placed(code: str) -> Snippet:
    """The one snippet in code for a page, in which no page's server would see anything to run."""
    document = parse(code)
    readings = read_document(document)
    if len(readings) != 1:
        raise SnippetError("the code can be read in two ways")
    if served := next(find_server_code(document), None):
        raise SnippetError(f"the code holds what a server would run on pages of some languages: {served.text}")
    return readings[0]


def without_nonce(code: str) -> str:
    """Return code without the nonces of its scripts: they were the vendor's own page's."""
    return _NONCE.sub(r"\1", code)


def check(snippet: Snippet, pixel_id: str, value_cents: int | None) -> None:
    """Make sure that a snippet is the one asked for: this pixel, and this value in the major unit.

    Args:
        snippet: what the API answered.
        pixel_id: the pixel that was asked for.
        value_cents: the value that was asked for, in minor units, or None where none was. Code that names no
            currency counts in the platform's own.

    Raises:
        SnippetError: it is not.
        SettingError: the vendor's table does not have the code's currency.
    """
    if snippet.pixel_id != pixel_id:
        raise SnippetError(f"asked for pixel {pixel_id}, got the code of {snippet.pixel_id}")
    if value_cents is None:
        return
    platform = platforms.dialect_named(snippet.dialect).platform
    currency = snippet.currency or platform.default_currency
    wanted = platform.amount(value_cents, currency)
    if not money.is_same(snippet.value, wanted):
        raise SnippetError(
            f"asked for {value_cents} minor units, which is {wanted} {currency}, but the code reports {snippet.value}"
        )


def take_variant(snippet: Snippet, variant: Variant) -> str:
    """Return one variant of a snippet: the exact slice, or the URL of each image on a line."""
    return _VARIANTS[variant](snippet)


_VARIANTS: dict[Variant, Callable[[Snippet], str]] = {
    Variant.FULL: lambda snippet: snippet.source,
    Variant.SCRIPT: lambda snippet: snippet.script,
    Variant.NOSCRIPT: lambda snippet: snippet.noscript,
    Variant.IMAGE: lambda snippet: "\n".join(snippet.image_urls),
}


class _Read(NamedTuple):
    """The code as our reader sees it: the script, the noscript, and the elements inside the latter."""

    data: bytes
    script: html.Element
    noscript: html.Element
    inside: tuple[html.Element, ...]

    @property
    def before(self) -> str:
        return self.data[: self.script.start].decode()

    @property
    def source(self) -> str:
        return self.data[self.script.start : self.noscript.end].decode()

    def inner(self, element: html.Element) -> str:
        return self.data[element.inner_start : element.inner_end].decode()


def _read_elements(code: str) -> _Read:
    try:
        data = code.encode()
    except UnicodeEncodeError as error:
        raise SnippetError("the code is not valid HTML") from error
    elements = [*html.find_elements(data)]
    halves = [element for element in elements if element.name in {"script", "noscript"} and not element.inside]
    if [element.name for element in halves] != ["script", "noscript"]:
        names = ", ".join(element.name for element in halves) or "neither"
        raise SnippetError(f"expected one script and then one noscript, found {names}")
    script, noscript = halves
    if not noscript.is_closed:
        raise SnippetError("the noscript is not closed")
    if data[script.end : noscript.start].strip():
        raise SnippetError("there is something between the script and the noscript")
    inside = tuple(element for element in elements if element.inside and element.start > noscript.start)
    return _Read(data, script, noscript, inside)


def _check_second_reader(code: str, read: _Read) -> None:
    """Make sure that a parser by other people sees what ours does."""
    script, *others = (read.script, read.noscript, *read.inside)
    ours = [_seen(script, read.inner(script)), *map(_seen, others)]
    if read_again(code) != ours:
        raise SnippetError("the code can be read in two ways: another reader sees other elements, or attributes")


def _seen(element: html.Element, text: str = "") -> Seen:
    return Seen(element.name, {name: attribute.value.decode() for name, attribute in element.attributes.items()}, text)


def _script_body(read: _Read) -> str:
    if not read.script.attributes.keys() <= {"type"}:
        names = ", ".join(sorted(read.script.attributes))
        raise SnippetError(f"the script has attributes other than type: {names}")
    body = read.inner(read.script)
    if "<!--" in body:
        raise SnippetError("the script holds '<!--', which changes where it ends")
    return body


def _image_url(dialect: AnswerCheck, read: _Read) -> str:
    inner = read.inner(read.noscript).strip()
    attributes = html.attributes(inner)
    if [element.name for element in read.inside] != ["img"] or not attributes:
        raise SnippetError("the noscript holds something other than one image")
    if extra := attributes.keys() - _IMAGE_ATTRIBUTES:
        raise SnippetError(f"the noscript image has unexpected attributes: {', '.join(sorted(extra))}")
    try:
        url = urlsplit("".join(attributes.get("src", "").split()))
    except ValueError as error:
        raise SnippetError("the noscript image's URL cannot be read") from error
    wanted = (dialect.image_host, dialect.image_path)
    if url.scheme not in {"", "http", "https"} or (url.netloc, url.path) != wanted or url.fragment:
        raise SnippetError(f"the noscript image does not load {''.join(wanted)}")
    return url._replace(scheme="https").geturl()


def _image_settings(dialect: AnswerCheck, url: str) -> dict[str, str]:
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    query = dict(pairs)
    if len(pairs) != len(query):
        raise SnippetError("the noscript image names a parameter twice")
    if any(query.pop(name, None) != text for name, text in dialect.image_constants.items()):
        wanted = " and ".join(f"{name}={text}" for name, text in dialect.image_constants.items())
        raise SnippetError(f"the noscript image's URL lacks {wanted}")
    if extra := query.keys() - dialect.image_query.keys():
        raise SnippetError(f"the noscript image has unexpected parameters: {', '.join(sorted(extra))}")
    return {dialect.image_query[name]: text for name, text in query.items()}


def _check_agreement(script: dict[str, str], image: dict[str, str]) -> None:
    if not script.get("pixel_id", "").isdecimal():
        raise SnippetError("the script names no pixel")
    for name in ("pixel_id", "currency", "event", "value"):
        told = script.get(name), image.get(name)
        if told[0] != told[1] and not (name == "value" and money.is_same(*told)):
            raise SnippetError(f"the script's {name} is {told[0]}, the noscript's {told[1]}")
