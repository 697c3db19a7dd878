"""What the compiler refuses about the code in a container: HTML tags, and variables in JavaScript."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from snippetkit.errors import PageRefusedError
from snippetkit.gtm.es5 import find_newer_syntax
from snippetkit.gtm.items import REFERENCE, Item, value_of
from snippetkit.gtm.plain import without_values
from snippetkit.gtm.problem import Problem
from snippetkit.html import TOKEN, Token, attributes, find_tokens
from snippetkit.javascript import Script, walk
from snippetkit.patterns import later
from snippetkit.terms import JAVASCRIPT_TYPES

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_HTML_CHARACTERS = 102_400
_MAX_LOOKED_AT = 4 * MAX_HTML_CHARACTERS
_LONGEST_KEPT = 16 * 1024
_MAX_PIECE = 32_768
"""Characters; our own limit, since the compiler's is not published."""

_REFERENCE = later(REFERENCE.pattern.encode())
_CSS_COMMENT = later(
    rb"""(?P<comment>/\*.*?(?:\*/|\Z))|"(?:[^"\\\n]|\\.|(?!))*+"?|'(?:[^'\\\n]|\\.|(?!))*+'?""", re.DOTALL
)
_WRITES = (b"document.write", b"document.writeln")
_WRITE_NAMES = frozenset({b"'write'", b'"write"', b"'writeln'", b'"writeln"'})
_DOCUMENTS = frozenset({b"document", b"window.document"})
_NEAR_BYTES = 20
_HINTS = {
    "[\u2018\u2019\u201c\u201d]": "type straight quotes",
    r"&(?:amp|lt|gt|quot|#\w+);": "write the characters themselves: a script has no references",
    r"<[?%]": "server code does not run in a tag manager",
    r"</?[A-Za-z]+\s*/?>": "put markup into a text, or out of the script",
}
"""What to do about a script that the compiler refuses, by what stands there."""
_HINT = "the compiler takes ECMAScript 5"


def find_problems(item: Item) -> Iterator[Problem]:
    """Yield what is wrong with the code of an item, if it has any."""
    if item.kind.key == "tag" and item.json.get("type") == "html":
        html = value_of(item.json, "html")
        is_written = value_of(item.json, "supportDocumentWrite") == "true"
        for code, message in (*_about_length(html), *_about_code(html)):
            if code != "documentWrite" or not is_written:
                yield Problem(code, message, item.where)
    elif item.kind.key == "variable" and item.json.get("type") == "jsm":
        function = value_of(item.json, "javascript")
        for code, message in _about_function(function):
            yield Problem(code, message, item.where)


_Problems = Iterator[tuple[str, str]]
"""A code and its message."""


def _about_code(html: str) -> _Problems:
    """What is wrong with the markup and the scripts; a container has the same code again with other values."""
    if len(html) > _MAX_LOOKED_AT or (len(html) <= _LONGEST_KEPT and _is_right(without_values(html))):
        return
    yield from _about_html(html.encode())


@lru_cache(maxsize=64)
def _is_right(html: str) -> bool:
    return next(_about_html(html.encode()), None) is None


def _about_length(html: str) -> _Problems:
    if len(html) <= _MAX_PIECE:
        return
    if len(html) > MAX_HTML_CHARACTERS:
        rest = f"; beyond {_MAX_LOOKED_AT} nothing else is checked" if len(html) > _MAX_LOOKED_AT else ""
        yield "htmlTooLong", f"{len(html)} characters, and Custom HTML may have {MAX_HTML_CHARACTERS}{rest}"
    unknown = f"characters, which may be more than the compiler accepts; {_MAX_PIECE} are safe"
    for code, name, parts in (
        ("lineTooLong", "a line", html.splitlines()),
        ("javascriptTooLong", "a piece without white space", html.split()),
    ):
        longest = max(map(len, parts), default=0)
        if longest > _MAX_PIECE:
            yield code, f"{name} of {longest} {unknown}"


def _about_function(function: str) -> _Problems:
    if len(function) > _MAX_LOOKED_AT:
        yield "javascriptTooLong", f"{len(function)} characters; beyond {_MAX_LOOKED_AT} nothing is checked"
    else:
        expression = f"x=\n{function}"  # what a function without a name is
        yield from _about_script(expression.encode(), -1)


