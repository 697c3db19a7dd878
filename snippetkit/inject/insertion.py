"""What is to stand on a page, and on which terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from snippetkit.model import Snippet
from snippetkit.terms import Part, Placement, Several

_NEWLINE = re.compile(rb"\r\n?|\n")
_DEFAULT = {Part.SCRIPT: Placement.HEAD_BOTTOM, Part.NOSCRIPT: Placement.BODY_TOP}


@dataclass(frozen=True, slots=True)
class Insertion:
    """What is to stand on a page.

    `key` is `dialect:id`, or `dialect:id+id`; `parts` the code for each part, newlines LF; `traces` are texts that only
    code of this dialect has: where a page has them outside our regions, it may carry such code already. `several` says
    what becomes of several pixels of the dialect on one page; `snippets` are those that the code was made of.
    """

    key: str
    parts: Mapping[Part, bytes]
    traces: tuple[bytes, ...] = ()
    several: Several = Several.NEVER
    snippets: tuple[Snippet, ...] = field(default=(), repr=False)
    is_ascii: bool = field(init=False, repr=False)
    signs: tuple[bytes, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work out once what each page is asked for.

        `signs` are texts of which a page holds one where other code is in the way: the pixel's number stands in all of
        its code and its regions, a trace in the scripts of other pixels, where these matter. Each is looked for in all
        of a page, so there is none that another makes needless.
        """
        shared = () if self.several is Several.APART else self.traces
        script = self.parts.get(Part.SCRIPT, b"")
        traces = tuple(trace for trace in shared if trace in script) or shared
        object.__setattr__(self, "signs", (*(pixel_id.encode() for pixel_id in self.pixel_ids), *traces))
        object.__setattr__(self, "is_ascii", all(code.isascii() for code in self.parts.values()))

    @classmethod
    def from_blocks(
        cls,
        blocks: Mapping[str, str],
        snippets: Sequence[Snippet],
        traces: tuple[bytes, ...] = (),
        several: Several = Several.NEVER,
    ) -> Insertion:
        """Return the insertion that a template's blocks make of snippets; a block's name is its part's."""
        parts = {Part(name): _NEWLINE.sub(b"\n", text.encode()) for name, text in blocks.items() if text}
        ids = "+".join(snippet.pixel_id for snippet in snippets)
        return cls(f"{snippets[0].dialect}:{ids}", parts, traces, several, tuple(snippets))

    @property
    def dialect(self) -> str:
        """The dialect of the code."""
        return self.key.partition(":")[0]

    @property
    def pixel_ids(self) -> frozenset[str]:
        """The pixels that the code was made for."""
        return frozenset(snippet.pixel_id for snippet in self.snippets)


@dataclass(frozen=True, slots=True)
class Terms:
    """How code goes onto pages.

    `placements` is where each part goes. `adopt` takes out unmarked code of the same pixel; `force` takes over a region
    that was edited by hand; `server_code` and `fragments` take pages that are refused otherwise (`html.find_anchors`).
    `combine` makes one insertion of the snippets of several pixels, None where the template that is asked for cannot.
    """

    placements: Mapping[Part, Placement] = field(default_factory=lambda: _DEFAULT)
    adopt: bool = False
    force: bool = False
    server_code: bool = False
    fragments: bool = False
    combine: Callable[[Sequence[Snippet]], Insertion] | None = None
