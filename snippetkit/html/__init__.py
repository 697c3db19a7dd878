"""HTML as bytes: where code goes (`anchors`, `content`), and where scripts and images are (`elements`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.doors import door
from snippetkit.terms import MARKER

if TYPE_CHECKING:
    from snippetkit.html.anchors import Anchors, find_anchors, has_frameset, head_span, head_tokens
    from snippetkit.html.condensing import Condensed, condense
    from snippetkit.html.content import find_body_bottom, find_markers
    from snippetkit.html.elements import (
        Element,
        Hidden,
        find_elements,
        find_hidden,
        frame_source,
        is_in_head,
        is_page,
    )
    from snippetkit.html.handlers import Handler, find_handlers, gaps, may_be_handled
    from snippetkit.html.holding import HOLDERS, UNKNOWN, Holder, find_holder
    from snippetkit.html.lazy import has_lazy_images, with_lazy_images
    from snippetkit.html.markup import Piece, read_markup
    from snippetkit.html.scanning import base_of, is_whole_page, may_be_whole_page
    from snippetkit.html.server_code import (
        check_implied,
        check_outside_blocks,
        check_outside_pairs,
        check_part,
        check_tag,
        check_written,
        mask_server_code,
    )
    from snippetkit.html.tokens import (
        BEGINNING,
        NEWLINE,
        TOKEN,
        Attribute,
        Token,
        attributes,
        check_encoding,
        find_tokens,
        position,
        refuse,
    )

__all__ = [
    "BEGINNING",
    "HOLDERS",
    "MARKER",
    "NEWLINE",
    "TOKEN",
    "UNKNOWN",
    "Anchors",
    "Attribute",
    "Condensed",
    "Element",
    "Handler",
    "Hidden",
    "Holder",
    "Piece",
    "Token",
    "attributes",
    "base_of",
    "check_encoding",
    "check_implied",
    "check_outside_blocks",
    "check_outside_pairs",
    "check_part",
    "check_tag",
    "check_written",
    "condense",
    "find_anchors",
    "find_body_bottom",
    "find_elements",
    "find_handlers",
    "find_hidden",
    "find_holder",
    "find_markers",
    "find_tokens",
    "frame_source",
    "gaps",
    "has_frameset",
    "has_lazy_images",
    "head_span",
    "head_tokens",
    "is_in_head",
    "is_page",
    "is_whole_page",
    "mask_server_code",
    "may_be_handled",
    "may_be_whole_page",
    "position",
    "read_markup",
    "refuse",
    "with_lazy_images",
]

if not TYPE_CHECKING:
    __getattr__ = door(
        __name__,
        {
            "anchors": "Anchors find_anchors has_frameset head_span head_tokens",
            "condensing": "Condensed condense",
            "content": "find_body_bottom find_markers",
            "elements": "Element Hidden find_elements find_hidden frame_source is_in_head is_page",
            "handlers": "Handler find_handlers gaps may_be_handled",
            "holding": "HOLDERS UNKNOWN Holder find_holder",
            "lazy": "has_lazy_images with_lazy_images",
            "markup": "Piece read_markup",
            "scanning": "base_of is_whole_page may_be_whole_page",
            "server_code": "check_implied check_outside_blocks check_outside_pairs check_part check_tag check_written "
            "mask_server_code",
            "tokens": "BEGINNING NEWLINE TOKEN Attribute Token attributes check_encoding find_tokens position refuse",
        },
    )
