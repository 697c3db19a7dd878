"""Trying an export: on our page, a stand-in for the tag manager's runtime does what the real one does on a site."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from snippetkit import snippets
from snippetkit.browser.standing import Expected
from snippetkit.browser.visits import Visit
from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule
from snippetkit.patterns import later
from snippetkit.terms import Consent, Match, TagVariant

_MANAGERS = Path(__file__).parent / "managers"
_HOST = "http://127.0.0.1"
_QUIET_PATH = "/no-page-of-any-rule"
_PUSHED = {"value": "12.34", "currency": "EUR", "order_id": "A-1"}
# The parts of a pattern that may match nothing, and what escapes a character.
_EMPTY = later(r"\(\?:(?:[^()\\]|\\.)*\)[?*]|\[[^\]]*\]\*|[\^$]")
_ESCAPED = later(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Trial:
    """A page that is shown to a visitor, perhaps with an event that happens there, and what has to fire.

    `name` says it to a person; `path` is the URL's, with its query.
    """

    name: str
    path: str
    expected: tuple[Expected, ...]
    pushed: dict[str, Any] | None = None
    consent: bool = True


def can_try(format_name: str) -> bool:
    """Whether there is a stand-in for the runtime that takes files of this format."""
    return (_MANAGERS / f"{format_name}.js").is_file()


def make_trials(tags: Sequence[ContainerTag], *, asks_for_consent: bool) -> tuple[list[Trial], list[PageRule]]:
    """Return a trial for each page rule and event, one on a page outside them, and the rules that have none at hand.

    Args:
        tags: what was exported.
        asks_for_consent: whether the manager itself holds back what waits for consent; then one trial is without it.
    """
    wanted = dict.fromkeys((rule, tag.fires_on) for tag in tags for rule in tag.rules)
    wanted |= dict.fromkeys((rule, rule.matches) for tag in tags for rule in tag.exceptions)
    paths = {(rule, fires): _path(rule, fires) for rule, fires in wanted}
    trials = [_page(tags, path) for path in dict.fromkeys([*filter(None, paths.values()), _QUIET_PATH])]
    trials += (_happening(tags, event) for event in dict.fromkeys(tag.event for tag in tags if tag.event))
    if asks_for_consent:
        without = [tag for tag in tags if tag.consent is Consent.NONE]
        named = next((trial for trial in trials if trial.expected and trial.pushed is None), trials[0])
        expected = _page(without, named.path).expected
        trials.append(Trial(f"{named.name} without consent", named.path, expected, consent=False))
    return trials, list(dict.fromkeys(rule for (rule, _), path in paths.items() if path is None))


def visit(trial: Trial, format_name: str, file: bytes, site_url: str) -> Visit:
    """Return the visit that carries out a trial.

    Args:
        trial: which.
        format_name: a format that `can_try` takes.
        file: what was exported.
        site_url: where every path leads to a page of ours, without a slash at the end.
    """
    started = _started(format_name, file, consent=trial.consent)
    pushed = () if trial.pushed is None else (f"window.manager.push({json.dumps(trial.pushed)});",)
    return Visit(trial.name, site_url + trial.path, events=(started, *pushed), is_idle=True)


@lru_cache(maxsize=2)
def _started(format_name: str, file: bytes, *, consent: bool) -> str:
    """The script that starts a manager: as large as the export, and the same for all its trials."""
    runtime = (_MANAGERS / f"{format_name}.js").read_text("utf-8")
    container, agreed = json.dumps(json.loads(file)), json.dumps(consent)
    return f"{runtime}\nwindow.manager = manager; manager.start({container}, {agreed});"


def _page(tags: Sequence[ContainerTag], path: str) -> Trial:
    expected = [one for tag in tags if tag.fires_on(_HOST + path) for one in _expected(tag)]
    return Trial(f"the page {path}", path, tuple(expected))


def _happening(tags: Sequence[ContainerTag], event: DataLayerEvent) -> Trial:
    pushed: dict[str, Any] = {"event": event.name}
    for setting, key in event.keys.items():
        *parents, last = key.split(".")
        inner = pushed
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = _PUSHED[setting]
    on_page = _page(tags, _QUIET_PATH).expected
    of_event = (one for tag in tags if tag.event == event for one in _expected(tag))
    told = (_with(one, event.keys) for one in of_event)
    return Trial(f"the event {event.name}", _QUIET_PATH, (*on_page, *told), pushed)


def _with(expected: Expected, told: Collection[str]) -> Expected:
    """The same event, with the settings that the data layer tells."""
    value = _PUSHED["value"] if "value" in told else expected.value
    currency = _PUSHED["currency"] if "currency" in told else expected.currency
    return expected._replace(value=value, currency=currency)


def _expected(tag: ContainerTag) -> Iterator[Expected]:
    """What a tag has to fire: each event that its code reports."""
    for snippet in tag.snippets:
        source = snippet.script if tag.variant is not TagVariant.IMAGE and snippet.script else snippet.source
        for one in snippets.read(source):
            value, currency = (
                None if one.dynamic or _is_variable(text) else text for text in (one.value, one.currency)
            )
            yield Expected(one.pixel_id or snippet.pixel_id, one.event, value, currency)


def _is_variable(text: str | None) -> bool:
    return text is not None and "{{" in text


def _path(rule: PageRule, fires: Callable[[str], bool]) -> str | None:
    """A path, with its query, for which a rule holds and something fires; None where none is at hand."""
    candidates = {
        Match.EXACT: [rule.text],
        Match.PREFIX: [rule.text, f"{rule.text}a"],
        Match.CONTAINS: [f"/?{rule.text.lstrip('/?')}", f"/{rule.text.lstrip('/')}"],
        Match.REGEX: _without_patterns(rule.text),
    }.get(rule.match, ["/", _QUIET_PATH])
    urls = ((path, _HOST + path) for path in candidates if path.isascii())
    return next((path for path, url in urls if rule.matches(url) and fires(url)), None)


def _without_patterns(regex: str) -> list[str]:
    literal = _ESCAPED.sub(r"\1", _EMPTY.sub("", regex))
    return [literal, f"{literal}a", f"/{literal}", f"/a{literal}"]
