"""What is read of code: what a script, a handler or an image reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.key import joined_id
from snippetkit.records import dataclass, replace

if TYPE_CHECKING:
    from snippetkit.javascript import Setting
    from snippetkit.platforms.platform import Platform


@dataclass(frozen=True, slots=True)
class Ignored:
    """What code tells in a place where the platform does not look: the setting, the finding's code, and what to do."""

    setting: Setting
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What one place in a script, or one image, reports: its byte offset, and its settings.

    `verb` is `track`, `audience`, or `init` where it only names the pixel for what follows. `add_value` and
    `add_currency` say how one would be added. `queue` is the byte offset of the list of functions that it stands in,
    and that a function works off; None where it runs as soon as its script does. `order` sorts what is done in the
    rounds of a loop; where it is empty, `start` does. `is_outer` says that another window reports it, of the page
    that this one is a frame of: to the pixels that are named there. `action` is what a visitor does to an element
    before it is made, such as `click`; empty where a script makes it. `function` is the one by whose call it is made,
    where its script does not call that at once; with no `action`, nothing in the text calls it. `after` is `ready`
    or `load` where it waits for the page to be parsed, or to be loaded. `order_id` and `event_id` are those
    by which the platform knows one that it was told already. `ignored` is what it does not take from there.
    `reason` says why it is never made; empty where nothing is in its way. `lacks` says what
    becomes of it without the value that it needs; empty where it has one, or needs none. `unit_unknown` is what
    would tell the unit of what the pixel's events are worth, where the call that names the pixel does not; else
    empty. `channel` is the global by which it is told, where an event reaches those pixels alone that were named by
    the same. `counts` says that it may be a conversion. `again` is where it tells the value once more. `inner` is where
    it is made, in a function that hands on what a call at `start` gives it; None where it is made there.
    """

    dialect: str
    start: int
    pixel_id: Setting | None = None
    event: Setting | None = None
    value: Setting | None = None
    currency: Setting | None = None
    verb: str = "track"
    add_value: str = ""
    add_currency: str = ""
    queue: int | None = None
    order: tuple[int, ...] = ()
    is_outer: bool = False
    action: str = ""
    function: str = ""
    after: str = ""
    order_id: Setting | None = None
    event_id: Setting | None = None
    ignored: tuple[Ignored, ...] = ()
    reason: str = ""
    lacks: str = ""
    unit_unknown: str = ""
    channel: str = ""
    counts: bool = True
    again: tuple[Setting, ...] = ()
    inner: int | None = None

    @property
    def places(self) -> tuple[int, ...]:
        """The byte offsets of the calls that lead to it, from the outermost to the one by which it is made."""
        return (self.start,) if self.inner is None else (self.start, self.inner)

    @property
    def waits(self) -> bool:
        """Whether it is made later than its script runs, if at all."""
        return bool(self.action or self.function)


def joined_setting(first: Setting, *others: Setting | None) -> Setting:
    """Return an id that is put together of parts, where the first one stands."""
    parts = [first, *(one for one in others if one and one.text)]
    return replace(first, text=joined_id(*(one.text for one in parts)), is_dynamic=any(one.is_dynamic for one in parts))


def with_currency(report: Report, currency: Setting | None) -> Report:
    """Return a report with a currency that is told for all events, where it tells none of its own."""
    is_asked = report.verb == "init" or (report.value is not None and not report.value.is_whole)
    if currency is None or report.currency is not None or not is_asked:
        return report
    return replace(report, currency=replace(currency, told_by=currency.told_by or currency.text))


def in_major(report: Report, platform: Platform) -> Report:
    """Return what is reported with its value in the major unit, as far as it is known what that is."""
    value, currency = report.value, report.currency
    if value is None or value.is_dynamic or not platform.is_in_minor_units:
        return report
    known = currency.text if currency and not currency.is_dynamic else ""
    return replace(report, value=replace(value, text=platform.in_major(value.text, known)))


@dataclass(frozen=True, slots=True)
class ImageReport:
    """What an image reports, the names of its URL's parameters, in their order, and those that stand there again.

    `retired` is the year in which its endpoint was switched off. `misnamed` are parameters that another endpoint of the
    platform's reads and this one does not, each with the one that it reads. `can_tell` are the settings that
    parameters of its endpoint tell. `without_brackets` is what stands in front of the brackets of its parameters, where
    that is one of the names itself. `is_echo` says that it stands beside another, of which it says the same.
    `is_base` says that it tells no more than that the page was seen, as base code does.
    """

    report: Report
    names: tuple[str, ...]
    repeated: tuple[str, ...]
    retired: int | None = None
    misnamed: tuple[tuple[str, str], ...] = ()
    can_tell: frozenset[str] = frozenset()
    without_brackets: str = ""
    is_echo: bool = False
    is_base: bool = False

    @property
    def is_opaque(self) -> bool:
        """Whether such an image says no pixel."""
        return "pixel_id" not in self.can_tell
