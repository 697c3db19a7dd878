"""Trying an export: on our page, a stand-in for the tag manager's runtime does what the real one does on a site."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from snippetkit import snippets
from snippetkit.browser.standing import Expected
from snippetkit.browser.visits import Visit
from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule
from snippetkit.patterns import later
from snippetkit.records import dataclass, replace
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

    `name` says it to a person; `path` is the URL's, with its query. `named` are the pixels that the tags which fire
    name: what their base code asks for is no fault.
    """

    name: str
    path: str
    expected: tuple[Expected, ...]
    pushed: dict[str, Any] | None = None
    consent: bool = True
    named: frozenset[str] = frozenset()


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
    found = _Finding(tags)
    trials = [_page(found, path) for path in dict.fromkeys([*filter(None, paths.values()), _QUIET_PATH])]
    trials += (_happening(found, event) for event in dict.fromkeys(tag.event for tag in tags if tag.event))
    if asks_for_consent:
        without = _Finding([tag for tag in tags if tag.consent is Consent.NONE])
        named = next((trial for trial in trials if trial.expected and trial.pushed is None), trials[0])
        trial = _page(without, named.path)
        trials.append(replace(trial, name=f"{named.name} without consent", consent=False))
    return trials, list(dict.fromkeys(rule for (rule, _), path in paths.items() if path is None))


def visit(trial: Trial, format_name: str, file: bytes, site_url: str) -> Visit:
    """Return the visit that carries out a trial.

    Args:
        trial: which.
        format_name: a format that `can_try` takes.
        file: what was exported.
        site_url: where every path leads to a page of ours, without a slash at the end.
    """
    pushed = () if trial.pushed is None else (f"window.manager.push({json.dumps(trial.pushed)});",)
    events = (_started(format_name, consent=trial.consent), *pushed)
    return Visit(trial.name, site_url + trial.path, events=events, is_idle=True, shared=_built(format_name, file))


@lru_cache(maxsize=1)
def _built(format_name: str, file: bytes) -> str:
    """The script that makes a manager ready: as large as the export, and the same for all its trials."""
    return f"{_runtime(format_name)}\nwindow.built = manager.build({json.dumps(json.loads(file))});"


@lru_cache(maxsize=2)
def _started(format_name: str, *, consent: bool) -> str:
    """The script that starts it, on a page that has no other one around it or in a frame of one."""
    return f"{_runtime(format_name)}\nwindow.manager = manager; manager.start(parent.built, {json.dumps(consent)});"


def _runtime(format_name: str) -> str:
    return (_MANAGERS / f"{format_name}.js").read_text("utf-8")


class _Finding:
    """Finds the tags that fire on a page; those that name their pages need not all be asked."""

    def __init__(self, tags: Sequence[ContainerTag]) -> None:
        self.tags = tags
        self._by_path: dict[str, list[int]] = {}
        self._others: list[int] = []
        for number, tag in enumerate(tags):
            is_named = all(rule.match is Match.EXACT and not rule.ignore_case for rule in tag.rules)
            for path in {rule.text for rule in tag.rules} if is_named else ():
                self._by_path.setdefault(path, []).append(number)
            self._others += () if is_named else (number,)

    def firing(self, path: str) -> list[ContainerTag]:
        """Return the tags that fire on the page with this path and query, in their order."""
        numbers = sorted([*self._others, *self._by_path.get(path.partition("?")[0], ())])
        return [tag for number in numbers if (tag := self.tags[number]).fires_on(_HOST + path)]


def _page(found: _Finding, path: str) -> Trial:
    firing = found.firing(path)
    expected = [one for tag in firing for one in _expected(tag)]
    return Trial(f"the page {path}", path, tuple(expected), named=_named(firing))


def _happening(found: _Finding, event: DataLayerEvent) -> Trial:
    pushed: dict[str, Any] = {"event": event.name}
    for setting, key in event.keys.items():
        *parents, last = key.split(".")
        inner = pushed
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = _PUSHED[setting]
    on_page = _page(found, _QUIET_PATH)
    of_event = [tag for tag in found.tags if tag.event == event]
    told = (_with(one, event.keys) for tag in of_event for one in _expected(tag))
    named = on_page.named | _named(of_event)
    return Trial(f"the event {event.name}", _QUIET_PATH, (*on_page.expected, *told), pushed, named=named)


def _named(tags: Iterable[ContainerTag]) -> frozenset[str]:
    return frozenset(snippet.pixel_id for tag in tags for snippet in tag.snippets)


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
