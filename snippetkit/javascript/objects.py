"""What an object literal tells by its members, and where another part of it, such as `...x`, may tell something else.

Of several parts that set a member the last one counts (ECMA-262, "Runtime Semantics: PropertyDefinitionEvaluation").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript.constants import NAMING, NOTHING, Given
from snippetkit.javascript.literals import is_nothing
from snippetkit.javascript.names import COMPUTED, SHORTHAND, is_text, unwrapped
from snippetkit.javascript.setting import Setting
from snippetkit.javascript.tokens import text_of
from snippetkit.records import replace

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.script import Script

Keys = tuple[tuple[str, ...], tuple[str, ...]]
VALUE_AND_CURRENCY: Keys = (("value",), ("currency",))


class Member(NamedTuple):
    """What stands in an object for a member, and the part behind it that may set that again; None where there is none.

    A name alone, `{value}`, stands for itself.
    """

    node: Node | None = None
    set_over: Node | None = None


def member_of(script: Script, node: Node | None, names: Sequence[str]) -> Member:
    """Return the member of an object literal by the first of these names that is there."""
    found = Member()
    for name in names:
        found = _member(script, node, name)
        if found.node:
            break
    return found


def _member(script: Script, node: Node | None, name: str) -> Member:
    found, set_over = None, None
    for key, value in _parts(script, node):
        if key is None:
            set_over = value
        elif key == name:
            found, set_over = value, None
    return Member(found, set_over)


def _parts(script: Script, node: Node | None) -> Iterator[tuple[str | None, Node]]:
    """The keys and values of an object literal, in order; None and the part itself where that may have any key."""
    for part in object_of(node):
        key = part.child_by_field_name("key") or part.child_by_field_name("name")
        if part.type == SHORTHAND:
            yield text_of(part), part
        elif part.type == "spread_element" or key is None or (key.type == COMPUTED and not script.key(key)):
            yield None, part
        else:
            yield script.key(key), part.child_by_field_name("value") or part


def object_of(node: Node | None) -> list[Node]:
    """Return the parts of an object literal; of `a || {...}` the object's."""
    while node and node.type in {"binary_expression", "parenthesized_expression"}:
        node = node.child_by_field_name("right") or next(iter(node.named_children), None)
    return [part for part in node.named_children if part.type != "comment"] if node and node.type == "object" else []


def settings(
    script: Script,
    node: Node | None,
    given: Given = NOTHING,
    *,
    needs_quotes: bool = False,
    keys: Keys = VALUE_AND_CURRENCY,
) -> tuple[Setting | None, Setting | None]:
    """Return the value and the currency of what a call is given, an object literal or an expression for one.

    `keys` are the members that tell each of them; the first that is there counts. What another part of the object may
    set over is not known. An empty list says nothing: PHP, also in Meta's plugins, writes an empty object so. Nor does
    null.
    """
    node = unwrapped(node) if node else None
    told = script.constants.value(node, given) if node and node.type in NAMING and not is_text(node) else None
    name = text_of(node) if node and told and not told.is_only else ""
    node = told.node if told else node
    whole = script.setting(node, given)
    if node is None or whole is None or is_nothing(node):
        return None, None
    whole = replace(whole, is_dynamic=True, is_whole=True)
    if node.type != "object":
        return whole, None
    value, currency = (member_of(script, node, one) for one in keys)
    of_value = whole if value.set_over else script.amount(value.node, given, needs_quotes=needs_quotes)
    of_currency = script.setting(currency.node, given, needs_quotes=True)
    if currency.set_over:
        of_currency = None if value.set_over else set_by(script, currency.set_over, given)
    return _told_by(name, of_value), _told_by(name, of_currency)


def _told_by(name: str, setting: Setting | None) -> Setting | None:
    return replace(setting, told_by=name or setting.told_by) if setting else None


def set_by(script: Script, part: Node, given: Given) -> Setting | None:
    """Return what a part of an object tells that may set any member: what that is, is not known."""
    setting = script.setting(part, given)
    return setting and replace(setting, is_dynamic=True, is_whole=True)
