"""`snippetkit remove`: take what was injected out of pages again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from snippetkit.cli._inserting import Combiner
from snippetkit.cli._rewriting import How, carry_out, run_options
from snippetkit.cli._template import Choice
from snippetkit.cli._types import PIXEL_ID, REGION_KEY

if TYPE_CHECKING:
    from snippetkit.cli._selection import Paths
    from snippetkit.inject import Terms
    from snippetkit.model import Edit, Text


@click.command()
@run_options
@click.option("--pixel", "pixel_ids", type=PIXEL_ID, multiple=True, help="Only this pixel's code.")
@click.option(
    "--key", "keys", type=REGION_KEY, multiple=True, help="Only the regions of this key, such as fp:6009125095680."
)
@click.option("--force", is_flag=True, help="Take out what was edited by hand, too.")
def command(paths: Paths, how: How, pixel_ids: tuple[str, ...], keys: tuple[str, ...], force: bool) -> None:
    """Take code that snippetkit put onto pages out again, all of it or some; the original bytes come back."""
    from snippetkit.inject import Terms

    terms = Terms(force=force, combine=Combiner(Choice("combined")))
    planner = _Removal(frozenset(keys), frozenset(pixel_ids), terms)
    click.get_current_context().exit(carry_out(paths, planner, how))


@dataclass(frozen=True, slots=True)
class _Removal:
    """A planner: what was injected goes."""

    keys: frozenset[str]
    pixel_ids: frozenset[str]
    terms: Terms

    def plan(self, path: str, text: Text) -> Sequence[Edit]:
        """Return the edits for a page."""
        from snippetkit import inject

        return inject.plan_removal(text, self.keys, self.pixel_ids, self.terms)
