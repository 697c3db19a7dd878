"""What scripts, handlers and images report."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from snippetkit import html, platforms
from snippetkit.javascript import Elsewhere, Script, Setting
from snippetkit.key import joined_id
from snippetkit.model import LIVE
from snippetkit.platforms import Dialect, ImageReport, Mentions, Report
from snippetkit.records import dataclass, field, replace
from snippetkit.snippets import absent, states
from snippetkit.snippets.callers import with_occasions
from snippetkit.snippets.handlers import find_handled
from snippetkit.snippets.loaded import id_of_loader
from snippetkit.snippets.states import State

_MOST_PIXELS = 20  # an event counts for each pixel, and a page made to be slow names thousands
_NOBODYS = "no pixel is named on this page ({}), so nobody gets this event"


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the vendor's: its element, the noscript that it is in, and what its URL reports."""

    element: html.Element
    noscript: html.Element | None
    url: html.Attribute
    read: ImageReport

    @property
    def has_lost_brackets(self) -> bool:
        """Whether the URL has, say, `cd=` or `value=` where `cd[value]=` and `cd[currency]=` should be."""
        return bool(self.read.without_brackets or self.read.misnamed)

    @property
    def outer(self) -> html.Element:
        """The noscript, or the image if it is in none."""
        return self.noscript or self.element


@dataclass(frozen=True, slots=True)
class Code:
    """What belongs together: one report of a script, the script, and its images; or an image alone.

    `error` is the byte offset where the script stops being JavaScript, or None; `has_dynamic_id` says that the script
    or a server makes the pixel's id; `state` says why it does not run as it stands, None where it does. `unit_unknown`
    is what the call that names the pixel has to tell, so that the unit of the value is known; empty where it is.
    `bases` are the elements of its base code in front of it, where those stand apart. `base_from` are the paths of the
    other files whose base code named the pixel.
    """

    report: Report
    pixel_id: str
    script: html.Element | None = None
    images: list[Image] = field(default_factory=list)
    error: int | None = None
    has_dynamic_id: bool = False
    state: State | None = None
    unit_unknown: str = ""
    bases: tuple[html.Element, ...] = ()
    base_from: tuple[str, ...] = ()

    @property
    def event(self) -> str | None:
        """The name of the event that is reported."""
        return self.report.event.text if self.report.event else None

    @property
    def of(self) -> Of:
        """The dialect, and the global by which it is told where that decides which pixels an event reaches."""
        return self.report.dialect, self.report.channel


Of = tuple[str, str]
"""What base code and its events have in common: the dialect's name, and the channel, as a `Report` has it."""
ASKING = frozenset({"iframe", "img"})
"""The elements whose `src` a browser asks for, scripts or not."""

Named = dict[tuple[str, str, str, bool], Code]
"""The code that names each pixel, by dialect, its id, its state and whether it is named in the window around this."""


def find_codes(
    masked: bytes,
    scripts: Sequence[tuple[html.Element, Script]],
    of_scripts: Mapping[int, State],
    named: Named,
    given: Sequence[tuple[int, Code]] = (),
    callers: Callable[[html.Element], Elsewhere] = lambda element: lambda name: None,
) -> Iterator[Code]:
    """Yield the codes of all scripts, and note which pixels are `named` there.

    Where the base code is here and names no pixel, its events are nobody's; of a program, whose script has no tag,
    another file may name one. `given` are those that other files name, each from a byte offset on, in order;
    `callers` says of a script what calls its functions from elsewhere.
    """
    codes = [*_of_scripts(len(masked), scripts, of_scripts, named, given, callers)]
    tagged = [(element, script) for element, script in scripts if element.start < element.inner_start]
    live = [script for element, script in tagged if element.start not in of_scripts]
    dialects = (platforms.dialect_named(name) for name in {code.report.dialect for code in codes})
    nobodys = {
        dialect.name: _NOBODYS.format(dialect.call)
        for dialect in dialects
        if dialect.reaches_named and _is_nobodys(dialect, masked, live, named)
    }
    for code in codes:
        reason = nobodys.get(code.report.dialect) if code.report.pixel_id is None and code.state is None else None
        is_here = reason is not None and not code.report.is_outer
        dead = replace(states.dead(code.report.start, reason or ""), lacks_name=True)
        code = replace(code, state=dead) if is_here else code
        yield replace(code, pixel_id=code.pixel_id or id_of_loader(code.report.dialect, masked))


