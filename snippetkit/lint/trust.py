"""Findings about code from outside: whom it reaches, and what it does beyond reporting a conversion."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from snippetkit import html, platforms
from snippetkit.javascript import Script
from snippetkit.lint import calls, elsewhere, stubs, syntax, telling, unmade, vocabulary
from snippetkit.lint.finding import Raw
from snippetkit.lint.hosts import foreign_hosts
from snippetkit.lint.vocabulary import Vocabulary
from snippetkit.patterns import later
from snippetkit.references import decode
from snippetkit.snippets import Code, Document, as_code, find_server_code, is_named

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.platforms import Dialect

_IMAGE_ATTRIBUTES = frozenset(
    {"alt", "border", "height", "loading", "referrerpolicy", "src", "style", "title", "width"}
)
_STYLE = later(rb"[\w\s:;.,%!#-]*")
_SCRIPT_ATTRIBUTES = frozenset({"async", "charset", "class", "defer", "id", "nonce", "type"})
_ON = frozenset({b"", b"1", b"true"})
_LET_BE = {
    "data-cfasync": frozenset({b"false"}),  # Cloudflare Rocket Loader
    "data-cookieconsent": frozenset({b"ignore"}),  # Cookiebot
    "data-jetpack-boost": frozenset({b"ignore"}),
    "data-wpfc-render": frozenset({b"false"}),  # WP Fastest Cache
    **dict.fromkeys(("data-no-defer", "data-no-minify", "data-no-optimize"), _ON),  # LiteSpeed Cache, WP Rocket
    **dict.fromkeys(("data-nowprocket", "nowprocket"), _ON),  # WP Rocket
    **dict.fromkeys(("data-nitro-exclude", "nitro-exclude"), _ON),  # NitroPack
    **dict.fromkeys(("data-noptimize", "data-pagespeed-no-defer", "data-wpmeteor-nooptimize"), _ON),
}
"""Attributes that tell an optimizer to let a script be, with the values that do; others may hold it back."""
_ONLY_SET = "this is set for a loader after it, and such code is not accepted; use the vendor's current code"
_PARAGRAPH = later(rb'</?p(?:[\t\n\f\r ]+style="%b")?[\t\n\f\r ]*>' % _STYLE.pattern, re.IGNORECASE)
_NOSCRIPT_ATTRIBUTES = frozenset({"class", "id"})
_LANGUAGE = later(rb"(?:\s*(?:javascript|jscript|ecmascript)[\d.]*\s*)?", re.IGNORECASE)
_PARAMETER = later(rb"(?<==)[^&#]++")
_LONG = 100
_EXPRESSION = b"${@}"
_START = attrgetter("start")
_COMMENT = later(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = later(rb"<[a-z/!?]", re.IGNORECASE)


def find(document: Document, *, is_code: bool = False, languages: frozenset[str] | None = None) -> Iterator[Raw]:
    """Yield what code does beyond reporting; a page's scripts may do more, and a partial's, unless `is_code`.

    Args:
        document: a page, a part of one, or code.
        is_code: whether it is code, whatever it looks like.
        languages: the template languages whose plain values it may tell, None for all.
    """
    if is_code:
        yield from _without_bases(document)
        yield from unmade.find(document)
    known = vocabulary.of_document(document) if is_code else _with_own_hosts(document)
    is_code = is_code or not (html.is_page(document.masked) or document.is_part or _is_partial(document))
    document = as_code(document) if is_code else document
    own = {one.start for code in document.codes for one in (*code.bases, code.script) if one}
    for element in document.elements if is_code and document.codes else ():
        yield from _about_element(document, element, known, is_own=element.start in own)
    for element, script in document.scripts:
        if element.start in own:
            yield from _hosts(script, known)
            if is_code:
                yield from _does(script, known)
                yield from _calls(document, element, script, known)
    noscripts = {
        image.noscript.start: image.noscript for code in document.codes for image in code.images if image.noscript
    }
    for noscript in noscripts.values():
        yield from _about_noscript(document, noscript, known, is_code=is_code)
    if is_code:
        yield from _about_server_code(document, known, languages)


def _with_own_hosts(document: Document) -> Vocabulary:
    """What code may say that stays where it is: a platform on the site's own host is at home there."""
    known = vocabulary.of_document(document)
    scripts = (code.script for code in (*document.codes, *document.bases) if code.script)
    texts = [document.data[one.inner_start : one.inner_end] for one in scripts]
    texts += [b'"%b"' % image.url.value for code in document.codes for image in code.images]
    platforms_ = {dialect.platform for dialect in known.dialects if dialect.platform.own_url}
    text = b"".join(texts).decode("utf-8", "replace") if platforms_ else ""
    urls = (url for platform in platforms_ for url in platform.own_urls(text))
    return known.with_hosts({urlsplit(url).hostname or "" for url in urls})


def _without_bases(document: Document) -> Iterator[Raw]:
    """The events of code that brings no base code, and names its pixel all the same."""
    for number, code in enumerate(document.codes):
        if _is_only_set(document, code):
            yield Raw("unexpected-script", code.report.start, _ONLY_SET, number)
        elif missing := _missing(document, code) if code.script else "":
            yield Raw("not-run", code.report.start, f"nothing {missing}; put the base code before it", number)


