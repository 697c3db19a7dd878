"""A string of a script with what the script appends to it: `'..&value=' + total`, `'..'.concat(total)`, `${total}`.

An expression that is neither a literal nor a constant stands as it is where it is all that a parameter says, or is a
tag manager's `{{total}}`; elsewhere it becomes `${total}`. In the masked text, underscores take its place. The
statements right behind may append more, `url += '..'`; where others may do so as well, one more parameter follows whose
value is not known. It also stands for the rest where there are too many parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript.constants import items_of
from snippetkit.javascript.lists import joining_call
from snippetkit.javascript.names import given, is_text, member_name, unwrapped
from snippetkit.javascript.tree import Tree
from snippetkit.patterns import later
from snippetkit.records import dataclass
from snippetkit.references import Decoded, Said, escapes_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

_AROUND = frozenset({"parenthesized_expression"})
_PLAIN = later(rb"[0-9]+(?:\.[0-9]+)?")
_VARIABLE = later(r"\{\{[^{}]*\}\}")
_LITERALS = frozenset({"string", "template_string"})
_MEMBER_CALLS = frozenset({"call_expression", "member_expression"})
_GIVEN = {"variable_declarator": "name", "assignment_expression": "left", "augmented_assignment_expression": "left"}
_IN_MARKUP = later(r"[\w$.()\[\]]+")
_GOES_ON = rb"(?:[\s;]|//[^\n]*+|/\*[^*]*+\*/|(?!))*+%b\s*+\+=(?!=)"
_MAY_GO_ON = rb"(?<![\w$.])%b\s*+\+=(?!=)"
_NEAR = 2000  # bytes behind a statement in which the next one begins that goes on with a text
_MOST_STEPS = 30
_MOST = 30  # parts that a URL is put together from, and sides of a sum that are looked at
_LONGEST = 1000  # an expression may hold others, each of which is told too
_MORE = "${...}"


class Joined(NamedTuple):
    """A text that a script puts together, and the same with underscores in the place of what it only knows later.

    `end` is the offset up to which no string is the beginning of another text.
    """

    text: Decoded
    masked: Decoded
    end: int


def join_behind(
    data: bytes,
    offset: int,
    tree: Tree,
    node: Node,
    escape: re.Pattern[bytes],
    character: Callable[[str], str],
    constant: Callable[[Node], str],
    *,
    is_markup: bool = False,
) -> Joined | None:
    """Return a string of a script with all that is put behind it, None where nothing is.

    Args:
        data: the text that the script stands in.
        offset: where the script begins there.
        tree: the script's.
        node: the string.
        escape: what an escape looks like in it.
        character: what an escape stands for.
        constant: what a node says at all times, empty where that is not known.
        is_markup: whether it is markup, in which an expression must not look like any.
    """
    behind = [*islice(_behind(tree, node), _MOST)]
    parts, between = [node, *(part for part, _ in behind)], {part.id: text for part, text in behind if text}
    steps, open_end = _steps(data, offset, tree, node)
    is_cut_off = len(parts) + len(steps) > _MOST
    parts = [*parts, *steps][:_MOST]
    if len(parts) == 1 and not _inserted(node):
        return None
    joining = _Joining(data, offset, parts, open_end, escape, character, constant, between, is_markup=is_markup)
    pieces = [*joining.pieces()]
    start, end = offset + node.start_byte + 1, offset + parts[-1].end_byte - (parts[-1].type in _LITERALS)
    pieces += [_Piece((end, end, _MORE), is_later=True)] if is_cut_off else []
    own = parts if is_markup or steps else parts[:1]
    last = max(offset + part.end_byte for part in own if part != open_end)
    said, masked = [one.said for one in pieces], [one.masked for one in pieces]
    return Joined(Decoded((data,), start, end, said), Decoded((data,), start, end, masked), last)


class _Piece(NamedTuple):
    """What stands in a text for a piece of a script, and whether that is only known later."""

    said: Said
    is_later: bool = False

    @property
    def masked(self) -> Said:
        """The same with underscores in its place, where it is known later."""
        begin, end, text = self.said
        return (begin, end, "_" * len(text.encode())) if self.is_later else self.said


@dataclass(frozen=True, slots=True)
class _Joining:
    """The parts that a text is put together from, the last of them `open_end` where others may go on with it.

    `between` is the text that is put in front of some of them, by their ids.
    """

    data: bytes
    offset: int
    parts: Sequence[Node]
    open_end: Node | None
    escape: re.Pattern[bytes]
    character: Callable[[str], str]
    constant: Callable[[Node], str]
    between: Mapping[int, str]
    is_markup: bool

    def pieces(self) -> Iterator[_Piece]:
        """Yield what stands for each piece that is not said as it is written; what is between parts says nothing."""
        end = self.offset + self.parts[0].start_byte + 1
        for number, part in enumerate(self.parts):
            is_literal = part.type in _LITERALS
            at = self.offset + part.start_byte + is_literal
            yield from [_Piece((end, at, self.between.get(part.id, "")))] if at > end else []
            end = self.offset + part.end_byte - is_literal
            for one in _dynamic(part):
                begin, behind = self.offset + one.start_byte, self.offset + one.end_byte
                yield from self._escapes(at, begin)
                yield from [_Piece((begin, begin, "&"))] if part == self.open_end else []
                known = self._known(part, one)
                yield _Piece((begin, behind, known or self._expression(number, begin, behind)), is_later=not known)
                at = behind
            yield from self._escapes(at, end) if is_literal else []

    def _escapes(self, start: int, end: int) -> Iterator[_Piece]:
        return map(_Piece, escapes_in(self.data, start, end, self.escape, self.character))

    def _known(self, part: Node, one: Node) -> str:
        """What an expression says at all times, empty where that is not known."""
        if part == self.open_end:
            return ""
        return self.constant(one.named_children[0] if part.type in _LITERALS and one.named_children else one)

    def _expression(self, number: int, begin: int, end: int) -> str:
        """What stands for an expression of a part."""
        part = self.parts[number]
        text = self.data[begin : min(end, begin + _LONGEST)].decode("utf-8", "replace")
        if part.type not in _LITERALS:
            is_whole = not self.is_markup and part != self.open_end and _is_whole(self.parts, number)
            text = _told(text, is_whole=is_whole)
        return text if not self.is_markup or _IN_MARKUP.fullmatch(text[2:-1]) else "${_}"


def _behind(tree: Tree, node: Node) -> Iterator[tuple[Node, str]]:
    """What is put behind a string, part by part, each with the text in front of it."""
    while outer := tree.parent(node):
        if outer.type == "binary_expression" and _operator(outer) == b"+":
            right = outer.child_by_field_name("right")
            if right and right.start_byte >= node.end_byte:
                yield from ((part, "") for part in _parts(right))
        elif call := _concat_call(tree, outer):
            arguments = given(call.child_by_field_name("arguments"))
            yield from ((part, "") for argument in arguments for part in _parts(argument))
            outer = call
        elif outer.type == "array" and (joining := joining_call(tree, outer)):
            yield from _items_behind(outer, node, joining[1])
            outer = joining[0]
        elif outer.type not in _AROUND:
            return
        node = outer


def _concat_call(tree: Tree, member: Node) -> Node | None:
    """The call of a text's `concat`."""
    call = tree.parent(member) if member.type == "member_expression" and member_name(member) == b"concat" else None
    return call if call and call.child_by_field_name("function") == member else None


