"""What code from outside says by its calls and in queues: one pixel, and what happened on the page.

A call is known by its first argument. One that the dialects do not name (`platforms.Calls`) does more than report.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript import Script, given, text_of, uses
from snippetkit.key import JOIN
from snippetkit.lint import bases
from snippetkit.lint.finding import Raw
from snippetkit.lint.vocabulary import Vocabulary
from snippetkit.platforms import EMPTY_LIST, Dialect, verb_of_object

if TYPE_CHECKING:
    from tree_sitter import Node


class Named(NamedTuple):
    """Where a pixel is named, in bytes of the text, the pixel, and the name of its platform."""

    start: int
    pixel_id: str
    platform: str


class _QueueEntry(NamedTuple):
    """A call that reports, or an entry of a queue; what it says, and the dialects of which it may be."""

    node: Node
    items: list[Node]
    dialects: Sequence[Dialect]


_LONGEST = 60
_GRANT = "consent:grant"
"""What is asked for by a dialect's call that says that the visitor has agreed, whatever it is called."""


def find(script: Script, known: Vocabulary, set_apart: Iterable[Named], reported: Collection[str]) -> Iterator[Raw]:
    """Yield `second-pixel`, `consent-granted` and `unexpected-script` about what a script calls, once for each thing.

    Args:
        script: code from outside.
        known: what such code may say.
        set_apart: the pixels that it names other than by a call.
        reported: the pixels for which it reports; one more of these has a script of its own, and cannot be asked for.
    """
    entries = [*_entries(script, known)]
    yield from _second({*set_apart, *_named(script, known, entries), *_set(script, known)}, reported)
    calls = {_call(script, one.items, known): one.node for one in reversed(entries)}
    yield from (_more(script, node, call, known) for call, node in calls.items() if not _is_expected(call, known))


def _second(named: Collection[Named], reported: Collection[str]) -> Iterator[Raw]:
    """Each pixel behind the first one of its platform; a script may have the code of several platforms."""
    for platform in sorted({one.platform for one in named}):
        mine = _whole([one for one in named if one.platform == platform])
        firsts = {one.pixel_id: one for one in reversed(mine)}
        for one in firsts.values():
            message = (
                f"the code of pixel {mine[0].pixel_id} also names pixel {one.pixel_id}, which then gets events too"
            )
            if one != mine[0]:
                asked = "" if one.pixel_id in reported else f"pixel:{one.pixel_id}"
                yield Raw("second-pixel", one.start, message, asked=asked)


def _whole(named: Collection[Named]) -> list[Named]:
    """What is named, in order, without what is only the first part of another id."""
    ids = {one.pixel_id for one in named}
    fronts = {joined.partition(JOIN)[0] for joined in ids if JOIN in joined}
    return sorted(one for one in named if one.pixel_id not in fronts)


def _is_expected(call: str, known: Vocabulary) -> bool:
    verbs = known.told(lambda one: one.calls.to_pixels | one.calls.naming_by_id | one.calls.reporting)
    verb, on_purpose = call.partition(":")[0], known.told(lambda one: one.calls.on_purpose)
    return verb in verbs or not on_purpose.isdisjoint({call, f"{verb}:*"})


def _more(script: Script, node: Node, call: str, known: Vocabulary) -> Raw:
    """What is said of a call that does more than report."""
    start = script.start + node.start_byte
    said = script.data[start : min(start + _LONGEST, script.start + node.end_byte)].decode("utf-8", "replace")
    text = said.partition("\n")[0]
    grants = known.told(lambda dialect: (dialect.calls.grants,))
    if call and call.partition(":")[0] in known.told(lambda dialect: dialect.calls.consent_verbs):
        asked = _GRANT if call in grants else call if ":" in call else ""
        return Raw("consent-granted", start, f"{text!r} grants consent on the visitor's behalf", asked=asked)
    message = f"{text!r} does more than report a conversion"
    return Raw("unexpected-script", start, message, asked=call and f"call:{call}")


def _call(script: Script, items: Sequence[Node], known: Vocabulary) -> str:
    """What a call is known by: its verb, and what that is about, if a text or a list with at most one says so."""
    if verb := verb_of_object(script, items, known.told(lambda dialect: dialect.calls.objects)):
        return verb
    if said := next(filter(None, (one.consent_said(script, items) for one in known.dialects)), ""):
        return said
    verb, about = (script.said(item) if item else "" for item in (items[0] if items else None, _about(items[1:])))
    about = EMPTY_LIST if items[1:] and items[1].type == "array" and not given(items[1]) else about
    return f"{verb}:{about}" if verb and about else verb


