"""What a Content-Security-Policy needs so that the conversion code of a page fires.

A policy names an inline script by the SHA-256 of its text (CSP Level 3, 6.7.3.3 "Does element match source list for
type and source"), as the browser has it: in UTF-8, each line break one LF (HTML standard, 13.2.3.5 "Preprocessing the
input stream"). The script adds the loader, which comes from one host of the vendor's, and the loader or the noscript
asks another for an image.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from snippetkit.errors import SnippetError
from snippetkit.html import Element, attributes, find_elements, head_tokens, position

LOADER_ORIGIN = "https://connect.facebook.net"
IMAGE_ORIGIN = "https://www.facebook.com"

_POLICY = "content-security-policy"
_TRACE = re.compile(rb"\b(?:fb_param|_fbds|_?fbq)\b")
_REGION = re.compile(rb"<!-- snippetkit:begin [a-z]+:[0-9]+ script .*?<!-- snippetkit:end ", re.DOTALL)
_LOADER_URL = re.compile(rb"\s*(?:https?:)?//connect\.facebook\.net/", re.IGNORECASE)
_IMAGE_URL = re.compile(
    rb"\s*(?:https?:)?//(?P<host>(?:www\.)?facebook\.com)/(?:tr|offsite_event\.php)\b", re.IGNORECASE
)
_SERVER_CODE = re.compile(rb"<\?|<%|\{[{%]|\{\$\w[\w.>-]*\}")


@dataclass(frozen=True, slots=True)
class Additions:
    """What a policy needs for one page, or for several.

    `script_src` and `img_src` are sources as they stand in a policy, each once. `unknown` says for each script whose
    hash cannot be known where it is and why, `(line, reason)`; `nonces` are the lines of the scripts that a nonce
    may allow, where the policy names it, without a hash.
    """

    script_src: tuple[str, ...] = ()
    img_src: tuple[str, ...] = ()
    unknown: tuple[tuple[int, str], ...] = ()
    nonces: tuple[int, ...] = ()

    def directives(self) -> list[str]:
        """Return the directives that are not empty, as they stand in a policy."""
        named = {"script-src": self.script_src, "img-src": self.img_src}
        return [" ".join([name, *sources]) for name, sources in named.items() if sources]


def conversion_scripts(data: bytes) -> Iterator[Element]:
    """Yield the inline scripts of a page that are conversion code: by what they name, or because inject put them there.

    A script of another type than JavaScript counts too: a consent banner runs it as JavaScript later. One in a
    noscript never runs.
    """
    regions = [match.span() for match in _REGION.finditer(data)]
    for element in _scripts(data):
        is_ours = any(start <= element.start < end for start, end in regions)
        text = data[element.inner_start : element.inner_end]
        if "src" not in element.attributes and (is_ours or _TRACE.search(text)):
            yield element


def additions(data: bytes) -> Additions:
    """Return what a policy needs for a page, or for a piece of code as it will stand on one.

    A nonce that is empty allows nothing (CSP Level 3, 6.7.3.3, step 2).
    """
    scripts = list(conversion_scripts(data))
    hashes, unknown = [], []
    for script in scripts:
        try:
            hashes.append(hash_source(data[script.inner_start : script.inner_end]))
        except SnippetError as error:
            if not _has_nonce(script):
                unknown.append((position(data, script.start)[0], str(error)))
    loads = bool(scripts) or any(_match_url(script, _LOADER_URL) for script in _scripts(data))
    images = [IMAGE_ORIGIN] if loads else []
    return Additions(
        (*dict.fromkeys(hashes), *([LOADER_ORIGIN] if loads else [])),
        tuple(dict.fromkeys([*images, *_image_origins(data)])),
        tuple(unknown),
        tuple(position(data, script.start)[0] for script in scripts if _has_nonce(script)),
    )


def own_policies(data: bytes) -> list[int]:
    """Return the lines where the head of a page has a policy of its own, in a `<meta>`; it counts beside the server's.

    A page whose head is not certain has none that could be told.
    """
    metas = (token for token in head_tokens(data) if token.name == "meta")
    tags = {meta.start: attributes(data[meta.start : meta.end].decode()) for meta in metas}
    return [position(data, at)[0] for at, tag in tags.items() if tag.get("http-equiv", "").lower() == _POLICY]


def union(pages: Iterable[Additions]) -> Additions:
    """Return what one policy for several pages needs: hashes in the order of the pages, then hosts."""
    pages = list(pages)
    sources = dict.fromkeys(source for page in pages for source in page.script_src)
    images = dict.fromkeys(source for page in pages for source in page.img_src)
    return Additions(tuple(sorted(sources, key=lambda source: not source.startswith("'"))), tuple(images))


def hash_source(text: bytes) -> str:
    """Return the source that allows an inline script: `'sha256-...'`.

    Args:
        text: what stands between the script's tags, in UTF-8.

    Raises:
        SnippetError: what the browser will get is not certain: there is server code in it, or it is not UTF-8.
    """
    if match := _SERVER_CODE.search(text):
        raise SnippetError(f"the script holds server code ({match[0].decode()}), so its hash cannot be known")
    try:
        script = text.decode().replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    except UnicodeDecodeError as error:
        raise SnippetError("the script is not UTF-8, so its hash cannot be known") from error
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _scripts(data: bytes) -> Iterator[Element]:
    found = (element for element in find_elements(data) if element.name == "script")
    yield from (element for element in found if element.is_closed and not element.inside)


def _has_nonce(script: Element) -> bool:
    return "nonce" in script.attributes and script.attributes["nonce"].value != b""


def _image_origins(data: bytes) -> Iterator[str]:
    for element in find_elements(data):
        if element.name == "img" and (match := _match_url(element, _IMAGE_URL)):
            yield f"https://{match['host'].decode().lower()}"


def _match_url(element: Element, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
    return pattern.match(element.attributes["src"].value) if "src" in element.attributes else None
