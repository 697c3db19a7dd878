"""Pages and exports looked at in a browser: what fires there, and what is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, NamedTuple, Protocol

from snippetkit.errors import SettingError
from snippetkit.records import dataclass, field
from snippetkit.work.browsing import Browsing, NamedPage
from snippetkit.work.fingerprints import digest_page, digest_visit

if TYPE_CHECKING:
    from snippetkit.browser import Expected, Observed, Trial, Verdict, Visit
    from snippetkit.containers import ContainerTag, PageRule
    from snippetkit.run import Outcome

_HAVE_CODE = frozenset({"inserted", "updated", "unchanged"})


class Progress(Protocol):
    """Is told how many visits are done."""

    def begin(self, total: int) -> None:
        """Take note of how many visits there will be."""

    def advance(self) -> None:
        """Take note that another one is done."""

    def end(self) -> None:
        """Take note that there will be no more."""

    def say_slow(self, slowness: float) -> None:
        """Take note that the machine is slow: everything takes this many times as long as it should."""


class _Unseen:
    def begin(self, total: int) -> None:
        pass

    def advance(self) -> None:
        pass

    def end(self) -> None:
        pass

    def say_slow(self, slowness: float) -> None:
        pass


_UNSEEN = _Unseen()

Earlier = Mapping[tuple[str, bool], "Verdict"]
"""The verdicts of an earlier run, by the page's path and whether JavaScript ran."""

_NOTHING: Earlier = {}


def verify(
    pages: Sequence[NamedPage],
    browsing: Browsing,
    expected: Sequence[Expected] | None = None,
    progress: Progress = _UNSEEN,
    earlier: Earlier = _NOTHING,
) -> Iterator[Verdict]:
    """Yield what is wrong with each page, in order.

    Args:
        pages: which.
        browsing: how they are looked at.
        expected: what has to fire on each, or None for what its code says.
        progress: is told how far it is.
        earlier: what an earlier run found. Where nothing was wrong and nothing that a visit depends on has changed
            since, the page is not loaded again.

    Raises:
        SettingError: there is no browser, or it does not start.
        BrowserError: it ended in the middle.
    """
    from snippetkit.browser import judge, judge_walk

    keys, digests = _digested(pages, browsing, expected)
    carried = {number: one for number, key in enumerate(keys) if (one := _carried(earlier.get(key), digests[number]))}
    with browsing.serving(pages) as visits, ExitStack() as stack:
        numbers = [number for number in range(len(visits)) if number not in carried]

        def judging(number: int, observed: Observed) -> Verdict:
            is_walk = browsing.start is not None
            verdict = judge_walk(observed, expected) if is_walk else judge(observed, expected, consent=browsing.consent)
            return verdict._replace(digest=digests[numbers[number]])

        seen = stack.enter_context(closing(_judged([visits[at] for at in numbers], browsing, progress, judging)))
        for number in range(len(visits)):
            yield carried.get(number) or next(seen)


def _digested(
    pages: Sequence[NamedPage], browsing: Browsing, expected: Sequence[Expected] | None
) -> tuple[list[tuple[str, bool]], list[str]]:
    """Each visit's path and mode, and its digest, as the files are before they are looked at."""
    keys, digests = [], []
    for page in pages:
        content = digest_page(page)
        for mode in browsing.modes:
            keys.append((page[0], mode))
            digests.append(digest_visit(content, browsing, expected, javascript=mode) if content else "")
    return keys, digests


def _carried(verdict: Verdict | None, digest: str) -> Verdict | None:
    """An earlier verdict that still counts: what was wrong may have been mended elsewhere, so it is looked at again."""
    return verdict if verdict and digest and verdict.digest == digest and not verdict.faults else None


class Tried(NamedTuple):
    """How an export fares: the verdicts as they come, and the rules for which no page was at hand."""

    verdicts: Iterator[Verdict]
    untried: Sequence[PageRule]


