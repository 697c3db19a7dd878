"""Pages brought to what rules say; what no rule names is taken out last, and only where nothing failed.

A rule that finds no page is mostly a mistyped one, and its code stands where it belongs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.records import dataclass, field, replace
from snippetkit.work.planning import FAILURES, ByRules

if TYPE_CHECKING:
    from snippetkit.files import Known, Selection
    from snippetkit.run import Outcome, RunOptions

_STAYS = "its code that no rule names stays, because a rule or a page failed"


class SitePlan(NamedTuple):
    """What is to become of a site's pages.

    `name` is what messages call the site, `where` says where it is declared, and `named_in` where each of its paths is.
    """

    name: str
    paths: tuple[str, ...]
    selection: Selection
    planner: ByRules
    where: str = ""
    named_in: Mapping[str, str] = {}

    def with_place(self, outcome: Outcome) -> Outcome:
        """Return how a page fared; where it is a path of the site itself that failed, with its place."""
        if outcome.verb != "failed" or outcome.path not in self.named_in:
            return outcome
        return outcome._replace(reason=f"{outcome.reason}; {self.named_in[outcome.path]} names it")


def carry_out_by_rules(
    sites: Sequence[SitePlan], options: RunOptions, waiting: Callable[[str], None], known: Known | None = None
) -> Iterator[Outcome]:
    """Carry out the plans of sites, and yield how each page fared; a rule that matched no page is a failure, too.

    Pages with code to take out come last; after a failure they are skipped.

    Args:
        sites: with their pages.
        options: how the run works.
        waiting: is told the folder where this run waits for another one.
        known: pages that need not be read.

    Raises:
        SettingError, FileError: the run cannot begin.
    """
    run = _Run(options, waiting, known)
    return _both(run, [(site, run.outcomes(site, replace(site.planner, waits=True))) for site in sites])


def _both(run: _Run, sites: Sequence[tuple[SitePlan, Iterator[Outcome]]]) -> Iterator[Outcome]:
    waiting: list[tuple[SitePlan, list[str]]] = []
    for site, outcomes in sites:
        waiting.append((site, []))
        for outcome in run.noting(site.planner, outcomes):
            if outcome.verb == "waits":
                waiting[-1][1].append(outcome.path)
            else:
                yield site.with_place(outcome)
    yield from run.missed()
    for site, paths in waiting:
        yield from run.finish(site, paths) if paths else ()


@dataclass
class _Run:
    """What is known of a run so far: whether anything failed, and which rules had a page, by the identity of each."""

    options: RunOptions
    waiting: Callable[[str], None]
    known: Known | None = None
    has_failed: bool = False
    _met: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    _planners: dict[int, ByRules] = field(default_factory=dict)

    def outcomes(self, site: SitePlan, planner: ByRules, only: frozenset[str] | None = None) -> Iterator[Outcome]:
        """Return how the pages of a site fare, or only those."""
        from snippetkit import run

        met = self._met[id(planner.rules)]
        return run.carry_out(
            site.paths,
            planner,
            site.selection,
            self.options,
            waiting=self.waiting,
            only=only,
            known=self.known if only is None else None,
            elsewhere=lambda path: met.update(planner.rules_of(path)),
        )

    def noting(self, planner: ByRules, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
        """Yield the same outcomes, and note what they say of the run."""
        rules = id(planner.rules)
        self._planners[rules], met = planner, self._met[rules]
        for outcome in outcomes:
            indexes = planner.met_by(outcome)
            met.update(indexes)
            self.has_failed = self.has_failed or outcome.verb in FAILURES
            is_told = outcome.detail or not (indexes and planner.tells)
            yield outcome if is_told else outcome._replace(detail=indexes)

    def missed(self) -> Iterator[Outcome]:
        """Yield a failure for each rule that no page met."""
        for rules, planner in self._planners.items():
            for outcome in planner.missed(self._met[rules]):
                self.has_failed = True
                yield outcome

    def finish(self, site: SitePlan, paths: Sequence[str]) -> Iterator[Outcome]:
        """Take out of pages that waited what no rule names, unless anything failed."""
        from snippetkit.run import Outcome

        if self.has_failed:
            yield from (Outcome(path, "skipped", _STAYS) for path in paths)
        else:
            yield from self.outcomes(site, site.planner, frozenset(paths))
