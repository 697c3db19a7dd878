"""Template languages: what a server reads in a page before a browser sees it.

The table has a row for each language. `find_spans` yields the pieces of server code in a text, `is_plain_value` knows
one that only writes a variable, `mask` replaces them with something else. `mask_page` and `mask_values` are for
readers of scripts; `beginnings` and `plain_values` for code from outside, which may go onto a page of any
language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.doors import door
from snippetkit.server_code.finding import (
    Span,
    find_spans,
    is_plain_value,
    is_whole,
    language,
    language_of,
    mask,
    opens,
)

if TYPE_CHECKING:
    from snippetkit.server_code.branches import Branches
    from snippetkit.server_code.enclosing import Block, find_blocks
    from snippetkit.server_code.language import Language, Mark, PieceKind
    from snippetkit.server_code.marks import DELIMITERS
    from snippetkit.server_code.outside import beginnings, plain_values, with_values
    from snippetkit.server_code.reading import find_in_script, mask_page, mask_values
    from snippetkit.server_code.suspecting import may_enclose
    from snippetkit.server_code.table import LANGUAGES
    from snippetkit.server_code.wrapping import (
        in_markup,
        is_certain,
        languages_of,
        literal_marks,
        may_be_in,
        readers,
        unwrap,
        wrap,
    )

__all__ = [
    "DELIMITERS",
    "LANGUAGES",
    "Block",
    "Branches",
    "Language",
    "Mark",
    "PieceKind",
    "Span",
    "beginnings",
    "find_blocks",
    "find_in_script",
    "find_spans",
    "in_markup",
    "is_certain",
    "is_plain_value",
    "is_whole",
    "language",
    "language_of",
    "languages_of",
    "literal_marks",
    "mask",
    "mask_page",
    "mask_values",
    "may_be_in",
    "may_enclose",
    "opens",
    "plain_values",
    "readers",
    "unwrap",
    "with_values",
    "wrap",
]

if not TYPE_CHECKING:
    __getattr__ = door(
        __name__,
        {
            "branches": "Branches",
            "enclosing": "Block find_blocks",
            "language": "Language Mark PieceKind",
            "marks": "DELIMITERS",
            "outside": "beginnings plain_values with_values",
            "reading": "find_in_script mask_page mask_values",
            "suspecting": "may_enclose",
            "table": "LANGUAGES",
            "wrapping": "in_markup is_certain languages_of literal_marks may_be_in readers unwrap wrap",
        },
    )
