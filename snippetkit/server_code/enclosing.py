"""Which pieces of server code enclose text: the server may leave out, move or repeat what is between them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from snippetkit.patterns import later
from snippetkit.server_code import marks as m
from snippetkit.server_code.finding import Span
from snippetkit.server_code.language import Mark, PieceKind
from snippetkit.server_code.table import LANGUAGES


class Block(NamedTuple):
    """Text that server code encloses, from the `start` of the first piece up to the `end` of the last.

    One that does not end reaches to the end of the text, one that does not begin starts with it; then `has_both` is
    False. `at` is the offset of the piece that shows it.
    """

    start: int
    end: int
    at: int
    has_both: bool = True


class _Event(NamedTuple):
    """A step into a block (`is_opening`) or out of one, of any name where `name` is empty."""

    name: bytes
    is_opening: bool


_BRACE, _BUFFER = b"{", b"ob_start"
_BUFFERED = later(rb"\bob_(?:start|(?:end|get)_clean|get_contents)\b")
_ENDERS = frozenset(name for language in LANGUAGES for name in language.enders) | {_BRACE}
_HAVE_ENDS = frozenset(b"begin case do each for foreach forelse if list range switch unless while { /*".split())
_ASSIGN = frozenset({b"assign", b"global", b"local", b"set"})
_OF_OUTPUT = frozenset({_BRACE, b"do"})
_ENDS = frozenset({b"end", b"pass"})
_PASS_ON = frozenset(b"autoescape language localize localtime timezone".split())
"""What changes nothing but how values are written."""

_WORD = later(rb"(?:\{%|\{\{?|<!--\s*+\#?|<|\[%)[-+=~]*+\s*+(?P<sign>[/#^@%?>*:]*+)\s*+(?P<name>[\w.:-]*+)", re.DOTALL)
_TOKENS = later(
    rb"""(?P<skipped>"(?:\\.|[^"\\]|(?!))*+"|'(?:\\.|[^'\\]|(?!))*+'|/\*.*?\*/|(?://|\#(?!\{))[^\n\r]*+)|[{}]""",
    re.DOTALL,
)
_STATEMENT = later(
    rb"""[\s\}]*+ (?: end(?P<end>if|for|foreach|while|switch|declare|unless|try|with)\b
       | end\s++(?P<vb>if|select|sub|function|with)\b | (?P<next>next|loop|wend)\s*\Z | (?P<bare>end)\b
       | (?P<open>if|unless|case|while|until|for|foreach|begin|def|try|with|do|block)\b )
     | .*\bdo\s*+(?:\|[^|]*+\|\s*+)?\Z | .*=>\s*+begin\s*+\Z""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_OF_VB = {b"select": b"select", b"next": b"for", b"loop": b"do", b"wend": b"while"}
_LAST_OF_SECTION = frozenset(b"append overwrite show stop".split())
_BRACES = later(rb"[{}]")
_PARENTHESES = later(rb"\([^()]*+\)")
_DEEPEST = 20
_OF_PHP = later(
    rb"[{}]|\bend(?P<end>if|for|foreach|while|switch)\b|\b(?P<open>if|foreach|for|while|switch)\s*+:", re.IGNORECASE
)


def find_blocks(data: bytes, spans: Iterable[Span]) -> list[Block]:
    """Return the blocks of a text, in no order. An opening without an end makes no block, unless it needs an end.

    Args:
        data: the text.
        spans: the server code in it, in its order.
    """
    families = defaultdict[str, _Family](_Family)
    complete: list[Block] = []
    for span in spans:
        if span.mark.kind is PieceKind.LITERAL:
            complete.append(Block(span.start, span.end, span.start))
        elif span.mark is m.RAZOR_BLOCK:
            complete += _braces(data, span, complete)
        elif read := _READERS.get(span.mark):
            family, events = read
            for event in events(data[span.start : span.end]):
                complete += families[family].take(event, span)
    ends = (family.unended(len(data)) for family in families.values())
    return complete + [block for blocks in ends for block in blocks]


class _Family:
    """The open blocks of marks that belong together."""

    def __init__(self) -> None:
        self.stack: list[tuple[bytes, int]] = []
        self.names = Counter[bytes]()

    def take(self, event: _Event, span: Span) -> Iterator[Block]:
        """Yield the block that an event ends."""
        if event.is_opening:
            self.stack.append((event.name, span.start))
            self.names[event.name] += 1
            return
        wanted = {event.name} if event.name else _ENDERS
        if not any(self.names[name] for name in wanted):
            if event.name == _BUFFER:
                return
            yield Block(0, span.end, span.start, has_both=False)
            return
        while True:
            name, start = self.stack.pop()
            self.names[name] -= 1
            if name in wanted:
                break
        if name not in _PASS_ON:
            yield Block(start, span.end, start)

    def unended(self, end: int) -> Iterator[Block]:
        """Yield the blocks that are still open, of those that need an end."""
        yield from (Block(start, end, start, has_both=False) for name, start in self.stack if name in _HAVE_ENDS)


def _braces(data: bytes, span: Span, before: Sequence[Block]) -> Iterator[Block]:
    """The block from a brace to its end, unless it is inside the one before."""
    if not before or span.start >= before[-1].end:
        yield Block(span.start, _balanced(data, span.end), span.start)


def _balanced(data: bytes, at: int) -> int:
    """The offset after the brace that closes the one in front of `at`."""
    depth = 1
    for brace in _BRACES.finditer(data, at):
        depth += 1 if brace[0] == b"{" else -1
        if not depth:
            return brace.end()
    return len(data)


def _of_tag(code: bytes) -> Iterator[_Event]:
    """`{% if x %}` and `{% endif %}`, `<#if>` and `</#if>`, `{if}` and `{/if}`: a name, and what closes it."""
    word = _WORD.match(code)
    name = word["name"].lower() if word else b""
    if not word or (name in _ASSIGN and b"=" in code):
        return
    name = name.replace(b"async", b"")  # Nunjucks ends asyncEach with endeach, ifAsync with endif
    if b"/" in word["sign"]:
        yield _Event(name, is_opening=False)
    elif name in _ENDS:
        yield _Event(b"", is_opening=False)
    elif name.startswith(b"end"):
        yield _Event(name[3:].lstrip(b"_"), is_opening=False)
    elif name and not code.endswith((b"/>", b"/-->")):
        yield _Event(name, is_opening=True)


def _of_double(code: bytes) -> Iterator[_Event]:
    """`{{#x}}` and `{{/x}}`, `{{ if x }}` and `{{ end }}`; other outputs have names too, which open nothing."""
    word = _WORD.match(code)
    sign = word["sign"] if word else b""
    if sign == b"?" or (code.startswith(b"{{~") and (b":" in code or code == b"{{~}}")):
        yield _Event(code[:3], is_opening=code[3:].strip() != b"}}")
        return
    for event in _of_tag(code):
        if not event.is_opening or event.name in _ENDERS or sign[:1] in {b"#", b"^", b"@"}:
            yield event


def _of_square(code: bytes) -> Iterator[_Event]:
    for part in code[2:-2].split(b";"):
        yield from _of_tag(b"[%" + part.strip(b"-+=~ "))


def _of_at(code: bytes) -> Iterator[_Event]:
    name = re.match(rb"@!?(\w+)", code)
    word = name[1].lower() if name else b""
    if word in _LAST_OF_SECTION:
        yield _Event(b"section", is_opening=False)
    elif word == b"end":
        yield _Event(b"", is_opening=False)
    elif word.startswith(b"end"):
        yield _Event(word[3:], is_opening=False)
    elif not code.startswith(b"@!"):
        yield _Event(word, is_opening=True)


def _of_hash(code: bytes) -> Iterator[_Event]:
    """`#if` and `#end` of Velocity, `#if` and `#end if` of Cheetah."""
    word = re.match(rb"#\{?(?:end\s++(?P<end>\w++)|(?P<name>\w++))", code)
    if word and word["end"]:
        yield _Event(word["end"], is_opening=False)
    elif word:
        is_end = word["name"] == b"end"
        yield _Event(b"" if is_end else word["name"], is_opening=not is_end)


def _of_code(code: bytes) -> Iterator[_Event]:
    """Statements of a programming language: braces, `if ..:` and `endif`, `do` and `end`, `If .. Then` and `End If`."""
    text = _without_strings(code)
    yield from _of_comments(text)
    for brace in _BRACES.finditer(text):
        yield _Event(_BRACE, is_opening=brace[0] == b"{")
    for statement in re.split(rb"[;\n]", text):
        match = _STATEMENT.match(statement)
        if match and not statement.rstrip().endswith(b"{") and b"{" not in statement:
            yield from _of_statement(match)


def _without_strings(code: bytes) -> bytes:
    """Code without its strings, and without comments except those that end elsewhere."""
    return _TOKENS.sub(lambda token: b"" if token["skipped"] else token[0], code)


def _of_comments(text: bytes) -> Iterator[_Event]:
    """A comment that begins in one piece of server code and ends in another."""
    for mark in re.finditer(rb"/\*|\*/", text):
        yield _Event(b"/*", is_opening=mark[0] == b"/*")


def _of_statement(match: re.Match[bytes]) -> Iterator[_Event]:
    name = next((match[group].lower() for group in ("end", "vb", "next", "bare", "open") if match[group]), b"do")
    if match["bare"]:
        yield _Event(b"", is_opening=False)
    else:
        is_opening = not (match["end"] or match["vb"] or match["next"])
        yield _Event(_OF_VB.get(name, name), is_opening=is_opening)


def _of_php(code: bytes) -> Iterator[_Event]:
    """Braces, the forms with a colon, `if (..):` and `endif`, and a buffer that is discarded or used elsewhere."""
    text = _without_parentheses(_without_strings(code.removesuffix(b"?>")))
    yield from _of_comments(text)
    for token in _OF_PHP.finditer(text):
        if token["end"] or token["open"]:
            yield _Event((token["end"] or token["open"]).lower(), is_opening=bool(token["open"]))
        else:
            yield _Event(_BRACE, is_opening=token[0] == b"{")
    for call in _BUFFERED.finditer(text):
        yield _Event(_BUFFER, is_opening=call[0] == _BUFFER)


def _without_parentheses(text: bytes) -> bytes:
    """The text without what is in closed parentheses, up to a depth that no page has."""
    for _ in range(_DEEPEST):
        text, count = _PARENTHESES.subn(b"", text)
        if not count:
            break
    return text


def _of_line(code: bytes) -> Iterator[_Event]:
    yield from _of_code(code.strip().lstrip(b"%:="))


def _of_webpy(code: bytes) -> Iterator[_Event]:
    """The end is where the indentation ends, which a line of ours would change."""
    if not code.startswith((b"$def with", b"$var", b"$code")):
        yield _Event(b"if", is_opening=True)


def _of_brackets(code: bytes) -> Iterator[_Event]:
    yield from _of_code(code[2:].removesuffix(b">").rstrip(b"%:-").lstrip(b"%:="))


def _of_output(code: bytes) -> Iterator[_Event]:
    """`<%= f do |x| %>` or `<%= f(function () { %>`: what an output begins; `<%- if x -%>` is no output."""
    is_statement = code.startswith(b"<%-")
    for event in _of_brackets(b"<%" + code[3:]):
        if is_statement or event.name in _OF_OUTPUT:
            yield event


_READERS: dict[Mark, tuple[str, Callable[[bytes], Iterable[_Event]]]] = {
    m.TAG: ("tag", _of_tag),
    m.SECTION: ("double", _of_double),
    m.DOUBLE: ("double", _of_double),
    m.SMARTY_TAG: ("brace", _of_tag),
    m.SVELTE_BLOCK: ("brace", _of_tag),
    m.SSI: ("ssi", _of_tag),
    m.TMPL: ("tmpl", _of_tag),
    m.MAKO_TAG: ("angle", _of_tag),
    m.FREEMARKER_TAG: ("angle", _of_tag),
    m.FREEMARKER_MACRO: ("angle", _of_tag),
    m.NAMESPACE_TAG: ("angle", _of_tag),
    m.SQUARE: ("square", _of_square),
    m.AT_TAG: ("at", _of_at),
    m.CHEETAH_TAG: ("hash", _of_hash),
    m.VELOCITY_TAG: ("hash", _of_hash),
    m.PERCENT: ("code", _of_brackets),
    m.PERCENT_OUTPUT: ("code", _of_output),
    m.PERCENT_LINE: ("code", _of_line),
    m.COLON: ("code", _of_brackets),
    m.COLON_LINE: ("code", _of_line),
    m.WEBPY_LINE: ("code", _of_webpy),
    m.PHP: ("php", _of_php),
}
PAIRED = frozenset({*_READERS, m.RAZOR_BLOCK})
"""The marks whose pieces may belong together."""
