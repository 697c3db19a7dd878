"""A file of a site or a program to the texts in it that may hold code.

Those are a page or a part of one, a script, and the strings of a script, of PHP or of JSON, which hold either.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from snippetkit import platforms
from snippetkit.javascript import (
    Evaluated,
    Fate,
    Joined,
    Occasions,
    Script,
    find_evaluated,
    join_behind,
    said_by_string,
)
from snippetkit.patterns import later
from snippetkit.records import replace
from snippetkit.references import Decoded, escapes_in
from snippetkit.server_code import language_of
from snippetkit.snippets.callers import Callers
from snippetkit.snippets.codes import Code
from snippetkit.snippets.document import Document, parse, plain
from snippetkit.snippets.evaluating import Around
from snippetkit.snippets.frames import find_frames
from snippetkit.snippets.given import NOTHING, Others
from snippetkit.snippets.programs import parse_image, parse_script
from snippetkit.terms import COMPONENTS, SCRIPTS, TYPED_SCRIPTS

_MARKUP = later(r"<(?:!|/?[a-z][\w:-]*[\s/>])", re.IGNORECASE)
_BLANKS = "\ufeff \t\r\n"
_DEEPEST = 3
_SHORTEST = 12  # a string of fewer bytes may be a name, and is no code
_STRING_ESCAPE = later(rb"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}|[0-7]{1,3}|\r\n|.)", re.DOTALL)
_ENCODED = later(rb"%u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}|" + _STRING_ESCAPE.pattern, re.DOTALL)
_JSON_STRING = later(rb'"(?P<text>(?:[^"\\]|\\.|(?!))*+)(?:"|\Z)', re.DOTALL)
_JSON_ESCAPE = later(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\(?:u[0-9a-fA-F]{4}|.)")
_PHP_CODE = later(rb"<\?(?:php\b|=)(?P<code>.*?)(?:\?>|\Z)", re.DOTALL | re.IGNORECASE)
_PHP_TOLD = rb"""(?:[\w$\\:>(),\s-]|\[["']?+[\w$-]{0,60}["']?\]){1,120}?"""
# What is between strings that PHP concatenates, `' . $id . '`, by their quotes.
_PHP_JOINT = {
    "single": rb"'\s*\.\s*(?:" + _PHP_TOLD + rb"\s*\.\s*)?'",
    "double": rb'"\s*\.\s*(?:' + _PHP_TOLD + rb'\s*\.\s*)?"',
}
_PHP_STRING = later(
    rb"""(?://|\#)[^\n]*+ | /\*.*?(?:\*/|\Z)
        | '(?P<single>(?:[^'\\]|\\.|%b|(?!))*+)(?:'|\Z) | "(?P<double>(?:[^"\\]|\\.|%b|(?!))*+)(?:"|\Z)
        | <<<[ \t]*+["']?(?P<name>\w++)["']?[ \t]*+\r?\n(?P<here>.*?)(?:\n[ \t]*+(?P=name)\b|\Z)"""
    % (_PHP_JOINT["single"], _PHP_JOINT["double"]),
    re.DOTALL | re.VERBOSE,
)
_PHP_ESCAPE = {kind: later(rb"""\\["'\\$nrt]|""" + joint) for kind, joint in _PHP_JOINT.items()}
_PHP_CHARACTERS = {"\\n": "\n", "\\r": "\r", "\\t": "\t"}


_Inner = tuple[Document, Callable[[int], int]]
"""A text in a string, taken apart, and where each of its bytes is."""


class _String(NamedTuple):
    """A string in a text, from byte `start` up to, not including, `end`: what an escape is there, and stands for.

    `joined` is the string with what a script puts behind it, None where nothing is. `around` is what the script is in,
    `at` where it runs the string, and `fate` what becomes of that, None where it is not known.
    """

    start: int
    end: int
    escape: re.Pattern[bytes]
    character: Callable[[str], str]
    joined: Joined | None = None
    around: Around | None = None
    at: int = 0
    fate: Fate | None = None


def read_source(name: str, text: str, others: Others = NOTHING) -> list[Document]:
    """Return what may hold code in a file, each text taken apart, with its places in the file.

    Args:
        name: the file's name, whose suffix tells a script and a component. Other texts show what they are.
        text: what the file holds.
        others: the base code of other files.

    Raises:
        SlowReadingError: as `parse` does.
    """
    may_hold_code = platforms.needles().are_in(text.encode("utf-8", "surrogatepass"))
    return take_apart(name, text, others) if may_hold_code else []


def take_apart(name: str, text: str, others: Others = NOTHING) -> list[Document]:
    """Return the same of a text that was searched, and may hold code."""
    kind = name.rpartition(".")[2].lower()
    start = text.lstrip(_BLANKS)[:1]
    if kind in COMPONENTS:
        return [parse(text, is_component=True, others=others)]
    if kind in SCRIPTS | TYPED_SCRIPTS and start != "<":
        is_typed = kind in TYPED_SCRIPTS
        return [*_nested(parse_script(text, is_typed=is_typed, is_jsx=kind == "tsx", others=others))]
    if start in {"{", "["} and _is_json(text):
        return [*_of_strings(replace(plain(text), others=others), _json_strings)]
    if start != "<" and not _MARKUP.search(text):
        script = parse_script(text, others=others)
        is_script = script.program and script.program.error is None
        return [*_nested(script)] if is_script else [parse(text, language=language_of(name), others=others)]
    page = parse(text, language=language_of(name), others=others, is_searched=True)
    return [page, *(_of_strings(page, _php_strings) if "<?" in text else ()), *read_made(page)]


def read_made(page: Document) -> Iterator[Document]:
    """Yield what a page makes beside its own elements: the documents of its frames, and the images of their scripts."""
    frames = [*find_frames(page)]
    yield from frames
    for one in (page, *frames):
        yield from _made_by_scripts(one)


def _made_by_scripts(page: Document) -> Iterator[Document]:
    """What a page's scripts run or write, and the images that they make by URL: they report like those on the page."""
    image, callers = platforms.image_in_string(), page.callers or Callers(page.masked, page.elements)
    for element, script in page.scripts:
        state = page.states.get(element.start)
        if state is None or state.holder:
            around = Around(page, script.start, Occasions(script, callers.of(element, is_page_alone=True)), state)
            for one in _of_strings(page, partial(_strings_of, script, image, around)):
                if one.is_run or (one.codes and all(map(_is_whole, one.codes))):
                    yield one


def _is_whole(code: Code) -> bool:
    """Whether an image tells its pixel and its event, not the beginning of a URL that a script goes on with."""
    is_named = bool(code.pixel_id) or any(image.read.is_opaque for image in code.images)
    return not code.script and is_named and code.event != ""


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _nested(document: Document, depth: int = 0) -> Iterator[Document]:
    """A script, and the texts in its strings."""
    yield document
    if document.program and depth < _DEEPEST:
        yield from _of_strings(document, _script_strings, depth + 1)


def _of_strings(
    document: Document, find: Callable[[Document], Iterator[_String]], depth: int = 0
) -> Iterator[Document]:
    """The texts in the strings of a document: an image's URL, markup, or a script."""
    for string in find(document):
        others = string.around.others(string.at) if string.around and string.fate else document.others
        inner, place = _joined(string, others) or _inner(document, string, others)
        if string.around:
            inner = string.around.run(inner, string.at, string.fate)
        yield from _nested(replace(inner, outer=document, place=place), depth)


def _joined(string: _String, others: Others) -> _Inner | None:
    """What a script puts together: an image, markup, or a script that it runs."""
    if string.joined is None:
        return None
    image = parse_image(string.joined.text.value, string.joined.masked.value)
    text = string.joined.text.value.decode("utf-8", "surrogatepass")
    if image:
        inner = image
    elif _MARKUP.search(text):
        inner = parse(text, others=others)
    elif string.fate is Fate.CODE:
        inner = parse_script(text, is_served=True, others=others)
    else:
        return None
    return inner, string.joined.text.place


def _inner(document: Document, string: _String, others: Others) -> _Inner:
    start, end, escape, character, *_ = string
    piece = Decoded((document.data,), start, end, escapes_in(document.data, start, end, escape, character))
    text = piece.value.decode("utf-8", "surrogatepass")
    if _MARKUP.search(text):
        inner = parse_image(piece.value) or parse(text, others=others)
    else:
        inner = parse_image(piece.value) or parse_script(text, is_served=True, others=others)
    return inner, piece.place


def _script_strings(document: Document) -> Iterator[_String]:
    script = document.program
    around = Around(document, script.start, Occasions(script)) if script else None
    return _strings_of(script, platforms.mention_in_string(), around, document) if script and around else iter(())


def _strings_of(script: Script, told: re.Pattern[bytes], around: Around, document: Document) -> Iterator[_String]:
    """The strings of a script that it runs or writes, and those that hold what is looked for."""
    run = [_evaluated(script, one, around, document) for one in find_evaluated(script, platforms.mention_in_string())]
    yield from run
    ends = {one.start - 1: one.joined.end if one.joined else one.end for one in run}
    seen, read_until = set[int](), 0
    for match in told.finditer(document.data, script.start, script.end):
        node = script.tree.innermost(match.start() - script.start, match.end() - script.start)
        node = script.tree.parent(node) if node and node.type == "string_fragment" else node
        if node and node.type in {"string", "template_string"} and node.start_byte not in seen:
            seen.add(node.start_byte)
            start, end = script.start + node.start_byte, script.start + node.end_byte
            if start < read_until or any(begin <= start < end_of_run for begin, end_of_run in ends.items()):
                continue
            if end - start > _SHORTEST:
                string = _evaluated(script, Evaluated(node, None, node), around, document)
                read_until = string.joined.end if string.joined else end
                yield string


def _evaluated(script: Script, one: Evaluated, around: Around, document: Document) -> _String:
    """A string of a script, with what that puts behind it."""
    escape, character = (_ENCODED, _said_encoded) if one.is_encoded else (_STRING_ESCAPE, said_by_string)
    start, end = script.start + one.node.start_byte, script.start + one.node.end_byte
    is_markup = _MARKUP.search(document.data[start:end].decode("utf-8", "replace")) is not None
    where = document.data, script.start, script.tree, one.node
    joined = join_behind(*where, escape, character, script.text, is_markup=is_markup)
    at = script.start + one.by.start_byte
    return _String(start + 1, end - 1, escape, character, joined, around, at, one.fate)


def _said_encoded(escape: str) -> str:
    """What an escape of a string that is decoded stands for."""
    if escape[0] != "%":
        return said_by_string(escape)
    return chr(int(escape[2:] if escape[1] in "uU" else escape[1:], 16))


def _json_strings(document: Document) -> Iterator[_String]:
    told = platforms.mention_in_string()
    for match in _JSON_STRING.finditer(document.data):
        if told.search(match["text"]):
            yield _String(*match.span("text"), _JSON_ESCAPE, lambda escape: str(json.loads(f'"{escape}"')))


def _php_strings(document: Document) -> Iterator[_String]:
    told = platforms.mention_in_string()
    for code in _PHP_CODE.finditer(document.data):
        for match in _PHP_STRING.finditer(document.data, *code.span("code")):
            group = next((name for name in ("single", "double", "here") if match[name]), "")
            if group and told.search(match[group]):
                yield _String(*match.span(group), _PHP_ESCAPE.get(group, _PHP_ESCAPE["double"]), _said_by_php)


def _said_by_php(escape: str) -> str:
    """What an escape stands for; what is between concatenated strings is written as PHP in a page would be."""
    if escape[0] == "\\":
        return _PHP_CHARACTERS.get(escape, escape[1:])
    told = escape[1:-1].strip(". \t\r\n")
    return f"<?= {told} ?>" if told else ""
