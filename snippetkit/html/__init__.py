"""HTML as bytes: where code goes (`anchors`, `content`), and where scripts and images stand (`elements`)."""

from __future__ import annotations

from snippetkit.html.anchors import Anchors, find_anchors, has_frameset, head_span, head_tokens
from snippetkit.html.content import MARKER, find_body_bottom, find_markers
from snippetkit.html.elements import Attribute, Element, find_elements, is_in_head, is_page
from snippetkit.html.hidden import Hidden, find_hidden
from snippetkit.html.server_code import mask_server_code
from snippetkit.html.tokens import Token, attributes, element_end, position, refuse

__all__ = [
    "MARKER",
    "Anchors",
    "Attribute",
    "Element",
    "Hidden",
    "Token",
    "attributes",
    "element_end",
    "find_anchors",
    "find_body_bottom",
    "find_elements",
    "find_hidden",
    "find_markers",
    "has_frameset",
    "head_span",
    "head_tokens",
    "is_in_head",
    "is_page",
    "mask_server_code",
    "position",
    "refuse",
]
