"""Whether two codes of a text can run together: not those in two branches of one condition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from snippetkit.javascript import FUNCTIONS, Script, branches_at, text_of
from snippetkit.patterns import later
from snippetkit.snippets import Document

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST = 100  # codes that say the same; a text made to be slow has thousands
_DEEP = 4
_ONCE = 2  # words: where a function gets its name, and where it is used
_WORD = later(rb"[\w$]++")
_Taken = dict[tuple[str, int | bytes], int | bytes]


Places = tuple[int, ...]
"""The byte offsets of what runs together, such as a call, and one in the function that is called."""


class Branching:
    """Says of two places in a text whether what stands there can run together."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[int, _Taken] = {}

    def may_meet(self, one: Places, other: Places) -> bool:
        """Return whether no condition has the one in another branch than the other."""
        taken, others = self._all_taken(one), self._all_taken(other)
        return all(branch == others.get(condition, branch) for condition, branch in taken.items())

    def meets_any(self, one: Places, others: Iterable[Places]) -> bool:
        """Return whether what stands in a place can run together with what stands in any of the others."""
        return any(self.may_meet(one, other) for other in islice(others, _MOST))

    def _all_taken(self, places: Places) -> _Taken:
        return {condition: branch for place in places for condition, branch in self._taken(place).items()}

    def _taken(self, offset: int) -> _Taken:
        if offset not in self._known:
            taken = {("server", start): branch for start, branch in self._document.branches.at(offset)}
            self._known[offset] = taken | self._of_script(offset)
        return self._known[offset]

    def _of_script(self, offset: int) -> _Taken:
        script = next((one for one in self._scripts if one.start <= offset < one.end), None)
        if script is None:
            return {}
        at = script.start
        places = [offset - at, *self._uses_of(script, offset - at)]
        taken = (branch for place in places for branch in branches_at(script, place))
        return {("script", at + start if isinstance(start, int) else start): branch for start, branch in taken}

    def _uses_of(self, script: Script, offset: int) -> Iterator[int]:
        """Where the function around an offset is used, and the one around that, while each is used in one place."""
        for _ in range(_DEEP):
            name = _function_at(script, offset)
            is_once = name is not None and self._words[name.text or b""] == _ONCE
            uses = [one for one in script.tree.named(text_of(name)) if one != name] if name and is_once else []
            if len(uses) != 1:
                break
            offset = uses[0].start_byte
            yield offset

    @cached_property
    def _words(self) -> Counter[bytes]:
        """How often the scripts have each word."""
        return Counter(word for one in self._scripts for word in _WORD.findall(one.data, one.start, one.end))

    @cached_property
    def _scripts(self) -> list[Script]:
        document = self._document
        return [document.program] if document.program else [script for _, script in document.scripts]


def _function_at(script: Script, offset: int) -> Node | None:
    """The name of the innermost function around an offset, if it has one that is declared."""
    node = script.tree.innermost(offset, offset + 1)
    function = next((one for one in script.tree.around(node) if one.type in FUNCTIONS), None) if node else None
    around = script.tree.parent(function) if function else None
    holder = around if around and around.type == "variable_declarator" else function
    name = holder.child_by_field_name("name") if holder else None
    return name if name and name.type == "identifier" else None