def _items_behind(array: Node, node: Node, between: str) -> Iterator[tuple[Node, str]]:
    """The parts of the items behind one that is put together with them."""
    for item in (one for one in items_of(array) if one.start_byte >= node.end_byte):
        yield from zip(_parts(item), chain([between], repeat("")), strict=False)


def _steps(data: bytes, offset: int, tree: Tree, node: Node) -> tuple[list[Node], Node | None]:
    """What the statements right behind go on with, part by part, and last the name that others may go on with."""
    parts: list[Node] = []
    name = _name_of(tree, node)
    if name is None:
        return parts, None
    written = re.escape(name.text or b"")
    goes_on, at = re.compile(_GOES_ON % written), offset + _end_of_statement(tree, name)
    while len(parts) < _MOST:
        match = goes_on.match(data, at, at + _NEAR)
        there = tree.innermost(match.end() - offset - 1, match.end() - offset) if match else None
        right = there.child_by_field_name("right") if there else None
        if there is None or right is None or there.type != "augmented_assignment_expression":
            break
        parts += islice(_parts(right), _MOST)
        at = offset + there.end_byte
    if more := re.compile(_MAY_GO_ON % written).search(data, at, at + _NEAR):
        open_end = tree.innermost(more.start() - offset, more.start() - offset + len(name.text or b""))
        return ([*parts, open_end], open_end) if open_end else (parts, None)
    return parts, None