def _is_nobodys(dialect: Dialect, masked: bytes, live: Sequence[Script], named: Named) -> bool:
    """Whether the base code of a dialect is here, and no pixel is named, nor can be by what is not here."""
    is_named = any(key[0] == dialect.name for key in named) or absent.may_name(masked, live)
    return not is_named and any(dialect.makes.search(masked, one.start, one.end) for one in live)


def _of_scripts(
    end: int,
    scripts: Sequence[tuple[html.Element, Script]],
    of_scripts: Mapping[int, State],
    named: Named,
    given: Sequence[tuple[int, Code]],
    callers: Callable[[html.Element], Elsewhere],
) -> Iterator[Code]:
    """The codes of all scripts; an event without a pixel counts for each `named` (`init`) by then in its window."""
    found = [*_reported(scripts, of_scripts, callers)]
    for one in (one for one in found if one[0].verb == "init" and _names_first(one[0])):
        list(_of_report(*one, named))
    pending = deque(given)
    places = [states.place_of_event(element, report, end) for report, element, *_ in found]
    codes: dict[int, list[Code]] = {}
    for index in sorted(range(len(found)), key=places.__getitem__):
        while pending and pending[0][0] <= places[index]:
            _name_pixel(named, pending.popleft()[1])
        codes[index] = [*_of_report(*found[index], named)]
    for _, code in pending:
        _name_pixel(named, code)
    for index in range(len(found)):
        yield from codes[index]


def _name_pixel(named: Named, code: Code) -> None:
    key = (code.report.dialect, code.pixel_id, _name(code.state), code.report.is_outer)
    known = named.get(key)
    if known and code.report.waits and not known.report.waits:
        return
    if known and known.report.waits and not code.report.waits:
        del named[key]
    if platforms.dialect_named(code.report.dialect).last_named:
        named.pop(key, None)
    named.setdefault(key, code)


def _names_first(report: Report) -> bool:
    return platforms.dialect_named(report.dialect).names_first


def _reported(
    scripts: Sequence[tuple[html.Element, Script]],
    of_scripts: Mapping[int, State],
    callers: Callable[[html.Element], Elsewhere],
) -> Iterator[tuple[Report, html.Element, int | None, State | None]]:
    """What all scripts report, with its script, where that stops being JavaScript, and why it does not run."""
    for element, script in scripts:
        reports = sorted(platforms.reports_in(script), key=lambda report: _in_order(script, report))
        of_dialects = {report.dialect: states.of_module(element, script, report.dialect) for report in reports}
        for report in with_occasions(script, reports, callers(element)):
            state = of_scripts.get(element.start) or of_dialects[report.dialect]
            state = state or (states.dead(report.start, report.reason) if report.reason else None)
            yield report, element, state.start if state and state.is_broken else script.error, state


def find_bases(codes: Sequence[Code], named: Named) -> Iterator[Code]:
    """Yield the codes that only name a pixel here: base code whose events, if any, are elsewhere."""
    reached = {(code.report.dialect, _named_by(code), _name(code.state), code.report.is_outer) for code in codes}
    yield from (code for key, code in named.items() if key not in reached and not code.base_from)


def _named_by(code: Code) -> str:
    """The id that was named and that an event is of, without the part that the event tells itself."""
    return platforms.dialect_named(code.report.dialect).named_by(code.pixel_id)


