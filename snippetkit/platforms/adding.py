"""How a value and a currency are added to what a call tells, as a sentence for the person who has to do it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript import is_nothing, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript import Setting


class Adding(NamedTuple):
    """How a dialect's call tells them: `members` are examples of a value and a currency, each as an object's member.

    `new` says where a new object with them goes, `there` where an existing one is.
    """

    members: Mapping[str, str]
    new: str
    there: str

    @property
    def whole(self) -> str:
        """How both are added to a call that tells nothing."""
        return f"add {{{', '.join(self.members.values())}}} as {self.new}"

    def how(self, node: Node | None, value: Setting | None, currency: Setting | None) -> str:
        """Return how what is missing is added.

        Args:
            node: what is where the object belongs, None where nothing is.
            value: the value that the object tells, None where it tells none.
            currency: its currency, likewise.
        """
        if node is None:
            return self.whole
        told = {"value": value, "currency": currency}
        missing = ", ".join(member for name, member in self.members.items() if told.get(name) is None)
        if is_nothing(node):
            return f"put {{{missing}}} in the place of {text_of(node)}, {self.there}"
        return f"add {missing} to the object that is {self.there}"