def _is_only_set(document: Document, code: Code) -> bool:
    """Whether what is reported is only set, in a dialect whose base code is there for calls."""
    dialect = platforms.dialect_named(code.report.dialect)
    script = document.script_at(code.script.start) if code.script else None
    if script is None or not (dialect.is_in_parts and dialect.functions and dialect.settings):
        return False
    return not any(True for name in (*dialect.functions, *dialect.queues) for _ in script.references(name.encode()))


def _missing(document: Document, code: Code) -> str:
    """What the base code of an event would do, and nothing does; empty where nothing is missing."""
    dialect = platforms.dialect_named(code.report.dialect)
    if not dialect.is_in_parts:
        is_needed = dialect.needs_base and not is_named(document, code)
        return elsewhere.missing_base(dialect) if is_needed and dialect.name not in document.makes else ""
    parts = [part for part in (code.script, *code.bases) if part]
    if not any(dialect.makes.search(document.masked, one.start, one.end) for one in parts):
        return f"makes {dialect.globals[0]}"
    is_loaded = any(_loads(dialect, document.masked[one.start : one.end]) for one in parts)
    return "" if is_loaded else f"loads {dialect.loader}"


def _loads(dialect: Dialect, text: bytes) -> bool:
    """Whether a text holds the name of a dialect's loader, or its URL, where each account has a file of its own."""
    urls = (loader.url.encode() for loader in dialect.platform.loaders if loader.name == dialect.loader)
    return dialect.loader.encode() in text or any(re.search(url, text) for url in urls)


def _does(script: Script, known: Vocabulary) -> Iterator[Raw]:
    """What a script does beyond reporting; where that is nothing, or may be asked for, whether it reports at all."""
    found = [*syntax.find(script, known)]
    yield from found
    if all(raw.hosts or raw.asked for raw in found):
        yield from stubs.find(script, known)


def _calls(document: Document, element: html.Element, script: Script, known: Vocabulary) -> Iterator[Raw]:
    """What a script calls; a list of functions that is worked off may name several pixels, one after the other."""
    mine = [(number, code) for number, code in enumerate(document.codes) if code.script == element]
    reports = [code.report for _, code in mine if code.report.queue is None]
    whole = [one for one in reports if not platforms.dialect_named(one.dialect).joins_ids]
    reported = [(one.pixel_id, _platform_of(one.dialect)) for one in whole if one.pixel_id]
    own = [
        calls.Named(one.start, one.text, of)
        for one, of in reported
        if element.inner_start <= one.start < element.inner_end
    ]
    own += _named_in_front(document, [code for _, code in mine])
    for raw in calls.find(script, known, own, {code.pixel_id for _, code in mine}):
        yield raw._replace(snippet=mine[0][0] if mine else None)


def _named_in_front(document: Document, codes: Iterable[Code]) -> Iterator[calls.Named]:
    """What the base code names that stands apart from a script."""
    for start, dialect in {(base.start, code.report.dialect) for code in codes for base in code.bases}:
        script = document.script_at(start)
        reports = platforms.dialect_named(dialect).find_reports(script) if script else ()
        named = (report.pixel_id for report in reports if report.verb == "init")
        yield from (calls.Named(one.start, one.text, _platform_of(dialect)) for one in named if one)


def _platform_of(dialect: str) -> str:
    return platforms.dialect_named(dialect).platform.name


def _is_partial(document: Document) -> bool:
    """Whether a text is a part of a site's page: more stands in it than conversion code, comments and words."""
    outers = [image.outer for code in document.codes for image in code.images]
    ours = sorted((one.start, one.end) for one in [*outers, *(code.script for code in document.codes if code.script)])
    ends = [0, *(end for _, end in ours)]
    gaps = [slice(*gap) for gap in zip(ends, [*(start for start, _ in ours), len(document.data)], strict=True)]
    has_server_code = any(document.data[gap] != document.masked[gap] for gap in gaps)
    return has_server_code or any(_TAG.search(_COMMENT.sub(b"", document.masked[gap])) for gap in gaps)


def _about_element(document: Document, element: html.Element, known: Vocabulary, *, is_own: bool) -> Iterator[Raw]:
    url = element.attributes.get("src")
    hosts = tuple(foreign_hosts(decode(url.value), known.hosts)) if url else ()
    if hosts:
        yield Raw("foreign-host", element.start, f"the {element.name} loads from {hosts[0]}", hosts=hosts)
    if element.name in {"script", "iframe"} and not is_own:
        yield Raw("unexpected-script", element.start, f"a {element.name} that is not conversion code", hosts=hosts)
    names = element.attributes.keys()
    is_allowed = _is_scripts if is_own else _is_no_handler
    is_loader = url is not None and known.is_loader.fullmatch(decode(url.value).decode("utf-8", "replace"))
    marks = known.told(lambda dialect: dialect.marks) if is_own else frozenset[str]()
    extra = [name for name in sorted(names - marks) if not is_allowed(name, element.attributes[name].value)]
    extra = [name for name in extra if not (name == "src" and is_loader)]
    if extra:
        yield Raw("unexpected-script", element.start, f"the {element.name} has the attribute {extra[0]}")
    state = document.states.get(element.start)
    if is_own and state and state.holder:
        yield Raw("unexpected-script", element.start, f"the script waits: {state.reason}")
    if is_own and _value(element, "type") == b"module":
        message = "the script is a module: it runs once the page is read, and what it declares is not global"
        yield Raw("unexpected-script", element.start, message)


