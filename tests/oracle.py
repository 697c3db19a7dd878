"""Where two conforming parsers see code that was put onto a page, with scripting on and off, and what it changed."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from snippetkit import html
from snippetkit.errors import PageRefusedError
from snippetkit.html import Anchors
from snippetkit.inject.layout import find_place
from snippetkit.terms import Part, Placement
from tests.parsers import BOTH, COMMENT, CONTENT, TEXT, Nodes, Parser, are_disputed, sniff, turbo

# White space that no page has, so that what an insertion brought is told from what was there.
SPACE = b"\t\x0c\t\t\x0c\t"
_IMAGE = b"<img src=probe>"
_BLOCKS = {
    Part.SCRIPT: b"<script id=probe>probe('<b>')</script>",
    Part.NOSCRIPT: b"<noscript id=probe>" + _IMAGE + b"</noscript>",
}
_INSIDE: dict[tuple[str, bool], Nodes] = {
    ("script", True): [(1, TEXT, "probe('<b>')")],
    ("script", False): [(1, TEXT, "probe('<b>')")],
    ("noscript", True): [(1, TEXT, _IMAGE.decode())],
    ("noscript", False): [(1, "img", (("src", "probe"),))],
}
_IDS = (("id", "probe"),)
# A noscript goes into no head, where it would end it, and not to the end of a body, where it opens again what was left.
_PARTS = {
    Placement.HEAD_TOP: [Part.SCRIPT],
    Placement.HEAD_BOTTOM: [Part.SCRIPT],
    Placement.BODY_TOP: [Part.SCRIPT, Part.NOSCRIPT],
    Placement.BODY_BOTTOM: [Part.SCRIPT],
}
_EDGE = re.compile(rb"[\t\n\f\r ]*(?:</(?:head|body|html)|<noscript)(?=[\t\n\f\r />])", re.IGNORECASE)


@dataclass(frozen=True)
class Probe:
    """Code of a kind that is put at an offset of a page, to stand at a placement.

    `prefix` is a tag that it has to bring along; `is_line` whether it comes with white space, on lines of its own.
    """

    placement: Placement
    part: Part
    offset: int
    prefix: bytes = b""
    is_line: bool = True

    def __str__(self) -> str:
        return f"{self.part} at {self.placement} {self.offset}"


@dataclass(frozen=True)
class Verdict:
    """What the parsers say of a page's anchors: nothing `wrong`, unless the page was `refused` or is `disputed`.

    A page that the parsers themselves read differently proves nothing: it is `disputed`. `placements` are those that
    were judged: a page may be right for some and refuse the others.
    """

    wrong: tuple[str, ...] = ()
    placements: frozenset[Placement] = frozenset()
    refused: str = ""
    disputed: bool = False


def put(page: bytes, probes: Iterable[Probe]) -> bytes:
    """A page with probes, each between two comments."""
    assert SPACE not in page
    for probe in reversed(sorted(probes, key=lambda probe: probe.offset)):  # noqa: C413 (equals keep their order)
        space = SPACE if probe.is_line else b""
        code = space.join([b"", b"<!--probe-->", probe.prefix + _BLOCKS[probe.part], b"<!--probe-->", b""])
        page = page[: probe.offset] + code + page[probe.offset :]
    return page


def take_out(nodes: Nodes) -> tuple[Nodes, list[tuple[str, ...]]]:
    """The nodes without those of the probes and the white space they brought, and each probe's path from the root."""
    kept: Nodes = []
    paths: list[tuple[str, ...]] = []
    path: list[str] = []
    skipped_depth: int | None = None
    for depth, kind, data in nodes:
        if skipped_depth is not None and depth > skipped_depth:
            continue
        del path[depth:]
        path.append(kind)
        skipped_depth = depth if data == _IDS and kind in {"script", "noscript"} else None
        if skipped_depth is not None:
            paths.append(tuple(path))
        elif not (kind == COMMENT and data == "probe"):
            _keep(kept, depth, kind, data)
    return kept, paths


