"""Audience pixels (2013 to 2016), which look like the fbds dialect: they count visitors, and no conversion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit.dialects import Report
from snippetkit.dialects._javascript import Script, text_of
from snippetkit.terms import Several

if TYPE_CHECKING:
    from tree_sitter import Node

NAME = "audience"
TRACES = (b"addPixelId", b"PixelInitialized", b"_fbds")
TRUSTED_NAMES = frozenset({"_fbds", "_fbq", "loaded", "pixelId", "push"})
TRUSTED_FUNCTIONS: tuple[str, ...] = ()
SEVERAL = Several.APART


def find(script: Script) -> Iterator[Report]:
    """Yield what a script reports: one for each pixel that it names, with the event that it tracks."""
    entries = [(entry, items) for entry, items in script.queued if len(items) > 1]
    tracked = [items[1] for _, items in entries if script.text(items[0]) == "track"]
    event = next((item for item in tracked if script.text(item) and not script.text(item).isdecimal()), None)
    named = [(entry, items[1]) for entry, items in entries if script.text(items[0]) == "addPixelId"]
    for reference in script.references(b"_fbds"):
        member = reference.parent
        assignment = member.parent if member and text_of(member).endswith(".pixelId") else None
        if assignment and assignment.type == "assignment_expression" and assignment.named_children[0] == member:
            named.append((assignment, assignment.named_children[-1]))
    nameless: list[tuple[Node, Node | None]] = [(event, None)] if event else []
    for node, pixel_id in [*named] or nameless:
        yield Report(
            NAME,
            node.start_byte + script.start,
            pixel_id=script.setting(pixel_id),
            event=script.setting(event),
            verb="audience",
        )
