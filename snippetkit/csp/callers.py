"""Which functions of a page's conversion code reach beyond their script, and which other scripts call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from snippetkit import platforms
from snippetkit.csp.keeping import kept
from snippetkit.html import Element
from snippetkit.javascript import FUNCTIONS, Script
from snippetkit.patterns import later
from snippetkit.server_code import mask_page

if TYPE_CHECKING:
    from tree_sitter import Node

_NAME = later(r"[\w$]+(?:\.[\w$]+){0,9}")
_WINDOWS = frozenset({b"globalThis", b"self", b"window"})
_OF_WINDOW = later(r"^(?:window|self|globalThis)\.")
_IDENTIFIERS = frozenset({"identifier", "property_identifier", "shorthand_property_identifier"})
_FUNCTION = later(rb"function|=>|\)\s*\{")
_MOST = 200  # scripts that are made to be slow name a function at every step


def find_callers(data: bytes, owned: Sequence[Element], others: Sequence[Element]) -> tuple[set[str], list[Element]]:
    """Return the names of the functions that conversion code stands in, and the scripts beside it that use these.

    A function that calls such a one is one itself. Only names that other scripts and handlers have too count.

    Args:
        data: the page.
        owned: the scripts that are conversion code.
        others: the page's other scripts.
    """
    if not owned:
        return set(), []
    masked, calling = mask_page(data), list[Element]()
    names = {name for one in owned for name in _reaching_from(masked[one.inner_start : one.inner_end])}
    pending = set(names)
    while pending:
        left = [one for one in (*others, *owned) if one not in calling]
        found = set[str]()
        for element in left:
            if calling_one_of(pending).search(masked, element.inner_start, element.inner_end):
                script = _script(masked, element)
                if uses := [at for name in pending for at in _uses(script, name, is_own=False)]:
                    found |= _reaching(script, uses)
                    calling += [element] if element in others else []
        pending = found - names
        names |= found
    return names, calling


@kept
def _reaching_from(text: bytes) -> frozenset[str]:
    """The names beyond a script of the functions in which it has conversion code."""
    if not _FUNCTION.search(text):
        return frozenset()
    script = Script(text, text, 0, len(text), reporting=platforms.reporting())
    return frozenset(_reaching(script, _reports(script)))


def calling_one_of(names: Iterable[str]) -> re.Pattern[bytes]:
    """Return a pattern for what a text that calls one of these functions holds."""
    one_of = "|".join(sorted(map(re.escape, names))) or "(?!)"
    return re.compile(rf"(?<![\w$])(?:{one_of})(?![\w$])".encode())


def _script(masked: bytes, element: Element) -> Script:
    return Script(masked, masked, element.inner_start, element.inner_end, reporting=platforms.reporting())


def _reports(script: Script) -> list[int]:
    """Where a script names a platform's global or an image."""
    patterns = platforms.global_names(), platforms.image_in_string()
    found = (match for one in patterns for match in one.finditer(script.masked, script.start, script.end))
    return [match.start() - script.start for match in found][:_MOST]


def _reaching(script: Script, places: Iterable[int]) -> set[str]:
    """The names beyond the script of the functions that run what stands at these places."""
    reaching, seen, pending = set[str](), set[str](), [*places]
    while pending:
        for name, is_reaching in _around(script, pending.pop()):
            reaching |= {name} if is_reaching else set()
            if name not in seen:
                seen.add(name)
                pending += _uses(script, name, is_own=True)
    return reaching


def _around(script: Script, at: int) -> Iterator[tuple[str, bool]]:
    """The functions around a place by their names, from the inside; and whether other scripts have that name."""
    node = script.tree.innermost(at, at + 1)
    around = [node, *script.tree.around(node)] if node else []
    left = sum(one.type in FUNCTIONS for one in around)
    is_inside = False
    for one in around:
        is_inside, left = is_inside or one.type in FUNCTIONS, left - (one.type in FUNCTIONS)
        name = _made(one) if is_inside else ""
        plain = _OF_WINDOW.sub("", name)
        if _NAME.fullmatch(plain) and not plain.rpartition(".")[2].startswith("on"):
            yield plain, plain != name or not left


def _made(node: Node) -> str:
    """What a node gives a value to, or declares."""
    fields = {"assignment_expression": "left", "variable_declarator": "name", "class_declaration": "name"}
    is_declared = node.type in {"function_declaration", "generator_function_declaration"}
    name = node.child_by_field_name("name" if is_declared else fields.get(node.type, "?"))
    return (name.text or b"").decode("utf-8", "replace") if name else ""


def _uses(script: Script, name: str, *, is_own: bool) -> list[int]:
    """Where a script uses a name, which is no variable of its own unless `is_own`."""
    found = [match.end() for match in calling_one_of([name]).finditer(script.masked, script.start, script.end)]
    nodes = ((at - 1 - script.start, script.tree.innermost(at - 1 - script.start, at - script.start)) for at in found)
    return [at for at, node in nodes if node and _is_use(script, node, name, is_own=is_own)][:_MOST]


def _is_use(script: Script, node: Node, name: str, *, is_own: bool) -> bool:
    around = script.tree.parent(node)
    if node.type not in _IDENTIFIERS or around is None or node in map(around.child_by_field_name, ("name", "key")):
        return False
    of = around.child_by_field_name("object")
    if node.type == "property_identifier":
        return "." in name or (of is not None and (of.text or b"") in _WINDOWS)
    return is_own or script.names.key_of(node) is None
