"""What a script does, call by call and member by member, so that two scripts can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript import Script, meaning_of
from snippetkit.platforms.dialect import Dialect
from snippetkit.platforms.finding import every
from snippetkit.platforms.reports import Report

if TYPE_CHECKING:
    from tree_sitter import Node

Key = tuple[str, ...]
"""Equal for what does the same, in whatever script, dialect or image it is."""

_VALUE = frozenset({"currency", "value"})


class Deed(NamedTuple):
    """What is done from byte `start` up to `end` of a text.

    `of` is the call about which this says more. `said` is all that a call says, empty for anything else; `head_end`
    is where the part of it that makes the `key` ends. `is_setting_up` says that it reports nothing, and sets how those
    behind it do.
    """

    key: Key
    start: int
    end: int
    of: Deed | None = None
    said: str = ""
    head_end: int = 0
    is_setting_up: bool = False


def conversion(pixel_id: str) -> Key:
    """Return the key of a conversion that is reported without an event's name, in any dialect."""
    return ("conversion", pixel_id)


def find_deeds(script: Script) -> Iterator[Deed]:
    """Yield what a script does with the globals of the dialects.

    The value and the currency of an event count as told, whatever they are: another value is one that was asked for.
    """
    for name in dict.fromkeys(name for dialect in every() for name in dialect.functions):
        dialects = tuple(one for one in every() if name in one.functions)
        for call, arguments in script.calls(name.encode()):
            yield from _told(script, call, arguments, dialects)
    for queue in dict.fromkeys(queue for dialect in every() for queue in dialect.queues):
        yield from _pushed(script, queue.encode(), tuple(one for one in every() if queue in one.queues))
    for dialect in (dialect for dialect in every() if dialect.settings):
        for report in dialect.find_reports(script):
            pixel_id = report.pixel_id.text if report.pixel_id else ""
            key = ("audience", pixel_id) if report.verb == "audience" else conversion(pixel_id)
            yield from _of_report(script, report, key)


def _pushed(script: Script, queue: bytes, dialects: Sequence[Dialect]) -> Iterator[Deed]:
    for entry, items in script.queued(queue):
        yield from _told(script, entry, items, dialects)
    keyed = [one for one in dialects if one.calls.verb_key]
    for _, entry in (one for one in script.pushed(queue) if keyed and one[1].type == "object"):
        yield from _told_by_object(script, entry, keyed[0])


def _of_report(script: Script, report: Report, key: Key) -> Iterator[Deed]:
    settings = [setting for setting in (report.pixel_id, report.value, report.currency) if setting]
    start, end = report.start, max((setting.end for setting in settings), default=report.start)
    deed = Deed(key, start, end + script.data.startswith((b"'", b'"'), end))
    yield deed
    for name in sorted(_VALUE):
        if setting := getattr(report, name):
            yield Deed((*key, name), setting.start, setting.end, deed)


def _told(script: Script, call: Node, arguments: Sequence[Node], dialects: Sequence[Dialect]) -> Iterator[Deed]:
    """A call, or an entry of the queue, and each further thing that it says."""
    verb = script.text(arguments[0]) if arguments else ""
    heads = {verb: head for dialect in dialects for verb, head in dialect.calls.heads.items()}
    head = heads.get(verb, len(arguments))
    said = [_said(script, argument) for argument in arguments]
    same = next((dialect.calls.single[verb] for dialect in dialects if verb in dialect.calls.single), None)
    if same is not None:
        said[:2] = [same]
    key: Key = (call.type, dialects[0].platform.name, *said[: head - (same is not None)])
    if len(said) > 1 and any(_is_of_id(dialect, verb, said[1]) for dialect in dialects):
        key = conversion(said[1])
    start, ends = script.start + call.start_byte, (arguments[:head] or [call])[-1].end_byte
    deed = Deed(key, start, script.start + call.end_byte, None, "\n".join(said), script.start + ends, verb not in heads)
    yield deed
    amounts = {dialect.calls.amounts[verb] - head for dialect in dialects if verb in dialect.calls.amounts}
    for number, argument in enumerate(arguments[head:]):
        if number in amounts:
            yield Deed((*key, "value"), script.start + argument.start_byte, script.start + argument.end_byte, deed)
            continue
        yield from _more(script, argument, deed, () if key[0] == "conversion" else (str(number),))


def _told_by_object(script: Script, entry: Node, dialect: Dialect) -> Iterator[Deed]:
    """An object that is pushed onto a queue: some of its members say what it is, each other one says more of that."""
    members, calls = script.members(entry), dialect.calls
    heads = [name for name in members if name in {calls.verb_key, calls.id_key, *calls.head_keys}]
    key = (entry.type, dialect.platform.name, *(f"{name}:{_said(script, members[name])}" for name in sorted(heads)))
    start, end = script.start + entry.start_byte, script.start + entry.end_byte
    ends = max((script.start + members[name].end_byte for name in heads), default=end)
    is_setting_up = script.text(members.get(calls.verb_key)) not in calls.heads
    deed = Deed(key, start, end, None, _said(script, entry), ends, is_setting_up)
    yield deed
    for name, value in members.items():
        if name not in heads:
            worth = "value" if name == calls.value_key else name
            told = (*key, worth) if worth in _VALUE else (*key, name, _said(script, value))
            around = script.tree.parent(value) or value
            yield Deed(told, script.start + around.start_byte, script.start + value.end_byte, deed)


def _is_of_id(dialect: Dialect, verb: str, told: str) -> bool:
    """Whether a call reports the pixel itself, not an event by name."""
    return verb in dialect.calls.naming_by_id and dialect.platform.ids.pattern.fullmatch(told) is not None


def _more(script: Script, argument: Node, deed: Deed, place: Key) -> Iterator[Deed]:
    members = script.members(argument) if argument.type == "object" else {}
    if argument.type == "object" and len(members) == len([*_parts(argument)]):
        for name, value in members.items():
            key = (*deed.key, *place, name)
            key = key if name in _VALUE else (*key, _said(script, value))
            yield Deed(
                key, script.start + (script.tree.parent(value) or value).start_byte, script.start + value.end_byte, deed
            )
    else:
        key = (*deed.key, *place, "", _said(script, argument))
        yield Deed(key, script.start + argument.start_byte, script.start + argument.end_byte, deed)


def _parts(node: Node) -> Iterator[Node]:
    return (child for child in node.named_children if child.type != "comment")


def _said(script: Script, node: Node) -> str:
    """What an argument says: a literal's text, or what an expression does."""
    setting = script.setting(node)
    if setting and not setting.is_dynamic:
        return setting.text
    start, end = script.start + node.start_byte, script.start + node.end_byte
    if script.data[start:end] != script.masked[start:end]:
        return script.data[start:end].decode("utf-8", "replace")
    return meaning_of(node)
