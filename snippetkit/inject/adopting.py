"""What hand-written code does that its replacement would not: all of it is told, and none is lost unasked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from snippetkit import platforms
from snippetkit.html import position, refuse
from snippetkit.inject.edits import apply
from snippetkit.inject.insertion import PlanOptions
from snippetkit.inject.removal import find_page_regions
from snippetkit.inject.unmarked import parse_page
from snippetkit.model import Edit, Span
from snippetkit.platforms import Deed
from snippetkit.server_code import Language
from snippetkit.terms import JAVASCRIPT_TYPES

if TYPE_CHECKING:
    from snippetkit.html import Element
    from snippetkit.javascript import Script
    from snippetkit.snippets import Image

_LONGEST = 80
_SETTINGS = ("currency", "event", "pixel_id", "value")
_INSTEAD = "--adopt=replace puts the new code there anyway"
# They make no difference to an inline script; a nonce is kept.
_TYPES = frozenset(one.encode() for one in JAVASCRIPT_TYPES)
_IDLE_ATTRIBUTES = frozenset({"async", "charset", "class", "defer", "id", "language", "nonce"})
_Pair = tuple["Element", "Script"]
_Key = tuple[str, ...]
_Told = dict[_Key, dict[str, Deed]]
"""The calls with a key, by all that they say."""


class Loss(NamedTuple):
    """Something that is no longer done, and the offset where it stands."""

    offset: int
    text: str


class _ParsedPage:
    """A page, taken apart."""

    def __init__(self, data: bytes, language: Language | None = None) -> None:
        self.data = data
        self.document = parse_page(data, language)
        self.regions = [(region.start, region.end) for region in find_page_regions(data)]
        own = {code.script.start for code in self.document.codes if code.script}
        self.scripts = [pair for pair in self.document.scripts if pair[0].start in own or _has_calls(pair[1])]
        self.images = [image for code in self.document.codes for image in code.images]

    def is_marked(self, element: Element) -> bool:
        return _is_in(element.start, self.regions)

    def halves(self) -> tuple[list[_Pair], list[_Pair]]:
        """The scripts in no region, and those in one."""
        marked = [one for one in self.scripts if self.is_marked(one[0])]
        return [one for one in self.scripts if one not in marked], marked

    def source(self, element: Element) -> bytes:
        return self.data[element.start : element.end]

    def shown(self, start: int, end: int) -> str:
        text = " ".join(self.data[start:end].decode("utf-8", "replace").split())
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def check_losses(data: bytes, edits: Sequence[Edit], options: PlanOptions) -> None:
    """Make sure that after these edits a page still does all that its unmarked code does, unless that is replaced.

    Raises:
        PageRefusedError: something would be lost; its notes say each thing.
    """
    is_nothing_lost = options.replaces or all(edit.start == edit.end for edit in edits)
    if losses := [] if is_nothing_lost else find_losses(data, apply(data, edits), options.named):
        more = f" and {len(losses) - 1} more" if len(losses) > 1 else ""
        reason = f"adopting this code would lose {losses[0].text}{more}; {_INSTEAD}"
        refuse(data, losses[0].offset, reason, tuple(f"{_line(data, loss)} would be lost" for loss in losses))


def tell_losses(data: bytes, edits: Sequence[Edit]) -> tuple[str, ...]:
    """Return a line for each thing that a page no longer does after these edits."""
    return tuple(f"{_line(data, loss)} is lost" for loss in find_losses(data, apply(data, edits)))


def _line(data: bytes, loss: Loss) -> str:
    return f"line {position(data, loss.offset)[0]}: {loss.text}"


def find_losses(before: bytes, after: bytes, language: Language | None = None) -> list[Loss]:
    """Return what a page's code outside regions does that the code in its place does not.

    Args:
        before: a page.
        after: the same page with code put in the place of its own.
        language: that of its file's name.
    """
    old, new = _ParsedPage(before, language), _ParsedPage(after, language)
    (own, left), (there, marked) = old.halves(), new.halves()
    gone = [one for one in own if old.source(one[0]) not in {new.source(element) for element, _ in there}]
    put = [one for one in marked if new.source(one[0]) not in {old.source(element) for element, _ in left}]
    losses = [*_of_calls(old, gone, new), *_of_order(old, gone, new, put)]
    losses += [*_of_loaders(old, gone, new, put), *_of_server_code(old, gone)]
    for element, script in gone:
        losses += [*_of_attributes(element, put), *_of_other_code(old, script)]
    return sorted({*losses, *_of_images(old, new)})


def _has_calls(script: Script) -> bool:
    functions = (name.encode() for dialect in platforms.every() for name in dialect.functions)
    return any(next(script.calls(name), None) is not None for name in functions)


def _deeds_of(scripts: Iterable[_Pair]) -> list[Deed]:
    deeds = [deed for _, script in scripts for deed in platforms.find_deeds(script)]
    return sorted(deeds, key=lambda deed: deed.start)


def _of_calls(old: _ParsedPage, gone: Sequence[_Pair], new: _ParsedPage) -> Iterator[Loss]:
    before, after = _deeds_of(gone), _deeds_of(new.scripts)
    there, lost = {deed.key for deed in after}, set[_Key]()
    for deed in before:
        if deed.key not in there and (deed.of is None or deed.of.key not in lost):
            lost.add(deed.key)
            yield Loss(deed.start, _named(old, deed))
    yield from _of_repeated(old, _by_key(before), _by_key(after))


def _of_repeated(old: _ParsedPage, before: _Told, after: _Told) -> Iterator[Loss]:
    """Those values of an event reported several times for which no other value is reported."""
    for key in (key for key in before if key in after):
        rest = [deed for said, deed in before[key].items() if said not in after[key]]
        others = len(after[key].keys() - before[key].keys())
        yield from (Loss(deed.start, _named(old, deed)) for deed in rest[others:])


def _by_key(deeds: Iterable[Deed]) -> _Told:
    told: _Told = defaultdict(dict)
    for deed in deeds:
        if deed.said:
            told[deed.key].setdefault(deed.said, deed)
    return told


def _named(page: _ParsedPage, deed: Deed) -> str:
    """A thing as it stands there: a call, or a member with the beginning of its call."""
    shown = page.shown(deed.start, deed.end)
    if deed.of is None:
        return shown
    call = deed.of
    closing = {b")": ")", b"]": "]"}.get(page.data[call.end - 1 : call.end], "")
    return f"{shown} of {page.shown(call.start, call.head_end or call.end)}{closing if call.said else ''}"


def _of_order(old: _ParsedPage, gone: Sequence[_Pair], new: _ParsedPage, put: Sequence[_Pair]) -> Iterator[Loss]:
    """What sets how others report (consent, for example), and would end up on their other side."""
    first = [min((deed.start for deed in _deeds_of(scripts) if _reports(deed)), default=-1) for scripts in (gone, put)]
    if min(first) < 0:
        return
    before, after = (
        {deed.key: (deed, deed.start < at) for deed in _deeds_of(page.scripts) if deed.is_setting_up}
        for page, at in zip((old, new), first, strict=True)
    )
    for key in (key for key in before if key in after):
        deed, is_in_front = before[key]
        if is_in_front != after[key][1]:
            yield Loss(deed.start, f"{_named(old, deed)} {'in front of' if is_in_front else 'behind'} the code")


def _reports(deed: Deed) -> bool:
    return deed.of is None and not deed.is_setting_up


def _of_loaders(old: _ParsedPage, gone: Sequence[_Pair], new: _ParsedPage, put: Sequence[_Pair]) -> Iterator[Loss]:
    """The base code, where the new code brings none and uses what nobody makes any more."""
    loader = _loader()
    there = [match for element, _ in gone for match in loader.finditer(old.data, element.start, element.end)]
    if put and there and not any(loader.search(new.source(element)) for element, _ in new.scripts):
        yield Loss(there[0].start(), f"the code that loads {there[0][0].rpartition(b'/')[2].decode()}")


@cache
def _loader() -> re.Pattern[bytes]:
    """The URL of a loader."""
    urls = (loader.url for platform in platforms.every_platform() for loader in platform.loaders)
    return re.compile("|".join(urls).encode())


def _of_server_code(old: _ParsedPage, gone: Sequence[_Pair]) -> Iterator[Loss]:
    """What a server runs in a script, besides the values that it writes."""
    from snippetkit import snippets

    told = [(deed.start, deed.end) for deed in _deeds_of(gone) if deed.of or deed.said]
    scripts, end = [(element.start, element.end) for element, _ in gone], -1
    for served in snippets.find_server_code(old.document, told) if scripts else ():
        if served.start >= end and _is_in(served.start, scripts) and not _is_in(served.start, told):
            end = served.start + len(served.text)
            yield Loss(served.start, f"the server code {old.shown(served.start, end)}")


def _is_in(at: int, spans: Iterable[Span]) -> bool:
    return any(start <= at < end for start, end in spans)


def _of_attributes(element: Element, put: Sequence[_Pair]) -> Iterator[Loss]:
    there = {name for one, _ in put for name in one.attributes}
    for name, attribute in element.attributes.items():
        is_idle = name in _IDLE_ATTRIBUTES or (name == "type" and attribute.value.strip().lower() in _TYPES)
        if not is_idle and name not in there:
            shown = f"{name}={attribute.value.decode('utf-8', 'replace')}"[:_LONGEST] if attribute.value else name
            yield Loss(element.start, f"the script's attribute {shown}")


def _of_other_code(old: _ParsedPage, script: Script) -> Iterator[Loss]:
    """The statements that are not conversion code, and what holds conversion code back."""
    from snippetkit import lint

    calls = [deed for deed in platforms.find_deeds(script) if deed.of is None]
    told, end = [(deed.start, deed.end) for deed in calls if deed.said], -1
    for at, (start, behind) in lint.unexpected(script):
        if at < end or _is_in(at, told):
            continue
        inner = next((deed for deed in calls if start < deed.start < behind), None)
        if inner:
            yield Loss(start, f"{old.shown(start, inner.start)} ... around {_named(old, inner)}")
        else:
            yield Loss(start, old.shown(start, behind).rstrip(";"))
            end = behind


def _of_images(old: _ParsedPage, new: _ParsedPage) -> Iterator[Loss]:
    """The images that no image replaces, and the parameters that no image of the same event has."""
    there: dict[_Key, set[tuple[str, str]]] = defaultdict(set)
    for image in new.images:
        there[_event_of(image)].update(_query(image))
    for image in old.images:
        key, at = _event_of(image), image.element.start
        if old.is_marked(image.outer):
            continue
        if key not in there:
            yield Loss(at, f"the image of {key[-1]}")
        else:
            yield from (Loss(at, f"{name}={text} of the image's URL") for name, text in _query(image) - there[key])


def _event_of(image: Image) -> _Key:
    report = image.read.report
    pixel_id, event = (setting.text if setting else "" for setting in (report.pixel_id, report.event))
    return ("image", pixel_id, event) if event else platforms.conversion(pixel_id)


def _query(image: Image) -> set[tuple[str, str]]:
    """The parameters of an image that say something other than its settings."""
    url = unescape(re.sub(r"\s", "", image.url.value.decode("utf-8", "replace")))
    query = parse_qsl(url.partition("?")[2], keep_blank_values=True)
    told = _told_by_images(image.read.report.dialect)
    return {(name, text) for name, text in query if name not in told}


@cache
def _told_by_images(dialect_name: str) -> frozenset[str]:
    """The parameters that hold settings in the images of a dialect's platform, and those that all of them have."""
    endpoints = platforms.dialect_named(dialect_name).platform.endpoints
    settings = {name for one in endpoints for setting in _SETTINGS for name in one.query.get(setting, ())}
    return frozenset(settings.union(*(one.constants for one in endpoints)))
