"""`snippetkit remove`: take what was injected out of pages again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from snippetkit import work
from snippetkit.cli._command import Command
from snippetkit.cli._rewriting import Running, carry_out, run_options
from snippetkit.cli._types import CODE_PIXEL, REGION_KEY

if TYPE_CHECKING:
    from snippetkit.cli._texts import Paths
    from snippetkit.key import Key


@click.command(cls=Command)
@run_options
@click.option("--pixel", "pixel_ids", type=CODE_PIXEL, multiple=True, help="Only this pixel's code.")
@click.option(
    "--key", "keys", type=REGION_KEY, multiple=True, help="Only the code of this key, such as fp:6009125095680."
)
@click.option(
    "--force",
    is_flag=True,
    help="Also take out what was edited by hand, what replaced code that cannot be put back, and base code that"
    " another region needs.",
)
def command(paths: Paths, running: Running, pixel_ids: tuple[str, ...], keys: tuple[Key, ...], force: bool) -> None:
    """Take code that snippetkit put onto pages out again, all of it or some; the original bytes come back.

    So does code that was put in by hand and adopted, from what 'inject --adopt' has kept in .snippetkit/adopted, where
    the page is otherwise as it was. Where that is not kept, or other code has to go first, the page is refused.
    """
    planner = work.plan_removal(keys, pixel_ids, force=force)
    click.get_current_context().exit(carry_out(paths, planner, running))
