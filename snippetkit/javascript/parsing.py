"""From a text to the syntax tree that tree-sitter makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from itertools import islice
from time import thread_time
from typing import TYPE_CHECKING

from snippetkit.errors import SlowReadingError, SnippetError
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Point

_MOST_BEGUN = 1000
_PIECE = 64 * 1024
_MOST_S = 2.0
_MOST_S_A_BYTE = 2e-6  # ten times what a script takes that is one
_BEGUN = later(
    rb"""(?P<comment>/\*)|//[^\n]*|"(?:[^"\\\n]|\\.)*(?:["\n]|\Z)|'(?:[^'\\\n]|\\.)*(?:['\n]|\Z)""", re.DOTALL
)

_ATTRIBUTE = later(rb"""[\w-]\s*=\s*(?:"[^"<>]*"|'[^'<>]*')(?=[\s/>])""")
_BARE = later(rb"&(?!(?:\w+|\#\d+|\#[xX][0-9a-fA-F]+);)")


@cache
def _language() -> Language:
    import tree_sitter

    return tree_sitter.Language(_grammar())


@cache
def _parser() -> Parser:
    import tree_sitter

    return tree_sitter.Parser(_language())


def _grammar() -> object:
    """The grammar of JavaScript, out of its package, which would import what reads files in archives: 10 ms of 100.

    Where the package is built in another way than today, it is imported.
    """
    package = find_spec("tree_sitter_javascript")
    folders = package.submodule_search_locations if package else None
    binding = PathFinder.find_spec("tree_sitter_javascript._binding", folders) if folders else None
    if binding is None or binding.loader is None:
        import tree_sitter_javascript

        return tree_sitter_javascript.language()
    module = module_from_spec(binding)
    binding.loader.exec_module(module)
    grammar: object = module.language()
    return grammar


def parse(script: str) -> Node:
    """Return the syntax tree of a script.

    Raises:
        SnippetError: it is not JavaScript.
        SlowReadingError: as `root_of` does.
    """
    root = root_of(script.encode())
    if root.has_error:
        raise SnippetError("the script is not valid JavaScript")
    return root


def root_of(text: bytes) -> Node:
    """Return the syntax tree of a script, with its errors.

    Raises:
        SlowReadingError: so much of a long one is broken that it would take minutes.
    """
    text = _within_bounds(text)
    if len(text) <= _PIECE:
        return _parser().parse(text).root_node
    pieces = _Pieces(text)
    tree = _parser().parse(pieces.read)
    if pieces.is_cut_off:
        raise SlowReadingError(
            "a script there is broken in so many places that it would take minutes to read",
            hint="fix the script, or leave the file out",
        )
    # Such a tree would ask for each node's text piece by piece; from it, that of the whole text is made at once.
    return (_parser().parse(text) if tree.root_node.has_error else _parser().parse(text, tree)).root_node


@cache
def undefined() -> Node:
    """Return what stands for a member that is not there, and for a parameter that is given nothing."""
    return root_of(b"undefined").named_children[0].named_children[0]


def parts_of(text: bytes, spans: Iterable[tuple[int, int]]) -> Node:
    """Return the syntax tree of what parts of a script are without what is between them; its offsets are the script's.

    Args:
        text: the script.
        spans: from where up to where each part is, in order.
    """
    import tree_sitter

    ranges = [tree_sitter.Range(_point(text, start), _point(text, end), start, end) for start, end in spans]
    return tree_sitter.Parser(_language(), included_ranges=ranges).parse(text).root_node


def _point(text: bytes, offset: int) -> Point:
    """The line of a byte offset, and the offset in that."""
    import tree_sitter

    return tree_sitter.Point(text.count(b"\n", 0, offset), offset - text.rfind(b"\n", 0, offset) - 1)


def root_with_markup(text: bytes) -> Node:
    """Return the syntax tree of a script that may have JSX, with its errors.

    A bare `&` in an attribute, which JSX takes and tree-sitter does not, is an underscore there.

    Raises:
        SlowReadingError: as `root_of` does.
    """
    root = root_of(text)
    bare = _bare_ampersands(text) if root.has_error else []
    mended = root_of(_without(text, bare)) if bare else root
    if mended.has_error:
        return root
    in_markup = [at for at in bare if _is_in_markup(mended.descendant_for_byte_range(at, at + 1))]
    return mended if in_markup == bare else root_of(_without(text, in_markup))


def _bare_ampersands(text: bytes) -> list[int]:
    """Where `&` begins no reference to a character, in what may be the attributes of an element."""
    attributes = _ATTRIBUTE.finditer(text)
    return [bare.start() for match in attributes for bare in _BARE.finditer(text, *match.span())]


def _without(text: bytes, places: Iterable[int]) -> bytes:
    changed = bytearray(text)
    for at in places:
        changed[at : at + 1] = b"_"
    return bytes(changed)


def _is_in_markup(node: Node | None) -> bool:
    while node is not None and node.type in {"string", "string_fragment"}:
        node = node.parent
    return node is not None and node.type == "jsx_attribute"


class _Pieces:
    """A script, read piece by piece, up to where the parser has worked on it for too long.

    It is the processor's time that counts: on a loaded machine no more than on an idle one.
    """

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._started = thread_time()
        self.is_cut_off = False

    def read(self, at: int, _: object) -> bytes:
        """Return what stands from an offset on; nothing, as at the end, once it is too much."""
        taken = thread_time() - self._started
        self.is_cut_off = self.is_cut_off or taken > _MOST_S + at * _MOST_S_A_BYTE
        return b"" if self.is_cut_off else self._text[at : at + _PIECE]


def _within_bounds(text: bytes) -> bytes:
    """A script up to where too many comments do not end: the parser would go to the end of the text for each."""
    begun = (match.end() for match in _BEGUN.finditer(text, text.rfind(b"*/") + 1) if match["comment"])
    return text[: next(islice(begun, _MOST_BEGUN, None), len(text))]
