"""Whether a page that an engine gave is the page without conversion code, and the code in its places."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.parsers import BOTH, COMMENT, CONTENT, TEXT, Nodes, Parser

_KEEP_SPACE = {"script", "style", "pre", "textarea", "title"}
_EMPTY_COMMENT = "/**/"  # what is left of a wrapper's marks that are comments to JavaScript
_EXPECTED = [("script", "head"), ("noscript", "body")]


@dataclass(frozen=True)
class FoundCode:
    """One half of the code in a page: what it is, the elements that it is in, and what stands between it and its edge.

    The edge is the end of the head for a script, the begin of the body for a noscript.
    """

    kind: str
    path: tuple[str, ...]
    beyond: tuple[str, ...]


def judge(before: str, after: str, plain: str, *, is_part: bool, folds: bool) -> list[str]:
    """Return what is wrong with a page that has code, as two parsers see it with scripting on and off.

    Args:
        before: what the engine gave for the page without code.
        after: what it gave for the page with code.
        plain: a page without server code that has the same code, and nothing else.
        is_part: whether the code went onto a part of a page, which has places of its own.
        folds: whether the engine folds white space.
    """
    pages = [_fold(page) if folds else page for page in (before, after, plain)]
    return [
        f"{reason} ({parser.__name__}, scripting {'on' if scripting else 'off'})"
        for parser, scripting in itertools.product(BOTH, (True, False))
        for reason in _compare(*(_parse(parser, page, scripting) for page in pages), is_part=is_part)
    ]


def _fold(page: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"[ \t]+", " ", page))


def _parse(parser: Parser, page: str, scripting: bool) -> Nodes:
    nodes = [node for node in parser(page.encode(), "utf-8", scripting) if not _is_marker(node[1], node[2])]
    return list(_tidied(nodes))


def _is_marker(kind: str, data: object) -> bool:
    return kind == COMMENT and "snippetkit:" in str(data)


def _tidied(nodes: Nodes) -> Iterator[tuple[int, str, object]]:
    """The nodes without white space that says nothing."""
    path: list[str] = []
    for (depth, kind), group in itertools.groupby(nodes, lambda node: node[:2]):
        del path[depth:]
        path.append(kind)
        for data in ["".join(str(node[2]) for node in group)] if kind == TEXT else [node[2] for node in group]:
            text = _text(str(data), path[-2] if depth else "") if kind == TEXT else data
            if text != "":
                yield depth, kind, text


def _text(text: str, parent: str) -> str:
    if parent == "script":
        return "\n".join(line.strip() for line in text.replace(_EMPTY_COMMENT, "").strip().splitlines())
    return text if parent in _KEEP_SPACE else " ".join(text.split())


def _compare(before: Nodes, after: Nodes, plain: Nodes, *, is_part: bool) -> Iterator[str]:
    code = [_inside(plain, index) for index, node in enumerate(plain) if node[1] in {"script", "noscript"}]
    kept, found = _take_out(after, code)
    if kept != before:
        yield f"other nodes changed: {_first_difference(before, kept)}"
    if sorted(half.kind for half in found) != sorted(nodes[0][1] for nodes in code):
        yield f"of the code there is: {', '.join(half.kind for half in found) or 'nothing'}"
    yield from (f"the {half.kind} is in {'/'.join(half.path)}" for half in found if not _is_in_place(half, is_part))
    if not is_part:
        yield from (f"beyond the {half.kind}: {' '.join(half.beyond)}" for half in found if half.beyond)


def _is_in_place(half: FoundCode, is_part: bool) -> bool:
    if is_part:
        return CONTENT not in half.path and (half.kind == "script" or half.path[1] == "body")
    return (half.kind, *half.path) in {(kind, "html", parent) for kind, parent in _EXPECTED}


def _inside(nodes: Nodes, index: int) -> Nodes:
    """A node with all that is in it, its own depth 0."""
    depth = nodes[index][0]
    end = next((at for at in range(index + 1, len(nodes)) if nodes[at][0] <= depth), len(nodes))
    return [(node[0] - depth, *node[1:]) for node in nodes[index:end]]


def _take_out(nodes: Nodes, code: Sequence[Nodes]) -> tuple[Nodes, list[FoundCode]]:
    kept: Nodes = []
    found: list[FoundCode] = []
    path: list[str] = []
    index = 0
    while index < len(nodes):
        depth, kind, _ = nodes[index]
        del path[depth:]
        inside = _inside(nodes, index) if kind in {"script", "noscript"} else []
        if inside and inside in code:
            found.append(FoundCode(kind, tuple(path), _beyond(nodes, index, len(inside))))
            index += len(inside)
            continue
        path.append(kind)
        kept.append(nodes[index])
        index += 1
    return list(_tidied(kept)), found


def _beyond(nodes: Nodes, index: int, length: int) -> tuple[str, ...]:
    depth, kind, _ = nodes[index]
    if kind == "script":
        others = itertools.takewhile(lambda node: node[0] >= depth, nodes[index + length :])
    else:
        others = itertools.takewhile(lambda node: node[0] >= depth, reversed(nodes[:index]))
    return tuple(other[1] for other in others if other[1] != COMMENT)


def _first_difference(before: Nodes, after: Nodes) -> str:
    for one, other in zip(before, after, strict=False):
        if one != other:
            return f"{one[:2]} {str(one[2])[:60]!r} became {other[:2]} {str(other[2])[:60]!r}"
    return f"{len(before)} nodes became {len(after)}"
