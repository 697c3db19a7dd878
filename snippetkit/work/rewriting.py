"""A plan carried out: on files and the pages below folders, or on one page that has no file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.terms import STDIN
from snippetkit.work.planning import ByRules

if TYPE_CHECKING:
    from snippetkit.files import Known, Selection
    from snippetkit.run import Outcome, Planner, RunOptions


class Rewritten(NamedTuple):
    """A page as it was and as it is, and notes for a person."""

    before: bytes
    after: bytes
    notes: tuple[str, ...]
    has_edits: bool


def carry_out(
    paths: Sequence[str],
    planner: Planner,
    selection: Selection,
    options: RunOptions,
    waiting: Callable[[str], None],
    known: Known | None = None,
) -> Iterator[Outcome]:
    """Carry out a plan, and yield how each page fared; a rule that matched no page is a failure, too.

    Args:
        paths: files and folders.
        planner: says what is to be done to each page.
        selection: which files below folders are meant.
        options: how the run works.
        waiting: is told the folder where this run waits for another one.
        known: pages that need not be read, as `know` gives them.

    Raises:
        SettingError, FileError: the run cannot begin.
    """
    from snippetkit import run

    if isinstance(planner, ByRules):
        from snippetkit.work.pruning import SitePlan, carry_out_by_rules

        return carry_out_by_rules([SitePlan("", tuple(paths), selection, planner)], options, waiting, known)
    return run.carry_out(paths, planner, selection, options, waiting=waiting, known=known)


def rewrite(page: bytes, planner: Planner) -> Rewritten:
    """Carry out a plan on a page that has no file.

    Raises:
        PageRefusedError: the right edits are not certain.
    """
    from snippetkit import inject
    from snippetkit.model import Loaded
    from snippetkit.run import Planned

    planned = planner.plan(STDIN, Loaded(page))
    edits, notes, *_ = planned if isinstance(planned, Planned) else Planned(planned)
    return Rewritten(page, inject.apply(page, edits), notes, bool(edits))