def _keep(kept: Nodes, depth: int, kind: str, data: object) -> None:
    if kind == TEXT:
        data = str(data).replace(SPACE.decode(), "")
        if kept and kept[-1][:2] == (depth, TEXT):
            data = f"{kept.pop()[2]}{data}"
        if not data:
            return
    kept.append((depth, kind, data))


def _insides(nodes: Nodes) -> Iterator[tuple[str, Nodes]]:
    for index, (depth, kind, data) in enumerate(nodes):
        if data == _IDS and kind in {"script", "noscript"}:
            end = next((at for at in range(index + 1, len(nodes)) if nodes[at][0] <= depth), len(nodes))
            yield kind, [(inner[0] - depth, *inner[1:]) for inner in nodes[index + 1 : end]]


def changes(probes: Sequence[Probe], before: Nodes, nodes: Nodes, scripting: bool) -> list[str]:
    """What is wrong with the places of probes in a page; nothing where all is right.

    Args:
        probes: the code that was put onto it, in the order of their offsets.
        before: what a parser made of the page without.
        nodes: what it made of the page with them.
        scripting: whether JavaScript was on.
    """
    wrong = []
    kept, paths = take_out(nodes)
    if kept != before:
        wrong.append(f"other nodes changed: {_first_difference(before, kept)}")
    if len(paths) != len(probes):
        wrong.append(f"{len(paths)} probes of {len(probes)} became elements")
    for probe, path in zip(probes, paths, strict=False):
        if not _is_in_place(probe, path):
            wrong.append("the probe is " + "/".join(path))
    wrong += ["a probe's inside changed" for kind, inside in _insides(nodes) if inside != _INSIDE[kind, scripting]]
    return [f"{' + '.join(map(str, probes))}: {reason}" for reason in wrong]


def _is_in_place(probe: Probe, path: tuple[str, ...]) -> bool:
    if probe.placement in {Placement.HEAD_TOP, Placement.HEAD_BOTTOM}:
        return path == ("html", "head", str(probe.part))
    return path[:2] == ("html", "body") and path[-1] == probe.part and CONTENT not in path


def beyond(page: bytes, anchors: Anchors, probes: Sequence[Probe], nodes: Nodes) -> list[str]:
    """What stands between probes and the edges of the head or body that they were to stand at; nothing, if all is well.

    What stands behind an end tag may still belong to the head or body. A noscript may read otherwise without scripting,
    an element that does not end leaves no body and takes in what follows, and code goes behind a meta that tells the
    encoding.
    """
    if anchors.no_body:
        return []
    return [
        f"{probe}: not the {probe.placement.partition('-')[2]}, {kind} is beyond it"
        for probe in probes
        for _, kind, data in _between(page, probe, nodes)
        if kind != COMMENT and not (kind == TEXT and not str(data).strip())
    ]


def _between(page: bytes, probe: Probe, nodes: Nodes) -> Nodes:
    edge = probe.placement.partition("-")[0]
    ours = [index for index, (_, kind, data) in enumerate(nodes) if data == _IDS and kind == probe.part]
    at = ours[0] if edge == "head" else ours[-1]
    before = page[: probe.offset].lower()
    if probe.placement in {Placement.HEAD_TOP, Placement.BODY_TOP}:
        start = next(index for index, (depth, kind, _) in enumerate(nodes) if (depth, kind) == (1, edge))
        may_follow = b"charset" if probe.placement is Placement.HEAD_TOP else b"<noscript"
        return [] if may_follow in before else nodes[start + 1 : at]
    if _EDGE.match(page, probe.offset):
        return []
    behind = itertools.takewhile(lambda node: node[0] > 1, nodes[at + 1 :])
    return [node for node in behind if node[0] <= nodes[at][0]]


def _first_difference(before: Nodes, after: Nodes) -> str:
    for one, other in zip(before, after, strict=False):
        if one != other:
            return f"{one[:2]} {str(one[2])[:60]!r} became {other[:2]} {str(other[2])[:60]!r}"
    return f"{len(before)} nodes became {len(after)}"


