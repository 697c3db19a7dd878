"""The report on a tag manager's container: its tags, what they report and when, what is wrong, and what fired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from snippetkit import platforms
from snippetkit.browser import FAULTS, Fault, Fired, Verdict
from snippetkit.exports import Contents, TagReading
from snippetkit.gtm import CODES, Problem
from snippetkit.report.writing import lasting, rendered

_ADS = frozenset({"ad_storage", "ad_user_data", "ad_personalization"})


class ReportedTrial(NamedTuple):
    """What a stand-in of the tag manager's runtime did: `name` is the page or the event, `fired` what was reported."""

    name: str
    fired: tuple[Fired, ...]
    faults: tuple[Fault, ...]


class Trials(NamedTuple):
    """What was tried; `untried` are rules for which no page is at hand, `left_out` says why a tag was not tried.

    `reason` says why nothing was tried, empty where something was.
    """

    trials: tuple[ReportedTrial, ...] = ()
    untried: tuple[str, ...] = ()
    left_out: Mapping[str, str] = {}
    reason: str = ""


class ContainerReport(NamedTuple):
    """A container: what it is called, the tag manager's name, and what is known of it.

    `findings` is None where nothing looks for them. `files` are those of the bundle that it came in.
    """

    name: str
    manager: str
    contents: Contents
    findings: tuple[Problem, ...] | None
    trials: Trials
    files: tuple[str, ...] = ()


class _TagReport(NamedTuple):
    """What a tag reports."""

    pixel_id: str
    platform: str
    event: str | None
    value: str | None
    currency: str | None
    order_id: str | None


class TagReportRow(NamedTuple):
    """A row of the table of pixels: what is reported, and the numbers of the tags that do, from 1."""

    told: _TagReport
    tags: tuple[int, ...]


class TriggerRow(NamedTuple):
    """A row of the table of triggers: the numbers of the tags that it fires, and of those that it keeps from firing."""

    name: str
    fires: tuple[int, ...]
    blocks: tuple[int, ...]


def read_trials(verdicts: Iterable[Verdict]) -> Iterator[ReportedTrial]:
    """Yield what the report says of each visit of a trial; what fired is sorted, since its order varies."""
    for verdict in verdicts:
        fired = sorted(verdict.observed.fired, key=lambda one: [text or "" for text in one[:4]])
        faults = (fault._replace(message=lasting(fault.message)) for fault in verdict.faults)
        yield ReportedTrial(verdict.observed.path, tuple(fired), tuple(faults))


def render_container(container: ContainerReport) -> str:
    """Return the report, an HTML document whose characters are all printable, except line breaks and tabs."""
    tags = container.contents.tags
    return rendered(
        "report/container.html.j2",
        container=container,
        tags=tags,
        pixels=_pixels(tags),
        triggers=_triggers(tags),
        consents=[_consent(tag) for tag in tags],
        platforms={dialect.name: dialect.platform.title for dialect in platforms.every()},
        finding_codes=CODES,
        fault_codes=FAULTS,
        wrong=[trial for trial in container.trials.trials if trial.faults],
    )


def _pixels(tags: Iterable[TagReading]) -> list[TagReportRow]:
    rows = defaultdict[_TagReport, dict[int, None]](dict)
    for number, tag in enumerate(tags, 1):
        for one in tag.snippets:
            platform = platforms.dialect_named(one.dialect).platform.title
            told = _TagReport(one.pixel_id, platform, one.event, one.value, one.currency, one.order_id)
            rows[told][number] = None
    listed = (TagReportRow(told, tuple(numbers)) for told, numbers in rows.items())
    return sorted(listed, key=lambda row: [text or "" for text in row.told])


def _triggers(tags: Iterable[TagReading]) -> list[TriggerRow]:
    """The triggers in the order of the tags."""
    rows = defaultdict[str, tuple[list[int], list[int]]](lambda: ([], []))
    for number, tag in enumerate(tags, 1):
        for names, side in ((tag.fires, 0), (tag.blocks, 1)):
            for name in names:
                rows[name][side].append(number)
    return [TriggerRow(name, tuple(fires), tuple(blocks)) for name, (fires, blocks) in rows.items()]


def _consent(tag: TagReading) -> str:
    if tag.consent is None:
        return "the file does not say"
    if {*tag.consent} == _ADS:
        return "to ads"
    return ", ".join(tag.consent) or "none is waited for"
