"""Regular expressions that are compiled when they are first used: a run uses some of the hundreds that modules name."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class Compiled:
    """A pattern as `re.Pattern` has it, its methods in slots: found as quickly there as in their type."""

    __slots__ = (
        "findall", "finditer", "flags", "fullmatch", "given", "groupindex", "groups", "match", "pattern", "scanner",
        "search", "split", "sub", "subn",
    )  # fmt: skip
    pattern: str | bytes
    given: int

    def __eq__(self, other: object) -> bool:
        """Return whether it is the same text with the same flags."""
        return isinstance(other, Compiled) and (self.pattern, self.given) == (other.pattern, other.given)

    def __hash__(self) -> int:
        """Return a hash of the text and its flags."""
        return hash((self.pattern, self.given))

    def __repr__(self) -> str:
        """Return how it is made."""
        return f"later({self.pattern!r}, {self.given})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process makes it."""
        return later, (self.pattern, self.given)


class Later(Compiled):
    """The same before it is compiled: asked for what it does not have yet, it is compiled and has everything."""

    __slots__ = ()

    def __init__(self, pattern: str | bytes, given: int) -> None:
        self.pattern = pattern
        self.given = given

    def __getattr__(self, name: str) -> Any:
        """Compile it and return what is asked for; raises re.error."""
        if name not in Compiled.__slots__:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.given)
        for slot in Compiled.__slots__:
            setattr(self, slot, getattr(compiled, slot, self.given))
        self.__class__ = Compiled  # type: ignore[assignment]
        return getattr(self, name)


def later(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what serves as `re.compile(pattern, flags)`, and is compiled once it is used."""
    return cast("re.Pattern[AnyStr]", Later(pattern, int(flags)))
