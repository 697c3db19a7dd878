"""What a pattern takes out of an object, by its name or another: `const {tell: f} = window`, `function f({a}) {}`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

PATTERN = "object_pattern"
_PLAIN = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_DEEP = 4


class PatternPart(NamedTuple):
    """A part of a pattern: the member that it takes, what that is called or taken apart by, and what counts without."""

    member: bytes
    name: Node
    default: Node | None = None


def picked(pattern: Node) -> Iterator[tuple[Node, bytes]]:
    """Yield each name in a pattern that is not the member's own, and the member that it stands for."""
    for part, one in zip(pattern.named_children, map(_taken, pattern.named_children), strict=True):
        if part.type == "pair_pattern" and one and one.name.type == "identifier":
            yield one.name, one.member


def taken(pattern: Node) -> Iterator[PatternPart]:
    """Yield what a pattern takes out of an object; not what is left of that, `...rest`."""
    yield from filter(None, map(_taken, pattern.named_children))


def names_in(parameter: Node, depth: int = 0) -> Iterator[Node]:
    """Yield the names that a parameter, or a pattern, declares."""
    if parameter.type in _PLAIN:
        yield parameter
    elif depth < _DEEP:
        for child in _declaring(parameter):
            yield from names_in(child, depth + 1)


def with_default(node: Node) -> tuple[Node, Node | None]:
    """Return what is declared, and what counts where it is given nothing: of `a = 1` it is 1."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    return (left, right) if left and node.type.endswith("assignment_pattern") else (node, None)


def _declaring(node: Node) -> list[Node]:
    if node.type.endswith("assignment_pattern"):
        return [with_default(node)[0]]
    value = node.child_by_field_name("value")
    return [value] if node.type == "pair_pattern" and value else node.named_children if "pattern" in node.type else []


def _taken(part: Node) -> PatternPart | None:
    if part.type == "pair_pattern":
        key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
        if key is None or value is None or key.type not in {"property_identifier", "string"}:
            return None
        return PatternPart((key.text or b"").strip(b"\"'"), *with_default(value))
    name, default = with_default(part)
    is_name = name.type == "shorthand_property_identifier_pattern"
    return PatternPart(name.text or b"", name, default) if is_name else None
