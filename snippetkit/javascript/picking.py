"""What a pattern takes out of an object under another name: `const {tell: f} = window`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

PATTERN = "object_pattern"


def picked(pattern: Node) -> Iterator[tuple[Node, bytes]]:
    """Yield each name in a pattern that is not the member's own, and the member that it stands for."""
    for part in (one for one in pattern.named_children if one.type == "pair_pattern"):
        key, name = part.child_by_field_name("key"), part.child_by_field_name("value")
        if name and name.type == "assignment_pattern":  # what follows `=` counts where there is no such member
            name = name.child_by_field_name("left")
        if key and name and name.type == "identifier" and key.type in {"property_identifier", "string"}:
            yield name, (key.text or b"").strip(b"\"'")