def _name_of(tree: Tree, node: Node) -> Node | None:
    """The name that is given a text, in a declaration or a statement of its own."""
    for _ in range(_MOST_STEPS):
        outer = tree.parent(node)
        if outer is None:
            return None
        if outer.type in _GIVEN:
            name = outer.child_by_field_name(_GIVEN[outer.type])
            is_name = name is not None and name.type == "identifier" and name.end_byte <= node.start_byte
            return name if is_name else None
        is_sum = outer.type == "binary_expression" and _operator(outer) == b"+"
        if not (is_sum or outer.type in _AROUND or outer.type in _MEMBER_CALLS):
            return None
        node = outer
    return None


def _end_of_statement(tree: Tree, name: Node) -> int:
    given = tree.parent(name)
    statement = tree.parent(given) if given else None
    return statement.end_byte if statement else name.end_byte


def _parts(node: Node) -> Iterator[Node]:
    """The parts of what is put together; a sum without any string is one."""
    pending = [node]
    while pending:
        node = unwrapped(pending.pop())
        if _operator(node) == b"+" and _has_text(node):
            pending += reversed(_sides(node))
        else:
            yield node


def _has_text(node: Node) -> bool:
    return any(is_text(side) or side.type in _LITERALS for side in islice(_all_sides(node), _MOST))


def _all_sides(node: Node) -> Iterator[Node]:
    pending = [node]
    while pending:
        node = unwrapped(pending.pop())
        yield node
        pending += reversed(_sides(node))


def _sides(node: Node) -> list[Node]:
    return [side for side in map(node.child_by_field_name, ("left", "right")) if side]


def _operator(node: Node) -> bytes:
    operator = node.child_by_field_name("operator")
    return (operator.text or b"") if operator else b""


def _dynamic(part: Node) -> Sequence[Node]:
    """What of a part is no literal."""
    if part.type in _LITERALS:
        return _inserted(part)
    if part.type == "number" and _PLAIN.fullmatch(part.text or b""):
        return []
    return [part]


def _is_whole(parts: Sequence[Node], number: int) -> bool:
    """Whether a part is all that a parameter of a URL says: it stands between literals that say so, or at the end."""
    before, *behind = (_literal(part) for part in parts[max(number - 1, 0) : number + 2 : 2])
    return before.endswith(b"=") and all(text.startswith((b"&", b"#")) for text in behind)


def _told(text: str, *, is_whole: bool) -> str:
    """What stands for an expression; one of underscores alone is told apart from the masked text."""
    return text if _VARIABLE.fullmatch(text) or (is_whole and text.strip("_")) else f"${{{text}}}"


def _literal(part: Node) -> bytes:
    return (part.text or b"")[1:-1] if part.type in _LITERALS else b""


def _inserted(node: Node) -> list[Node]:
    return [one for one in node.children if one.type == "template_substitution"]