def _about(items: Sequence[Node]) -> Node | None:
    first = next(iter(items), None)
    inner = given(first) if first and first.type == "array" else [first]
    return inner[0] if len(inner) == 1 else None


def _entries(script: Script, known: Vocabulary) -> Iterator[_QueueEntry]:
    """Each call that reports, and each entry of a queue, with what it says; the stub passes on what was said."""
    objects = known.told(lambda dialect: dialect.functions if dialect.by_methods else ())
    for name in sorted(objects):
        mine = [one for one in known.dialects if name in one.functions]
        yield from (_QueueEntry(*call, mine) for call in script.calls(name.encode()))
    base_codes = bases.node_ids(script)
    for call in (use.node for use in uses(script.root, lambda use: use.node.id in base_codes)):
        path = script.names.path(call.child_by_field_name("function")) if call.type == "call_expression" else b""
        is_push = path.rpartition(b".")[2] == b"push"
        if is_push or path.decode() in known.reporting - objects:
            yield from _told_to(call, script, _dialects_of(path.decode(), known), is_push=is_push)


def _dialects_of(path: str, known: Vocabulary) -> Sequence[Dialect]:
    """The dialects of whose globals one is called or pushed onto; all, where the path begins with a name of its own."""
    path, root = path.removesuffix(".push"), path.partition(".")[0]
    by_path = [one for one in known.dialects if path in {*one.functions, *one.queues}]
    by_root = [one for one in known.dialects if root in one.globals]
    return by_path or by_root or known.dialects


def _told_to(call: Node, script: Script, dialects: Sequence[Dialect], *, is_push: bool) -> Iterator[_QueueEntry]:
    """What a call of a dialect's function says, or one that pushes onto its queue."""
    arguments = given(call.child_by_field_name("arguments"))
    keyed = [one for one in dialects if one.calls.verb_key]
    said_by = {one.id: _by_members(script, one, keyed) for one in arguments if keyed and one.type == "object"}
    lists = {one.id for at, one in enumerate(arguments) if one.type == "array" and (is_push or not at)}
    is_list = [one.id in said_by or one.id in lists for one in arguments]
    entries = ((one, said_by.get(one.id) or given(one)) for one in compress(arguments, is_list))
    yield from (_QueueEntry(*entry, dialects) for entry in entries)
    said = [one for one, is_entry in zip(arguments, is_list, strict=True) if not is_entry]
    if (said or not arguments) and [text_of(one) for one in said[:2]] != ["arguments"]:
        yield _QueueEntry(call, said, dialects)


def _by_members(script: Script, entry: Node, dialects: Iterable[Dialect]) -> list[Node]:
    """The verb of an object that is pushed onto a queue, and the pixel that it names, if it has them."""
    members = script.members(entry)
    calls = next((one.calls for one in dialects if one.calls.verb_key in members), None)
    keys = (calls.verb_key, calls.id_key) if calls else ()
    return [members[key] for key in keys if key in members] or [entry]


def _named(script: Script, known: Vocabulary, entries: Iterable[_QueueEntry]) -> Iterator[Named]:
    """The pixels that calls name; what an old queue tracks is a pixel where it is a number."""
    for _, items, called in (one for one in entries if len(one.items) > 1):
        platforms = {one.platform for one in called}  # its loader knows the verbs of all its dialects
        dialects = [one for one in known.dialects if one.platform in platforms]
        verb, keys = script.text(items[0]), {one.calls.id_key for one in dialects}
        pixel = next((node for key, node in script.members(items[1]).items() if key in keys), items[1])
        setting = script.setting(pixel) if any(_may_name(one, verb) for one in dialects) else None
        if setting:
            of = {one.platform.name for one in dialects if _names(one, verb, setting.text)}
            yield from (Named(setting.start, setting.text[:_LONGEST], platform) for platform in of)


def _set(script: Script, known: Vocabulary) -> Iterator[Named]:
    """The pixels that are named by what is set, not by calls."""
    naming = [one for one in known.dialects if one.joins_ids or not one.calls.to_pixels]
    reports = ((one, report) for one in naming for report in one.find_reports(script))
    settings = ((one.platform.name, report.pixel_id) for one, report in reports if report.verb == "init")
    yield from (Named(one.start, one.text[:_LONGEST], platform) for platform, one in settings if one)


def _may_name(dialect: Dialect, verb: str) -> bool:
    return verb in dialect.calls.to_pixels | dialect.calls.naming_by_id


def _names(dialect: Dialect, verb: str, text: str) -> bool:
    looks_so = verb in dialect.calls.naming_by_id and dialect.platform.ids.pattern.fullmatch(text) is not None
    return verb in dialect.calls.to_pixels or looks_so