def examine(
    page: bytes, *parsers: Parser, anchors: Anchors | None = None, in_pairs: bool = False, **options: bool
) -> Verdict:
    """Put code at each place of a page, one at a time, and let parsers judge it, with scripting on and off.

    Args:
        page: the page.
        parsers: `turbo`, `lexbor` or both.
        anchors: where the code goes; found in the page where that is None.
        in_pairs: put two pieces onto a page at once where its own tags keep them apart; that is faster.
        options: for `find_anchors`.
    """
    try:
        anchors = anchors or html.find_anchors(page, **options)
        assert anchors is not None
    except PageRefusedError as error:
        return Verdict(refused=error.reason)
    encoding = sniff(page)
    together = combinations(page, anchors)
    if in_pairs and anchors.has_head_tag and anchors.has_body_tag:
        together = _pair(together)
    wrong: list[str] = []
    for scripting in (True, False):
        trees = [take_out(parser(page, encoding, scripting))[0] for parser in parsers]
        if are_disputed(trees):
            return Verdict(disputed=True)
        for probes in together:
            probed = put(page, probes)
            found = [parser(probed, sniff(probed), scripting) for parser in parsers]
            for parser, before, nodes in zip(parsers, trees, found, strict=True):
                lines = changes(probes, before, nodes, scripting) or beyond(page, anchors, probes, nodes)
                wrong += [f"{line} ({parser.__name__}, scripting {'on' if scripting else 'off'})" for line in lines]
            if wrong and are_disputed(found):
                return Verdict(disputed=True)
    placements = frozenset(probe.placement for probes in together for probe in probes)
    return Verdict(wrong=tuple(wrong), placements=placements)


def combinations(page: bytes, anchors: Anchors) -> list[list[Probe]]:
    """The code to put onto a page at once: each kind at each place alone, and script and noscript as is usual."""
    found = [probe for placement, parts in _PARTS.items() for probe in _probes(page, anchors, placement, parts)]
    usual = [
        probe
        for probe in found
        if (probe.placement, probe.part) in {(Placement.HEAD_BOTTOM, Part.SCRIPT), (Placement.BODY_TOP, Part.NOSCRIPT)}
    ]
    return [*([probe] for probe in found), *([usual] if len(usual) > 1 else [])]


def _pair(together: list[list[Probe]]) -> list[list[Probe]]:
    """The top of the head with the bottom of the body, and the usual two."""
    alone = {probes[0].placement: probes for probes in together if len(probes) == 1}
    top, bottom = alone[Placement.HEAD_TOP], alone.get(Placement.BODY_BOTTOM, [])
    return [top + bottom, together[-1] if len(together[-1]) > 1 else alone[Placement.HEAD_BOTTOM]]


def _probes(page: bytes, anchors: Anchors, placement: Placement, parts: Sequence[Part]) -> list[Probe]:
    try:
        offset, layout = find_place(page, anchors, placement)
    except PageRefusedError:
        return []
    return [Probe(placement, part, offset, layout.prefix, layout.indent is not None) for part in parts]


@dataclass
class Survey:
    """What the parsers said of many pages: how many were right, and where code was put, and which were not right."""

    pages: int = 0
    right: int = 0
    placements: Counter[Placement] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    disputed: list[bytes] = field(default_factory=list)
    wrong: list[tuple[bytes, tuple[str, ...]]] = field(default_factory=list)

    def add(self, page: bytes, verdict: Verdict) -> None:
        """Count a page in."""
        self.pages += 1
        self.placements.update(verdict.placements)
        if verdict.wrong:
            self.wrong.append((page, verdict.wrong))
        elif verdict.disputed:
            self.disputed.append(page)
        elif verdict.refused:
            self.refused[verdict.refused] += 1
        else:
            self.right += 1


def survey(pages: Iterable[bytes], *, both_for_each: int = 10, **options: bool) -> Survey:
    """Judge many pages: each by turbohtml, and every n-th of them, and each that it finds wrong, by both parsers.

    Args:
        pages: the pages.
        both_for_each: of how many pages one is judged by both.
        options: for `find_anchors`.
    """
    found = Survey()
    for index, page in enumerate(pages):
        verdict = Verdict()
        if index % both_for_each:
            verdict = examine(page, turbo, **options)
        if verdict.wrong or index % both_for_each == 0:
            verdict = examine(page, *BOTH, **options)
        found.add(page, verdict)
    return found