def find_of_handlers(
    data: bytes, masked: bytes, elements: Sequence[html.Element], mentions: Mentions, named: Named
) -> Iterator[Code]:
    """Yield the codes of what elements run when something happens to them."""
    for handled in find_handled(data, masked, elements, mentions):
        for report in handled.reports:
            yield from _of_report(report, handled.element, handled.error, None, named)


def _of_report(
    report: Report, element: html.Element, error: int | None, state: State | None, named: Named
) -> Iterator[Code]:
    is_dynamic = report.pixel_id is not None and report.pixel_id.is_dynamic
    dialect = platforms.dialect_named(report.dialect)
    report = platforms.in_major(report, dialect.platform)
    code = Code(report, text_of(report.pixel_id), element, [], error, is_dynamic, state)
    if report.verb == "init":
        _name_pixel(named, code)
    elif dialect.tells_no_pixel(report):
        of_pixels = [*islice(_reached(named, state, report), _MOST_PIXELS)] or [replace(code, pixel_id="")]
        for of in of_pixels:
            pixel_id = joined_id(of.pixel_id, *filter(None, (text_of(report.pixel_id),)))
            told = platforms.with_currency(report, of.report.currency)
            of_pixel = replace(code, report=told, pixel_id=pixel_id, images=[], unit_unknown=of.report.unit_unknown)
            of_pixel = replace(of_pixel, has_dynamic_id=of.has_dynamic_id or is_dynamic, base_from=of.base_from)
            yield _counted(of_pixel, dialect)
    else:
        key = (report.dialect, dialect.named_by(code.pixel_id), _name(state), report.is_outer)
        told = platforms.with_currency(report, named[key].report.currency) if key in named else report
        yield _counted(replace(code, report=told), dialect)


def _counted(code: Code, dialect: Dialect) -> Code:
    """An event as the platform counts it: for some pixels it only puts the visitor into an audience."""
    is_known = code.pixel_id != "" and not code.has_dynamic_id
    if code.report.verb != "track" or not is_known or dialect.counts_for(code.pixel_id):
        return code
    return replace(code, report=replace(code.report, verb="audience"))


def _reached(named: Named, state: State | None, report: Report) -> Iterator[Code]:
    """The pixels that an event counts for: those named in its window before it, by code that runs.

    What waits for a click or a call names no pixel of an event that does not wait.
    """
    where = [(report.dialect, name, report.is_outer) for name in (LIVE, _name(state))]
    of_pixels = {
        id_: code for (dialect, id_, name, is_outer), code in named.items() if (dialect, name, is_outer) in where
    }
    dialect = platforms.dialect_named(report.dialect)
    first = {id_: code for id_, code in of_pixels.items() if dialect.may_reach(id_)}
    in_channel = (code for code in (first or of_pixels).values() if code.report.channel == report.channel)
    reached = [code for code in in_channel if report.waits or not code.report.waits]
    last = reached[-1].report.start if reached and dialect.last_named else None
    yield from (code for code in reached if last in (None, code.report.start))


def _name(state: State | None) -> str:
    return state.name if state else LIVE


def _in_order(script: Script, report: Report) -> tuple[int, ...]:
    """The sort key of a report in its script: the order in which reports are made."""
    return report.order or (report.start - script.start,)


def find_images(data: bytes, masked: bytes, elements: Sequence[html.Element]) -> Iterator[Image]:
    """Yield the vendor's images, and the frames that ask for the same."""
    noscript: html.Element | None = None
    for element in elements:
        if element.name == "noscript":
            noscript = element
        url = element.attributes.get("src") if element.name in ASKING else None
        read = platforms.read_image(data, masked, url.start, url.start + len(url.value)) if url else None
        if url and read:
            yield Image(element, noscript if element.inside and noscript and noscript.is_closed else None, url, read)


def text_of(setting: Setting | None) -> str:
    """Return the text of a setting, empty where there is none."""
    return setting.text if setting else ""
