"""HTML as bytes: where code goes (`anchors`), and where scripts, noscripts and images stand (`elements`)."""

from __future__ import annotations

from snippetkit.html.anchors import Anchors, Token, attributes, element_end, find_anchors, position, refuse
from snippetkit.html.elements import Attribute, Element, find_elements, head_span, is_in_head, is_page

__all__ = [
    "Anchors",
    "Attribute",
    "Element",
    "Token",
    "attributes",
    "element_end",
    "find_anchors",
    "find_elements",
    "head_span",
    "is_in_head",
    "is_page",
    "position",
    "refuse",
]
