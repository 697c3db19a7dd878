"""What the table of template languages is made of."""

from __future__ import annotations

import re
from enum import Enum
from functools import cached_property

from snippetkit.patterns import later
from snippetkit.records import dataclass, replace


class PieceKind(Enum):
    """What a piece of server code does: write a value, decide or include, nothing, or pass on its text unread."""

    OUTPUT = "output"
    STATEMENT = "statement"
    COMMENT = "comment"
    LITERAL = "literal"


_LITERAL_PREFIX = later(rb"(?:(?:\\[^\w\s]|[^\\.^$*+?{}\[\]|()])(?![*?{]))*")


def prefix_of(pattern: bytes) -> bytes:
    """Return the bytes that all that a pattern matches begins with."""
    prefix = _LITERAL_PREFIX.match(pattern)
    return re.sub(rb"\\(.)", rb"\1", prefix[0]) if prefix else b""


@dataclass(frozen=True, eq=False)
class Mark:
    """One form of server code, as regular expressions of its opening and its closing.

    Without `closing` the opening is all of it, with the rest of its line where `is_line` says that it begins one.
    `hiding` is what hides a closing mark: strings, in languages that read them. `is_ordinary` says that scripts, style
    sheets or texts have such bytes too, so that these alone do not tell the language; `ends_with_file` that the end of
    the file closes it too.
    """

    kind: PieceKind
    opening: bytes
    closing: bytes = b""
    hiding: bytes = b""
    is_line: bool = False
    is_ordinary: bool = False
    ends_with_file: bool = False

    @cached_property
    def opens(self) -> re.Pattern[bytes]:
        """What it begins with."""
        return re.compile(self.opening, re.DOTALL)

    @cached_property
    def needle(self) -> bytes:
        """The bytes that its opening always begins with: a text without them has no such mark."""
        return prefix_of(self.opening)

    def closes(self, opened: re.Match[bytes]) -> re.Pattern[bytes]:
        """What first ends what was opened; a name that both have is `(?P=name)` in `closing`."""
        name = opened.groupdict().get("name")
        return re.compile(self.closing.replace(b"(?P=name)", name) if name else self.closing, re.DOTALL)

    @cached_property
    def content(self) -> re.Pattern[bytes]:
        """What is between its opening and its closing, where something may hide the latter."""
        inside = rb"(?:" + self.hiding + rb"|(?!" + self.closing + rb").|(?!))*+"
        return re.compile(inside, re.DOTALL)


@dataclass(frozen=True, eq=False)
class Language:
    """A template language.

    `name` is what a user calls it. `literal` makes it pass on text unread, None where nothing does. `plain` is an
    output that writes a variable, or a harmless form of one, and calls nothing: None where a name may be a call.
    `enders` are the openings that a bare `end` closes, `reads` is what it reads or loses besides its marks, `signs`
    what no other language with the same marks has, `child` what makes a file part of another one that it names; a page
    in the language has one of the bytes in `needs`. `doubts` is what it may read that texts have too: it counts where
    nothing tells the language. `is_name_shared` says that other languages' files have its `suffixes`, `same` names the
    languages that read exactly the same.
    """

    name: str
    marks: tuple[Mark, ...]
    literal: tuple[bytes, bytes] | None = None
    plain: bytes | None = None
    enders: frozenset[bytes] = frozenset()
    reads: bytes | None = None
    signs: bytes | None = None
    child: bytes | None = None
    needs: tuple[bytes, ...] = ()
    suffixes: tuple[str, ...] = ()
    is_name_shared: bool = False
    doubts: bytes | None = None
    is_component: bool = False
    same: tuple[str, ...] = ()

    def each_named(self) -> list[Language]:
        """Return it, and those that read the same, each by its name."""
        return [self, *(replace(self, name=name, same=()) for name in self.same)]

    @cached_property
    def value(self) -> re.Pattern[bytes] | None:
        """What a whole output that only writes a variable looks like."""
        return re.compile(self.plain, re.DOTALL) if self.plain else None

    @cached_property
    def own_signs(self) -> re.Pattern[bytes] | None:
        """What tells it apart from the other languages with the same marks."""
        return re.compile(self.signs) if self.signs else None

    @cached_property
    def own_doubts(self) -> re.Pattern[bytes] | None:
        """What may be its code, or text."""
        return re.compile(self.doubts) if self.doubts else None

    @cached_property
    def parent(self) -> re.Pattern[bytes] | None:
        """What names the file that a child is a part of."""
        return re.compile(self.child, re.DOTALL) if self.child else None

    @cached_property
    def own_reads(self) -> re.Pattern[bytes] | None:
        """What it reads or loses besides its marks."""
        return re.compile(self.reads) if self.reads else None

    @cached_property
    def guards(self) -> tuple[bytes, ...]:
        """Bytes of which each page in this language has one, where few other pages do."""
        return self.needs or tuple({mark.needle for mark in self.marks if not mark.is_ordinary})
