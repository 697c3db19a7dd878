"""Audience pixels (2013 to 2016), which look like the fbds dialect: they count visitors, and no conversion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit.javascript import Script, member_name
from snippetkit.platforms import Calls, Dialect, Report
from snippetkit.platforms.facebook import PLATFORM
from snippetkit.terms import Coexistence

if TYPE_CHECKING:
    from tree_sitter import Node

NAME = "audience"


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script reports: one for each pixel that it names, with the event that it tracks."""
    entries = [(entry, items) for entry, items in script.queued(b"_fbq") if len(items) > 1]
    tracked = [items[1] for _, items in entries if script.text(items[0]) == "track"]
    event = next((item for item in tracked if script.text(item) and not script.text(item).isdecimal()), None)
    named = [(entry, items[1]) for entry, items in entries if script.text(items[0]) == "addPixelId"]
    for reference in script.references(b"_fbds"):
        member = script.tree.parent(reference)
        is_named = member is not None and member.type == "member_expression" and member_name(member) == b"pixelId"
        assignment = script.tree.parent(member) if member and is_named else None
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


DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"addPixelId", b"PixelInitialized", b"_fbds"),
    coexistence=Coexistence.APART,
    queues=("_fbq",),
    settings=("_fbds.pixelId",),
    calls=Calls(naming=frozenset({"addPixelId"})),
    loader="fbds.js",
    trusted_names=frozenset({"loaded", "pixelId", "push"}),
    has_events=False,
    retired=2017,
    since=2013,
)
