"""Whether two codes of a text can run together: not those in two branches of one condition."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from snippetkit.javascript import branches_at
from snippetkit.snippets import Document

_MOST = 100  # codes that say the same; a text made to be slow has thousands
_Taken = dict[tuple[str, int | bytes], int | bytes]


class Branching:
    """Says of two byte offsets in a text whether what stands there can run together."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[int, _Taken] = {}

    def may_meet(self, one: int, other: int) -> bool:
        """Return whether no condition has the one in another branch than the other."""
        taken, others = self._taken(one), self._taken(other)
        return all(branch == others.get(condition, branch) for condition, branch in taken.items())

    def meets_any(self, one: int, others: Iterable[int]) -> bool:
        """Return whether what stands at an offset can run together with what stands at any of the others."""
        return any(self.may_meet(one, other) for other in islice(others, _MOST))

    def _taken(self, offset: int) -> _Taken:
        if offset not in self._known:
            taken = {("server", start): branch for start, branch in self._document.branches.at(offset)}
            self._known[offset] = taken | self._of_script(offset)
        return self._known[offset]

    def _of_script(self, offset: int) -> _Taken:
        scripts = [self._document.program] if self._document.program else [one for _, one in self._document.scripts]
        script = next((one for one in scripts if one.start <= offset < one.end), None)
        if script is None:
            return {}
        at = script.start
        taken = branches_at(script, offset - at)
        return {("script", at + start if isinstance(start, int) else start): branch for start, branch in taken}