def try_export(
    format_name: str, tags: Sequence[ContainerTag], file: bytes, browsing: Browsing, progress: Progress = _UNSEEN
) -> Tried:
    """Try an export, by a stand-in of the tag manager's runtime.

    Args:
        format_name: the format's name, one that `browser.can_try` takes.
        tags: what was exported.
        file: the export.
        browsing: which browser.
        progress: is told how far it is.

    Raises:
        SettingError, BrowserError: as `verify` does, once a verdict is asked for.
    """
    from snippetkit import exports
    from snippetkit.browser import make_trials

    asks_for_consent = "consent" not in exports.find_format(format_name).LOSES
    trials, untried = make_trials(tags, asks_for_consent=asks_for_consent)
    return Tried(_carried_out(format_name, trials, file, browsing, progress), untried)


def try_container(
    format_name: str, document: object, browsing: Browsing, progress: Progress = _UNSEEN
) -> tuple[Tried, Mapping[str, str]]:
    """Try anybody's container as far as that can be done, and say of each other tag, by its name, why it is not tried.

    Args:
        format_name: the format's name.
        document: parsed JSON, a whole file of that format.
        browsing: which browser.
        progress: is told how far it is.

    Raises:
        SettingError: the format has no stand-in for anybody's containers.
        SettingError, BrowserError: as `verify` does, once a verdict is asked for.
    """
    from snippetkit import exports

    triable = exports.triable(format_name, document)
    if triable is None:
        raise SettingError("only Google Tag Manager containers can be tried")
    if not triable.tags:
        return Tried(iter(()), ()), triable.left_out
    return try_export(format_name, triable.tags, triable.content, browsing, progress), triable.left_out


def _carried_out(
    format_name: str, trials: Sequence[Trial], file: bytes, browsing: Browsing, progress: Progress
) -> Iterator[Verdict]:
    from snippetkit.browser import judge, serving_everywhere, visit

    with serving_everywhere() as url:
        visits = [visit(trial, format_name, file, url) for trial in trials]
        yield from _judged(
            visits,
            browsing,
            progress,
            lambda number, observed: judge(observed, trials[number].expected, named=trials[number].named),
        )


def _judged(
    visits: Sequence[Visit], browsing: Browsing, progress: Progress, judging: Callable[[int, Observed], Verdict]
) -> Generator[Verdict, None, None]:
    """Yield the verdict on each visit, in order; a visit where something is wrong is first repeated, alone."""
    from snippetkit.browser import visit_all

    if not visits:
        return
    executable = browsing.executable()
    latest: dict[int, Verdict] = {}
    ready: dict[int, Verdict] = {}
    following = 0

    def wrong(number: int, observed: Observed) -> frozenset[str]:
        latest[number] = judging(number, observed)
        return frozenset(fault.code for fault in latest[number].faults)

    progress.begin(len(visits))
    try:
        with closing(visit_all(visits, executable, wrong=wrong, tell=progress.say_slow)) as seen:
            for number, _ in seen:
                ready[number] = latest.pop(number)
                while following in ready:
                    yield ready.pop(following)
                    following += 1
                progress.advance()
    finally:
        progress.end()


@dataclass
class Verification:
    """Remembers the pages that have code after a run, and then checks whether it fires.

    `roots` are what the paths below the named folders begin with. `is_chosen` says that a page that did not
    change may be one that nothing was asked for.
    """

    browsing: Browsing
    roots: tuple[str, ...]
    is_chosen: bool = False
    progress: Progress = _UNSEEN
    _pages: list[NamedPage] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Remember a page if it has code."""
        if outcome.verb in _HAVE_CODE and (outcome.detail or not self.is_chosen or outcome.verb != "unchanged"):
            root = next((root for root in self.roots if outcome.path.startswith(root)), "")
            self._pages.append((outcome.path, root.rstrip("/") or os.path.dirname(outcome.path) or "."))  # noqa: PTH120

    def run(self) -> list[Verdict]:
        """Look at the pages.

        Raises:
            SettingError, BrowserError: as `verify` does.
        """
        return list(verify(self._pages, self.browsing, progress=self.progress))
