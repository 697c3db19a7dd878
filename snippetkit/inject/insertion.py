"""What is to stand on a page, and with which options."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from snippetkit import platforms
from snippetkit.errors import PageRefusedError, SnippetError
from snippetkit.html import MARKER, NEWLINE, mask_server_code
from snippetkit.key import JOIN, Key
from snippetkit.model import Snippet
from snippetkit.patterns import later
from snippetkit.records import dataclass, field, replace
from snippetkit.server_code import Language, language_of
from snippetkit.terms import Coexistence, Part, Placement

_MARKS = later(re.escape(MARKER) + rb"|snippetkit:(?:begin|end)")
_DEFAULT = {Part.SCRIPT: Placement.HEAD_BOTTOM, Part.NOSCRIPT: Placement.BODY_TOP}


@dataclass(frozen=True, slots=True)
class Insertion:
    """What is to stand on a page; `from_blocks` makes it of snippets, and `snippetkit.inject_page` does all of it.

    `key` names its regions; `parts` is the code for each part, newlines LF; `needles` are texts that only
    code of this dialect has: where a page has them outside our regions, it may carry such code already. `coexistence`
    says what becomes of several pixels of the dialect on one page; `snippets` are those that the code was made of.
    `keeping` are the pixels for which nobody has asked for a value: one that stands on a page stays; `assuming` are
    those with a value that somebody has asked for, but in no currency.

    Raises:
        SnippetError: the code holds text that marks regions, so that it would end its own.
    """

    key: Key
    parts: Mapping[Part, bytes]
    needles: tuple[bytes, ...] = ()
    coexistence: Coexistence = Coexistence.NEVER
    snippets: tuple[Snippet, ...] = field(default=(), repr=False)
    keeping: frozenset[str] = frozenset()
    assuming: frozenset[str] = frozenset()
    is_ascii: bool = field(init=False, repr=False)
    has_server_code: bool = field(init=False, repr=False)
    in_the_way: tuple[bytes, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work out once what each page is searched for.

        `in_the_way` are texts of which a page with other code in the way holds one: the pixel's id is in all of
        its code and its regions, a needle in the scripts of other pixels, where these matter. All of a page is searched
        for each of them, so each has to count.
        """
        for part, code in self.parts.items():
            _check_unmarked(self.key, part, code)
        shared = () if self.coexistence is Coexistence.APART else self.needles
        script = self.parts.get(Part.SCRIPT, b"")
        needles = tuple(needle for needle in shared if needle in script) or shared
        if self.coexistence is Coexistence.NEVER:  # a base code in a file leaves no other
            needles += tuple(begin.encode() for begin in platforms.dialect_named(self.dialect).call_begins)
        named = dict.fromkeys(pixel_id.partition(JOIN)[0].encode() for pixel_id in self.pixel_ids)
        object.__setattr__(self, "in_the_way", (*named, *needles))
        object.__setattr__(self, "has_server_code", any(map(_has_server_code, self.parts.values())))
        object.__setattr__(self, "is_ascii", all(code.isascii() for code in self.parts.values()))

    @classmethod
    def from_blocks(
        cls,
        blocks: Mapping[str, str],
        snippets: Sequence[Snippet],
        needles: tuple[bytes, ...] = (),
        coexistence: Coexistence = Coexistence.NEVER,
    ) -> Insertion:
        """Return the insertion that a template's blocks make of snippets; a block's name is its part's.

        Raises:
            SnippetError: a snippet does not name its pixel by its number, or the code holds text that marks regions.
        """
        parts = {Part(name): NEWLINE.sub(b"\n", text.encode()) for name, text in blocks.items() if text}
        dialect = snippets[0].dialect
        key = Key.of(dialect, *(one.pixel_id for one in snippets), ids=platforms.ids_of(dialect))
        return cls(key, parts, needles, coexistence, tuple(snippets))

    def asked_as(self, *others: Insertion) -> Insertion:
        """Return the insertion with what these have that nobody asked for."""
        keeping, assuming = (
            frozenset[str]().union(*sets) for sets in zip(*((one.keeping, one.assuming) for one in others), strict=True)
        )
        return replace(self, keeping=keeping, assuming=assuming)

    @property
    def dialect(self) -> str:
        """The dialect of the code."""
        return self.key.dialect

    @property
    def named_ids(self) -> frozenset[str]:
        """What has to be named for its events: the pixels, or the first parts of their ids."""
        return frozenset(map(platforms.dialect_named(self.dialect).named_by, self.pixel_ids))

    @property
    def pixel_ids(self) -> frozenset[str]:
        """The pixels that the code was made for."""
        return frozenset(snippet.pixel_id for snippet in self.snippets)


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """How code goes onto pages.

    `placements` is where each part goes. `adopt` takes out unmarked code of the same pixel, with `replaces` also code
    that does more than the new code; `force` takes over a region that was edited by hand; `server_code` and `fragments`
    take pages that would otherwise be refused (`html.find_anchors`). `combine` makes one insertion of the snippets of
    several pixels, None where the chosen template cannot; `remake` makes that of a pixel again, with the
    value that stays. `named` is the template language that the page's file name tells, or else `said`, that of
    the values in the code, where the user says which.
    """

    placements: Mapping[Part, Placement] = field(default_factory=lambda: _DEFAULT)
    adopt: bool = False
    force: bool = False
    server_code: bool = False
    fragments: bool = False
    combine: Callable[[Sequence[Snippet]], Insertion] | None = None
    remake: Callable[[Sequence[Snippet]], Insertion] | None = None
    named: Language | None = None
    replaces: bool = False
    said: Language | None = None

    def for_file(self, path: str) -> PlanOptions:
        """Return the options for a page of that name."""
        named = language_of(path) or self.said
        return self if named is self.named else replace(self, named=named)


def _has_server_code(code: bytes) -> bool:
    """Whether code holds what a server may run, or what looks like it."""
    try:
        return mask_server_code(code) != code
    except PageRefusedError:
        return True


def _check_unmarked(key: Key, part: Part, code: bytes) -> None:
    if mark := _MARKS.search(code):
        line = code.count(b"\n", 0, mark.start()) + 1
        raise SnippetError(
            f"the {part} of {key} holds {mark[0].decode()!r} in its line {line}, which marks regions on pages",
            hint="take that text out of the code",
        )
