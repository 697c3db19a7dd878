"""Carrying out a plan on many pages, in one process or in several, and telling how each page fared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.doors import door

if TYPE_CHECKING:
    from snippetkit.run.crews import open_cluster
    from snippetkit.run.doors import Door
    from snippetkit.run.pages import DOUBTFUL, Crew, Outcome, Planned, Planner, RunOptions, change_page
    from snippetkit.run.runs import carry_out, look_at_each
    from snippetkit.run.shards import WHOLE, Shard

__all__ = [
    "DOUBTFUL",
    "WHOLE",
    "Crew",
    "Door",
    "Outcome",
    "Planned",
    "Planner",
    "RunOptions",
    "Shard",
    "carry_out",
    "change_page",
    "look_at_each",
    "open_cluster",
]

if not TYPE_CHECKING:
    __getattr__ = door(
        __name__,
        {
            "crews": "open_cluster",
            "doors": "Door",
            "pages": "DOUBTFUL Crew Outcome Planned Planner RunOptions change_page",
            "runs": "carry_out look_at_each",
            "shards": "WHOLE Shard",
        },
    )