def _is_scripts(name: str, value: bytes) -> bool:
    """Whether an attribute may stand on a script: it changes nothing, or lets the script be."""
    if name == "language":  # another one is run by a server, such as PHP
        return _LANGUAGE.fullmatch(value) is not None
    return name in _SCRIPT_ATTRIBUTES or value.strip().lower() in _LET_BE.get(name, ())


def _is_no_handler(name: str, _: bytes) -> bool:
    return not name.startswith("on")


def _value(element: html.Element, name: str) -> bytes:
    attribute = element.attributes.get(name)
    return decode(attribute.value).strip().lower() if attribute else b""


def _about_server_code(document: Document, known: Vocabulary, languages: frozenset[str] | None) -> Iterator[Raw]:
    for served in find_server_code(document, [*_told(document, known)]):
        if not served.languages:
            yield Raw("unexpected-script", served.start, f"{served.text!r} is server code on pages of some languages")
        elif languages is not None and languages.isdisjoint(served.languages):
            message = f"{served.text!r} is a value that a server fills in"
            yield Raw("unexpected-script", served.start, message, languages=served.languages)


def _told(document: Document, known: Vocabulary) -> Iterator[tuple[int, int]]:
    """Where values are told: what an event says, what a setting is set to, and a parameter of an image's URL."""
    for _, script in document.scripts:
        yield from telling.places_of_values(script, known)
    for url in (image.url for code in document.codes for image in code.images):
        start, end = url.start, url.start + len(url.value)
        yield from (match.span() for match in _PARAMETER.finditer(document.data, start, end))


def _about_noscript(document: Document, noscript: html.Element, known: Vocabulary, *, is_code: bool) -> Iterator[Raw]:
    extra = noscript.attributes.keys() - _NOSCRIPT_ATTRIBUTES
    if extra and is_code:
        yield Raw("unexpected-script", noscript.start, f"the noscript has the attribute {min(extra)}")
    inner = bytearray(document.masked[noscript.inner_start : noscript.inner_end])
    first, behind = (
        bisect_left(document.elements, at, key=_START) for at in (noscript.inner_start, noscript.inner_end)
    )
    for element in document.elements[first:behind]:
        if element.name == "img":
            yield from _about_image(element, known)
            inner[element.start - noscript.inner_start : element.end - noscript.inner_start] = b" " * (
                element.end - element.start
            )
    match = _TAG.search(_PARAGRAPH.sub(_blank, inner)) if is_code else None
    if match:
        at = noscript.inner_start + match.start()
        yield Raw("unexpected-script", at, "the noscript holds more than images")


def _blank(match: re.Match[bytes]) -> bytes:
    return b" " * len(match[0])


def _about_image(image: html.Element, known: Vocabulary) -> Iterator[Raw]:
    url = image.attributes.get("src")
    text = "".join(decode(url.value).decode("utf-8", "replace").split()) if url else ""
    hosts = tuple(foreign_hosts(text.encode(), known.hosts))
    if not known.is_image.match(text) and not hosts:
        yield Raw("unexpected-script", image.start, "an image in the noscript that reports nothing")
    for host in hosts:
        yield Raw("foreign-host", image.start, f"an image in the noscript loads from {host}", hosts=(host,))
    if extra := image.attributes.keys() - _IMAGE_ATTRIBUTES:
        yield Raw("unexpected-script", image.start, f"an image in the noscript has the attribute {min(extra)}")
    if "style" in image.attributes and not _STYLE.fullmatch(image.attributes["style"].value):
        yield Raw("unexpected-script", image.start, "an image in the noscript has a style that may load something")


def _own_text(script: Script, string: Node) -> bytes:
    """What a string says; in the place of a long expression, whose strings are looked at, what is part of no host."""
    told, at = [], string.start_byte + 1
    for inner in string.named_children if string.type == "template_string" else ():
        if inner.end_byte - inner.start_byte > _LONG and inner.type == "template_substitution":
            told += [_slice(script, at, inner.start_byte), _EXPRESSION]
            at = inner.end_byte
    return b"".join([*told, _slice(script, at, string.end_byte - 1)])


def _slice(script: Script, start: int, end: int) -> bytes:
    return script.masked[script.start + start : script.start + end]


def _hosts(script: Script, known: Vocabulary) -> Iterator[Raw]:
    for node in script.syntax.strings:
        if hosts := tuple(foreign_hosts(_own_text(script, node), known.hosts)):
            yield Raw("foreign-host", script.start + node.start_byte, f"the script reaches {hosts[0]}", hosts=hosts)
