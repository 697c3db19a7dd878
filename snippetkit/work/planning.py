"""Planners: which code each page gets."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from snippetkit.records import dataclass, field
from snippetkit.work.inserting import Placing, make_insertion
from snippetkit.work.rendering import Rendering, Tell, unheard
from snippetkit.work.worth import Value

if TYPE_CHECKING:
    from snippetkit.inject import Insertion, PlanOptions, Wanted
    from snippetkit.key import Key
    from snippetkit.model import Edit, PageBytes, Snippet
    from snippetkit.rules import PixelValue, Rules
    from snippetkit.run import Outcome, Planned
    from snippetkit.work.fetching import Fetched

_MOST_KEPT = 1000
_MOST_SOUGHT = 100  # rules without a page, for which one that may be meant is looked for
FAILURES = frozenset({"refused", "failed"})
"""The verbs of an outcome that say that a page stayed as it was, though it was to change."""


@dataclass(frozen=True, slots=True)
class SameForAll:
    """A planner: every page gets the same code."""

    insertions: Sequence[Insertion]
    options: PlanOptions

    def plan(self, path: str, page: PageBytes) -> Sequence[Edit] | Planned:
        """Return the edits for a page."""
        from snippetkit import inject

        return _noted(inject.plan_all(page, self.insertions, self.options.for_file(path)), page, self.options)


@dataclass(frozen=True, slots=True)
class ByRules:
    """A planner: each page gets the code that its rules name. What it tells of a page is the rules' indexes.

    `values` is what each rule puts where, for a person to see. With `prunes`, all other code in regions goes; a page
    that has some `waits` if that is said. Without `tells`, nothing is told of a page that needs no edits, which saves
    time.
    """

    rules: Rules
    insertions: dict[PixelValue, Insertion]
    options: PlanOptions
    roots: tuple[str, ...]
    values: Sequence[Mapping[str, str | None]]
    prunes: bool = False
    tells: bool = True
    waits: bool = False
    _wanted: dict[tuple[int, ...], Wanted] = field(default_factory=dict, repr=False, compare=False)
    _last: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)

    def plan(self, path: str, page: PageBytes) -> Sequence[Edit] | Planned:
        """Return the edits for a page; none where no rule names it, unless there is code to prune."""
        from snippetkit.run import Planned

        detail = self.rules_of(path)
        wanted = self._wanted.get(detail) or self._keep(detail)
        if self.prunes and (stale := wanted.find_stale(page)):
            return self._pruned(path, page, stale, wanted.insertions)._replace(detail=detail, waits=self.waits)
        if not detail:
            return ()
        noted = self._put(path, page, wanted.insertions)
        if not (noted or self.tells):
            return noted
        return noted._replace(detail=detail) if isinstance(noted, Planned) else Planned(noted, (), detail)

    def _keep(self, detail: tuple[int, ...]) -> Wanted:
        """What the next page of the same rules is to carry, too."""
        from snippetkit.inject import Wanted

        if len(self._wanted) == _MOST_KEPT:
            self._wanted.clear()
        self._wanted[detail] = Wanted([self.insertions[self.rules.rules[at].pixel_value] for at in detail])
        return self._wanted[detail]

    def _put(self, path: str, page: PageBytes, insertions: Sequence[Insertion]) -> Sequence[Edit] | Planned:
        from snippetkit import inject

        return _noted(inject.plan_all(page, insertions, self.options.for_file(path)), page, self.options)

    def _pruned(self, path: str, page: PageBytes, stale: frozenset[Key], insertions: Sequence[Insertion]) -> Planned:
        """What takes these out, puts back what they had adopted, and then puts in what is wanted."""
        from snippetkit import inject
        from snippetkit.model import Loaded
        from snippetkit.run import Planned
        from snippetkit.work.removing import plan_removal

        removal, before = plan_removal(stale, force=self.options.force), page.whole()
        gone = removal.take_out(path, page)
        without = inject.apply(before, gone.edits)
        put = self._put(path, Loaded(without), insertions) if insertions else ()
        planned = put if isinstance(put, Planned) else Planned(put)
        edits = gone.edits
        if planned.edits:
            edits = inject.difference(before, inject.apply(without, planned.edits))
        notes = (*gone.notes, *planned.notes, *removal.check(page, edits))
        return planned._replace(edits=edits, notes=notes, forgets=gone.forgets)

    def met_by(self, outcome: Outcome) -> tuple[int, ...]:
        """Return the indexes of the rules that a page falls under; one that was refused or failed is there too."""
        if outcome.detail is None and (outcome.verb == "unchanged" or outcome.verb in FAILURES):
            return self.rules_of(outcome.path)
        return outcome.detail if isinstance(outcome.detail, tuple) else ()

    def rules_of(self, path: str) -> tuple[int, ...]:
        """Return the indexes of the rules of a page: most often asked for twice in a row, to plan and to note them."""
        indexes = self._last.get(path)
        if indexes is None:
            indexes = tuple([rule.index for rule in self.rules.match(self._from_root(path))])
            self._last.clear()
            self._last[path] = indexes
        return indexes

    def missed(self, met: set[int]) -> Iterator[Outcome]:
        """Yield a failure for each rule that matched no page."""
        from snippetkit.run import Outcome
        from snippetkit.work.on_site import why_missed

        for number, rule in enumerate(rule for rule in self.rules.rules if rule.index not in met):
            yield Outcome(
                self.rules.where(rule), "failed", why_missed(rule, self.roots if number < _MOST_SOUGHT else ())
            )

    def _from_root(self, path: str) -> str:
        path = path if os.sep == "/" else path.replace(os.sep, "/")
        for root in self.roots:
            if path.startswith(root):
                return path[len(root) :]
        return path


def plan_for_all(
    snippets: Sequence[Snippet], rendering: Rendering, placing: Placing, value: Value, tell: Tell = unheard
) -> SameForAll:
    """Return the planner that puts the same code onto every page.

    Args:
        snippets: each pixel's code, with the value.
        rendering: how it is written.
        placing: where it goes.
        value: what was asked for; where that has no amount, the one on the page stays.
        tell: is told what the template leaves out.

    Raises:
        SettingError, SnippetError: as `make_insertion` does.
    """
    rendering = placing.rendering(rendering)
    insertions = [make_insertion([snippet], rendering, asked=value, tell=tell) for snippet in snippets]
    return SameForAll(insertions, placing.options(rendering, force=value.force))


def plan_by_rules(
    rules: Rules,
    loaded: Mapping[PixelValue, Fetched],
    paths: Sequence[str],
    rendering: Rendering,
    placing: Placing,
    *,
    force: bool = False,
    prune: bool = False,
    tell: Tell = unheard,
) -> ByRules:
    """Return the planner that puts onto each page the code that its rules name.

    Args:
        rules: the rules.
        loaded: the code of each, as `load_by_rules` gives it.
        paths: the files and folders that will be worked on.
        rendering: how code is written.
        placing: where it goes.
        force: take over what was edited by hand.
        prune: take out the other code that was put onto these pages.
        tell: is told what the template leaves out.

    Raises:
        SettingError, SnippetError: as `make_insertion` does.
    """
    from snippetkit.work.by_rules import asked_of, of_rule

    rendering = placing.rendering(rendering)
    insertions = {
        pixel_value: make_insertion([code.snippet], rendering, asked=of_rule(pixel_value), tell=tell)
        for pixel_value, code in loaded.items()
    }
    options = placing.options(rendering, force=force)
    return ByRules(rules, insertions, options, roots_of(paths), asked_of(rules, loaded), prune)


def roots_of(paths: Sequence[str]) -> tuple[str, ...]:
    """Return what the paths below folders begin with; a file that is named counts from the current folder.

    Paths have forward slashes here, on any system, as those that a walk finds. An object that is named counts from its
    bucket.
    """
    from itertools import chain
    from pathlib import Path

    if any("://" in path for path in paths):
        from snippetkit import stores

        return tuple(sorted({root for path in paths for root in stores.roots_of(path)}, key=len, reverse=True))
    matches = ([path] if Path(path).exists() else _glob(path) for path in paths)
    folders = [Path(path) for path in chain.from_iterable(matches) if Path(path).is_dir()]
    prefixes = (f"{folder.as_posix().rstrip('/')}/" if folder != Path() else "" for folder in folders)
    return tuple(sorted(prefixes, key=len, reverse=True))


def _glob(pattern: str) -> list[str]:
    from glob import glob

    return glob(pattern, recursive=True)  # noqa: PTH207 (absolute)


def _noted(edits: Sequence[Edit], page: PageBytes, options: PlanOptions) -> Sequence[Edit] | Planned:
    """Say what adopting loses, which pixel is beside ours, and what may block it; keep a page that loses code."""
    if not edits:
        return edits
    from snippetkit import inject

    is_adopting = options.adopt
    keeps = inject.name_adopted(page.whole(), edits) if is_adopting else ""
    lost = inject.tell_losses(page, edits) if is_adopting and options.replaces else ()
    notes = (*lost, *inject.tell(page, edits), *_of_policies(edits, page))
    if not (notes or keeps):
        return edits
    from snippetkit.run import Planned

    return Planned(edits, notes, keeps=keeps)


def _of_policies(edits: Sequence[Edit], page: PageBytes) -> tuple[str, ...]:
    if page.head.find(b"ecurity-", 0, edits[0].start) < 0:
        return ()
    from snippetkit import csp

    reason = "has its own Content-Security-Policy, which may block this code; 'snippetkit csp' says what it must allow"
    return tuple(f"line {line} {reason}" for line in csp.own_policies(page.head))
