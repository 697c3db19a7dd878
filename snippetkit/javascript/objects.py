"""What an object literal tells by its members, and where another part of it, such as `...x`, may tell something else.

Of several parts that set a member the last one counts (ECMA-262, "Runtime Semantics: PropertyDefinitionEvaluation").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript.constants import NOTHING, Given
from snippetkit.javascript.literals import is_nothing
from snippetkit.javascript.merging import Constant, Merging, ObjectPart
from snippetkit.javascript.names import unwrapped
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

    A name alone, `{value}`, stands for itself. `told_by` is the name of what it is taken from, where that tells more.
    """

    node: Node | None = None
    set_over: Node | None = None
    told_by: str = ""


def member_of(script: Script, node: Node | None, names: Sequence[str], given: Given = NOTHING) -> Member:
    """Return the member of an object by the first of these names that is there."""
    parts = [*parts_in(script, node, given)]
    found = Member()
    for name in names:
        found = _member(parts, name)
        if found.node:
            break
    return found


def _member(parts: Sequence[ObjectPart], name: str) -> Member:
    found = Member()
    for part in parts:
        if part.name is None or (part.name == name and not part.is_certain):
            found = found._replace(set_over=part.node)
        elif part.name == name:
            found = Member(part.node, None, part.told_by)
    return found


def parts_in(script: Script, node: Node | None, given: Given = NOTHING) -> Iterator[ObjectPart]:
    """Yield the parts of an object literal, or of what is put together of some; of `a || {...}` those of the object."""
    while node and node.type in {"binary_expression", "parenthesized_expression"}:
        node = node.child_by_field_name("right") or next(iter(node.named_children), None)
    told = object_at(script, node, given) if node and node.type in {"call_expression", "object"} else None
    if told and told.node.id in script.plain_objects:
        yield from script.plain_objects[told.node.id]
    elif told:
        parts = [*Merging(lambda of: object_at(script, of, given), script.key).parts(told.node)]
        if told.node.type == "object" and not any(one.type == "spread_element" for one in told.node.named_children):
            script.plain_objects[told.node.id] = parts
        yield from parts


def object_at(script: Script, node: Node | None, given: Given = NOTHING) -> Constant | None:
    """Return the object literal that an expression always stands for, or the call that puts it together."""
    if node is None or node.type == "object":
        return Constant(node) if node else None
    return script.constants.object_of(node, given)


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
    told = object_at(script, node, given)
    name = text_of(node) if node and told and not told.is_only else ""
    whole = script.setting(told.node if told else node, given)
    meant = script.meant(node, given)
    if whole is None or meant is None or is_nothing(meant):
        return None, None
    whole = replace(whole, is_dynamic=True, is_whole=True)
    if told is None:
        return whole, None
    value, currency = (member_of(script, told.node, one, given) for one in keys)
    of_value = whole if value.set_over else script.amount(value.node, given, needs_quotes=needs_quotes)
    of_currency = script.setting(currency.node, given, needs_quotes=True)
    if currency.set_over:
        of_currency = None if value.set_over else set_by(script, currency.set_over, given)
    return _told_by(name or value.told_by, of_value), _told_by(name or currency.told_by, of_currency)


def _told_by(name: str, setting: Setting | None) -> Setting | None:
    return replace(setting, told_by=name or setting.told_by) if setting else None


def set_by(script: Script, part: Node, given: Given) -> Setting | None:
    """Return what a part of an object tells that may set any member: what that is, is not known."""
    setting = script.setting(part, given)
    return setting and replace(setting, is_dynamic=True, is_whole=True)
