"""The events for which a script waits: what a function is given for, or set to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from snippetkit.javascript.names import MEMBERS, given, is_text, member_name, unwrapped
from snippetkit.javascript.tokens import text_of
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

ON_LOAD = ("DOMContentLoaded", "load", "pageshow")
"""The events of a page that is loaded, whatever a visitor does."""

PAGE_EVENT = later(rb"DOMContentLoaded|load|pageshow|ready|jQuery|\$\s*\(")
"""What is in each script that waits for one of those, or for jQuery's."""

_LISTENING = {"addEventListener": 0, "attachEvent": 0, "bind": 0, "delegate": 1, "live": 0, "on": 0, "one": 0}
"""What is given a function for an event, and at which place that is named; all but the first two are jQuery's."""
_SHORT = {
    name: name
    for name in "blur change click contextmenu dblclick focus focusin focusout keydown keypress keyup mousedown "
    "mouseenter mouseleave mousemove mouseout mouseover mouseup resize scroll select submit touchend touchstart".split()
} | {"hover": "mouseenter"}
_BY_NAME = frozenset({"bind", "on", "one"})
"""What of jQuery takes handlers by the names of their events: `$(a).on({click: function () {}})`."""
_HANDLER = later(r"on([a-z]{3,})")


def event_given(call: Node, arguments: Node, meant: Callable[[Node], Node | None] = unwrapped) -> str:
    """Return the event for which a call is given a function, empty where it is none or is not known.

    Args:
        call: the call.
        arguments: what it is given.
        meant: says what a name always stands for.
    """
    callee = call.child_by_field_name("function")
    method = (member_name(unwrapped(callee)) or (callee.text or b"")).decode("utf-8", "replace") if callee else ""
    if method in _SHORT:
        return _SHORT[method]
    told = given(arguments)
    is_prototypes = callee is not None and callee.text == b"Event.observe"
    at = 1 if is_prototypes else _LISTENING.get(method, len(told))
    said = (meant(told[at]) or told[at]) if at < len(told) else None
    event = name_in(said) if said and is_text(said) else ""
    event = event.removeprefix("on") if method == "attachEvent" else event
    return event.split(".")[0].split(" ")[0]


def takes_handlers(call: Node) -> bool:
    """Return whether a call may be given an object of handlers, by the names of their events."""
    callee = call.child_by_field_name("function")
    return callee is not None and member_name(unwrapped(callee)).decode("utf-8", "replace") in _BY_NAME


def page_event_given(call: Node, arguments: Node) -> str:
    """Return the same where that is `ready` or `load`, which come to a page by themselves; empty where it is not."""
    callee = call.child_by_field_name("function")
    text = text_of(unwrapped(callee)) if callee else ""
    if text in {"$", "jQuery"} or text.endswith(".ready"):
        return "ready"
    return {"DOMContentLoaded": "ready", "load": "load", "pageshow": "load"}.get(event_given(call, arguments), "")


def event_of_handler(left: Node) -> str:
    """Return the event of a handler that is set, `a.onclick`; empty where it is none."""
    handler = _HANDLER.fullmatch(member_name(left).decode("utf-8", "replace")) if left.type in MEMBERS else None
    return handler[1] if handler else ""


def name_in(node: Node | None) -> str:
    """Return the name that a node is, or the text of a string; empty where there is none."""
    return "" if node is None else text_of(node)[1:-1] if is_text(node) else text_of(node)