def _about_html(html: bytes) -> _Problems:
    try:
        for token in find_tokens(html, 0, len(html)):
            yield from _about_token(html, token)
    except PageRefusedError as error:
        yield "invalidHtmlCssJs", str(error)


def _about_token(html: bytes, token: Token) -> _Problems:
    if token.name == "comment":
        yield from _about_comment(html, token.start, token.end, "HTML")
    start_tag = TOKEN.match(html, token.start)
    about = _ABOUT_TEXTS.get(token.name)
    if about and start_tag:
        yield from about(html, start_tag, html.rindex(b"</", start_tag.end(), token.end))


def _about_style(html: bytes, tag: re.Match[bytes], end: int) -> _Problems:
    for match in _CSS_COMMENT.finditer(html, tag.end(), end):
        if match["comment"]:
            yield from _about_comment(html, *match.span(), "CSS")


def _about_noscript(html: bytes, tag: re.Match[bytes], end: int) -> _Problems:
    """What is text to a browser that runs scripts is markup to the compiler."""
    for inner in find_tokens(html, tag.end(), end):
        if inner.name != "noscript":
            yield from _about_token(html, inner)


def _about_element(html: bytes, tag: re.Match[bytes], end: int) -> _Problems:
    if attributes(tag[0].decode()).get("type", "").lower() in JAVASCRIPT_TYPES:
        yield from _about_script(html[tag.end() : end], _lines_before(html, tag.end()), in_tag=True)


_ABOUT_TEXTS: dict[str, Callable[[bytes, re.Match[bytes], int], _Problems]] = {
    "noscript": _about_noscript,
    "script": _about_element,
    "style": _about_style,
}


def _about_comment(data: bytes, start: int, end: int, language: str, line: int = 1) -> _Problems:
    reference = _REFERENCE.search(data, start, end)
    if reference:
        at = line + _lines_before(data, reference.start())
        yield "macroInCommentsError", f"line {at}: {reference[0].decode()[:60]} is inside a comment of {language}"


def _lines_before(data: bytes, offset: int) -> int:
    return bisect_left(_newlines(data), offset)


@lru_cache(maxsize=2)
def _newlines(data: bytes) -> list[int]:
    """Where the lines end, looked up once and not for each finding."""
    return [match.start() for match in re.finditer(b"\n", data)]


def _writes(read: Script) -> Iterator[Node]:
    """Where a script writes to the page: `document.write`, also by its name in brackets."""
    yield from (node for name in _WRITES for node in read.references(name))
    for node in walk(read.root) if any(name in read.data for name in _WRITE_NAMES) else ():
        name, owner = node.child_by_field_name("index"), node.child_by_field_name("object")
        if name and owner and name.text in _WRITE_NAMES and owner.text in _DOCUMENTS:
            yield node


def _near(script: bytes, offset: int) -> str:
    """The text around an offset, of its line: enough to find it in the tag."""
    first = max(script.rfind(b"\n", 0, offset) + 1, offset - _NEAR_BYTES)
    return script[first : offset + _NEAR_BYTES].partition(b"\n")[0].decode("utf-8", "ignore").strip()


def _about_script(script: bytes, lines_before: int, *, in_tag: bool = False) -> _Problems:
    """What is wrong with a script; references become names of the same length, which they are to the compiler too."""
    plain = _REFERENCE.sub(lambda match: b"_" * len(match[0]), script)
    newer = find_newer_syntax(plain.decode())
    if newer:
        near = _near(script, newer.start)
        hint = next((hint for sign, hint in _HINTS.items() if re.search(sign, near)), _HINT)
        yield "jsCompilerError", f"line {newer.line + lines_before}: {newer.what}, near {near!r}; {hint}"
    if not in_tag:
        return
    read = Script(plain, plain, 0, len(plain))
    if written := next(_writes(read), None):
        line = lines_before + written.start_point[0] + 1
        yield "documentWrite", f"line {line}: document.write in a tag that does not support it replaces the whole page"
    if plain != script:
        for node in walk(read.root):
            if node.type in {"comment", "html_comment"}:
                yield from _about_comment(script, node.start_byte, node.end_byte, "JavaScript", lines_before + 1)
