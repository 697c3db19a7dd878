"""From code to snippets: `read` takes any text as it stands on a page, `read_code` checks what the API answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.doors import door
from snippetkit.javascript import may_evaluate

if TYPE_CHECKING:
    from snippetkit.snippets.absent import TAG_MANAGER
    from snippetkit.snippets.bringing import is_loader
    from snippetkit.snippets.code import check, read_code, take_variant, without_nonce
    from snippetkit.snippets.codes import Code, Image
    from snippetkit.snippets.document import Document, parse
    from snippetkit.snippets.elsewhere import base_from, is_named, is_of_nobody, lacks_base, late_from, waits_for
    from snippetkit.snippets.frames import find_frames
    from snippetkit.snippets.given import NOTHING, Others
    from snippetkit.snippets.joining import group, join, share_source
    from snippetkit.snippets.naming import as_code
    from snippetkit.snippets.noscripts import has_noscript_image, with_lazy_images
    from snippetkit.snippets.reading import (
        read,
        read_bases,
        read_code_from_outside,
        read_document,
        read_documents,
        read_file,
        read_handlers,
    )
    from snippetkit.snippets.run_bases import FileParts, RunBases, find_parts
    from snippetkit.snippets.served import Served, find_server_code
    from snippetkit.snippets.sources import read_made, read_source, take_apart
    from snippetkit.snippets.states import DEAD, HELD_BACK, NO_SCRIPT, State
    from snippetkit.snippets.tracking import add_event

__all__ = [
    "DEAD",
    "HELD_BACK",
    "NOTHING",
    "NO_SCRIPT",
    "TAG_MANAGER",
    "Code",
    "Document",
    "FileParts",
    "Image",
    "Others",
    "RunBases",
    "Served",
    "State",
    "add_event",
    "as_code",
    "base_from",
    "check",
    "find_frames",
    "find_parts",
    "find_server_code",
    "group",
    "has_noscript_image",
    "is_loader",
    "is_named",
    "is_of_nobody",
    "join",
    "lacks_base",
    "late_from",
    "may_evaluate",
    "parse",
    "read",
    "read_bases",
    "read_code",
    "read_code_from_outside",
    "read_document",
    "read_documents",
    "read_file",
    "read_handlers",
    "read_made",
    "read_source",
    "share_source",
    "take_apart",
    "take_variant",
    "waits_for",
    "with_lazy_images",
    "without_nonce",
]

if not TYPE_CHECKING:
    __getattr__ = door(
        __name__,
        {
            "absent": "TAG_MANAGER",
            "bringing": "is_loader",
            "code": "check read_code take_variant without_nonce",
            "codes": "Code Image",
            "document": "Document parse",
            "elsewhere": "base_from is_named is_of_nobody lacks_base late_from waits_for",
            "frames": "find_frames",
            "given": "NOTHING Others",
            "joining": "group join share_source",
            "naming": "as_code",
            "noscripts": "has_noscript_image with_lazy_images",
            "reading": "read read_bases read_code_from_outside read_document read_documents read_file read_handlers",
            "run_bases": "FileParts RunBases find_parts",
            "served": "Served find_server_code",
            "sources": "read_made read_source take_apart",
            "states": "DEAD HELD_BACK NO_SCRIPT State",
            "tracking": "add_event",
        },
    )
